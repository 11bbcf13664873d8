"""A tenant that has enough of requests: nobody adds to them, and nobody waits for nothing."""

import collections

import documents
import pytest
from waiting import eventually

ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CALLERS = 1000
USERS = 20
LONG = 60  # seconds: longer than any machine takes for these calls


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture
def own_stage(new_stage, own_provider):
    own_provider.admin("DELETE", "faults")
    own_provider.admin("DELETE", "requests")
    stage = new_stage(own_provider)
    yield stage.start()
    stage.stop()


def throttle(provider, client, seconds):
    fault = {"code": 90055, "retryAfterSeconds": seconds, "times": 100000}
    provider.admin("POST", "faults", client=client, **fault)


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def storm(stage, requests):
    """By a process of each account, with all its calls under way at once."""
    callers = list({caller.account: caller for caller in (stage.agent, stage.bot)}.values())
    for number, caller in enumerate(callers):
        part = requests[number :: len(callers)]
        caller.send("TokenBroker", "GetToken", "agents", None, requests=part)
    return [outcome for caller in callers for outcome in caller.outcomes()]


def is_told_when_to_repeat(outcome):
    throttled = outcome.get("reason") == "PROVIDER_THROTTLED"
    return throttled and 0 < outcome["retry_after"] <= LONG * 1.25


def others_than_told(outcomes):
    return [outcome for outcome in outcomes if not is_told_when_to_repeat(outcome)]


def exchanges(provider):
    """How often a token was sent to be exchanged, by the tokens."""
    sent = provider.token_requests(client_id=documents.INVOICE_BOT, grant_type=ON_BEHALF_OF)
    return collections.Counter(entry["form"]["assertion"] for entry in sent)


def proofs(provider, blueprint):
    return len(provider.token_requests(client_id=blueprint, grant_type="client_credentials"))


def test_a_thousand_callers_send_a_request_a_key(own_stage, own_provider):
    users = [own_provider.token(("alice", "bob")[n % 2]) for n in range(USERS)]
    latecomers = [own_provider.token("alice") for _ in range(USERS)]
    throttle(own_provider, documents.INVOICE_BOT, LONG)
    outcomes = storm(own_stage, [expenses(users[n % USERS]) for n in range(CALLERS // 2)])
    first = exchanges(own_provider)
    assert len(first) <= USERS
    assert set(first.values()) == {1}

    both = users + latecomers
    outcomes += storm(own_stage, [expenses(both[n % len(both)]) for n in range(CALLERS // 2)])
    assert exchanges(own_provider) == first
    assert proofs(own_provider, documents.INVOICE) == 1
    assert len(outcomes) == CALLERS
    assert not others_than_told(outcomes)


def test_a_thousand_callers_send_one_request_where_the_blueprint_is_throttled(
    own_stage, own_provider
):
    users = [own_provider.token(("alice", "bob")[n % 2]) for n in range(USERS)]
    throttle(own_provider, documents.INVOICE, LONG)
    outcomes = storm(own_stage, [expenses(users[n % USERS]) for n in range(CALLERS)])
    assert proofs(own_provider, documents.INVOICE) == 1
    assert not exchanges(own_provider)
    assert not others_than_told(outcomes)


def test_kept_tokens_and_other_apis_are_served_meanwhile(own_stage, own_provider):
    kept, other = own_provider.token("alice"), own_provider.token("bob")
    answer = own_stage.expenses(kept)
    throttle(own_provider, documents.INVOICE_BOT, LONG)
    own_stage.agent.refused("PROVIDER_THROTTLED", "GetToken", **expenses(other))
    outcomes = storm(own_stage, [expenses((kept, other)[n % 2]) for n in range(CALLERS)])
    served = [outcome["answer"]["access_token"] for outcome in outcomes if outcome["ok"]]
    assert served == [answer["access_token"]] * (CALLERS // 2)
    assert all(outcome["ok"] or is_told_when_to_repeat(outcome) for outcome in outcomes)

    own_provider.admin("DELETE", "faults")
    assert own_stage.handle(other)
    own_stage.agent.refused("PROVIDER_THROTTLED", "GetToken", **expenses(other))


def test_who_comes_back_in_time_gets_a_token(own_stage, own_provider):
    token = own_provider.token("alice")
    throttle(own_provider, documents.INVOICE_BOT, 1)
    refusal = own_stage.agent.refused("PROVIDER_THROTTLED", "GetToken", **expenses(token))
    assert 0 < refusal.retry_after <= 1.25
    own_provider.admin("DELETE", "faults")
    eventually("a token", lambda: own_stage.agent.call("GetToken", **expenses(token))["ok"])
    assert exchanges(own_provider).total() == 2
