"""The judges' own packages: pinned, installed once into the build folder, reused.

A registry that cannot be reached skips the tests that need it, and says so; with
BEHALF_REQUIRE_JUDGES set it fails them. Anything else that goes wrong fails.
"""

import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
FOLDER = pathlib.Path(os.environ.get("BEHALF_JUDGES") or SOURCE / "build/judges")
TYPESCRIPT = SOURCE / "deploy/examples/mcp-typescript"
UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED"
    r"|NewConnectionError|ConnectTimeout|ReadTimeout|connection broken|Network is unreachable|from versions: none"
)
LIMIT = 600


def missing(what):
    """These judges cannot be heard: the reason why is the outcome of the test."""
    if os.environ.get("BEHALF_REQUIRE_JUDGES"):
        pytest.fail(f"BEHALF_REQUIRE_JUDGES is set, but {what}", pytrace=False)
    pytest.skip(what)


def npm(folder):
    """The folder that has the `node_modules` of this package."""
    tool = shutil.which("npm") or missing("npm is not installed")
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return _made("npm", folder, "package-lock.json", lambda place: [[tool, *arguments]])


def python():
    """The interpreter that has the packages of requirements.txt."""
    options = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", "requirements.txt"]

    def commands(place):
        return [
            [sys.executable, "-m", "venv", "venv"],
            ["venv/bin/python", "-m", "pip", "install", "-q", *options],
        ]

    return _made("python", HERE, "requirements.txt", commands) / "venv/bin/python"


def node():
    """Node, newer than the system's need be: itself a package."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
    return npm(HERE / "npm") / f"node_modules/node-linux-{machine}/bin/node"


def _made(kind, source, lock, commands):
    """A folder named by what the lock file says; whole, or not there."""
    digest = hashlib.sha256((source / lock).read_bytes()).hexdigest()[:12]
    place = FOLDER / f"{kind}-{digest}"
    if (place / "complete").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("package.json", ".npmrc", lock):
        if (source / name).exists():
            shutil.copy(source / name, place)
    for command in commands(place):
        _run(kind, command, place)
    (place / "complete").touch()
    return place


def _run(kind, command, place):
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=LIMIT)
    if done.returncode == 0:
        return
    said = done.stderr + done.stdout
    if UNREACHABLE.search(said):
        missing(f"the registry of {kind} packages cannot be reached")
    pytest.fail(f"{' '.join(map(str, command))}: {said[-2000:]}", pytrace=False)
