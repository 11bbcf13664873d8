"""A user's token in, one tool's scoped token out."""

import documents
from tokens import claims_of


def redeem(stage, user):
    handle = stage.handle(stage.provider.token(user))
    return stage.tool.get("RedeemHandle", handle=handle)


def test_the_tool_reads_the_messages_of_the_user_whose_token_the_agent_held(stage, provider):
    for user, subject in (("alice", "Invoice 4711 is due"), ("bob", "Your parking permit")):
        answer = redeem(stage, user)
        assert subject in provider.messages(answer["access_token"])
        assert answer["api"] == "graph"
        assert answer["scopes"] == ["Mail.Read", "User.Read"]


def test_the_token_belongs_to_agent_and_user(stage, alice):
    answer = stage.tool.get("RedeemHandle", handle=stage.handle(alice))
    claims = claims_of(answer["access_token"])
    assert claims["aud"] == documents.GRAPH
    assert claims["appid"] == documents.INVOICE_BOT
    assert claims["xms_par_app_azp"] == documents.INVOICE
    assert claims["oid"] == claims_of(alice)["oid"]


def test_a_pseudonym_is_the_same_for_the_same_user_and_tool_only(stage):
    alice, again, bob = (redeem(stage, user)["subject_ref"] for user in ("alice", "alice", "bob"))
    assert alice == again != bob
    fresh = stage.handle(stage.provider.token("alice"), tool="fresh")
    assert stage.tool.get("RedeemHandle", handle=fresh)["subject_ref"] != alice


def test_an_allowance_without_a_tool_hands_the_token_to_the_agent(stage, alice):
    answer = stage.expenses(alice)
    claims = claims_of(answer["access_token"])
    assert claims["ver"] == "2.0"
    assert claims["azp"] == documents.INVOICE_BOT
    assert answer["scopes"] == ["Expenses.Read"]


def test_a_token_of_version_1_is_accepted_for_a_blueprint_that_takes_those(stage, provider):
    token = provider.token("alice", documents.FOR_TRAVEL)
    assert claims_of(token)["ver"] == "1.0"
    answer = stage.agent.get("GetToken", subject_token=token, agent="travel-bot", api="graph")
    assert answer["scopes"] == ["User.Read"]


def test_the_same_token_is_handed_out_again_while_the_allowance_says_so(stage, fresh_alice):
    first, second = stage.expenses(fresh_alice), stage.expenses(fresh_alice)
    assert first["access_token"] == second["access_token"]
    assert first["decision_id"] != second["decision_id"]
    assert stage.daemon.line_of(second["decision_id"])["cached"] is True


def test_health_is_serving_for_whoever_asks(stage):
    for caller in (stage.agent, stage.operator):
        (outcome,) = caller.order("Health", "Check", "agents", {})
        assert outcome["answer"]["hex"] == "0801"
