"""Whose token."""

import time

import documents
from scenarios.registry import ask, for_travel, reason
from tokens import forged, with_other_signature


def sent(canary, name, token):
    canary.agent.refused(name, "GetToken", **ask(canary.secrets.keep(token)))


def changed(name, user="alice", header=None, **claims):
    """A token with these claims, signed by the provider's key, is refused so."""

    def scenario(canary):
        token = canary.provider.token(user)
        sent(canary, name, forged(token, canary.provider.signing_key(), header, **claims))

    reason(name)(scenario)


changed("SUBJECT_ALGORITHM", header={"alg": "none"})
changed("SUBJECT_KEY_UNKNOWN", header={"kid": "another-key"})
changed("SUBJECT_ISSUER", iss="https://login.example/v2.0")
changed("SUBJECT_SCOPE", scp="something_else")
changed("SUBJECT_CLAIMS", exp="soon")
changed("SUBJECT_EXPIRED", exp=int(time.time()) - 120)
changed("SUBJECT_NOT_YET_VALID", nbf=int(time.time()) + 6000)
changed("SUBJECT_GUEST", user="erin_fabrikam.example#EXT#")


@reason("SUBJECT_MALFORMED")
def pieces_of_a_token(canary):
    head, body, signature = canary.provider.token("alice").split(".")
    for token in (f"{head}.{body}", f"{head}.{body}.{signature}!", f"{body}.{body}.{signature}"):
        sent(canary, "SUBJECT_MALFORMED", token)


@reason("SUBJECT_SIGNATURE")
def a_token_that_was_tampered_with(canary):
    sent(canary, "SUBJECT_SIGNATURE", with_other_signature(canary.provider.token("alice")))


@reason("SUBJECT_ID_TOKEN")
def an_id_token(canary):
    answer = canary.provider.sign_in("alice", documents.FOR_INVOICE + " openid")
    sent(canary, "SUBJECT_ID_TOKEN", answer["id_token"])


@reason("SUBJECT_APP_ONLY")
def a_token_of_an_application(canary):
    answer = canary.provider.token_endpoint(
        grant_type="client_credentials",
        client_id=documents.INVOICE,
        client_secret=canary.invoice_secret.read_text().strip(),
        scope="api://AzureADTokenExchange/.default",
        fmi_path=documents.INVOICE_BOT,
    )
    sent(canary, "SUBJECT_APP_ONLY", answer["access_token"])


@reason("SUBJECT_FOR_GRAPH")
def a_token_for_graph(canary):
    sent(canary, "SUBJECT_FOR_GRAPH", canary.provider.token("alice", documents.FOR_GRAPH))


@reason("SUBJECT_AUDIENCE")
def a_token_for_another_api(canary):
    sent(canary, "SUBJECT_AUDIENCE", canary.provider.token("alice", documents.FOR_EXPENSES))


@reason("SUBJECT_CLIENT")
def a_token_that_another_app_obtained(canary):
    sent(canary, "SUBJECT_CLIENT", canary.provider.token("alice", client=documents.KIOSK))


@reason("KEYS_UNAVAILABLE")
def a_provider_that_nobody_reaches(canary):
    canary.agent.refused("KEYS_UNAVAILABLE", "GetToken", **for_travel(canary, "dark-bot"))
