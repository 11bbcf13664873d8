"""Handles."""

import documents
from scenarios.registry import in_background, reason, recorded


@reason("HANDLE_UNKNOWN")
def what_is_no_handle(canary):
    token = canary.provider.token("alice")
    handle = canary.handle(token)
    for text in (handle[:-1] + ("A" if handle[-1] != "A" else "E"), token):
        canary.tool.refused("HANDLE_UNKNOWN", "RedeemHandle", handle=text)


@reason("HANDLE_EXPIRED")
def a_handle_that_is_over(canary):
    handle = canary.handle(canary.provider.token("alice"), lifetime="0.001s")
    canary.tool.refused("HANDLE_EXPIRED", "RedeemHandle", handle=handle)


@reason("HANDLE_SPENT")
def a_handle_that_was_redeemed(canary):
    handle = canary.handle(canary.provider.token("alice"))
    canary.tool.get("RedeemHandle", handle=handle)
    canary.tool.refused("HANDLE_SPENT", "RedeemHandle", handle=handle)


@reason("HANDLE_IN_USE")
def a_redemption_that_is_under_way(canary):
    handle = canary.handle(canary.provider.token("alice"), "fresh")
    request = {"handle": handle, "request_id": "at once"}
    with canary.wire.held():
        order = ("ToolTokens", "RedeemHandle", "tools", request)
        both = in_background(canary.tool.order, *order, times=2)
        recorded(canary, "HANDLE_IN_USE")
    both.join()


@reason("HANDLE_WRONG_TOOL")
def a_handle_of_another_tool(canary):
    handle = canary.handle(canary.provider.token("alice"))
    canary.other_tool.refused("HANDLE_WRONG_TOOL", "RedeemHandle", handle=handle)


@reason("HANDLE_NOT_SEPARATED")
def a_tool_that_is_the_agent(canary):
    handle = canary.handle(canary.provider.token("alice"), "group-search")
    both = canary.caller(documents.AGENT, documents.TOOL_GROUP)
    both.refused("HANDLE_NOT_SEPARATED", "RedeemHandle", handle=handle)
