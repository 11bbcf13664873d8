"""Processes that load a daemon and keep what it gave them."""

import json
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple

from clients import account_options
from processes import Process

HERE = pathlib.Path(__file__).parent


class Received(NamedTuple):
    when: float  # by time.monotonic()
    decision_id: str
    secret: str  # a token or a handle
    handle: str  # that was redeemed; else empty
    request_id: str


class Load:
    """Runs until it is ended, whether or not there is a daemon."""

    def __init__(self, stage, stubs, account, tokens, processes=2, threads=2):
        script = shutil.copy(HERE / "kills_client.py", stage.folder)
        sockets = [stage.daemon.socket("agents"), stage.daemon.socket("tools")]
        argv = [sys.executable, script, stubs, *sockets, str(threads)]
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": "/"}
        options |= account_options(account)
        logs = [stage.folder / f"load-{number}.log" for number in range(processes)]
        self.processes = [Process("load", argv, log, **options) for log in logs]
        self.handles = [[] for _ in self.processes]  # made by each since the last time
        for process in self.processes:
            self._say(process, tokens)

    def drain(self):
        """What was received since the last time, by all. Each tries the others' handles, too."""
        for process, made in zip(self.processes, [*self.handles[1:], self.handles[0]]):
            self._say(process, made)
        received = [[Received(*r) for r in self._hear(process)] for process in self.processes]
        for number, of_one in enumerate(received):
            # Not all of them, or half of all would be refused.
            self.handles[number] = [r.secret for r in of_one if is_handle(r)][::4]
        return [one for of_one in received for one in of_one]

    def end(self):
        for process in self.processes:
            process.popen.kill()
            process.stop()

    @staticmethod
    def _say(process, what):
        process.popen.stdin.write(json.dumps(what) + "\n")
        process.popen.stdin.flush()

    @staticmethod
    def _hear(process):
        line = process.popen.stdout.readline()
        assert line, process.log_text()
        return json.loads(line)


def is_handle(received):
    return "." not in received.secret
