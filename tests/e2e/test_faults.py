"""Each write, sync, opening and renaming of store and record fails once, at the system call."""

import concurrent.futures
import contextlib
import os
import queue
import random
import shutil
import subprocess

import pytest

import documents
import strace
from clients import Clients
from faults import STEPS, Session
from stage import Stage
from strace import Fault
from waiting import patience

FAULTS = os.environ.get("BEHALF_FAULTS", "16")  # how many, or all
SEED = int(os.environ.get("BEHALF_SEED", "20261128"))
AT_ONCE = 2

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode != 0,
        reason="strace(1) may not trace here"),
]


class Sessions:
    """Each in a folder and with clients of its own, several at a time."""

    def __init__(self, root, stubs, secrets, provider):
        self.root, self.secrets, self.provider = root / "faults", secrets, provider
        self.root.mkdir()
        self.token = provider.token("alice")
        self.clients = queue.SimpleQueue()
        for number in range(AT_ONCE):
            folder = self.root / f"clients-{number}"
            folder.mkdir()
            self.clients.put(Clients(folder, stubs))

    @contextlib.contextmanager
    def one(self, name, step=None, fault=None):
        """A session to be run; its folder goes where nothing was wrong."""
        folder = self.root / name
        folder.mkdir()
        clients = self.clients.get()
        stage = Stage(folder, clients, self.secrets, {}, self.provider)
        stage.daemon.write(stage.documents(audit={"durability": "fsync"}))
        try:
            yield Session(stage, self.token, step, fault)
        finally:
            self.clients.put(clients)
            if stage.daemon.process.alive():
                stage.daemon.process.stop()
        shutil.rmtree(folder)

    def run(self, name, step=None, fault=None):
        """What calls its steps made, how many failed, and whether it went on by itself."""
        with self.one(name, step, fault) as session:
            session.run()
            folder = session.daemon.folder
            traces = {step: folder / f"{step}.trace" for step in STEPS}
            seen = {step: strace.sites_in(trace, folder) for step, trace in traces.items()}
            failed = sum(map(strace.failed_in, traces.values()))
            return seen, failed, session.settle()


@pytest.fixture(scope="module")
def no_leak_check():
    """LeakSanitizer, which would trace a process at its end, cannot where strace does already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        yield


@pytest.fixture(scope="module")
def sessions(root, stubs, secrets, provider, no_leak_check):
    return Sessions(root, stubs, secrets, provider)


def chosen(faults):
    if FAULTS == "all":
        return faults
    if FAULTS.isdecimal():
        return random.Random(SEED).sample(faults, int(FAULTS))
    return [one for one in faults if FAULTS in name_of(*one)]


def name_of(step, fault):
    return f"{step}: {fault}"


def attempt(sessions, number, step, fault):
    """What went wrong, whether a call failed, and whether it went on by itself."""
    try:
        _, failed, resumed = sessions.run(f"fault-{number}", step, fault)
    except AssertionError as wrong:
        failure = f"{name_of(step, fault)}: {wrong}"
        print(failure, flush=True)
        return failure, True, True
    return None, failed > 0, resumed


def test_no_failing_call_makes_an_answer_unsafe(sessions):
    seen, _, _ = sessions.run("look")
    faults = [(step, Fault(site, error)) for step, sites in seen.items() for site in sites
              for error in strace.ERRORS[site.call]]
    some = chosen(faults)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(lambda n: attempt(sessions, n, *some[n]), range(len(some))))
    wrong = [failure for failure, _, _ in done if failure]
    missed = [name_of(*one) for one, (_, failed, _) in zip(some, done) if not failed]
    by_a_restart = [name_of(*one) for one, (_, _, resumed) in zip(some, done) if not resumed]
    print(f"{len(some)} of {len(faults)} faults, {len(wrong)} went wrong, "
          f"{len(missed)} did not come about: {missed}; "
          f"{len(by_a_restart)} needed a restart: {by_a_restart}")
    assert not wrong, "\n".join(wrong)
    assert len(missed) <= 2 + len(some) // 10, missed


@pytest.mark.parametrize("call", ["fdatasync", "write"])
def test_a_slow_disk_refuses_and_holds_up_nobody_else(sessions, call):
    """Who made the call waits for it; nobody has a token, and nobody else waits for the disk."""
    slow = 3 * patience()
    with sessions.one(f"slow-{call}") as session:
        session.step = "slow"
        session.launch()
        session.get_token()
        options = strace.slow(session.daemon.folder, call, slow)
        with strace.attached(session.daemon.process, session.trace(), options):
            rounds = [session.ask_often(8) for _ in range(2)]
        for outcomes in rounds:
            refused = [one for one in outcomes if not one["ok"] and one["seconds"] < slow]
            assert len(refused) >= len(outcomes) - (call == "write"), outcomes
            assert {one["reason"] for one in refused} == {"AUDIT_UNAVAILABLE"}
        assert session.settle(), "it does not go on by itself"
