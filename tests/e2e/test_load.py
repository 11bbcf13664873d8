"""Many at once."""

import contextlib
import resource
import socket
import time

import pytest

from waiting import patience

CONNECTIONS = 2000


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    yield stage
    stage.stop()


@pytest.fixture
def many_descriptors():
    """Enough for the test itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"needs {wanted} descriptors, may have {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_concurrent_identical_misses_make_one_exchange(stage, provider, fresh_alice):
    before = len(provider.exchanges())
    request = {"subject_token": fresh_alice, "agent": "invoice-bot", "api": "expenses"}
    outcomes = stage.agent.order("TokenBroker", "GetToken", "agents", request, times=200)
    assert all(outcome["ok"] for outcome in outcomes)
    assert len({outcome["answer"]["access_token"] for outcome in outcomes}) == 1
    assert len({outcome["answer"]["decision_id"] for outcome in outcomes}) == 200
    assert len(provider.exchanges()) == before + 1


def test_concurrent_redeems_of_one_handle_hand_out_one_token(stage, alice):
    request = {"handle": stage.handle(alice, tool="fresh")}
    outcomes = stage.tool.order("ToolTokens", "RedeemHandle", "tools", request, times=50)
    assert [outcome["ok"] for outcome in outcomes].count(True) == 1
    refused = {outcome["reason"] for outcome in outcomes if not outcome["ok"]}
    assert refused <= {"HANDLE_SPENT", "HANDLE_IN_USE"}


def connect_often(path, stack):
    for _ in range(CONNECTIONS):
        client = stack.enter_context(socket.socket(socket.AF_UNIX))
        client.connect(str(path))


def test_a_call_is_answered_within_a_second_of_2000_connections(
    own_stage, many_descriptors, fresh_alice
):
    limits = {"connections": 100000, "connectionsPerUser": 100000}
    own_stage.start(
        own_stage.documents(limits=limits), before=["prlimit", "--nofile=256:256"]
    )
    own_stage.expenses(fresh_alice)
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            connect_often(own_stage.daemon.socket("agents"), stack)
        request = {"subject_token": fresh_alice, "agent": "invoice-bot", "api": "expenses"}
        begun = time.monotonic()
        (outcome,) = own_stage.agent.order("TokenBroker", "GetToken", "agents", request)
        assert outcome["ok"], outcome
        assert time.monotonic() - begun < patience()
    status = own_stage.operator.get("GetStatus")
    assert int(status["connections"]) < 256


@pytest.mark.root
def test_one_account_cannot_take_all_connections(own_stage, many_descriptors, fresh_alice):
    limits = {"connections": 64, "connectionsPerUser": 16}
    own_stage.start(own_stage.documents(limits=limits))
    with contextlib.ExitStack() as stack:
        connect_often(own_stage.daemon.socket("agents"), stack)
        own_stage.expenses(fresh_alice)


def test_a_message_that_is_too_large_is_refused_and_the_daemon_goes_on(stage, alice):
    request = {"subject_token": "x" * 100_000, "agent": "invoice-bot", "api": "expenses"}
    outcome = stage.agent.call("GetToken", **request)
    assert outcome["code"] == "RESOURCE_EXHAUSTED"
    stage.expenses(alice)
