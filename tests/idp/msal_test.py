"""behalf-idp asked by MSAL for Python, a client that nobody here wrote."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

import pytest

msal = pytest.importorskip("msal", reason="python3-msal is not installed")
requests = pytest.importorskip("requests")

TENANT = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921"
BLUEPRINT = "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11"
AGENT = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2"
PORTAL = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77"
SECRET = "invoice-assistant-development-only"
REPORTS = "4b8e2d60-9f17-4c3a-a5d8-e06b7c1f3920"
REPORTS_SECRET = "contoso-reports-development-only"
EXPENSES = "api://6f0e9b3c-8d2a-4e71-9c55-a1b2c3d4e5f6"
EXCHANGE = ["api://AzureADTokenExchange/.default"]
CONTOSO = Path(__file__).parent / "contoso.yaml"


@pytest.fixture(scope="module")
def idp():
    program = os.environ.get("BEHALF_IDP") or shutil.which("behalf-idp")
    if not program:
        pytest.skip("BEHALF_IDP does not say where the program is")
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [program, "serve", "--config", str(CONTOSO), "--state", folder + "/state",
             "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        try:
            first = json.loads(child.stderr.readline())
            authority = {"url": first["serving"], "ca": folder + "/state/ca.pem"}
            with pytest.MonkeyPatch.context() as environment:
                # A bundle named there would win over `verify`.
                environment.delenv("REQUESTS_CA_BUNDLE", raising=False)
                environment.delenv("CURL_CA_BUNDLE", raising=False)
                environment.setenv("NO_PROXY", "localhost")
                yield authority
        finally:
            child.terminate()
            assert child.wait(timeout=5) == 0


def confidential(idp, client_id, credential):
    return msal.ConfidentialClientApplication(
        client_id, client_credential=credential, authority=f"{idp['url']}/{TENANT}",
        instance_discovery=False, verify=idp["ca"])


def public(idp):
    return msal.PublicClientApplication(
        PORTAL, authority=f"{idp['url']}/{TENANT}", instance_discovery=False, verify=idp["ca"])


def user_token(idp, user, scope=f"api://{BLUEPRINT}/access_agent"):
    # Not by MSAL, whose password grant asks for the user's realm on port 443.
    reply = requests.post(
        f"{idp['url']}/{TENANT}/oauth2/v2.0/token", verify=idp["ca"], timeout=10,
        data={"grant_type": "password", "client_id": PORTAL,
              "username": f"{user}@contoso.example", "password": f"{user}-development-only",
              "scope": scope}).json()
    assert "access_token" in reply, reply
    return reply["access_token"]


def exchange_token(idp):
    blueprint = confidential(idp, BLUEPRINT, SECRET)
    reply = blueprint.acquire_token_for_client(EXCHANGE, data={"fmi_path": AGENT})
    assert "access_token" in reply, reply
    return reply["access_token"]


def on_behalf_of(idp, user, scope):
    agent = confidential(idp, AGENT, {"client_assertion": exchange_token(idp)})
    return agent.acquire_token_on_behalf_of(user_token(idp, user), [scope])


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_user_signs_in(idp):
    claims = claims_of(user_token(idp, "alice"))
    assert claims["aud"] == BLUEPRINT
    assert claims["scp"] == "access_agent"


def enter(url, idp, user, **more):
    """Where the page sends the browser of a user who fills it in."""
    assert "<form" in requests.get(url, verify=idp["ca"], timeout=10).text
    reply = requests.post(
        url, verify=idp["ca"], timeout=10, allow_redirects=False,
        data={"username": f"{user}@contoso.example", "password": f"{user}-development-only",
              **more})
    assert reply.status_code == 302, reply.text
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(reply.headers["Location"]).query))


def test_a_user_signs_in_on_the_page(idp):
    portal = public(idp)
    flow = portal.initiate_auth_code_flow(
        [f"{EXPENSES}/.default"], redirect_uri="http://localhost:5000/signed-in")
    reply = portal.acquire_token_by_auth_code_flow(flow, enter(flow["auth_uri"], idp, "alice"))
    assert claims_of(reply["access_token"])["preferred_username"] == "alice@contoso.example"
    account = portal.get_accounts()[0]
    assert portal.acquire_token_silent(["https://graph.microsoft.com/.default"], account)


def test_a_user_enters_the_code_of_a_device(idp):
    portal = public(idp)
    flow = portal.initiate_device_flow([f"{EXPENSES}/.default"])
    page = requests.post(
        flow["verification_uri"], verify=idp["ca"], timeout=10,
        data={"user_code": flow["user_code"], "username": "bob@contoso.example",
              "password": "bob-development-only"})
    assert "You have signed in" in page.text
    reply = portal.acquire_token_by_device_flow(flow)
    assert claims_of(reply["access_token"])["preferred_username"] == "bob@contoso.example"


def test_a_blueprint_obtains_the_exchange_token_of_its_agent(idp):
    assert claims_of(exchange_token(idp))["sub"].endswith("/" + AGENT)


def test_an_agent_acts_on_behalf_of_a_user_and_reads_the_mail(idp):
    reply = on_behalf_of(idp, "alice", "https://graph.microsoft.com/Mail.Read")
    assert "access_token" in reply, reply
    assert claims_of(reply["access_token"])["appid"] == AGENT
    assert reply["id_token_claims"]["aud"] == AGENT
    mail = requests.get(
        idp["url"] + "/v1.0/me/messages", verify=idp["ca"],
        headers={"Authorization": "Bearer " + reply["access_token"]}, timeout=10).json()
    assert [message["subject"] for message in mail["value"]] == [
        "Invoice 4711 is due", "Lunch on Thursday?"]


def test_an_agent_accesses_an_api_as_itself(idp):
    agent = confidential(idp, AGENT, {"client_assertion": exchange_token(idp)})
    reply = agent.acquire_token_for_client(["https://ledger.contoso.example/.default"])
    assert claims_of(reply["access_token"])["roles"] == ["Ledger.Post"]


def test_a_middle_tier_acts_on_behalf_of_a_user(idp):
    reports = confidential(idp, REPORTS, REPORTS_SECRET)
    user = user_token(idp, "alice", f"api://{REPORTS}/access_as_user")
    reply = reports.acquire_token_on_behalf_of(user, ["https://graph.microsoft.com/.default"])
    assert claims_of(reply["access_token"])["appid"] == REPORTS
    assert reply["refresh_token"]
    account = reports.get_accounts()[0]
    silent = reports.acquire_token_silent([f"{EXPENSES}/.default"], account)
    assert claims_of(silent["access_token"])["scp"] == "Expenses.Read"


def test_a_middle_tier_accesses_an_api_as_itself(idp):
    reply = confidential(idp, REPORTS, REPORTS_SECRET).acquire_token_for_client(
        ["https://ledger.contoso.example/.default"])
    assert claims_of(reply["access_token"])["roles"] == ["Ledger.Read"]


def test_missing_consent_reaches_the_client_with_its_suberror(idp):
    reply = on_behalf_of(idp, "alice", "https://graph.microsoft.com/Mail.Send")
    assert reply["error"] == "invalid_grant"
    assert reply["error_codes"] == [65001]
    assert reply["suberror"] == "consent_required"


def test_a_challenge_reaches_the_client_with_its_claims(idp):
    reply = on_behalf_of(idp, "carol", "https://graph.microsoft.com/Mail.Read")
    assert reply["error"] == "interaction_required"
    assert json.loads(reply["claims"])["access_token"]["polids"]["essential"] is True


def test_a_wrong_secret_is_refused(idp):
    reply = confidential(idp, BLUEPRINT, "guess").acquire_token_for_client(
        EXCHANGE, data={"fmi_path": AGENT})
    assert reply["error"] == "invalid_client"
    assert reply["error_codes"] == [7000215]
