"""A middle tier that acts for the user once more, given a token the daemon obtained.

The agent calls Contoso Reports with a token for it; Contoso Reports exchanges that
token itself, with the library of its choice, for one of Graph.
"""

import documents
import flows
import pytest
from libraries import LIBRARIES, REPORTS, Credentials, Tokens
from tokens import claims_of

API = f"api://{REPORTS}"


def consent_to_reports(tenant):
    (blueprint,) = (each for each in tenant["blueprints"] if each["id"] == documents.INVOICE)
    blueprint["consents"].append({"resource": API, "scopes": ["access_as_user"]})


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider(change=consent_to_reports)


@pytest.fixture(scope="module")
def own_stage(new_stage, own_provider):
    stage = new_stage(own_provider)
    contents = stage.documents()
    scopes = ["access_as_user"]
    contents.append(
        documents.document("Api", "reports", resource=API, audiences=[REPORTS], scopes=scopes)
    )
    (blueprint,) = (each for each in contents if each["metadata"]["name"] == "invoice-assistant")
    blueprint["spec"]["allow"].append(documents.direct("reports", scopes))
    return stage.start(contents)


@pytest.fixture(params=LIBRARIES.values(), ids=LIBRARIES)
def middle_tier(request, new_judge, own_provider):
    library = request.param
    judge = new_judge(library.program, **library.environment(own_provider.ca_file))
    return Tokens(library, judge, own_provider)


@pytest.mark.parametrize("user, subject", [("alice", "Invoice 4711"), ("bob", "Your parking")])
def test_the_second_exchange_is_for_the_same_user(
    own_stage, own_provider, middle_tier, keys, user, subject
):
    request = {"subject_token": own_provider.token(user), "agent": "invoice-bot", "api": "reports"}
    first = own_stage.agent.get("GetToken", **request)["access_token"]
    assert claims_of(first)["azp"] == documents.INVOICE_BOT

    credential = Credentials(own_provider, keys).secret(REPORTS)
    second = flows.granted(flows.classic_with(middle_tier, credential, first))
    assert claims_of(second)["appid"] == REPORTS
    assert claims_of(second)["oid"] == claims_of(first)["oid"]
    assert own_provider.messages(second)[0].startswith(subject)
