"""The sections of deploy/packages.txt, and what programs are linked with."""

import re
import subprocess

from places import DEPLOY

# In every Debian system, or pulled in by what is.
EVERYWHERE = {"libc6", "libgcc-s1"}


def section(name):
    text = (DEPLOY / "packages.txt").read_text()
    body = re.search(rf"^# {name}:.*?\n(.*?)(?=^# \w+: |\Z)", text, re.M | re.S)[1]
    return {line for line in body.splitlines() if line and not line.startswith("#")}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def linked(program):
    """The packages of the libraries that the program names itself."""
    names = re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", program))
    found = {line.split()[0]: line.split()[-1] for line in output("ldconfig", "-p").splitlines()[1:]
             if " => " in line and "x86-64" in line}
    return {package_of(found[name]) for name in names if name in found} - EVERYWHERE


def package_of(path):
    real = output("readlink", "-f", path).strip()
    for name in (real, real.removeprefix("/usr")):  # /lib is a link, and dpkg may know either
        done = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise AssertionError(f"{path} belongs to no package")
