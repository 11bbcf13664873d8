"""Who may ask for what."""

import os
import subprocess
import sys

import pytest

import documents
from clients import account_options


def ask(token="x.y.z", **more):
    return {"subject_token": token, "api": "expenses", **more}


@pytest.mark.root
def test_a_process_that_no_document_names_is_unknown_everywhere(stage, alice):
    stage.stranger.refused("CALLER_UNKNOWN", "GetToken", **ask(alice))
    stage.stranger.refused("CALLER_UNKNOWN", "CreateHandle", **ask(alice, tool="mail-search"))
    stage.stranger.refused("CALLER_UNKNOWN", "RedeemHandle", handle="x" * 43)


@pytest.mark.root
def test_a_tool_is_no_agent(stage, alice):
    refusal = stage.tool.refused("CALLER_NOT_AGENT", "GetToken", socket="tools", **ask(alice))
    assert refusal.line["caller"]["uid"] == documents.TOOL
    assert refusal.line["caller"]["socket"] == "tools"
    assert str(documents.TOOL) not in refusal.message


@pytest.mark.root
def test_an_agent_is_no_tool(stage, alice):
    handle = stage.handle(alice)
    stage.bot.refused("CALLER_NOT_TOOL", "RedeemHandle", socket="agents", handle=handle)
    stage.tool.get("RedeemHandle", handle=handle)


@pytest.mark.root
def test_an_account_counts_on_the_socket_of_its_selector_only(stage, alice):
    stage.bot.refused("CALLER_UNKNOWN", "GetToken", socket="tools", **ask(alice))


LISTEN = """
import socket, sys
client = socket.socket(socket.AF_UNIX)
client.settimeout(30)
client.connect(sys.argv[1])
print(len(client.recv(1)))
"""


def first_byte(stage, uid):
    """Whether the daemon says anything to this account on the socket of admins."""
    path = stage.daemon.socket("admin")
    command = [sys.executable, "-c", LISTEN, path]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **account_options(uid))
    return "reset" in done.stderr or done.stdout.strip() == "0", done.stderr


@pytest.mark.root
def test_on_the_socket_of_admins_nobody_else_gets_an_answer(stage):
    before = stage.operator.get("GetStatus")["refused_connections"]
    silent, errors = first_byte(stage, documents.AGENT)
    assert silent, errors
    line = stage.daemon.audit(event="denied", reason="CALLER_NOT_ADMIN")[-1]
    assert line["caller"]["uid"] == documents.AGENT
    assert line["caller"]["socket"] == "admin"
    assert int(stage.operator.get("GetStatus")["refused_connections"]) == int(before) + 1
    assert not first_byte(stage, os.getuid())[0]


def test_on_other_sockets_there_is_no_admin_service(stage):
    for method in ("GetStatus", "ReloadCatalog", "ListCatalogs", "RollbackCatalog"):
        outcome = stage.operator.call(method, socket="agents")
        assert (outcome["ok"], outcome["code"]) == (False, "UNIMPLEMENTED")
        assert "reason" not in outcome
    assert stage.operator.get("GetStatus")["version"]


def test_who_may_be_several_agents_must_say_which(stage, alice):
    refusal = stage.agent.refused("AGENT_AMBIGUOUS", "GetToken", **ask(alice))
    assert refusal.line["term"] == "caller"


@pytest.mark.root
def test_who_is_one_agent_need_not_say_so(stage, alice):
    answer = stage.bot.get("GetToken", **ask(alice))
    assert stage.daemon.line_of(answer["decision_id"])["agent"] == "invoice-bot"


@pytest.mark.root
def test_nobody_is_another_agent_than_its_own(stage, alice):
    stage.bot.refused("AGENT_NOT_CALLERS", "GetToken", **ask(alice, agent="travel-bot"))


def test_nobody_is_an_agent_that_does_not_exist(stage, alice):
    stage.agent.refused("AGENT_NOT_CALLERS", "GetToken", **ask(alice, agent="no-such-bot"))


@pytest.mark.parametrize(
    "field, request_",
    [
        ("subject_token", {"subject_token": "", "api": "expenses"}),
        ("api", {"subject_token": "x.y.z"}),
        ("api", {"subject_token": "x.y.z", "api": "a" * 64}),
        ("scopes", {"subject_token": "x.y.z", "api": "expenses", "scopes": ["a b"]}),
        ("scopes", {"subject_token": "x.y.z", "api": "expenses", "scopes": ["a"] * 65}),
    ],
)
def test_a_request_that_is_wrong_names_its_field(stage, field, request_):
    refusal = stage.agent.refused("REQUEST_INVALID", "GetToken", agent="invoice-bot", **request_)
    assert refusal.metadata["field"] == field


@pytest.mark.parametrize(
    "field, more",
    [
        ("tool", {}),
        ("lifetime", {"tool": "mail-search", "lifetime": "0s"}),
        ("lifetime", {"tool": "mail-search", "lifetime": "-1s"}),
        ("lifetime", {"tool": "mail-search", "lifetime": "300.000000001s"}),
    ],
)
def test_a_request_for_a_handle_that_is_wrong_names_its_field(stage, field, more):
    refusal = stage.agent.refused(
        "REQUEST_INVALID", "CreateHandle", **ask(agent="invoice-bot", **more)
    )
    assert refusal.metadata["field"] == field


def test_what_no_allowance_covers_is_denied(stage, alice, provider):
    for more in ({"api": "no-such-api"}, {"api": "expenses", "tool": "mail-search"}):
        method = "CreateHandle" if "tool" in more else "GetToken"
        request = {"subject_token": alice, "agent": "invoice-bot", **more}
        refusal = stage.agent.refused("NOT_ALLOWED", method, **request)
        assert refusal.line["term"] == "allowance"
        assert refusal.line["user"]["oid"]


def test_an_api_that_is_allowed_through_a_tool_only_needs_a_handle(stage, alice):
    request = {"subject_token": alice, "agent": "invoice-bot", "api": "graph"}
    stage.agent.refused("HANDLE_REQUIRED", "GetToken", **request)


def test_a_scope_outside_the_allowance_is_denied(stage, alice):
    scopes = ["Expenses.Read", "Expenses.Approve"]
    stage.agent.refused(
        "SCOPE_NOT_ALLOWED", "GetToken", **ask(alice, agent="invoice-bot", scopes=scopes)
    )
