"""The daemon is killed again and again, and what it had said before holds after it."""

import json
import math
import os
import random
import signal
import subprocess
import time

import pytest

import documents
from load import Load, Received
from operators import Operators, Target
from tokens import claims_of
from waiting import BEHALF, eventually, patience

KILLS = int(os.environ.get("BEHALF_KILLS", "25"))
SEED = int(os.environ.get("BEHALF_SEED", "20261122"))
LONGEST_LIFE = 0.3  # seconds, from the first answer or from the start
HANDLES, HANDLES_RENEWED = 3, 200  # that operators take back; seconds: a handle lives for 300
TORN = b'{"time":"2026-11-22T00:00:00.000000Z","event":"token_iss'


class Record:
    """The audit file, read on from kill to kill."""

    def __init__(self, daemon):
        self.file, self.digest_of = daemon.audit_file, daemon.digest_of
        self.offset, self.tail = 0, b""
        self.digests = {}  # decision id: digests of what was handed out
        self.lives = {}  # decision id: of which daemon
        self.life = 0
        self.torn = 0

    def read_on(self):
        """To be called of a dead daemon, whose last line a kill may have cut short."""
        with open(self.file, "rb") as file:
            file.seek(self.offset)
            *lines, tail = file.read().split(b"\n")
        self.offset += sum(len(line) + 1 for line in lines)
        if self.tail and lines:
            # What the next daemon found, it closed, and wrote nothing behind it.
            assert lines.pop(0) == self.tail
            self.torn += 1
        self.tail = tail
        for line in map(json.loads, lines):  # each is whole
            named = [line.get(what, {}).get("digest") for what in ("token", "handle")]
            self.digests[line.get("decision_id")] = named
            self.lives[line.get("decision_id")] = self.life
        self.life += 1

    def tear(self):
        """As if a kill had cut a line short."""
        if not self.tail:
            with open(self.file, "ab") as file:
                file.write(TORN)
            self.tail = TORN

    def holds(self, received):
        return self.digest_of(received.secret) in self.digests.get(received.decision_id, ())


class Redemptions:
    """Who had what for which handle, in all lives."""

    def __init__(self):
        self.names, self.secrets = {}, {}

    def note(self, received):
        """A redemption with a name may be answered again, with the same; others are all new."""
        for one in received:
            if one.handle:
                name = one.request_id or one.decision_id
                self.names.setdefault(one.handle, set()).add(name)
                self.secrets.setdefault(one.handle, set()).add(one.secret)

    def check(self):
        for had in (self.names, self.secrets):
            assert [handle for handle, several in had.items() if len(several) > 1] == []


class Kills:
    """One daemon after the other on the same documents, state and record."""

    def __init__(self, stage, load, operators, token, chance):
        self.daemon, self.load, self.operators, self.chance = stage.daemon, load, operators, chance
        self.token = token
        self.record = Record(stage.daemon)
        self.redemptions = Redemptions()
        self.handles, self.renewed = [], -math.inf
        self.restarts = []  # seconds from the start to the first answer that a client had
        self.checked = 0

    def one(self, number):
        if number % 5 == 4:
            self.record.tear()
        begun = time.monotonic()
        at_any_instant = number % 4 == 3  # of a start as well
        (self.daemon.launch if at_any_instant else self.daemon.start)()
        received = []

        def answered():
            received.extend(self.load.drain())
            return any(one.when > begun for one in received)

        if not at_any_instant:
            self.operators.check()
            eventually("an answer", answered)
            self.renew_handles()
            self.operators.go()
        time.sleep(self.chance.uniform(0, LONGEST_LIFE))
        self.daemon.process.stop(signal.SIGKILL)
        self.operators.rest()
        self.check(received + self.load.drain(), begun)

    def check(self, received, begun):
        """The daemon is dead: what it gave away it had recorded before."""
        life = self.record.life
        self.record.read_on()
        missing = [one for one in received if not self.record.holds(one)]
        assert not missing, f"{len(missing)} of {len(received)} are not in the record"
        self.redemptions.note(received)
        self.redemptions.check()
        self.checked += len(received)
        answers = [one.when for one in received if self.record.lives[one.decision_id] == life]
        if answers:
            self.restarts.append(min(answers) - begun)

    def renew_handles(self):
        """Some that operators take back, as long as they live."""
        if time.monotonic() < self.renewed + HANDLES_RENEWED:
            return
        self.renewed = time.monotonic()
        for target in self.handles:
            self.operators.leave(target)
        self.handles = []
        for _ in range(HANDLES):
            secret = self.operators.stage.agent.call(
                "CreateHandle", subject_token=self.token, agent="invoice-bot", api="graph",
                tool="own-hands")["answer"]["handle"]
            target = Target("HANDLE", self.daemon.digest_of(secret))
            self.operators.take(target, lambda secret=secret: self.redeem(secret))
            self.handles.append(target)

    def redeem(self, handle):
        outcome = self.operators.stage.agent.call("RedeemHandle", handle=handle)
        if outcome["ok"]:
            answer = outcome["answer"]
            had = Received(0, answer["decision_id"], answer["access_token"], handle, "")
            self.redemptions.note([had])
        return outcome


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    stage.daemon.write(stage.documents())
    yield stage
    if stage.daemon.process is not None:
        stage.daemon.process.stop(signal.SIGKILL)


