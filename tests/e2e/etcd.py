"""A real etcd of three members on loopback."""

import pathlib
import signal
import socket
import urllib.request

from processes import Process
from waiting import eventually

PROGRAM = pathlib.Path("/usr/bin/etcd")


def free_ports(count):
    holders = [socket.socket() for _ in range(count)]
    for holder in holders:
        holder.bind(("127.0.0.1", 0))
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


class Member:
    def __init__(self, folder, name, client, peer):
        self.folder, self.name = folder, name
        self.client, self.peer = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        self.process = None

    def launch(self, cluster):
        flags = {
            "name": self.name,
            "data-dir": self.folder / self.name,
            "listen-client-urls": self.client,
            "advertise-client-urls": self.client,
            "listen-peer-urls": self.peer,
            "initial-advertise-peer-urls": self.peer,
            "initial-cluster": cluster,
            "logger": "zap",
            "log-level": "error",
        }
        argv = [PROGRAM, *(f"--{name}={value}" for name, value in flags.items())]
        self.process = Process("etcd", argv, self.folder / f"{self.name}.log")

    def is_healthy(self):
        try:
            with urllib.request.urlopen(self.client + "/health", timeout=1) as answer:
                return b'"health":"true"' in answer.read()
        except OSError:
            return False

    def send(self, number):
        self.process.send(number)

    def kill(self):
        self.process.stop(signal.SIGKILL)


class Etcd:
    def __init__(self, folder):
        ports = free_ports(6)
        self.members = [
            Member(folder, f"m{i}", ports[2 * i], ports[2 * i + 1]) for i in range(3)
        ]
        self.cluster = ",".join(f"{one.name}={one.peer}" for one in self.members)

    @property
    def endpoints(self):
        return [one.client for one in self.members]

    def start(self):
        for one in self.members:
            one.launch(self.cluster)
        self.await_health()
        return self

    def await_health(self):
        eventually("etcd serves", lambda: all(one.is_healthy() for one in self.members), 60)

    def freeze(self, members=None):
        for one in members or self.members:
            one.send(signal.SIGSTOP)

    def thaw(self):
        for one in self.members:
            one.send(signal.SIGCONT)

    def stop(self):
        for one in self.members:
            if one.process in Process.running:
                one.send(signal.SIGCONT)
                one.kill()
