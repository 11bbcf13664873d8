"""The daemon is killed again and again, and nobody has a token without a record."""

import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import time

import pytest

import documents
from load import Load
from waiting import BEHALF, eventually, patience

KILLS = int(os.environ.get("BEHALF_KILLS", "25"))
SEED = int(os.environ.get("BEHALF_SEED", "20261122"))
LONGEST_LIFE = 0.3  # seconds, from the first answer or from the start
TORN = b'{"time":"2026-11-22T00:00:00.000000Z","event":"token_iss'


class Record:
    """The audit file, read on from kill to kill."""

    def __init__(self, daemon):
        self.file, self.state = daemon.audit_file, daemon.folder / "state"
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
        return self._digest(received.secret) in self.digests.get(received.decision_id, ())

    def _digest(self, secret):
        """As the daemon names it: daemon/audit/token_digest.h."""
        key = bytes.fromhex((self.state / "audit-digest.key").read_text())
        key_id = hashlib.sha256(b"behalf audit key id" + key).hexdigest()[:8]
        name = hmac.new(key, secret.encode(), hashlib.sha256).digest()[:16].hex()
        return f"{key_id}:{name}"


class Kills:
    """One daemon after the other on the same documents, state and record."""

    def __init__(self, stage, load, chance):
        self.daemon, self.load, self.chance = stage.daemon, load, chance
        self.record = Record(stage.daemon)
        self.restarts = []  # seconds from the start to the first answer that a client had
        self.checked = 0

    def one(self, number):
        if number % 5 == 4:
            self.record.tear()
        begun = time.monotonic()
        process = self.daemon.launch()
        received = []

        def answered():
            received.extend(self.load.drain())
            return any(one.when > begun for one in received)

        if number % 4 < 3:  # else: at any instant of a start as well
            eventually("an answer", answered)
        time.sleep(self.chance.uniform(0, LONGEST_LIFE))
        process.stop(signal.SIGKILL)
        self.check(received + self.load.drain(), begun)

    def check(self, received, begun):
        """The daemon is dead: what it gave away it had recorded before."""
        life = self.record.life
        self.record.read_on()
        missing = [one for one in received if not self.record.holds(one)]
        assert not missing, f"{len(missing)} of {len(received)} are not in the record"
        self.checked += len(received)
        answers = [one.when for one in received if self.record.lives[one.decision_id] == life]
        if answers:
            self.restarts.append(min(answers) - begun)


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    stage.daemon.write(stage.documents())
    yield stage
    if stage.daemon.process is not None:
        stage.daemon.process.stop(signal.SIGKILL)


def test_whatever_was_handed_out_before_a_kill_is_in_the_record(own_stage, stubs, provider):
    tokens = [provider.token(user) for user in ("alice", "bob") for _ in range(4)]
    load = Load(own_stage, stubs, documents.AGENT, tokens)
    kills = Kills(own_stage, load, random.Random(SEED))
    try:
        for number in range(KILLS):
            kills.one(number)
    finally:
        load.end()
    worst, median = max(kills.restarts), sorted(kills.restarts)[len(kills.restarts) // 2]
    print(
        f"{KILLS} kills, {kills.checked} tokens and handles checked, "
        f"{kills.record.torn} torn lines, {len(kills.restarts)} restarts: "
        f"first answer after {median:.3f} s in the median, {worst:.3f} s at worst"
    )
    assert kills.checked > KILLS
    assert kills.record.torn >= KILLS // 5
    done = subprocess.run([BEHALF, "audit", "verify", own_stage.daemon.audit_file],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert worst < patience(), f"{worst:.3f} s from the start to the first answer"
