"""Starting, ending, starting again."""

import signal
import socket
import sys

import pytest

import documents
from processes import Process
from waiting import BEHALFD, eventually

NAMES = ("agents", "tools", "admin")

# As systemd does it: the listener as descriptor 3, the variables, then exec.
SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES=sys.argv[2])
os.execv(sys.argv[3], sys.argv[3:])
"""


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    yield stage
    stage.stop()


def sockets_of(stage):
    return [stage.daemon.socket(name) for name in NAMES]


def test_a_second_daemon_on_the_same_sockets_refuses_to_start(own_stage, alice):
    own_stage.start()
    contents = own_stage.documents()
    contents[0]["spec"]["stateDirectory"] = f"{own_stage.folder}/another-state"
    others = own_stage.folder / "others.yaml"
    others.write_text(documents.text_of(contents))
    said = what_a_second_daemon_says(own_stage, others)
    assert "another process listens there" in said
    assert str(own_stage.daemon.socket("agents")) in said
    own_stage.expenses(alice)


def test_a_second_daemon_on_the_same_state_refuses_to_start(own_stage, alice):
    own_stage.start()
    said = what_a_second_daemon_says(own_stage, own_stage.daemon.documents)
    assert "another process uses this state" in said
    own_stage.expenses(alice)


def what_a_second_daemon_says(stage, contents):
    argv = [BEHALFD, "--documents", contents]
    second = Process("behalfd (second)", argv, stage.folder / "second.log")
    eventually("the second daemon ends", lambda: not second.alive())
    assert second.stop() == 1
    return second.log_text()


def test_sigterm_ends_the_daemon_and_removes_its_sockets(own_stage):
    own_stage.start()
    assert all(path.is_socket() for path in sockets_of(own_stage))
    own_stage.stop()
    assert not any(path.exists() for path in sockets_of(own_stage))
    assert not list(own_stage.folder.glob(".*"))


def test_sigint_ends_the_daemon_as_well(own_stage):
    own_stage.start()
    assert own_stage.daemon.process.stop(signal.SIGINT) == 0


def test_sockets_that_a_killed_daemon_left_are_no_obstacle(own_stage, alice):
    own_stage.start()
    own_stage.expenses(alice)
    own_stage.daemon.process.stop(signal.SIGKILL)
    assert all(path.is_socket() for path in sockets_of(own_stage))
    own_stage.daemon.start()
    own_stage.expenses(alice)


def test_handles_and_pseudonyms_over_a_restart(own_stage, alice):
    own_stage.start()
    handle = own_stage.handle(alice)
    own_stage.tool.get("RedeemHandle", handle=handle)
    kept = own_stage.handle(alice)
    own_stage.daemon.process.stop(signal.SIGKILL)
    own_stage.daemon.start()
    own_stage.tool.refused("HANDLE_SPENT", "RedeemHandle", handle=handle)
    own_stage.tool.get("RedeemHandle", handle=kept)
    first, second = own_stage.daemon.audit(event="handle_redeemed")
    assert first["user"] == second["user"]


def test_documents_that_do_not_load_keep_the_daemon_from_starting(own_stage):
    own_stage.daemon.write(own_stage.documents(limits={"conections": 1}))
    process = own_stage.daemon.launch()
    eventually("the daemon ends", lambda: not process.alive())
    assert process.stop() == 1
    assert "connections" in own_stage.daemon.log_text()
    assert "documents.yaml:" in own_stage.daemon.log_text()


def test_a_listener_that_systemd_hands_over_is_served_and_left_alone(own_stage, alice):
    path = own_stage.daemon.socket("agents")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o666)
        listener.listen()
        inherited = {"name": "agents", "systemd": "behalf-agents"}
        tools = {"name": "tools", "path": str(own_stage.daemon.socket("tools")), "mode": "0666"}
        admin = {"name": "admin", "path": str(own_stage.daemon.socket("admin"))}
        own_stage.start(
            own_stage.documents(sockets=[inherited, tools, admin]),
            before=[sys.executable, "-c", SYSTEMD, str(listener.fileno()), "behalf-agents"],
            pass_fds=[listener.fileno()],
        )
        handle = own_stage.handle(alice)
        line = own_stage.daemon.audit(event="handle_created")[-1]
        assert line["caller"]["uid"] == documents.AGENT
        own_stage.tool.get("RedeemHandle", handle=handle)
        own_stage.stop()
        assert path.is_socket()
    assert not own_stage.daemon.socket("tools").exists()


def test_a_listener_that_systemd_did_not_hand_over_is_missed(own_stage):
    inherited = {"name": "agents", "systemd": "behalf-agents"}
    own = [{"name": n, "path": str(own_stage.daemon.socket(n))} for n in ("tools", "admin")]
    own_stage.daemon.write(own_stage.documents(sockets=[inherited, *own]))
    process = own_stage.daemon.launch()
    eventually("the daemon ends", lambda: not process.alive())
    assert process.stop() == 1
    assert "behalf-agents" in own_stage.daemon.log_text()
