"""Who calls the daemon: processes of several accounts, and the operator's tool."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from processes import Process
from waiting import BEHALF, patience

HERE = pathlib.Path(__file__).parent


class Clients:
    """A process for each account that calls the daemon; kept for the session."""

    def __init__(self, folder, stubs):
        self.folder, self.stubs = folder, stubs
        self.script = shutil.copy(HERE / "client.py", folder)
        self.processes = {}

    def ask(self, account, order):
        self.send(account, order)
        return self.hear(account)

    def hear(self, account):
        """What it answers to the oldest order that was not heard of yet."""
        process = self.processes[account]
        line = process.popen.stdout.readline()
        assert line, process.log_text()
        return json.loads(line)

    def send(self, account, order):
        """Has a process of the account do it, and does not wait. That process."""
        process = self.processes.get(account) or self._start(account)
        process.popen.stdin.write(json.dumps(order) + "\n")
        process.popen.stdin.flush()
        return process

    def end(self, account):
        """The process of the account is gone at once, with all it had begun."""
        self.processes.pop(account).stop(signal.SIGKILL)

    def _start(self, account):
        log = self.folder / ("client-" + "-".join(map(str, account)) + ".log")
        process = Process(
            "client",
            [sys.executable, self.script, self.stubs],
            log,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            **account_options(*account),
        )
        self.processes[account] = process
        return process


def account_options(uid, *groups):
    """For subprocess: run as this account, in these groups and no others."""
    if uid == os.getuid() and not groups:
        return {}
    return {"user": uid, "group": uid, "extra_groups": list(groups)}


def run_cli(secrets, folder, uid, *arguments, **options):
    """What the operator's tool says, run as an account."""
    program = folder / "behalf"
    if not program.exists():
        shutil.copy(BEHALF, program)
    done = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60 * patience(),
        **account_options(uid),
        **options,
    )
    secrets.printed(done.stdout, done.stderr)
    return done
