"""Operators who revoke and restore at random, and what must be in force after them."""

import json
import pathlib
import subprocess
import sys
from typing import NamedTuple

from processes import Process

HERE = pathlib.Path(__file__).parent


class Target(NamedTuple):
    kind: str
    name: str

    def is_in(self, revocations):
        named = {"kind": f"REVOCATION_KIND_{self.kind}", "name": self.name}
        return any(named.items() <= one["target"].items() for one in revocations)


class Operators:
    """They work from go() to rest(), of which the daemon's end is the cause."""

    def __init__(self, stage, stubs, hands=2):
        self.stage = stage
        argv = [sys.executable, HERE / "kills_operator.py", stubs, stage.daemon.socket("admin")]
        self.process = Process("operators", [*argv, str(hands)], stage.folder / "operators.log",
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.questions = {}  # by target: who asks, the method and the request that it stops
        self.revoked = {}  # by target: whether it is; None: an answer is missing that would tell
        self.acknowledged = 0
        self.at_work = []

    def take(self, target, ask):
        """Has this revoked and restored. `ask`: the outcome of a call that it would stop."""
        self.questions[target] = ask
        self.revoked.setdefault(target, False)

    def leave(self, target):
        del self.questions[target]

    def go(self):
        self.at_work = list(self.questions)
        self.process.popen.stdin.write(json.dumps(self.at_work) + "\n")
        self.process.popen.stdin.flush()

    def rest(self):
        """To be called of a dead daemon."""
        if not self.at_work:
            return
        line = self.process.popen.stdout.readline()
        assert line, self.process.log_text()
        for number, what, outcome in json.loads(line):
            self._learn(self.at_work[number], what == "revoke", outcome)
        self.at_work = []

    def _learn(self, target, wanted, outcome):
        before = self.revoked[target]
        assert outcome != "absent" or not before, f"{target} was forgotten"
        self.acknowledged += outcome == "done"
        certain = outcome != "unknown" or before is wanted
        self.revoked[target] = wanted if certain else None

    def check(self):
        """A daemon has started: what was acknowledged is in force, and what was not is so or so."""
        answer = self.stage.operator.call("ListRevocations")
        assert answer["ok"], answer
        listed = answer["answer"]["revocations"]
        for target, ask in self.questions.items():
            is_listed = target.is_in(listed)
            assert self.revoked[target] in (None, is_listed), f"{target}, listed: {is_listed}"
            self.revoked[target] = is_listed
            refused = ask().get("reason") == "REVOKED"
            assert refused == is_listed, f"{target}, listed: {is_listed}, refused: {refused}"

    def end(self):
        self.process.popen.kill()
        self.process.stop()
