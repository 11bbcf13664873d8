"""Hosts of their own for processes: network namespaces about a router that can cut any link.

All addresses are inside the namespaces; the machine's own network is left alone.
"""

import contextlib
import os
import shutil
import subprocess

MADE = 0  # networks by this process


def why_not():
    """Why there can be no such network here; empty where there can."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    if not shutil.which("ip"):
        return "there is no ip(8) on this machine"
    probe = f"behalf-{os.getpid()}-probe"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if made.returncode != 0:
        return "network namespaces are not permitted here: " + made.stderr.strip()
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return ""


class Network:
    """Each host is a link away from the router, which forwards; what it is told to drop is gone
    without a word, as in a broken network.
    """

    def __init__(self, hosts):
        global MADE
        MADE += 1
        self.tag = f"behalf-{os.getpid()}-{MADE}"
        self.hosts = list(hosts)
        self.router = f"{self.tag}-router"
        self.made = []
        self.cuts = set()  # pairs (from, to) whose packets are dropped
        try:
            self._lay()
        except BaseException:
            self.remove()
            raise

    def namespace(self, host):
        return f"{self.tag}-{host}"

    def address(self, host):
        return f"10.79.{self.hosts.index(host)}.2"

    def inside(self, host):
        """What to put before a command, to run it there."""
        return ["ip", "netns", "exec", self.namespace(host)]

    def _lay(self):
        for name in (self.router, *map(self.namespace, self.hosts)):
            self._ip("netns", "add", name)
            self.made.append(name)
            self._in(name, "link", "set", "lo", "up")
        for number, host in enumerate(self.hosts):
            here, there = f"to-{host}", self.namespace(host)
            self._in(self.router, "link", "add", here, "type", "veth", "peer", "name", "eth0",
                     "netns", there)
            self._in(self.router, "addr", "add", f"10.79.{number}.1/24", "dev", here)
            self._in(self.router, "link", "set", here, "up")
            self._in(there, "addr", "add", f"10.79.{number}.2/24", "dev", "eth0")
            self._in(there, "link", "set", "eth0", "up")
            self._in(there, "route", "add", "default", "via", f"10.79.{number}.1")
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        subprocess.run(["ip", "netns", "exec", self.router, "sh", "-c", forward], check=True)

    def cut(self, source, target):
        """What `source` sends to `target` is lost; the other way is another cut."""
        if (source, target) in self.cuts:
            return
        self.cuts.add((source, target))
        self._in(self.router, "rule", "add", *self._rule(source, target))

    def unplug(self, host):
        """The cable is out."""
        self._in(self.router, "link", "set", f"to-{host}", "down")

    def heal(self):
        for source, target in self.cuts:
            self._in(self.router, "rule", "del", *self._rule(source, target))
        self.cuts.clear()
        for host in self.hosts:
            self._in(self.router, "link", "set", f"to-{host}", "up")

    def remove(self):
        """Also after half of it was made. Processes inside are to be ended before."""
        for name in self.made:
            with contextlib.suppress(subprocess.CalledProcessError):
                self._ip("netns", "del", name)
        self.made = []

    def _rule(self, source, target):
        return ["from", self.address(source), "to", self.address(target), "blackhole"]

    def _in(self, namespace, *words):
        self._ip("-n", namespace, *words)

    @staticmethod
    def _ip(*words):
        subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
