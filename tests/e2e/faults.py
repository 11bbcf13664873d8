"""A short life of a daemon, step by step, one of which may meet a fault.

Whatever a step is told is noted: what was handed out, what was revoked or given
back, who redeemed which handle. settle() then kills the daemon, starts it where
nothing is wrong, and holds what it says and what is in its record against that.
"""

import contextlib
import signal
import sqlite3
import subprocess
import time

import strace
from processes import SANITIZER_REPORTS
from waiting import BEHALF, eventually, patience

DEADLINE = 5  # seconds: no answer takes longer
CANNOT = {"AUDIT_UNAVAILABLE", "STORE_UNAVAILABLE"}
TRAVEL = {"kind": "REVOCATION_KIND_AGENT", "name": "travel-bot"}
CALENDAR = {"kind": "REVOCATION_KIND_TOOL", "name": "calendar"}
FRESH = {"kind": "REVOCATION_KIND_TOOL", "name": "fresh"}


class Session:
    """It ends with the step `broken`, which meets the fault; without one, all are looked at."""

    def __init__(self, stage, token, broken=None, fault=None):
        self.stage, self.daemon, self.token = stage, stage.daemon, token
        self.broken, self.fault = broken, fault
        self.handed_out = {}  # by decision id
        self.handles, self.redeemed = [], {}
        self.revoked = {}  # by name: whether it is; None: an answer is missing that would tell
        self.rotated = []

    def run(self):
        for name, step in STEPS.items():
            self.step = name
            step(self)
            if name == self.broken:
                return

    def trace(self):
        return self.daemon.folder / f"{self.step}.trace"

    def is_traced(self):
        """Whether this is the step; when it is over all is well again."""
        return self.step in STEPS and self.broken in (None, self.step)

    # What a step is made of.

    def ask(self, method, may_be=frozenset(), **request):
        """The answer; none where it is refused as the daemon may refuse when a disk fails."""
        service, socket = SERVICES[method]
        caller = self.stage.operator if service == "Admin" else self.stage.agent
        seconds = DEADLINE * patience()
        (outcome,) = caller.order(service, method, socket, request, timeout=seconds)
        assert self.daemon.process.alive(), f"{self.step}: the daemon ended: {self.last_words()}"
        assert outcome["seconds"] < seconds, f"{self.step}: {method} hangs: {outcome}"
        if outcome["ok"]:
            return outcome["answer"]
        assert outcome.get("reason") in CANNOT | may_be, f"{self.step}: {method}: {outcome}"
        return None

    def take(self, answer, what):
        if answer:
            self.handed_out[answer["decision_id"]] = answer[what]
        return answer

    def get_token(self):
        request = {"subject_token": self.token, "agent": "invoice-bot", "api": "expenses"}
        return self.take(self.ask("GetToken", **request), "access_token")

    def ask_often(self, times):
        """The outcomes of as many at once."""
        request = {"subject_token": self.token, "agent": "invoice-bot", "api": "expenses"}
        outcomes = self.stage.agent.order("TokenBroker", "GetToken", "agents", request, times=times)
        for outcome in outcomes:
            self.take(outcome.get("answer"), "access_token")
        return outcomes

    def make_handle(self):
        request = {"subject_token": self.token, "agent": "invoice-bot", "api": "graph"}
        made = self.take(self.ask("CreateHandle", **request, tool="own-hands"), "handle")
        if made:
            self.handles.append(made["handle"])
        return made

    def redeem(self, handle, name):
        spent = {"HANDLE_SPENT", "HANDLE_IN_USE", "HANDLE_UNKNOWN"}
        request = {"handle": handle, "request_id": name}
        answer = self.take(self.ask("RedeemHandle", spent, **request), "access_token")
        if answer:
            self.redeemed.setdefault(handle, set()).add(name)
        assert len(self.redeemed.get(handle, ())) < 2, f"{self.step}: a handle was redeemed twice"
        return answer

    def change(self, method, target):
        """Revokes or restores it. What may not be restored stays revoked; what could not be
        revoked is so or so after the next start."""
        wanted = method == "Revoke"
        request = {"target": target, **({"reason": "a drill"} if wanted else {})}
        answer = self.ask(method, **request)
        before = self.revoked.get(target["name"], False)
        self.revoked[target["name"]] = wanted if answer else before or None
        return answer

    def launch(self):
        """Whether it serves. Who does not start says why."""
        before = ()
        if self.is_traced():
            before = strace.command(self.trace(), *self.options())
        served = self.daemon.log_text().count("serves catalog")
        said = len(self.daemon.log_text())
        process = self.daemon.launch(before)
        eventually("it serves or ends", lambda: not process.alive() or
                   self.daemon.log_text().count("serves catalog") > served)
        if before:
            strace.let_go(process)
        if process.alive():
            return True
        code = process.stop()
        sentence = self.daemon.log_text()[said:].strip()
        assert code == 1 and len(sentence) > 20, f"{self.step}: ended with {code}: {sentence}"
        return False

    def options(self, unwritable=False):
        fault = self.fault if self.is_traced() else None
        return strace.options(self.daemon.folder, fault, unwritable)

    def traced(self, program, unwritable=False):
        """A step on a daemon that runs."""
        if not self.is_traced() and not unwritable:
            return program(self)
        options = self.options(unwritable)
        with strace.attached(self.daemon.process, self.trace(), options):
            return program(self)

    def command(self, *words):
        """The operator's tool; whether it could. Who could not says why."""
        argv = [BEHALF, *words, "--state-directory", self.daemon.folder / "state", "-o", "json"]
        if self.is_traced():
            argv = ["strace", "-qq", "-y", "-o", self.trace(), *self.options(), *argv]
        seconds = DEADLINE * patience()
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == 0 or len(done.stderr) > 20, done
        assert done.returncode >= 0, done
        return done.returncode == 0

    def last_words(self):
        return self.daemon.log_text()[-2000:]

    # What must hold afterwards.

    def resumes(self):
        """Whether all goes on by itself, within seconds."""
        deadline = time.monotonic() + DEADLINE * patience()
        todo = [self.get_token, self.make_handle, lambda: self.redeem(self.handles[-1], "resumed"),
                lambda: self.change("Revoke", CALENDAR), lambda: self.change("Restore", CALENDAR)]
        while todo and time.monotonic() < deadline:
            if todo[0]():
                todo.pop(0)
            else:
                time.sleep(0.05)
        return not todo

    def settle(self):
        """Whether it had gone on by itself. After an EIO it is not let: it is killed at once."""
        self.step = f"after {self.step}"
        at_once = self.fault is not None and self.fault.error == "EIO"
        resumed = at_once or not self.daemon.process.alive() or self.resumes()
        self.daemon.process.stop(signal.SIGKILL)
        if self.step == "after restored state":
            self.command("state", "restore", *self.record())
        assert self.launch(), self.last_words()
        self.check_revocations()
        for number, handle in enumerate(self.handles):
            self.redeem(handle, f"after all {number}")
        assert self.get_token(), "not even where nothing is wrong"
        self.daemon.stop()
        self.check_record()
        return resumed

    def check_revocations(self):
        """What is acknowledged is so; what was refused is so or so, and as it is listed."""
        listed = {one["target"]["name"] for one in self.ask("ListRevocations")["revocations"]}
        for name, revoked in self.revoked.items():
            assert revoked in (None, name in listed), f"{name}, acknowledged: {revoked}, {listed}"
        refused = not self.ask("CreateHandle", {"REVOKED"}, subject_token=self.token, api="graph",
                               agent="invoice-bot", tool="fresh")
        assert refused == ("fresh" in listed)

    def record(self):
        return [file for file in (*self.rotated, self.daemon.audit_file) if file.exists()]

    def check_record(self):
        """It fits, and whatever was handed out is in it."""
        key = self.daemon.folder / "state/audit-head.pub"
        done = subprocess.run([BEHALF, "audit", "verify", "--key", key, *self.record()],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        text = "".join(file.read_text() for file in self.record())
        for decision_id, secret in self.handed_out.items():
            lines = [line for line in text.splitlines() if f'"{decision_id}"' in line]
            digest = self.daemon.digest_of(secret)
            assert any(digest in line for line in lines), f"no record of {decision_id}: {lines}"
        assert not any(mark in self.daemon.log_text() for mark in SANITIZER_REPORTS)


SERVICES = {
    "GetToken": ("TokenBroker", "agents"),
    "CreateHandle": ("TokenBroker", "agents"),
    "RedeemHandle": ("ToolTokens", "tools"),
    **dict.fromkeys(("Revoke", "Restore", "ListRevocations", "ReloadCatalog"), ("Admin", "admin")),
}


def reload(session):
    session.daemon.documents.write_text("# changed\n" + session.daemon.documents.read_text())
    session.ask("ReloadCatalog")


def rotate(session):
    """The new file is there, or the daemon says why it is not."""
    file = session.daemon.audit_file
    old = file.rename(file.with_name(f"audit-{len(session.rotated)}.jsonl"))
    session.rotated.append(old)
    said = session.daemon.log_text().count("the audit file stays")
    session.daemon.process.send(signal.SIGUSR1)
    eventually("a new file, or not", lambda: file.exists() and file.read_text().endswith("\n") or
               session.daemon.log_text().count("the audit file stays") > said)


def unwritable(program):
    """Meanwhile nothing can be added to the record; a fault comes on top of that."""
    return lambda session: session.traced(program, unwritable=True)


def usual(program):
    return lambda session: session.traced(program)


def redeem_the_newest(session):
    if session.handles:
        session.redeem(session.handles[-1], "once")


def end(session):
    session.daemon.process.send(signal.SIGTERM)
    eventually("it ends", lambda: not session.daemon.process.alive(), DEADLINE)
    assert session.daemon.process.stop() in (0, 1), session.last_words()


def kill_and_start(session):
    session.daemon.process.stop(signal.SIGKILL)
    session.launch()


def start_with_damaged_handles(session):
    """What is spent is in the log of the database: it may not be taken without it."""
    session.daemon.process.stop(signal.SIGKILL)
    with open(session.daemon.folder / "state/handles.db", "r+b") as file:
        file.seek(20)
        file.write(b"\xff" * 8)
    session.launch()


def back_up(session):
    backup = session.daemon.folder / "state.backup"
    if session.command("state", "backup", backup):
        with contextlib.closing(sqlite3.connect(backup)) as copy:
            names = {said.decode() for (said,) in copy.execute("SELECT said FROM revocation")}
        assert names == {name for name, revoked in session.revoked.items() if revoked}


def restore_state(session):
    session.daemon.process.stop(signal.SIGKILL)
    session.command("state", "restore", *session.record())


STEPS = {
    "start": Session.launch,
    "token": usual(Session.get_token),
    "handle": usual(Session.make_handle),
    "redemption": usual(redeem_the_newest),
    "revocation": usual(lambda session: session.change("Revoke", FRESH)),
    "another": usual(lambda session: session.change("Revoke", TRAVEL)),
    "restoration": usual(lambda session: session.change("Restore", TRAVEL)),
    "reload": usual(reload),
    "rotation": usual(rotate),
    "backup": back_up,
    "unwritable": unwritable(Session.get_token),
    "revocation while unwritable": unwritable(lambda session: session.change("Revoke", TRAVEL)),
    "writable again": usual(Session.get_token),
    "end": usual(end),
    "second start": Session.launch,
    "start after a kill": kill_and_start,
    "start with damaged handles": start_with_damaged_handles,
    "restored state": restore_state,
}
