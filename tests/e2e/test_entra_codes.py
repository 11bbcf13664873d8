"""Every code of docs/entra.md, when the provider says it: what the daemon tells.

A row is walked where the blueprint proves itself for an agent, where the agent
asks on behalf of a user, and where it asks as itself. An agent of its own for
each, because a refusal is remembered for the agent.
"""

import json
import sys
import uuid

import documents
import pytest
import stage as stages
from conftest import SOURCE

sys.path.insert(0, str(SOURCE / "tests/docs"))
import entra_codes  # noqa: E402

ROWS = entra_codes.rows_of_page((SOURCE / "docs/entra.md").read_text())
ADVICE = stages.advice_of(SOURCE)
ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
WAIT = 7  # seconds
TIMES_ASKED = 3  # where it goes by
AGAIN = 700024  # what the daemon answers with a new proof, once

# Who asks for what at the provider, and whether there is a user.
LEGS = {
    "blueprint": (documents.INVOICE, "client_credentials", True),
    "user": (None, ON_BEHALF_OF, True),
    "itself": (None, "client_credentials", False),
}
TOLD = {"decision_id", "move", "provider_code", "suberror", "correlation_id", "claims"}


def name_of(leg, code):
    return f"{leg}-{code}"


def id_of(leg, code):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name_of(leg, code)))


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture(scope="module")
def own_stage(new_stage, own_provider):
    stage = new_stage(own_provider)
    agents = [
        documents.agent(name_of(leg, code), id_of(leg, code), documents.AGENT)
        for leg in LEGS
        for code in (429, *(code for code, *_ in ROWS))
    ]
    contents = stage.documents()
    (graph,) = (each for each in contents if each["metadata"]["name"] == "graph")
    graph["spec"]["roles"] = ["Mail.Read"]
    (invoice,) = (each for each in contents if each["metadata"]["name"] == "invoice-assistant")
    invoice["spec"]["agents"] = agents
    invoice["spec"]["allow"] = [
        documents.direct("graph", ["User.Read"]),
        {"api": "graph", "access": "application", "roles": ["Mail.Read"], "maxLifetime": "95m"},
    ]
    yield stage.start(contents)
    stage.stop()


@pytest.fixture(scope="module")
def user(own_provider):
    return own_provider.token("alice")


@pytest.fixture(scope="module")
def suberrors(own_provider):
    """{code: suberror} of those that have one, as any client is told."""
    return {code: found for code, *_ in ROWS if (found := said(own_provider, code).get("suberror"))}


def said(provider, code):
    provider.admin("POST", "faults", code=code)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    place = f"/{documents.TENANT}/oauth2/v2.0/token"
    provider.desk.request("POST", place, "grant_type=any", headers)
    return json.load(provider.desk.getresponse())


def order(provider, code, reason, **which):
    """However often these requests are made, they are answered with this code."""
    fault = {"code": code, "times": 20, **which}
    if reason == "INTERACTION_REQUIRED":
        fault["claims"] = CHALLENGE
    if reason == "PROVIDER_THROTTLED":
        fault["retryAfterSeconds"] = WAIT
    provider.admin("DELETE", "faults")
    provider.admin("DELETE", "requests")
    provider.admin("POST", "faults", **fault)


def reason_of(leg, reason):
    """Where no user takes part, none can do anything about it."""
    without_user = leg != "user" and reason == "SUBJECT_REFUSED"
    return "PROVIDER_MISCONFIGURED" if without_user else reason


def check_retry(reason, code, refusal, times_asked):
    if reason == "PROVIDER_THROTTLED":
        assert refusal.retry_after == WAIT
    elif reason == "PROVIDER_UNAVAILABLE":
        assert refusal.retry_after > 0
    else:
        assert refusal.retry_after is None
    goes_by = reason == "PROVIDER_UNAVAILABLE"
    assert times_asked == (2 if code == AGAIN else TIMES_ASKED if goes_by else 1)


def check_facts(refusal, code, reason, suberrors):
    told = refusal.metadata
    assert told.keys() <= TOLD
    assert told["provider_code"] == f"AADSTS{code}"
    assert told.get("suberror") == suberrors.get(code)
    assert told.get("claims") == (CHALLENGE if reason == "INTERACTION_REQUIRED" else None)
    assert told["correlation_id"] in refusal.line["correlation_ids"]


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("code, reason, move", ROWS, ids=[str(code) for code, *_ in ROWS])
def test_a_code_is_told_as_the_page_says(
    own_stage, own_provider, user, suberrors, leg, code, reason, move
):
    client, grant, delegated = LEGS[leg]
    which = {"client": client or id_of(leg, code), "grant": grant}
    order(own_provider, code, reason, **which)
    request = {"agent": name_of(leg, code), "api": "graph"}
    request |= {"subject_token": user} if delegated else {"access": "ACCESS_APPLICATION"}

    assert own_stage.errors[reason][1] == move
    reason = reason_of(leg, reason)
    refusal = own_stage.agent.refused(reason, "GetToken", **request)
    assert refusal.message == ADVICE[reason]  # and so nothing that the provider said
    asked = own_provider.token_requests(client_id=which["client"], grant_type=grant)
    check_retry(reason, code, refusal, len(asked))
    check_facts(refusal, code, reason, suberrors)
    if reason == "PROVIDER_UNAVAILABLE":
        # More of it in a row would open the circuit; any answer ends the row.
        own_provider.admin("DELETE", "faults")
        assert own_stage.agent.call("GetToken", **request).get("reason") != reason


def test_http_429_is_throttling_whatever_the_code(own_stage, own_provider, user):
    own_provider.admin("DELETE", "faults")
    fault = {"code": 53003, "status": 429, "retryAfterSeconds": WAIT, "client": id_of("user", 429)}
    own_provider.admin("POST", "faults", **fault)
    request = {"agent": name_of("user", 429), "api": "graph", "subject_token": user}
    refusal = own_stage.agent.refused("PROVIDER_THROTTLED", "GetToken", **request)
    assert refusal.retry_after == WAIT


def test_some_codes_have_a_finer_reason(suberrors):
    assert suberrors[65001] == "consent_required"
    assert len(suberrors) > 5
