"""What the provider refuses, and what its replies may not carry."""

import json

import pytest

import documents
from tokens import claims_of
from waiting import eventually


def expenses(token, **more):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses", **more}


def handle_for(tool, token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "graph", "tool": tool}


def was_asked(provider, refusal):
    """The provider's own record of the request that it refused."""
    correlation_id = refusal.metadata["correlation_id"]
    assert correlation_id in refusal.line["correlation_ids"]
    return provider.requests(correlation_id=correlation_id)


def test_a_demand_for_a_second_factor_reaches_the_agent_who_can_have_it_met(stage, provider):
    token = provider.token("carol")
    refusal = stage.agent.refused("INTERACTION_REQUIRED", "GetToken", **expenses(token))
    assert refusal.metadata["provider_code"] == "AADSTS50076"
    assert refusal.metadata["suberror"] == "basic_action"
    assert refusal.line["provider_code"] == "AADSTS50076"
    assert was_asked(provider, refusal)
    claims = refusal.metadata["claims"]
    assert "access_token" in json.loads(claims)
    assert claims not in stage.daemon.audit_file.read_text()
    stage.expenses(provider.token("carol", claims=claims))


def test_a_demand_for_a_second_factor_leaves_no_handle(stage, provider):
    request = handle_for("mail-search", provider.token("carol"))
    refusal = stage.agent.refused("INTERACTION_REQUIRED", "CreateHandle", **request)
    assert "handle" not in refusal.line


def test_a_user_who_was_disabled_after_the_sign_in_is_refused(new_provider, stage, provider):
    """Tokens of version 1 have an issuer that does not name the provider's host."""

    def enable_everybody(tenant):
        for user in tenant["users"]:
            user["disabled"] = False

    yesterday = new_provider(state=provider.state, change=enable_everybody)
    token = yesterday.token("dave", documents.FOR_TRAVEL)
    request = {"subject_token": token, "agent": "travel-bot", "api": "graph"}
    refusal = stage.agent.refused("SUBJECT_REFUSED", "GetToken", **request)
    assert refusal.metadata["provider_code"] == "AADSTS50057"
    assert was_asked(provider, refusal)


def test_what_nobody_consented_to_is_refused(stage, provider):
    token = provider.token("alice", documents.FOR_TRAVEL)
    request = {**handle_for("mail-search", token), "agent": "travel-bot"}
    refusal = stage.agent.refused("CONSENT_REQUIRED", "CreateHandle", **request)
    assert refusal.metadata["provider_code"] == "AADSTS65001"
    assert refusal.line["event"] == "failed"


def test_a_wrong_secret_of_the_blueprint_is_told_apart_from_a_wrong_user(stage, provider):
    token = provider.token("alice", documents.FOR_TRAVEL)
    request = {"subject_token": token, "agent": "forgetful-bot", "api": "graph"}
    refusal = stage.agent.refused("CREDENTIAL_REFUSED", "GetToken", **request)
    assert refusal.metadata["provider_code"] == "AADSTS7000215"


def test_a_reply_that_carries_more_than_is_accepted_is_refused(stage, provider, alice):
    request = handle_for("calendar", alice)
    refusal = stage.agent.refused("REPLY_SCOPE_EXCESS", "CreateHandle", **request)
    assert refusal.line["correlation_ids"]
    assert "token" not in refusal.line


def test_a_reply_that_lives_too_long_is_refused(stage, alice):
    request = handle_for("rushed", alice)
    stage.agent.refused("REPLY_LIFETIME", "CreateHandle", **request)


@pytest.fixture
def own_provider(new_provider):
    return new_provider()


def test_a_provider_that_is_gone_is_said_to_be_unavailable_and_handles_stay_open(
    new_stage, own_provider
):
    stage = new_stage(own_provider).start()
    token, other = own_provider.token("alice"), own_provider.token("bob")
    handle = stage.handle(token, tool="fresh")
    stage.expenses(token)
    own_provider.stop()

    refusal = stage.agent.refused("PROVIDER_UNAVAILABLE", "GetToken", **expenses(other))
    assert refusal.retry_after > 0
    assert refusal.metadata["correlation_id"] in refusal.line["correlation_ids"]
    refusal = stage.tool.refused("PROVIDER_UNAVAILABLE", "RedeemHandle", handle=handle)
    assert refusal.retry_after > 0
    stage.expenses(token)  # kept for reuse

    own_provider.start_again()
    outcome = eventually("it is asked again", lambda: redeemed(stage, handle))
    assert "Invoice 4711 is due" in own_provider.messages(outcome["answer"]["access_token"])
    stage.stop()


def redeemed(stage, handle):
    outcome = stage.tool.call("RedeemHandle", handle=handle)
    return outcome["ok"] and outcome


def test_without_the_issuers_keys_no_user_is_known(new_stage, own_provider):
    stage = new_stage(own_provider).start()
    token = own_provider.token("alice")
    own_provider.stop()
    refusal = stage.agent.refused("KEYS_UNAVAILABLE", "GetToken", **expenses(token))
    assert refusal.retry_after > 0
    assert refusal.line["event"] == "failed"
    (provider,) = stage.operator.get("GetStatus")["providers"]
    assert provider["signing_keys"] == 0
    assert provider["keys_problem"]
    stage.stop()


def test_a_blueprint_with_an_exposed_secret_is_disabled_and_the_others_are_not(
    new_stage, provider, alice
):
    stage = new_stage()
    stage.invoice_secret.chmod(0o644)
    stage.start()
    stage.agent.refused("BLUEPRINT_DISABLED", "GetToken", **expenses(alice))
    token = provider.token("alice", documents.FOR_TRAVEL)
    request = {"subject_token": token, "agent": "travel-bot", "api": "graph"}
    assert claims_of(stage.agent.get("GetToken", **request)["access_token"])

    blueprints = {b["name"]: b for b in stage.operator.get("GetStatus")["blueprints"]}
    assert not blueprints["invoice-assistant"]["enabled"]
    assert blueprints["travel-assistant"]["enabled"]
    stage.stop()
