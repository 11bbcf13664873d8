"""People sign in on the provider's pages to applications that use the libraries."""

import urllib.parse

import documents
import pytest
from browser import Browser, answer_in
from flows import classic_with, granted, refused
from libraries import FOR_REPORTS, LIBRARIES, REPORTS, SECRETS, Tokens
from tokens import claims_of

MSAL = ("msal_python", "msal_node")
BACK = {
    documents.PORTAL: "http://localhost:5000/signed-in",
    REPORTS: "https://reports.contoso.example/signed-in",
}
PROOF = {documents.PORTAL: None, REPORTS: {"secret": SECRETS[REPORTS]}}
GRAPH = [documents.FOR_GRAPH]


def library_of(name, new_judge, provider):
    library = LIBRARIES[name]
    judge = new_judge(library.program, **library.environment(provider.ca_file))
    return Tokens(library, judge, provider)


@pytest.fixture(scope="module", params=MSAL)
def msal(request, new_judge, provider):
    return library_of(request.param, new_judge, provider)


@pytest.fixture(scope="module", params=sorted(LIBRARIES))
def library(request, new_judge, provider):
    return library_of(request.param, new_judge, provider)


@pytest.fixture
def browser(provider):
    return Browser(provider)


class SignIn:
    """One, by authorization code."""

    def __init__(self, tokens, client=documents.PORTAL, scopes=GRAPH, **more):
        self.tokens, self.client, self.scopes = tokens, client, scopes
        self.begun = self.ask("sign_in_begin", **more)
        assert self.begun["ok"], self.begun

    def ask(self, flow, **more):
        more = {"credential": PROOF[self.client], "redirect_uri": BACK[self.client], **more}
        return self.tokens.ask(flow, self.client, self.scopes, keep=f"of {self.client}", **more)

    def end(self, url):
        return self.ask("sign_in_end", begun=self.begun, answer=answer_in(url))


@pytest.mark.parametrize("client", BACK, ids=("public", "confidential"))
@pytest.mark.parametrize("mode", ("query", "form_post"))
def test_a_user_signs_in(msal, browser, client, mode):
    sign_in = SignIn(msal, client, response_mode=mode)
    page = browser.open(sign_in.begun["uri"])
    token = granted(sign_in.end(browser.sign_in(page, "alice")))
    assert claims_of(token)["upn"] == "alice@contoso.example"
    assert claims_of(token)["appid"] == client


def test_a_code_serves_once(msal, browser):
    sign_in = SignIn(msal)
    back = browser.sign_in(browser.open(sign_in.begun["uri"]), "alice")
    granted(sign_in.end(back))
    refused(sign_in.end(back), 54005)


def test_a_code_is_useless_without_its_verifier(msal, browser):
    sign_in, other = SignIn(msal), SignIn(msal)
    back = browser.sign_in(browser.open(sign_in.begun["uri"]), "alice")
    other.begun["kept"]["state"] = sign_in.begun["kept"]["state"]
    refused(other.end(back), 501481)


def test_a_demand_is_met_on_the_page(msal, browser, provider):
    """The challenge of a middle tier, answered by the application in front of it."""
    proof = PROOF[REPORTS]
    weak = provider.token("carol", FOR_REPORTS)
    claims = refused(classic_with(msal, proof, weak), 50076)["claims"]
    sign_in = SignIn(msal, scopes=[FOR_REPORTS], claims=claims)
    page = browser.open(sign_in.begun["uri"])
    page = browser.sign_in(page, "carol")
    assert "AADSTS50076" in page.text
    back = browser.sign_in(page, "carol", secondFactor="shown")
    granted(classic_with(msal, proof, granted(sign_in.end(back))))


class Device:
    def __init__(self, tokens, browser):
        self.tokens, self.browser = tokens, browser
        self.begun = self.ask("device_begin")
        assert self.begun["ok"], self.begun

    def ask(self, flow, **more):
        return self.tokens.ask(flow, documents.PORTAL, GRAPH, keep="device", **more)

    def page(self):
        page = self.browser.open(self.begun["uri"])
        return self.browser.fill(page, user_code=self.begun["user_code"])

    def end(self):
        return self.ask("device_end", begun=self.begun)


def test_a_device_is_signed_in_by_its_code(msal, browser):
    device = Device(msal, browser)
    assert "You have signed in" in browser.sign_in(device.page(), "bob").text
    assert claims_of(granted(device.end()))["upn"] == "bob@contoso.example"


def test_a_device_learns_that_its_user_said_no(msal, browser):
    device = Device(msal, browser)
    browser.fill(device.page(), answer="cancel")
    reply = device.end()
    assert not reply["ok"]
    assert "authorization_declined" in (reply["error"], reply["text"])


def test_every_library_redeems_a_code(library, provider, browser):
    """One that it was given by somebody else, who used no challenge."""
    query = {
        "client_id": REPORTS,
        "response_type": "code",
        "redirect_uri": BACK[REPORTS],
        "scope": f"{documents.GRAPH}/.default",
    }
    url = f"{provider.url}/{documents.TENANT}/oauth2/v2.0/authorize?" + urllib.parse.urlencode(query)
    code = answer_in(browser.sign_in(browser.open(url), "alice"))["code"]
    more = {"credential": PROOF[REPORTS], "code": code, "redirect_uri": BACK[REPORTS]}
    reply = library.ask("authorization_code", REPORTS, GRAPH, **more)
    assert "Invoice 4711 is due" in provider.messages(granted(reply))
