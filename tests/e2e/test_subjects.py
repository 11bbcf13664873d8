"""Whose tokens are accepted."""

import time

import pytest

import documents
from tokens import claims_of, forged, with_other_signature


@pytest.fixture
def refused(stage):
    def check(reason, token, **more):
        if reason != "SUBJECT_MALFORMED":
            stage.secrets.keep(token)
        request = {"agent": "invoice-bot", "api": "expenses", **more}
        return stage.agent.refused(reason, "GetToken", subject_token=token, **request)

    return check


def test_what_is_no_signed_token_is_malformed(refused):
    for text in ("not a token", "a.b.c", "e30.e30.", "." * 2, "x" * 20000):
        refused("SUBJECT_MALFORMED", text)


def test_a_token_that_was_tampered_with_is_refused(refused, alice):
    refusal = refused("SUBJECT_SIGNATURE", with_other_signature(alice))
    assert refusal.line["subject"]["digest"]
    assert "user" not in refusal.line


def test_a_token_for_another_api_is_refused(refused, provider):
    refused("SUBJECT_AUDIENCE", provider.token("alice", documents.FOR_EXPENSES))


def test_a_token_for_another_blueprint_is_refused(refused, provider):
    refused("SUBJECT_AUDIENCE", provider.token("alice", documents.FOR_TRAVEL))


def test_a_token_that_another_app_obtained_is_refused(refused, provider):
    refused("SUBJECT_CLIENT", provider.token("alice", client=documents.KIOSK))


def test_a_token_for_graph_is_refused(refused, provider):
    refused("SUBJECT_FOR_GRAPH", provider.token("alice", documents.FOR_GRAPH))


def test_an_id_token_is_refused(refused, provider):
    answer = provider.sign_in("alice", documents.FOR_INVOICE + " openid")
    refused("SUBJECT_ID_TOKEN", answer["id_token"])


def test_a_token_that_belongs_to_an_application_is_refused(refused, provider):
    answer = provider.token_endpoint(
        grant_type="client_credentials",
        client_id=documents.INVOICE,
        client_secret="invoice-assistant-development-only",
        scope="api://AzureADTokenExchange/.default",
        fmi_path=documents.INVOICE_BOT,
    )
    refused("SUBJECT_APP_ONLY", answer["access_token"])


def test_a_guest_is_refused(refused, provider):
    token = provider.token("erin_fabrikam.example#EXT#")
    refused("SUBJECT_GUEST", token)


@pytest.mark.parametrize(
    "reason, changes",
    [
        ("SUBJECT_ISSUER", {"iss": "https://login.example/v2.0"}),
        ("SUBJECT_ISSUER", {"ver": "1.0"}),
        ("SUBJECT_ISSUER", {"tid": "5b404cf4-a79d-4cfe-b866-24bf8e1a4922"}),
        ("SUBJECT_SCOPE", {"scp": "something_else"}),
        ("SUBJECT_CLAIMS", {"oid": None}),
        ("SUBJECT_CLAIMS", {"exp": "soon"}),
        ("SUBJECT_APP_ONLY", {"idtyp": "app"}),
    ],
)
def test_a_token_whose_claims_do_not_fit_is_refused(refused, provider, alice, reason, changes):
    refused(reason, forged(alice, provider.signing_key(), **changes))


def test_a_token_counts_in_its_time_only(refused, provider, alice):
    now = int(time.time())
    key = provider.signing_key()
    refused("SUBJECT_EXPIRED", forged(alice, key, exp=now - 120))
    refused("SUBJECT_NOT_YET_VALID", forged(alice, key, nbf=now + 600))


def test_a_token_of_a_weak_or_unknown_algorithm_is_refused(refused, provider, alice):
    for algorithm in ("none", "HS256", "RS1"):
        token = forged(alice, provider.signing_key(), header={"alg": algorithm})
        refused("SUBJECT_ALGORITHM", token)


def test_a_token_of_a_key_that_the_issuer_does_not_publish_is_refused(refused, provider, alice):
    token = forged(alice, provider.signing_key(), header={"kid": "another-key"})
    assert refused("SUBJECT_KEY_UNKNOWN", token).retry_after > 0


def test_a_token_that_the_provider_would_have_issued_is_accepted(stage, provider, alice):
    """What the forged ones show is not that forging fails."""
    token = stage.secrets.keep(forged(alice, provider.signing_key(), name="Alice A."))
    assert claims_of(stage.expenses(token)["access_token"])["oid"] == claims_of(alice)["oid"]
