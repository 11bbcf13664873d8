"""Agents as themselves, and an application that is no agent, by certificate and by secret."""

import subprocess

import documents
import pytest
from tokens import claims_of

LEDGER = "https://ledger.contoso.example"
LEDGER_ID = "1c4e7a90-5b2d-4f83-9e6a-c0d8b3f51a27"
REPORTS = "4b8e2d60-9f17-4c3a-a5d8-e06b7c1f3920"
BY_ITSELF = {"access": "ACCESS_APPLICATION"}


def itself(api, roles):
    return {"api": api, "access": "application", "roles": roles, "maxLifetime": "95m"}


@pytest.fixture(scope="module")
def certificate(root):
    """A certificate and its key, as an operator makes them."""
    certificate, key = root / "reports.pem", root / "reports.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90",
         "-subj", "/CN=reports", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    key.chmod(0o600)
    return certificate, key


@pytest.fixture(scope="module")
def own_provider(new_provider, certificate):
    def change(tenant):
        (reports,) = (app for app in tenant["apps"] if app["id"] == REPORTS)
        reports["certificates"] = [str(certificate[0])]

    return new_provider(change=change)


def reports(credential):
    callers = [documents.unix("agents", documents.BOT)]
    mail = documents.direct("graph", ["Mail.Read"], accept=["User.Read"])
    blueprint = documents.blueprint(
        "reports",
        REPORTS,
        f"api://{REPORTS}",
        "unused",
        [{"name": "reports", "application": True, "callers": callers}],
        [mail, itself("ledger", ["Ledger.Read"])],
    )
    blueprint["spec"]["credential"] = credential
    audiences = [REPORTS, f"api://{REPORTS}"]
    blueprint["spec"]["subjects"].update(audiences=audiences, scopes=["access_as_user"])
    return blueprint


@pytest.fixture(scope="module", params=["secret", "certificate"])
def own_stage(request, new_stage, own_provider, certificate):
    stage = new_stage(own_provider)
    credential = {
        "secret": {"file": str(stage.secret_file("reports", "contoso-reports-development-only"))}
    }
    if request.param == "certificate":
        credential = {"certificate": {"file": str(certificate[0]), "key": str(certificate[1])}}
    contents = stage.documents()
    ledger = documents.document(
        "Api",
        "ledger",
        resource=LEDGER,
        audiences=[LEDGER_ID],
        scopes=[],
        roles=["Ledger.Post", "Ledger.Read"],
    )
    (invoice,) = (each for each in contents if each["metadata"]["name"] == "invoice-assistant")
    invoice["spec"]["allow"].append(itself("ledger", ["Ledger.Post"]))
    return stage.start([*contents, ledger, reports(credential)])


def test_an_agent_reaches_an_api_as_itself(own_stage):
    answer = own_stage.agent.get("GetToken", agent="invoice-bot", api="ledger", **BY_ITSELF)
    assert answer["scopes"] == ["Ledger.Post"]
    claims = claims_of(answer["access_token"])
    assert claims["oid"] == claims["azp"] == documents.INVOICE_BOT
    assert claims["roles"] == ["Ledger.Post"]
    assert own_stage.daemon.line_of(answer["decision_id"])["access"] == "application"


def test_a_users_token_does_not_make_it_delegated(own_stage, own_provider):
    request = {"agent": "invoice-bot", "api": "ledger"}
    token = own_provider.token("alice")
    own_stage.agent.refused("NOT_ALLOWED", "GetToken", subject_token=token, **request)
    request |= BY_ITSELF
    own_stage.agent.refused("REQUEST_INVALID", "GetToken", subject_token=token, **request)


def test_an_access_that_is_not_known_is_neither(own_stage, own_provider):
    request = {"agent": "invoice-bot", "api": "ledger", "access": 3}
    for token in ({}, {"subject_token": own_provider.token("alice")}):
        refusal = own_stage.agent.refused("REQUEST_INVALID", "GetToken", **request, **token)
        assert refusal.metadata["field"] == "access"
        request["tool"] = "mail-search"
        refusal = own_stage.agent.refused("REQUEST_INVALID", "CreateHandle", **request, **token)
        assert refusal.metadata["field"] == "access"
        del request["tool"]


def test_an_application_acts_for_a_user_and_for_itself(own_stage, own_provider):
    bot = own_stage.caller(documents.BOT)
    token = own_provider.token("alice", f"api://{REPORTS}/access_as_user")
    answer = bot.get("GetToken", agent="reports", api="graph", subject_token=token)
    assert claims_of(answer["access_token"])["appid"] == REPORTS
    assert "Invoice 4711 is due" in own_provider.messages(answer["access_token"])

    answer = bot.get("GetToken", agent="reports", api="ledger", **BY_ITSELF)
    assert claims_of(answer["access_token"])["azp"] == REPORTS
    assert answer["scopes"] == ["Ledger.Read"]
