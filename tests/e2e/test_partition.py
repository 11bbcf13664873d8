"""Three replicas and three members of etcd, each on a host of its own, and a network that breaks.

BEHALF_CUTS says how often (4), BEHALF_SEED how. While agents ask and operators revoke and restore at
all replicas without pause, the network is cut somewhere and healed, again and again; a judge who
knows nothing of how it is done then reads what everybody was told.
"""

import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import time

import documents
import network
import pytest
from authority import Authority
from clients import account_options
from conftest import SOURCE
from etcd import PROGRAM, Etcd, Member, Tls
from fleet import Fleet
from history import AT_MOST, HANDING_OUT, History
from processes import Process
from waiting import BEHALF_IDP, eventually, patience

WHY_NOT = network.why_not() if PROGRAM.exists() else "there is no etcd on this machine"
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

CUTS = int(os.environ.get("BEHALF_CUTS", "4"))
SEED = int(os.environ.get("BEHALF_SEED", "20261122"))
MEMBERS, REPLICAS = ("m0", "m1", "m2"), ("r0", "r1", "r2")
USERS = ("alice", "bob")
CUT = (1, 9)  # seconds
HEALED = (0.5, 2)
HEALS_WITHIN = 10  # seconds until every replica knows again


class Storm:
    """Ways to break the network, chosen by a seed."""

    def __init__(self, made, seed):
        self.network, self.chance = made, random.Random(seed)
        self.kinds = [self.unplug_a_replica, self.unplug_a_member, self.split,
                      self.separate_all_members, self.drop_one_way, self.drop_between]

    def cut(self):
        """What was done, in words."""
        return self.chance.choice(self.kinds)()

    def unplug_a_replica(self):
        return self._unplug(self.chance.choice(REPLICAS))

    def unplug_a_member(self):
        return self._unplug(self.chance.choice(MEMBERS))

    def _unplug(self, host):
        self.network.unplug(host)
        return f"{host} unplugged"

    def split(self):
        """In two, anywhere."""
        one = set(self.chance.sample(MEMBERS + REPLICAS, self.chance.randint(1, 5)))
        for a, b in itertools.product(one, set(MEMBERS + REPLICAS) - one):
            self._both_ways(a, b)
        return f"{' '.join(sorted(one))} apart from the others"

    def separate_all_members(self):
        for a, b in itertools.combinations(MEMBERS, 2):
            self._both_ways(a, b)
        return "every member alone"

    def drop_one_way(self):
        host = self.chance.choice(REPLICAS)
        for member in MEMBERS:
            self.network.cut(member, host)
        return f"{host} hears nothing"

    def drop_between(self):
        """Single links, each way by itself."""
        links = list(itertools.permutations(MEMBERS + REPLICAS, 2))
        chosen = self.chance.sample(links, 8)
        for a, b in chosen:
            self.network.cut(a, b)
        return "lost: " + " ".join(f"{a}>{b}" for a, b in chosen)

    def _both_ways(self, a, b):
        self.network.cut(a, b)
        self.network.cut(b, a)


class Askers:
    """A process of agents or operators, who ask until the end."""

    def __init__(self, fleet, stubs, role, given, account):
        folder = fleet.stages[0].folder
        script = shutil.copy(SOURCE / "tests/e2e/history_client.py", folder)
        count = len(given) if role == "operators" else 4
        argv = [sys.executable, script, stubs, role, str(count)]
        argv += [stage.folder for stage in fleet.stages]
        self.process = Process(
            role, argv, folder / f"{role}.log", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd="/", **account_options(account),
        )
        self._say(json.dumps(given))

    def _say(self, line):
        self.process.popen.stdin.write(line + "\n")
        self.process.popen.stdin.flush()

    def end(self):
        """What they noted."""
        self._say("end")
        line = self.process.popen.stdout.readline()
        assert line, self.process.log_text()
        self.process.stop()
        return json.loads(line)


@pytest.fixture
def hosts():
    made = network.Network(MEMBERS + REPLICAS)
    yield made
    made.remove()


@pytest.fixture
def providers(hosts, new_provider, root):
    """One for each replica, on its own loopback, and all alike."""
    state = root / f"idp-of-{hosts.tag}"
    made = [
        new_provider(state=state, listen="127.0.0.1:8443", before=hosts.inside(replica))
        for replica in REPLICAS
    ]
    yield made
    for provider in made:
        provider.stop()


