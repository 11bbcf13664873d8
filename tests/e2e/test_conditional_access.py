"""Policies of Conditional Access, as agents and their users meet them."""

import json
import urllib.request

import documents
import pytest

POLICY = "2b6e0f84-9c1d-4a53-8f27-60d3e9b1c7a5"


class Policies:
    """The provider's, while it serves."""

    def __init__(self, provider):
        self.provider = provider

    def change(self, method, **body):
        token = (self.provider.state / "admin-token").read_text().strip()
        request = urllib.request.Request(
            self.provider.url + "/admin/policies",
            data=json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + token},
            method=method,
        )
        with urllib.request.urlopen(request, context=self.provider.context) as reply:
            assert json.load(reply) == {"done": True}

    def enact(self, **policy):
        self.change("POST", id=POLICY, name="e2e", resources=[documents.EXPENSES], **policy)

    def revoke(self):
        self.change("DELETE", id=POLICY)


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture(scope="module")
def own_stage(new_stage, own_provider):
    return new_stage(own_provider).start()


@pytest.fixture
def policies(own_provider):
    policies = Policies(own_provider)
    yield policies
    policies.revoke()


def refused(stage, token, reason):
    request = {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}
    return stage.agent.refused(reason, "GetToken", **request)


@pytest.mark.parametrize(
    "policy, asked",
    [
        ({"require": "mfa"}, {"capolids": {"essential": True, "values": [POLICY]}}),
        ({"authContext": "c1"}, {"acrs": {"essential": True, "value": "c1"}}),
    ],
    ids=("mfa", "authentication context"),
)
def test_the_user_who_repeats_the_challenge_is_served_at_once(
    own_stage, own_provider, policies, policy, asked
):
    policies.enact(**policy)
    refusal = refused(own_stage, own_provider.token("bob"), "INTERACTION_REQUIRED")
    assert refusal.metadata["provider_code"] == "AADSTS50076"
    claims = refusal.metadata["claims"]
    assert json.loads(claims) == {"access_token": asked}
    own_stage.expenses(own_provider.token("bob", claims=claims))


def test_a_weaker_token_of_the_same_user_stays_refused(own_stage, own_provider, policies):
    policies.enact(require="mfa", users=["alice@contoso.example"])
    own_stage.expenses(own_provider.token("bob"))
    weak = own_provider.token("alice")
    claims = refused(own_stage, weak, "INTERACTION_REQUIRED").metadata["claims"]
    own_stage.expenses(own_provider.token("alice", claims=claims))
    refused(own_stage, weak, "INTERACTION_REQUIRED")


def test_a_blocked_user_has_no_challenge_to_answer(own_stage, own_provider, policies):
    policies.enact(require="block", users=["alice@contoso.example"])
    refusal = refused(own_stage, own_provider.token("alice"), "ACCESS_BLOCKED")
    assert refusal.metadata["provider_code"] == "AADSTS53003"
    assert "claims" not in refusal.metadata
