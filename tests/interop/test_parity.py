"""The daemon asks the provider as MSAL asks: the same fields with the same values.

Both ask through one recorder. Telemetry and the scopes of OIDC are aside, of which
the daemon asks for none, offline_access least of all.
"""

import copy

import documents
import flows
import pytest
from libraries import DAEMONS, LIBRARIES, Credentials, Tokens
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
def daemon(new_stage, behind):
    return new_stage(behind).start()


@pytest.fixture(scope="module")
def both_legs(daemon, behind, record):
    """The forms of the daemon, and the user's token they are about."""
    user = behind.token("alice")
    record.taken()
    daemon.expenses(user)
    leg_one, leg_two = record.taken()
    return {"exchange_token": leg_one, "on_behalf_of": leg_two}, user


@pytest.fixture(scope="module", params=MSAL)
def msal(request, new_judge, behind):
    library = LIBRARIES[request.param]
    judge = new_judge(library.program, **library.environment(behind.ca_file))
    return Tokens(library, judge, behind)


@pytest.mark.parametrize("cell", DAEMONS, ids=str)
def test_the_forms_are_the_same(cell, msal, both_legs, behind, record):
    forms, user = both_legs
    credential = Credentials(behind).of(cell)
    record.taken()
    if cell.flow == "exchange_token":
        flows.granted(flows.leg_one(msal, credential))
    else:
        flows.granted(flows.agent_with(msal, credential, user, EXPENSES))
    (form,) = record.taken()
    assert essence(forms[cell.flow]) == essence(form)


def test_the_daemon_asks_for_no_refresh_token_and_no_identity(both_legs):
    for form in both_legs[0].values():
        assert not OIDC & set(form["scope"].split())


def test_msal_does_ask_for_them(msal, behind, record):
    """Or else the comparison would have nothing to leave aside."""
    flows.granted(flows.agent_on_behalf_of(msal, Credentials(behind).exchange_token(), "bob"))
    assert OIDC <= set(record.taken()[-1]["scope"].split())
