"""A program that uses a library nobody here wrote, and is told what to do with it.

It reads one JSON object a line and answers each with one: {"ok": true, ...} or
{"ok": false, ...} with what the library made of the error.
"""

import json
import os
import pathlib
import shutil
import subprocess

from clients import account_options
from processes import Process

HERE = pathlib.Path(__file__).resolve().parent
# What would lead a library past the provider that the test names.
FOREIGN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def environment(**more):
    """That of a judge: no proxy, no authority but the one it is given."""
    names = {*FOREIGN, *PROXIES, *(name.upper() for name in PROXIES)}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "*", **more}


class Judge:
    """One process, of any account, kept for many questions."""

    def __init__(self, name, argv, folder, account=None, **env):
        options = account_options(account) if account is not None else {}
        self.name = name
        self.process = Process(
            name,
            argv,
            folder / f"{name}.log",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=environment(**env),
            **options,
        )

    def ask(self, **order):
        pipe = self.process.popen
        pipe.stdin.write(json.dumps(order) + "\n")
        pipe.stdin.flush()
        line = pipe.stdout.readline()
        assert line, self.process.log_text()
        return json.loads(line)

    def stop(self):
        """Closing its input ends it."""
        if self.process in Process.running:
            self.process.popen.stdin.close()
            self.process.stop()


def reachable(path, folder):
    """The same, where other accounts can enter: a copy only where they cannot."""
    parents = [path, *path.parents]
    if all(parent.stat().st_mode & 0o001 for parent in parents):
        return path
    copy = folder / path.name
    if not copy.exists():
        shutil.copytree(path, copy, symlinks=True)
    return copy
