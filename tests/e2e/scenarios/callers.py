"""Who calls, and what for."""

from scenarios.registry import ask, for_travel, reason, recorded, trick


@reason("CALLER_UNKNOWN")
def a_stranger(canary):
    token = canary.provider.token("alice")
    canary.stranger.refused("CALLER_UNKNOWN", "GetToken", **ask(token))
    handle = canary.handle(token)
    canary.stranger.refused("CALLER_UNKNOWN", "RedeemHandle", handle=handle)


@reason("CALLER_NOT_AGENT")
def a_tool_that_asks_as_an_agent(canary):
    token = canary.provider.token("alice")
    canary.tool.refused("CALLER_NOT_AGENT", "GetToken", socket="tools", **ask(token))


@reason("CALLER_NOT_TOOL")
def an_agent_that_redeems(canary):
    handle = canary.handle(canary.provider.token("alice"))
    canary.bot.refused("CALLER_NOT_TOOL", "RedeemHandle", socket="agents", handle=handle)


@reason("CALLER_NOT_ADMIN")
def an_agent_that_asks_for_the_status(canary):
    assert not canary.agent.order("Admin", "GetStatus", "admin", {}, timeout=2)[0]["ok"]
    recorded(canary, "CALLER_NOT_ADMIN")


@reason("AGENT_AMBIGUOUS")
def an_agent_without_its_name(canary):
    request = {"subject_token": canary.provider.token("alice"), "api": "expenses"}
    canary.agent.refused("AGENT_AMBIGUOUS", "GetToken", **request)


@reason("AGENT_NOT_CALLERS")
def another_agents_name(canary):
    token = canary.provider.token("alice")
    canary.bot.refused("AGENT_NOT_CALLERS", "GetToken", **ask(token, "travel-bot"))


@reason("REQUEST_INVALID")
def a_request_without_a_token(canary):
    canary.agent.refused("REQUEST_INVALID", "GetToken", **ask(""))


@trick
def secrets_in_the_wrong_field(canary):
    token = canary.provider.token("alice")
    handle = canary.handle(token)
    for secret in (token, handle):
        wrong = [{"api": secret}, {"scopes": ["Mail.Read", secret]}, {"tool": secret}]
        for field in ("purpose", "tool_name", "arguments_digest"):
            wrong.append({"declared": {field: secret}})
        for more in wrong:
            request = {**ask(token, tool="fresh"), **more}
            canary.agent.refused("REQUEST_INVALID", "CreateHandle", **request)
        request = ask(token, agent=secret)
        canary.agent.refused("AGENT_NOT_CALLERS", "GetToken", **request)
        request = {"handle": handle, "scopes": [secret]}
        canary.tool.refused("REQUEST_INVALID", "RedeemHandle", **request)
        canary.tool.refused("REQUEST_INVALID", "RedeemHandle", handle="", request_id=secret)
    canary.tool.refused("HANDLE_UNKNOWN", "RedeemHandle", handle=token)


@reason("NOT_ALLOWED")
def an_api_that_nobody_allows(canary):
    request = ask(canary.provider.token("alice"), api="no-such-api")
    canary.agent.refused("NOT_ALLOWED", "GetToken", **request)


@reason("SCOPE_NOT_ALLOWED")
def a_scope_that_nobody_allows(canary):
    request = ask(canary.provider.token("alice"), scopes=["Expenses.Approve"])
    canary.agent.refused("SCOPE_NOT_ALLOWED", "GetToken", **request)


@reason("HANDLE_REQUIRED")
def an_api_for_tools_only(canary):
    request = ask(canary.provider.token("alice"), api="graph")
    canary.agent.refused("HANDLE_REQUIRED", "GetToken", **request)


@reason("POLICY_DENIED")
def an_agent_that_a_policy_denies(canary):
    request = for_travel(canary, "denied-bot")
    declared = {"purpose": "travel", "tool_name": "book", "arguments_digest": "5f" * 32}
    canary.agent.refused("POLICY_DENIED", "GetToken", **request, declared=declared)


@reason("SIGN_IN_REQUIRED")
def a_sign_in_that_a_policy_finds_stale(canary):
    canary.agent.refused("SIGN_IN_REQUIRED", "GetToken", **for_travel(canary, "stale-bot"))


@reason("BLUEPRINT_DISABLED")
def a_blueprint_whose_secret_is_exposed(canary):
    request = for_travel(canary, "exposed-bot")
    canary.agent.refused("BLUEPRINT_DISABLED", "GetToken", **request)