@pytest.fixture
def load(own_stage, stubs, tokens):
    made = Load(own_stage, stubs, documents.AGENT, [*tokens["alice"], *tokens["bob"]])
    yield made
    made.end()


@pytest.fixture
def tokens(provider):
    return {user: [provider.token(user) for _ in range(4)] for user in ("alice", "bob")}


@pytest.fixture
def operators(own_stage, stubs, provider, tokens):
    """An agent, a user and a tool of theirs; a token and handles come when they have a name."""
    made = Operators(own_stage, stubs)
    ask = own_stage.agent.call
    alice, bob = tokens["alice"][1], tokens["bob"][0]
    for_travel = {"subject_token": provider.token("alice", documents.FOR_TRAVEL), "api": "graph"}
    made.take(Target("AGENT", "travel-bot"),
              lambda: ask("GetToken", agent="travel-bot", **for_travel))
    made.take(Target("USER", claims_of(bob)["oid"]),
              lambda: ask("GetToken", subject_token=bob, agent="invoice-bot", api="expenses"))
    made.take(Target("TOOL", "calendar"),
              lambda: ask("CreateHandle", subject_token=alice, agent="invoice-bot", api="graph",
                          tool="calendar"))
    yield made
    made.end()


def test_what_was_acknowledged_before_a_kill_holds_after_it(own_stage, load, operators, tokens):
    """Tokens and handles are in the record, revocations in force, and handles redeemed once."""
    kills = Kills(own_stage, load, operators, tokens["alice"][1], random.Random(SEED))
    kills.one(0)
    stopped = tokens["alice"][0]
    operators.take(
        Target("TOKEN", own_stage.daemon.digest_of(stopped)),
        lambda: own_stage.agent.call(
            "GetToken", subject_token=stopped, agent="invoice-bot", api="expenses"))
    for number in range(1, KILLS):
        kills.one(number)
    kills.daemon.start()
    operators.check()
    kills.daemon.stop()
    kills.record.read_on()
    worst, median = max(kills.restarts), sorted(kills.restarts)[len(kills.restarts) // 2]
    print(
        f"{KILLS} kills, {kills.checked} tokens and handles checked, "
        f"{operators.acknowledged} changes of what is revoked acknowledged, "
        f"{len(kills.redemptions.names)} handles redeemed once, "
        f"{kills.record.torn} torn lines, {len(kills.restarts)} restarts: "
        f"first answer after {median:.3f} s in the median, {worst:.3f} s at worst"
    )
    assert kills.checked > KILLS
    assert operators.acknowledged >= KILLS // 4
    assert kills.record.torn >= KILLS // 5
    done = subprocess.run([BEHALF, "audit", "verify", own_stage.daemon.audit_file],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert worst < patience(), f"{worst:.3f} s from the start to the first answer"
