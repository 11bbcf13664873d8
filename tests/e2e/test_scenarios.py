"""What happens between people, an agent and Entra, from beginning to end."""

import json
import os
import time

import documents
import pytest
import stage as stages
from clients import run_cli
from conftest import SOURCE
from tokens import claims_of
from waiting import eventually

ADVICE = stages.advice_of(SOURCE)
ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FOUNDRY = "https://ai.azure.com"
FOUNDRY_ID = "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"


def without_delegated_scopes(tenant):
    """Adds Foundry's API, which is reached by applications only."""
    foundry = {"id": FOUNDRY_ID, "name": "Foundry", "uri": FOUNDRY, "accessTokenVersion": 2}
    tenant["apis"].append({**foundry, "agentClaims": True, "roles": ["Agent.Run"]})
    (invoice,) = (b for b in tenant["blueprints"] if b["id"] == documents.INVOICE)
    invoice["consents"].append({"resource": FOUNDRY, "roles": ["Agent.Run"]})


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider(change=without_delegated_scopes)


def foundry():
    spec = {"resource": FOUNDRY, "audiences": [FOUNDRY_ID], "scopes": [], "roles": ["Agent.Run"]}
    return documents.document("Api", "foundry", **spec)


def with_foundry(stage, allowance):
    contents = stage.documents()
    (invoice,) = (each for each in contents if each["metadata"]["name"] == "invoice-assistant")
    invoice["spec"]["allow"].append(allowance)
    return [*contents, foundry()]


@pytest.fixture(scope="module")
def own_stage(new_stage, own_provider):
    stage = new_stage(own_provider)
    by_itself = {"api": "foundry", "access": "application", "roles": ["Agent.Run"]}
    yield stage.start(with_foundry(stage, {**by_itself, "maxLifetime": "95m"}))
    stage.stop()


@pytest.fixture(autouse=True)
def no_requests_yet(own_provider):
    own_provider.admin("DELETE", "requests")


def travel(token):
    return {"subject_token": token, "agent": "travel-bot", "api": "graph"}


def asked_for(provider, agent):
    """How often the provider was asked for tokens on behalf of users."""
    return len(provider.token_requests(client_id=agent, grant_type=ON_BEHALF_OF))


@pytest.fixture
def consent(own_provider):
    """Of the travel agent to read who the user is: not given, until it is called."""
    what = {"client": documents.TRAVEL_BOT, "resource": documents.GRAPH, "scopes": ["User.Read"]}

    def grant():
        own_provider.admin("POST", "consents", **what)

    own_provider.admin("DELETE", "consents", **what)
    yield grant
    grant()


def test_consent_that_was_missing_is_given(own_stage, own_provider, consent):
    token, other = (own_provider.token("alice", documents.FOR_TRAVEL) for _ in range(2))
    refusal = own_stage.agent.refused("CONSENT_REQUIRED", "GetToken", **travel(token))
    assert refusal.metadata["provider_code"] == "AADSTS65001"
    assert refusal.metadata["suberror"] == "consent_required"
    assert refusal.metadata["move"] == "operator"
    assert refusal.message == ADVICE["CONSENT_REQUIRED"]
    assert refusal.retry_after is None

    consent()
    assert own_stage.agent.get("GetToken", **travel(other))["scopes"] == ["User.Read"]


def test_a_refusal_is_remembered_briefly(own_stage, own_provider, consent):
    token = own_provider.token("alice", documents.FOR_TRAVEL)
    begun = time.monotonic()
    own_stage.agent.refused("CONSENT_REQUIRED", "GetToken", **travel(token))
    consent()

    def granted():
        outcome = own_stage.agent.call("GetToken", **travel(token))
        assert outcome["ok"] or outcome["reason"] == "CONSENT_REQUIRED"
        return outcome["ok"]

    eventually("the refusal is forgotten", granted)
    assert time.monotonic() - begun > 2.5
    assert asked_for(own_provider, documents.TRAVEL_BOT) == 2


@pytest.fixture
def policy(own_provider):
    """Demands a second factor of Bob once it is called."""

    def demand(required=True):
        own_provider.admin("POST", "users", user="bob@contoso.example", requireMfa=required)

    yield demand
    demand(False)


