"""A real etcd of three members: on loopback, or each on a host of its own."""

import pathlib
import signal
import socket
import subprocess

from processes import Process
from waiting import eventually

PROGRAM = pathlib.Path("/usr/bin/etcd")
ETCDCTL = pathlib.Path("/usr/bin/etcdctl")


def free_ports(count):
    holders = [socket.socket() for _ in range(count)]
    for holder in holders:
        holder.bind(("127.0.0.1", 0))
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


class Tls:
    """What a member shows, and whom it believes: its clients and the other members alike."""

    def __init__(self, authority, certificate):
        self.authority, self.certificate = authority, certificate

    def flags(self):
        flags = {"client-cert-auth": "true", "peer-client-cert-auth": "true"}
        for whose in ("", "peer-"):
            flags[f"{whose}cert-file"] = self.certificate.file
            flags[f"{whose}key-file"] = self.certificate.key
            flags[f"{whose}trusted-ca-file"] = self.authority.file
        return flags

    def words(self):
        """For etcdctl."""
        return [f"--cacert={self.authority.file}", f"--cert={self.certificate.file}",
                f"--key={self.certificate.key}"]


class Member:
    """`inside` is what runs a program on the member's host."""

    def __init__(self, folder, name, client, peer, tls=None, inside=()):
        scheme = "https" if tls else "http"
        self.folder, self.name, self.tls, self.inside = folder, name, tls, inside
        self.client, self.peer = f"{scheme}://{client}", f"{scheme}://{peer}"
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
            **(self.tls.flags() if self.tls else {}),
        }
        argv = [*self.inside, PROGRAM, *(f"--{name}={value}" for name, value in flags.items())]
        self.process = Process("etcd", argv, self.folder / f"{self.name}.log")

    def is_healthy(self):
        words = [ETCDCTL, f"--endpoints={self.client}", *(self.tls.words() if self.tls else [])]
        asked = subprocess.run(
            [*self.inside, *words, "endpoint", "health", "--command-timeout=1s"],
            capture_output=True,
            env={"ETCDCTL_API": "3"},
        )
        return asked.returncode == 0

    def send(self, number):
        self.process.send(number)

    def kill(self):
        self.process.stop(signal.SIGKILL)


def on_loopback(folder, tls=None):
    ports = free_ports(6)
    return [
        Member(folder, f"m{i}", f"127.0.0.1:{ports[2 * i]}", f"127.0.0.1:{ports[2 * i + 1]}", tls)
        for i in range(3)
    ]


class Etcd:
    def __init__(self, members):
        self.members = members
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
