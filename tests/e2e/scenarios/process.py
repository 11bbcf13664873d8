"""The daemon itself: its bounds, its record, and callers who leave."""

import signal
import sqlite3

from scenarios.registry import ask, fresh, in_background, reason, recorded
from waiting import eventually, patience


@reason("OVERLOADED")
def more_who_wait_than_may(canary):
    request = ask(canary.provider.token("alice"))
    with canary.wire.held():
        order = ("TokenBroker", "GetToken", "agents", request)
        all_of_them = in_background(canary.agent.order, *order, times=8)
        recorded(canary, "OVERLOADED")
    all_of_them.join()


def on_the_wire(canary, before):
    eventually("the provider is asked", lambda: len(canary.wire.forms) > before)


@reason("DEADLINE")
def a_caller_who_said_how_long(canary):
    """Its own clock stands still, so that the daemon's decides."""
    before = len(canary.wire.forms)
    with canary.wire.held():
        order = ("TokenBroker", "CreateHandle", "agents", fresh(canary))
        call = in_background(canary.agent.order, *order, timeout=2 * patience())
        on_the_wire(canary, before)
        client = canary.clients.processes[canary.agent.account]
        client.send(signal.SIGSTOP)
        try:
            recorded(canary, "DEADLINE")
        finally:
            client.send(signal.SIGCONT)
        call.join()


@reason("CANCELLED")
def a_caller_who_leaves(canary):
    before = len(canary.wire.forms)
    with canary.wire.held():
        order = ("TokenBroker", "GetToken", "agents", ask(canary.provider.token("bob")))
        canary.clients.send(canary.bot.account, canary.bot.order_of(*order))
        on_the_wire(canary, before)
        canary.clients.end(canary.bot.account)
        recorded(canary, "CANCELLED")


@reason("AUDIT_UNAVAILABLE")
def a_record_that_cannot_be_written(canary):
    token = canary.provider.token("alice")
    handle = canary.handle(token)
    with canary.daemon.unable_to_write():
        canary.agent.refused("AUDIT_UNAVAILABLE", "GetToken", **ask(token))
        # The disk that holds the record holds the handles, too.
        unkept = [
            canary.agent.call("CreateHandle", **fresh(canary)),
            canary.tool.call("RedeemHandle", handle=handle),
        ]
        assert [one["reason"] for one in unkept] == ["STORE_UNAVAILABLE"] * 2
    canary.tool.get("RedeemHandle", handle=handle)


TOOL = {"kind": "REVOCATION_KIND_TOOL", "name": "mail-search"}


@reason("REVOKED")
def a_tool_that_is_revoked(canary):
    """With a handle made before, and its reason in nobody's answer."""
    handle = canary.handle(canary.provider.token("alice"))
    canary.operator.get("Revoke", target=TOOL, reason="a drill")
    canary.tool.refused("REVOKED", "RedeemHandle", handle=handle)
    again = ask(canary.provider.token("alice"), api="graph", tool="mail-search")
    canary.agent.refused("REVOKED", "CreateHandle", **again)
    canary.operator.get("Restore", target=TOOL)


@reason("STORE_UNAVAILABLE")
def a_state_that_somebody_else_writes(canary):
    with sqlite3.connect(canary.folder / "state/state.db", isolation_level=None) as held:
        held.execute("BEGIN IMMEDIATE")
        canary.operator.refused("STORE_UNAVAILABLE", "Revoke", target=TOOL, reason="a drill")
        held.execute("ROLLBACK")
    canary.operator.get("Restore", target=TOOL)
