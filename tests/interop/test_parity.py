"""The daemon asks the provider as MSAL asks: the same fields with the same values.

Both ask through one recorder. Telemetry and the scopes of OIDC are aside, of which
the daemon asks for none, offline_access least of all.
"""

import copy

import daemons
import documents
import flows
import pytest
from libraries import (
    DAEMONS,
    FOR_REPORTS,
    LIBRARIES,
    OWN,
    REPORTS,
    Credentials,
    Tokens,
)
from parity import OIDC, essence
from recorder import Recorder

EXPENSES = [f"{documents.EXPENSES}/Expenses.Read"]
MSAL = ("msal_python", "msal_node")


@pytest.fixture(scope="module")
def record(provider):
    recorder = Recorder(provider)
    yield recorder
    recorder.close()


@pytest.fixture(scope="module")
def behind(provider, record):
    """The provider as one sees it who asks through the recorder."""
    seen = copy.copy(provider)
    seen.url = record.url
    return seen


@pytest.fixture(scope="module")
def users(behind):
    """Tokens of one user, for the blueprint and for the middle tier."""
    return behind.token("alice"), behind.token("alice", FOR_REPORTS)


@pytest.fixture(scope="module")
def forms(new_stage, behind, record, users, keys):
    """What the daemon posts: by its credential, then by flow."""
    made = {}
    for kind in OWN:
        stage = new_stage(behind)
        stage.start(daemons.contents(stage, keys, kind))
        made[kind] = daemons.posts(stage, record, *users)
        stage.stop()
    return made


@pytest.fixture(scope="module", params=MSAL)
def msal(request, new_judge, behind):
    library = LIBRARIES[request.param]
    judge = new_judge(library.program, **library.environment(behind.ca_file))
    return Tokens(library, judge, behind)


def asked(msal, flow, credential, users):
    """MSAL's side of a flow."""
    for_agent, for_reports = users
    if flow == "exchange_token":
        return flows.leg_one(msal, credential)
    if flow == "on_behalf_of":
        return flows.agent_with(msal, credential, for_agent, EXPENSES)
    if flow == "classic_on_behalf_of":
        return flows.classic_with(msal, credential, for_reports)
    client = REPORTS if flow == "classic_application" else documents.INVOICE_BOT
    return flows.application(msal, client, credential)


@pytest.mark.parametrize("cell", DAEMONS, ids=str)
def test_the_forms_are_the_same(cell, msal, forms, behind, record, keys, users):
    credential = Credentials(behind, keys).of(cell)
    record.taken()
    flows.granted(asked(msal, cell.flow, credential, users))
    (form,) = record.taken()
    # An agent's second leg does not depend on how its blueprint proved itself.
    ours = forms[cell.credential if cell.credential in OWN else OWN[0]]
    assert essence(ours[cell.flow]) == essence(form)


def test_the_daemon_asks_for_no_refresh_token_and_no_identity(forms):
    for form in (form for by_flow in forms.values() for form in by_flow.values()):
        assert not OIDC & set(form["scope"].split())


def test_msal_does_ask_for_them(msal, record, users, behind, keys):
    """Or else the comparison would have nothing to leave aside."""
    proof = Credentials(behind, keys).exchange_token()
    flows.granted(flows.agent_with(msal, proof, users[0], EXPENSES))
    assert OIDC <= set(record.taken()[-1]["scope"].split())