@pytest.fixture
def fleet(hosts, providers, new_stage, tmp_path_factory):
    folder = tmp_path_factory.mktemp("etcd")
    authority = Authority(folder, "etcd-ca")
    members = []
    for name in MEMBERS:
        address = hosts.address(name)
        tls = Tls(authority, authority.issue(name, address))
        places = (f"{address}:2379", f"{address}:2380")
        members.append(Member(folder, name, *places, tls, hosts.inside(name)))
    mine = authority.issue("behalf")
    settings = {"caFile": authority.file, "certificateFile": mine.file, "keyFile": mine.key}
    settings = {key: str(file) for key, file in settings.items()}
    stages = [new_stage(provider) for provider in providers]
    made = Fleet(Etcd(members), stages, settings, lambda number: hosts.inside(REPLICAS[number]))
    try:
        yield made.start()
    finally:
        hosts.heal()
        made.stop()


@pytest.fixture
def tokens(providers, hosts, root, secrets):
    """Of the users, who sign in on the first replica's host."""
    provider, made = providers[0], {}
    for user in USERS:
        file = root / f"{user}-of-{hosts.tag}.token"
        subprocess.run(
            [*hosts.inside(REPLICAS[0]), BEHALF_IDP, "sign-in", "--url", provider.url,
             "--ca", provider.ca_file, "--tenant", documents.TENANT, "--client", documents.PORTAL,
             "--user", user, "--config", provider.config, "--scope", documents.FOR_INVOICE,
             "--output", file],
            check=True,
        )
        made[user] = secrets.keep(file.read_text().strip())
    return made


def targets():
    """What operators take back, by the name that the judge has for it."""
    oids = {"alice": "2c1f7a52-6f3e-4a0b-9a63-1d9f6f0c5a01",
            "bob": "7d0b5c1e-3b0a-4d4f-8a0e-52c7d0a9be02"}
    users = {user: {"kind": "REVOCATION_KIND_USER", "name": oid} for user, oid in oids.items()}
    return {**users, "own-hands": {"kind": "REVOCATION_KIND_TOOL", "name": "own-hands"}}


def concerns(note):
    """The targets that an answer is about."""
    return {note["user"]} if note["what"] == "GetToken" else {note["user"], "own-hands"}


def weather(hosts, storm, chance):
    """Cuts and heals; when it was healed, each time."""
    healed = []
    for number in range(CUTS):
        done = storm.cut()
        lasts = chance.uniform(*CUT)
        time.sleep(lasts)  # what is tested is real time
        hosts.heal()
        healed.append(time.monotonic())
        print(f"cut {number + 1}: {done}, for {lasts:.1f} s")
        time.sleep(HEALS_WITHIN / 2 + chance.uniform(*HEALED))
    return healed


def restore_all(fleet):
    """At every replica: what one could not write is in force there alone."""
    for stage in fleet.stages:
        for target in targets().values():
            def restored(stage=stage, target=target):
                outcome = stage.operator.call("Restore", target=target)
                return outcome["ok"] or outcome["reason"] == "REQUEST_INVALID"
            eventually("it is restored", restored)


def revisions(stage):
    return [line["state_revision"] for line in stage.daemon.audit() if "state_revision" in line]


def test_what_was_revoked_is_obeyed_however_the_network_breaks(hosts, fleet, tokens, stubs):
    storm, chance = Storm(hosts, SEED), random.Random(SEED + 1)
    with contextlib.ExitStack() as stack:
        agents = Askers(fleet, stubs, "agents", tokens, documents.AGENT)
        operators = Askers(fleet, stubs, "operators", targets(), os.getuid())
        stack.callback(hosts.heal)
        healed = weather(hosts, storm, chance)
        notes = operators.end() + agents.end()
    history = History(notes, concerns)
    report(history, healed)
    assert history.too_late() == []
    assert history.redeemed_twice() == set()
    assert len(history.answers()) > 10 * CUTS
    assert len(history.revoked()) > CUTS / 2
    for replica, when in itertools.product(range(len(REPLICAS)), healed):
        took = history.knows_again(when, replica)
        assert took is not None and took < HEALS_WITHIN * patience(), (replica, took)
    restore_all(fleet)
    for stage in fleet.stages:
        for token in tokens.values():
            eventually("all are served", lambda s=stage, t=token: s.agent.call(
                "GetToken", subject_token=t, agent="invoice-bot", api="expenses")["ok"])
        assert revisions(stage) == sorted(revisions(stage))


def counted(notes):
    reasons = [note["reason"] or "done" for note in notes]
    return ", ".join(f"{reason} {reasons.count(reason)}" for reason in sorted(set(reasons)))


def report(history, healed):
    asked = [n for n in history.notes if n["what"] in HANDING_OUT]
    known = [history.knows_again(when, at) for when in healed for at in range(len(REPLICAS))]
    late = max((seconds for seconds, _, _ in history.late()), default=0)
    print(f"{len(asked)} questions: {counted(asked)}")
    for what in ("Revoke", "Restore"):
        print(f"{what}: {counted(n for n in history.notes if n['what'] == what)}")
    print(f"asked for latest after an acknowledgement, and answered: {late:.3f} s of {AT_MOST} s")
    print(f"knew again after healing within {max(t or 99 for t in known):.3f} s")
