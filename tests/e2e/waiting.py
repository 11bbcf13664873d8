"""Waiting for what happens in other processes: by looking, with a deadline."""

import functools
import mmap
import os
import pathlib
import time

BIN = pathlib.Path(os.environ.get("BEHALF_BIN", ""))
BEHALFD = BIN / "daemon/behalfd"
BEHALF = BIN / "daemon/cli/behalf"
BEHALF_IDP = BIN / "tests/idp/behalf-idp"


@functools.cache
def is_sanitized(program):
    with open(program, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return any(text.find(mark) >= 0 for mark in (b"__asan_init", b"__tsan_init"))


def patience():
    """What to multiply limits of time with: sanitizers are slow, busy machines too."""
    slow = 5 if is_sanitized(BEHALFD) else 1
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    return slow * min(busy, 10)


def eventually(what, probe, seconds=15):
    """The first true value of `probe`."""
    deadline = time.monotonic() + seconds * patience()
    while not (value := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come about in time: {what}")
        time.sleep(0.02)
    return value
