"""System calls of the daemon on its own files: looked at, and failed, by strace(1)."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
from typing import NamedTuple

from waiting import eventually

WRITES = ("write", "pwrite64", "writev", "pwritev")
SYNCS = ("fsync", "fdatasync")
OPENS = ("open", "openat")
RENAMES = ("rename", "renameat", "renameat2")
SIZES = ("ftruncate", "fallocate")
ERRORS = {
    **dict.fromkeys(WRITES + SYNCS + OPENS + RENAMES + SIZES, ("EIO", "ENOSPC")),
    "unlink": ("EIO",),
    "mmap": ("ENOMEM",),
    "mkdir": ("ENOSPC",),
}
LINE = re.compile(r"(\d+) +(\w+)\((.*)")
DRAFT = re.compile(r"\.([\w-]+\.key)\.[0-9a-f]+")  # of a key, before it is renamed
RECORD = "audit.jsonl"
DATABASES = [f"state/{name}.db{part}"
             for name in ("state", "handles") for part in ("", "-wal", "-shm")]
FILES = [RECORD, RECORD + ".reserve", "state", "state/state.reserve", *DATABASES]
OURS = re.compile("audit|state")


class Site(NamedTuple):
    """A call as it was seen: the `number`th of its thread with this file."""

    call: str
    file: str  # within the folder of the session; "" is the folder
    number: int

    def is_draft(self):
        """Its name is made of random digits: all files' calls of the first thread are counted."""
        return self.file.endswith(".draft")


class Fault(NamedTuple):
    site: Site
    error: str

    def __str__(self):
        return f"{self.error} of {self.site.call} {self.site.number} on {self.site.file or '.'}"


def options(folder, fault=None, unwritable=False):
    """To see all calls that could be failed, or to fail one.

    `unwritable`: and any that adds to the record. strace counts for each thread, and only calls on
    the files that it is told of.
    """
    calls, files, inject = list(ERRORS), list(FILES) if unwritable else [], []
    if fault:
        site = fault.site
        calls, files = [site.call], [] if site.is_draft() else [site.file]
        inject = [f"inject={site.call}:error={fault.error}:when={site.number}"]
    if unwritable:
        calls, files = [*calls, "write"], [*files, RECORD]
        inject = [*inject, "inject=write:error=ENOSPC"]
    found = [] if fault and fault.site.is_draft() else ["-f"]
    for file in files:
        found += ["-P", folder / file]
    for what in ["trace=" + ",".join(calls), *inject]:
        found += ["-e", what]
    return found


def slow(folder, call, seconds):
    """To have each of these calls on the record and its reserve wait before it begins."""
    inject = f"inject={call}:delay_enter={round(seconds * 1e6)}"
    files = ["-P", folder / RECORD, "-P", folder / (RECORD + ".reserve")]
    return ["-f", *files, "-e", f"trace={call}", "-e", inject]


def command(trace, *options):
    """To be put before a program, which stays the child; strace ends when it is told to."""
    return ["strace", "-D", "-I", "1", "-qq", "-y", "-o", trace, *options]


def let_go(process):
    """Has whoever traces the process leave it alone."""
    status = pathlib.Path(f"/proc/{process.popen.pid}/status")

    def tracer():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            return int(re.search(r"TracerPid:\s+(\d+)", status.read_text())[1])
        return 0

    if traced_by := tracer():
        with contextlib.suppress(ProcessLookupError):
            os.kill(traced_by, signal.SIGTERM)
    eventually("strace lets go", lambda: not tracer())


@contextlib.contextmanager
def attached(process, trace, options):
    """Traces all threads of a process that runs."""
    argv = ["strace", "-I", "1", "-y", "-o", trace, "-p", str(process.popen.pid), *options]
    strace = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)
    said = strace.stderr.readline()
    assert "attached" in said, said
    try:
        yield
    finally:
        strace.terminate()
        strace.stderr.read()
        strace.wait()


def lines_of(trace):
    """Each call: its thread, its name, and the rest of the line."""
    text = trace.read_text(errors="replace") if trace.exists() else ""
    return [match.groups() for match in map(LINE.match, text.splitlines()) if match]


def failed_in(trace):
    """How many calls were failed."""
    return trace.read_text(errors="replace").count("(INJECTED)") if trace.exists() else 0


def sites_in(trace, folder):
    """The calls on files of store and record, each once, in the order in which they came."""
    sites, counts, of_all = {}, {}, {}
    lines = lines_of(trace)
    for thread, call, rest in lines:
        of_all[thread, call] = of_all.get((thread, call), 0) + 1
        file = file_in(rest, folder)
        if file is None:
            continue
        counts[thread, call, file] = counts.get((thread, call, file), 0) + 1
        number = of_all[thread, call] if file.endswith(".draft") else counts[thread, call, file]
        sites[Site(call, file, number)] = None
    return list(sites)


def file_in(rest, folder):
    """The first file of the folder that the arguments name; none where it is not ours."""
    found = re.search(rf'[<"]{re.escape(str(folder))}/?([^>"]*)[>"]', rest)
    if found is None or found[1] and not OURS.match(found[1]):
        return None
    return DRAFT.sub(r"\1.draft", found[1])