def test_a_second_factor_is_demanded_and_shown(own_stage, own_provider, policy):
    weak = own_provider.token("bob", documents.FOR_TRAVEL)
    own_stage.agent.get("GetToken", **travel(weak))
    policy()
    refusal = own_stage.agent.refused("INTERACTION_REQUIRED", "GetToken", **travel(weak))
    assert refusal.metadata["provider_code"] == "AADSTS50076"
    assert refusal.metadata["move"] == "user"
    assert refusal.retry_after is None
    challenge = refusal.metadata["claims"]
    assert "access_token" in json.loads(challenge)

    strong = own_provider.token("bob", documents.FOR_TRAVEL, claims=challenge)
    answer = own_stage.agent.get("GetToken", **travel(strong))
    assert claims_of(answer["access_token"])["oid"] == claims_of(weak)["oid"]
    assert asked_for(own_provider, documents.TRAVEL_BOT) == 3


def test_a_second_factor_is_demanded_between_handle_and_redemption(
    own_stage, own_provider, policy
):
    handle = own_stage.handle(own_provider.token("bob"), tool="fresh")
    policy()
    refusal = own_stage.tool.refused("INTERACTION_REQUIRED", "RedeemHandle", handle=handle)
    strong = own_provider.token("bob", claims=refusal.metadata["claims"])
    handle = own_stage.handle(strong, tool="fresh")
    answer = own_stage.tool.get("RedeemHandle", handle=handle)
    assert "Your parking permit" in own_provider.messages(answer["access_token"])


# What cannot work, the access it is asked with, and the remedy that is told.
CONFLICTS = [
    ([".default"], "DELEGATED", "leave them out"),
    (["User.Read", ".default"], "DELEGATED", "leave them out"),
    (["User.Read", f"{documents.GRAPH}/.default"], "DELEGATED", "leave them out"),
    ([documents.FOR_GRAPH, documents.FOR_EXPENSES], "DELEGATED", "one request is for one API"),
    (["Agent.Run"], "APPLICATION", "all that was granted comes"),
]


@pytest.mark.parametrize("scopes, access, remedy", CONFLICTS)
def test_what_entra_would_refuse_is_not_sent(own_stage, own_provider, scopes, access, remedy):
    request = {"agent": "invoice-bot", "api": "foundry", "access": f"ACCESS_{access}"}
    if access == "DELEGATED":
        request = travel(own_provider.token("alice", documents.FOR_TRAVEL))
        own_provider.admin("DELETE", "requests")
    refusal = own_stage.agent.refused("REQUEST_INVALID", "GetToken", scopes=scopes, **request)
    assert refusal.metadata["field"] == "scopes"
    assert remedy in refusal.message
    assert own_provider.token_requests() == []


def validated(stage, secrets, contents):
    file = stage.folder / "tried.yaml"
    file.write_text(documents.text_of(contents))
    return run_cli(secrets, stage.folder.parent, os.getuid(), "blueprint", "validate", file)


def test_default_is_no_scope_of_a_document(own_stage, secrets):
    allowance = documents.direct("graph", ["User.Read", ".default"])
    done = validated(own_stage, secrets, with_foundry(own_stage, allowance))
    assert done.returncode == 1
    assert "`.default` is no scope" in done.stdout + done.stderr
    assert "name the scopes one by one" in done.stdout + done.stderr


def test_nobody_is_acted_for_at_an_api_without_delegated_scopes(own_stage, own_provider, secrets):
    allowance = documents.direct("foundry", ["user_impersonation"])
    done = validated(own_stage, secrets, with_foundry(own_stage, allowance))
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "the Api `foundry` offers no delegated scopes" in said
    assert "write `access: application` and `roles`" in said

    request = {"agent": "invoice-bot", "api": "foundry"}
    token = own_provider.token("alice")
    own_stage.agent.refused("NOT_ALLOWED", "GetToken", subject_token=token, **request)
    answer = own_stage.agent.get("GetToken", access="ACCESS_APPLICATION", **request)
    assert answer["scopes"] == ["Agent.Run"]
    assert claims_of(answer["access_token"])["aud"] == FOUNDRY_ID


def test_trouble_that_passes_never_reaches_the_agent(own_stage, own_provider):
    token = own_provider.token("alice")
    trouble = {"code": 90033, "grant": ON_BEHALF_OF, "client": documents.INVOICE_BOT}
    own_provider.admin("POST", "faults", **trouble, times=2)
    own_stage.expenses(token)
    assert asked_for(own_provider, documents.INVOICE_BOT) == 3
