"""A provider that takes its time: nobody waits longer than they said."""

import contextlib
import signal
import socket
import threading
import time

import pytest

from waiting import eventually, patience


@pytest.fixture
def own_provider(new_provider):
    return new_provider()


@pytest.fixture
def own_stage(new_stage, own_provider):
    stage = new_stage(own_provider)
    yield stage
    stage.stop()


@contextlib.contextmanager
def standing_still(provider):
    """Connections to it are accepted by the kernel, and nothing is answered."""
    provider.process.send(signal.SIGSTOP)
    try:
        yield
    finally:
        provider.process.send(signal.SIGCONT)


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def test_a_provider_that_does_not_answer_is_given_up(own_stage, own_provider):
    own_stage.start(own_stage.documents(limits={"exchangeTimeout": "1s"}))
    alice, bob = own_provider.token("alice"), own_provider.token("bob")
    own_stage.expenses(alice)
    with standing_still(own_provider):
        refusal = own_stage.agent.refused("PROVIDER_UNAVAILABLE", "GetToken", **expenses(bob))
        assert refusal.retry_after > 0
        own_stage.expenses(alice)
    own_stage.expenses(bob)


def test_a_redemption_whose_deadline_passes_leaves_the_handle_open(own_stage, own_provider):
    own_stage.start(own_stage.documents(limits={"exchangeTimeout": "30s"}))
    handle = own_stage.handle(own_provider.token("alice"), tool="fresh")
    with standing_still(own_provider):
        (outcome,) = own_stage.tool.order(
            "ToolTokens", "RedeemHandle", "tools", {"handle": handle}, timeout=2
        )
        assert outcome["code"] == "DEADLINE_EXCEEDED"
        (line,) = eventually(
            "the record of it", lambda: own_stage.daemon.audit(event="failed", tool="fresh")
        )
        # The client may have left a moment before the daemon's clock said so.
        assert line["reason"] in ("DEADLINE", "CANCELLED")
    own_stage.tool.get("RedeemHandle", handle=handle)


def test_sigterm_ends_a_daemon_that_waits_for_its_provider(own_stage, own_provider):
    own_stage.start(own_stage.documents(limits={"exchangeTimeout": "1h"}))
    alice, bob = own_provider.token("alice"), own_provider.token("bob")
    own_stage.expenses(alice)
    with standing_still(own_provider):
        agent = own_stage.agent
        call = threading.Thread(target=agent.call, args=["GetToken"], kwargs=expenses(bob))
        call.start()
        eventually("the call waits", lambda: own_stage.connections() > 1)
        begun = time.monotonic()
        own_stage.stop()
        assert time.monotonic() - begun < 10 * patience()
    call.join()


def test_a_connection_that_says_nothing_does_not_keep_the_daemon(own_stage):
    own_stage.start()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(own_stage.daemon.socket("agents")))
        eventually("the connection is taken", lambda: own_stage.connections() > 1)
        begun = time.monotonic()
        own_stage.stop()
        assert time.monotonic() - begun < 10 * patience()
