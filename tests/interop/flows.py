"""What every library that gets tokens is put through: the tests of the files that
are named after one. Each of those files says LIBRARY and imports this one.
"""

import json

import documents
import pytest
from libraries import EXCHANGE, FOR_REPORTS, REPORTS
from tokens import claims_of

MAIL = [documents.GRAPH + "/Mail.Read"]
SEND = [documents.GRAPH + "/Mail.Send"]

# What one who is not told the claims may try.
CHALLENGE = (
    '{"access_token":{"polids":{"essential":true,'
    '"values":["c9bf811c-c869-440b-9880-875a359637ec"]}}}'
)


def leg_one(tokens, credential):
    return tokens.ask(
        "client_credentials",
        documents.INVOICE,
        [EXCHANGE],
        credential=credential,
        fmi_path=documents.INVOICE_BOT,
    )


def agent_on_behalf_of(tokens, proof, user, scopes=MAIL):
    return agent_with(tokens, proof, tokens.provider.token(user), scopes)


def agent_with(tokens, proof, user_token, scopes=MAIL):
    return tokens.ask(
        "on_behalf_of",
        documents.INVOICE_BOT,
        scopes,
        credential=proof,
        assertion=user_token,
    )


def exchange_token(tokens, credential):
    claims = claims_of(granted(leg_one(tokens, credential)))
    assert claims["azp"] == documents.INVOICE
    assert claims["sub"].endswith("/" + documents.INVOICE_BOT)


def on_behalf_of(tokens, credential):
    token = granted(agent_on_behalf_of(tokens, credential, "alice"))
    claims = claims_of(token)
    assert claims["appid"] == documents.INVOICE_BOT
    assert claims["xms_par_app_azp"] == documents.INVOICE
    assert "Invoice 4711 is due" in tokens.provider.messages(token)


def agent_application(tokens, credential):
    """As the agent itself."""
    claims = claims_of(granted(application(tokens, documents.INVOICE_BOT, credential)))
    assert claims["oid"] == claims["appid"] == documents.INVOICE_BOT
    assert claims["roles"] == ["Mail.Read"]


def agent_user(tokens, credential):
    """As the agent's own user account, by a token of the agent as credential."""
    agent = {"client": documents.INVOICE_BOT, "credential": credential}
    second = granted(tokens.ask("client_credentials", scopes=[EXCHANGE], **agent))
    upn = "invoice-bot@contoso.example"
    reply = tokens.ask("user_fic", scopes=MAIL, assertion=second, username=upn, **agent)
    token = granted(reply)
    assert claims_of(token)["upn"] == upn
    assert tokens.provider.messages(token) == ["Invoices of the week"]


def classic_on_behalf_of(tokens, credential):
    user = tokens.provider.token("alice", FOR_REPORTS)
    token = granted(classic_with(tokens, credential, user))
    assert claims_of(token)["appid"] == REPORTS
    assert "Invoice 4711 is due" in tokens.provider.messages(token)


def classic_with(tokens, credential, user_token, scopes=MAIL):
    order = {"credential": credential, "assertion": user_token}
    return tokens.ask("on_behalf_of", REPORTS, scopes, **order)


def classic_application(tokens, credential):
    claims = claims_of(granted(application(tokens, REPORTS, credential)))
    assert claims["appid"] == REPORTS
    assert claims["roles"] == ["Mail.Read"]


def application(tokens, client, credential, scopes=(documents.GRAPH + "/.default",)):
    return tokens.ask("client_credentials", client, list(scopes), credential=credential)


def refresh_token(tokens, credential):
    scope = f"{documents.FOR_GRAPH} offline_access"
    old = tokens.provider.sign_in("alice", scope)["refresh_token"]
    scopes = [documents.FOR_EXPENSES]
    reply = tokens.ask("refresh_token", documents.PORTAL, scopes, token=old)
    assert claims_of(granted(reply))["aud"] == documents.EXPENSES.removeprefix("api://")


FLOWS = {
    flow.__name__: flow
    for flow in (
        exchange_token,
        on_behalf_of,
        agent_application,
        agent_user,
        classic_on_behalf_of,
        classic_application,
        refresh_token,
    )
}


def granted(reply):
    assert reply["ok"], reply
    return reply["access_token"]


def test_a_token_is_granted(cell, tokens, credentials):
    FLOWS[cell.flow](tokens, credentials.of(cell))


@pytest.fixture
def proof(credentials):
    return credentials.exchange_token()


def refused(reply, code):
    assert not reply["ok"], "expected a refusal"
    assert reply["codes"] == [code], reply
    return reply


def test_a_challenge_asks_for_the_user_and_a_stronger_token_ends_it(tokens, proof):
    reply = refused(agent_on_behalf_of(tokens, proof, "carol"), 50076)
    tokens.library.wants_the_user(reply)
    if tokens.library.tells_claims:
        assert json.loads(reply["claims"])["access_token"]
    stronger = tokens.provider.token("carol", claims=reply.get("claims") or CHALLENGE)
    granted(agent_with(tokens, proof, stronger))


def test_missing_consent_asks_for_the_user(tokens, proof):
    reply = refused(agent_on_behalf_of(tokens, proof, "alice", SEND), 65001)
    tokens.library.wants_the_user(reply)
    if tokens.library.tells_claims:
        assert reply["suberror"] == "consent_required"


def test_a_wrong_secret_is_not_the_users_affair(tokens):
    reply = refused(tokens.wrong_secret(), 7000215)
    tokens.library.is_the_clients_fault(reply)


def test_a_throttled_client_asks_once(tokens, recorder):
    """The second question is answered by the library, from what the provider said."""

    def throttle(reply, form):
        reply.status, reply.headers["Retry-After"] = 429, "60"
        reply.put(error="temporarily_unavailable", error_codes=[90055], access_token=None)

    with recorder.saying(throttle, grant="client_credentials"):
        order = {"authority": recorder.url, "keep": "throttled"}
        for _ in range(2):
            assert not tokens.with_secret(**order)["ok"]
        assert len(recorder.taken()) == 1
