"""A booted systemd with behalf installed, in namespaces on this machine."""

import os
import pathlib
import shutil
import signal
import subprocess

import documents
from processes import Process
from waiting import BEHALF, BEHALFD, eventually, patience

HERE = pathlib.Path(__file__).parent
DEPLOY = HERE.parents[1] / "deploy"
SAMPLE = DEPLOY / "examples/systemd"

TARGET = """[Unit]
Requires=basic.target
After=basic.target
"""
SOCKETS = """Requires=behalfd.socket behalfd-admin.socket
After=behalfd.socket behalfd-admin.socket
"""

# The accounts of the sample documents, and an operator.
ACCOUNTS = """u invoice - - -
u mail-search - - -
u olga - - -
"""
MEMBERS = """m invoice behalf-clients
m mail-search behalf-clients
m olga behalf-operators
"""

# Otherwise the unit's LimitMEMLOCK= has no effect here.
LIFTS_LIMITS = documents.locks_memory(documents.CAP_SYS_RESOURCE)


def why_not():
    """Why a system cannot be booted here; empty where it can."""
    if os.geteuid() != 0:
        return "needs root"
    probe = ["unshare", "--pid", "--mount", "--cgroup", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"]
    done = subprocess.run(probe, capture_output=True, text=True)
    if done.returncode != 0:
        return "namespaces are not permitted here: " + done.stderr.strip()
    if not pathlib.Path("/lib/systemd/systemd").exists():
        return "systemd is not installed"
    return ""


def pointed(file, provider):
    """The sample's text, which is about Entra itself, for the provider of the tests."""
    text = file.read_text().replace(
        "  dialect: entra\n",
        f"  dialect: entra\n  authority: {provider.url}\n  caFile: /etc/behalf/idp-ca.pem\n",
    )
    if LIFTS_LIMITS:
        return text
    return text.replace("  stateDirectory:", "  hardening: {without: [memory-lock]}\n  stateDirectory:")


class Machine:
    """`files` is laid over the system before it boots: the programs, and the
    units unless somebody is to install them.
    """

    def __init__(self, folder, with_units=True):
        self.folder = folder
        self.files = folder / "files"
        self.cgroup = f"behalf-test-{os.getpid()}-{folder.name}"
        self.process = None
        self.init = None
        self.copy(BEHALFD, "usr/bin/behalfd")
        self.copy(BEHALF, "usr/bin/behalf")
        self.write("etc/systemd/system/behalf-test.target", TARGET + (SOCKETS if with_units else ""))
        self.write("usr/lib/sysusers.d/test.conf", ACCOUNTS + (MEMBERS if with_units else ""))
        if with_units:
            self._install_units()

    def _install_units(self):
        self.copy(DEPLOY / "systemd/behalf.sysusers.conf", "usr/lib/sysusers.d/behalf.conf")
        for unit in (DEPLOY / "systemd").glob("behalfd*"):
            self.copy(unit, f"etc/systemd/system/{unit.name}")

    def copy(self, source, path):
        """Before it boots."""
        target = self.files / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    def write(self, path, text, mode=0o644):
        """Before it boots."""
        target = self.files / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def boot(self):
        place = self.folder / "place"
        place.mkdir()
        argv = [HERE / "boot", self.files, place, self.cgroup]
        self.process = Process("systemd", argv, self.folder / "systemd.log", stdin=subprocess.DEVNULL)
        eventually("the system is up", self._is_up, seconds=60)
        return self

    def _is_up(self):
        assert self.process.alive(), self.process.log_text()
        self.init = self.init or self._child()
        return self.init and self.run("systemctl", "is-active", "behalf-test.target").returncode == 0

    def _child(self):
        pid = self.process.popen.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        comm = children and pathlib.Path(f"/proc/{children[0]}/comm").read_text().strip()
        return children[0] if comm == "systemd" else None

    def run(self, *command, user=None, **options):
        """In there, as root or as an account with its groups."""
        enter = ["nsenter", "--target", self.init, "--all", "--root", "--wd"]
        if user:
            enter += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        options = {"capture_output": True, "text": True, "timeout": 60 * patience(), **options}
        return subprocess.run([*enter, *map(str, command)], **options)

    def get(self, *command, **options):
        done = self.run(*command, **options)
        assert done.returncode == 0, (command, done.stdout, done.stderr, self.journal())
        return done.stdout

    def put(self, path, text, owner="root", mode=0o600):
        """Replaces a file in one step, while it runs."""
        script = f'cat >"$1.new" && chown {owner} "$1.new" && chmod {mode:o} "$1.new" && mv "$1.new" "$1"'
        self.get("sh", "-c", script, "-", path, input=text)

    def read(self, path):
        return self.get("cat", path)

    def show(self, unit, name):
        return self.get("systemctl", "show", "--value", "--property", name, unit).strip()

    def journal(self):
        return self.run("journalctl", "--no-pager", "-n", "40").stdout

    def stop(self):
        if self.process is None:
            return
        self.process.stop(signal.SIGKILL)
        for path in pathlib.Path("/sys/fs/cgroup").rglob(self.cgroup):
            eventually("the control groups are empty", lambda: self._forget(path))

    @staticmethod
    def _forget(path):
        """From the leaves up; what has not ended yet is tried again."""
        try:
            for folder, _, _ in os.walk(path, topdown=False):
                os.rmdir(folder)
        except OSError:
            return False
        return True
