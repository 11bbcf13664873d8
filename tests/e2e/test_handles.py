"""Handles: for one tool, once, for a while."""

import secrets as random
import time

import pytest

import documents
from stage import seconds_of


def test_a_handle_that_nobody_made_is_unknown(stage):
    for handle in (random.token_urlsafe(32), "x", "!" * 43):
        stage.tool.refused("HANDLE_UNKNOWN", "RedeemHandle", handle=handle)


def test_a_redemption_without_a_handle_names_the_field(stage):
    refusal = stage.tool.refused("REQUEST_INVALID", "RedeemHandle")
    assert refusal.metadata["field"] == "handle"
    handle, request_id = "x" * 43, "r" * 65
    refusal = stage.tool.refused(
        "REQUEST_INVALID", "RedeemHandle", handle=handle, request_id=request_id
    )
    assert refusal.metadata["field"] == "request_id"


def test_a_handle_is_redeemed_once(stage, alice):
    handle = stage.handle(alice)
    stage.tool.get("RedeemHandle", handle=handle)
    for _ in range(2):
        stage.tool.refused("HANDLE_SPENT", "RedeemHandle", handle=handle)


def test_a_redemption_that_is_repeated_gets_the_same_answer(stage, alice):
    handle = stage.handle(alice, tool="fresh")
    first = stage.tool.get("RedeemHandle", handle=handle, request_id="again")
    second = stage.tool.get("RedeemHandle", handle=handle, request_id="again")
    assert first["access_token"] == second["access_token"]
    assert first["decision_id"] != second["decision_id"]
    stage.tool.refused("HANDLE_SPENT", "RedeemHandle", handle=handle, request_id="another")


def test_a_handle_ends(stage, alice):
    answer = stage.agent.get(
        "CreateHandle",
        subject_token=alice,
        agent="invoice-bot",
        tool="mail-search",
        api="graph",
        lifetime="1s",
    )
    remaining = seconds_of(answer["expires_at"]) - time.time()
    assert remaining <= 1
    time.sleep(max(0, remaining))
    stage.tool.refused("HANDLE_EXPIRED", "RedeemHandle", handle=answer["handle"])


@pytest.mark.root
def test_a_handle_is_for_the_tool_it_was_made_for(stage, alice):
    handle = stage.handle(alice)
    refusal = stage.other_tool.refused("HANDLE_WRONG_TOOL", "RedeemHandle", handle=handle)
    assert refusal.line["tool"] == "mail-search"
    assert refusal.line["caller"]["uid"] == documents.OTHER_TOOL
    stage.tool.get("RedeemHandle", handle=handle)


@pytest.mark.root
def test_a_redeemer_who_could_be_the_agent_is_refused(stage, alice):
    handle = stage.handle(alice, tool="group-search")
    both = stage.caller(documents.AGENT, documents.TOOL_GROUP)
    both.refused("HANDLE_NOT_SEPARATED", "RedeemHandle", handle=handle)
    stranger = stage.caller(documents.STRANGER, documents.TOOL_GROUP)
    stranger.get("RedeemHandle", handle=handle)


def test_a_tool_that_needs_no_separation_is_recorded_as_such(stage, alice):
    handle = stage.handle(alice, tool="own-hands")
    answer = stage.agent.get("RedeemHandle", handle=handle)
    assert stage.daemon.line_of(answer["decision_id"])["separation_none"] is True


def test_a_scope_outside_the_handle_is_denied_and_does_not_spend_it(stage, alice):
    handle = stage.handle(alice)
    request = {"handle": handle, "scopes": ["Mail.Send"]}
    stage.tool.refused("SCOPE_NOT_ALLOWED", "RedeemHandle", **request)
    stage.tool.get("RedeemHandle", handle=handle)


def test_the_lines_of_a_handle_are_joined_by_its_digest(stage, alice):
    handle = stage.handle(alice)
    answer = stage.tool.get("RedeemHandle", handle=handle)
    refusal = stage.tool.refused("HANDLE_SPENT", "RedeemHandle", handle=handle)
    redeemed = stage.daemon.line_of(answer["decision_id"])
    created = [
        line
        for line in stage.daemon.audit(event="handle_created")
        if line["handle"] == redeemed["handle"]
    ]
    assert len(created) == 1
    assert created[0]["subject"] == redeemed["subject"]
    assert created[0]["user"] == redeemed["user"]
    assert refusal.line["handle"] == redeemed["handle"]


def test_more_handles_than_the_daemon_holds_are_refused_for_the_moment(new_stage, alice):
    stage = new_stage()
    stage.start(stage.documents(limits={"handles": 1}))
    stage.handle(alice)
    request = {"subject_token": alice, "agent": "invoice-bot", "tool": "mail-search"}
    refusal = stage.agent.refused("OVERLOADED", "CreateHandle", api="graph", **request)
    assert refusal.retry_after > 0
    stage.stop()
