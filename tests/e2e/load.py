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
        for process in self.processes:
            self._say(process, json.dumps(tokens))

    def drain(self):
        """What was received since the last time, by all."""
        for process in self.processes:
            self._say(process, "drain")
        return [Received(*r) for process in self.processes for r in self._hear(process)]

    def end(self):
        for process in self.processes:
            process.popen.kill()
            process.stop()

    @staticmethod
    def _say(process, line):
        process.popen.stdin.write(line + "\n")
        process.popen.stdin.flush()

    @staticmethod
    def _hear(process):
        line = process.popen.stdout.readline()
        assert line, process.log_text()
        return json.loads(line)
