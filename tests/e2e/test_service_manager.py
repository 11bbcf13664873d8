"""What the daemon tells its service manager, which waits for it to be ready."""

import os
import signal
import socket
import time

import pytest

from waiting import patience


class Manager:
    """Hears the daemon as systemd does."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))

    def next(self):
        self.socket.settimeout(15 * patience())
        lines = self.socket.recv(4096).decode().split("\n")
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def own(new_stage):
    stage = new_stage()
    yield stage
    stage.stop()


def test_the_manager_hears_of_start_reload_and_end(own):
    manager = Manager(own.folder / "notify")
    own.start(env={**os.environ, "NOTIFY_SOCKET": str(manager.path)})
    digest = own.operator.get("GetStatus")["catalog_digest"]
    status = f"serves 3 of 3 blueprints by catalog {digest[:8]}"
    assert manager.next() == {"READY": "1", "STATUS": status}

    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    own.daemon.process.send(signal.SIGHUP)
    reloading = manager.next()
    assert reloading.pop("RELOADING") == "1"
    assert int(reloading.pop("MONOTONIC_USEC")) >= before and not reloading
    assert manager.next() == {"READY": "1", "STATUS": status}

    own.daemon.stop()
    assert manager.next()["STOPPING"] == "1"


def test_documents_that_do_not_load_are_told(own):
    manager = Manager(own.folder / "notify")
    own.daemon.flags = ["--no-watch"]
    own.start(env={**os.environ, "NOTIFY_SOCKET": str(manager.path)})
    manager.next()
    own.daemon.documents.write_text("no document\n...\n")
    own.daemon.process.send(signal.SIGHUP)
    assert "RELOADING" in manager.next()
    after = manager.next()
    assert after["READY"] == "1"
    assert after["STATUS"].endswith("; the documents on disk are not in force")


def test_a_daemon_that_cannot_start_is_never_ready(own):
    manager = Manager(own.folder / "notify")
    own.daemon.documents.write_text("no document\n...\n")
    own.daemon.launch(env={**os.environ, "NOTIFY_SOCKET": str(manager.path)})
    own.daemon.process.popen.wait(15 * patience())
    assert own.daemon.process.stop() == 1
    manager.socket.settimeout(0)
    with pytest.raises(BlockingIOError):
        manager.socket.recv(4096)
