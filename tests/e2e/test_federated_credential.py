"""A blueprint that proves itself by a token file, which Entra finds out of its time."""

import documents
import pytest
from keys import Keys

ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def keys(root):
    return Keys(root / "federation")


@pytest.fixture(scope="module")
def own_provider(new_provider, keys):
    def change(tenant):
        (invoice,) = (b for b in tenant["blueprints"] if b["id"] == documents.INVOICE)
        keys.register(invoice)

    return new_provider(change=change)


@pytest.fixture
def own_stage(new_stage, own_provider, keys):
    stage = new_stage(own_provider)
    contents = stage.documents()
    (invoice,) = (each for each in contents if each["metadata"]["name"] == "invoice-assistant")
    invoice["spec"]["credential"] = {"federatedToken": {"file": str(keys.token_file)}}
    own_provider.secrets.keep(keys.token_file.read_text())
    own_provider.admin("DELETE", "faults")
    own_provider.admin("DELETE", "requests")
    yield stage.start(contents)
    stage.stop()


def out_of_its_time(provider, times, client=documents.INVOICE):
    provider.admin("POST", "faults", code=700024, client=client, times=times)


def proofs(provider):
    """The digests of the assertions that the blueprint proved itself with."""
    sent = provider.token_requests(client_id=documents.INVOICE, grant_type="client_credentials")
    return [entry["form"]["client_assertion"] for entry in sent]


def exchanges(provider):
    """The digests of the assertions that the agent asked on behalf of a user with."""
    sent = provider.token_requests(client_id=documents.INVOICE_BOT, grant_type=ON_BEHALF_OF)
    return [entry["form"]["client_assertion"] for entry in sent]


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def replace(file, text):
    """At once, as whoever keeps the token fresh does."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.chmod(0o600)
    new.rename(file)


def test_a_token_out_of_its_time_is_read_again_once(own_stage, own_provider):
    token = own_provider.token("alice")
    out_of_its_time(own_provider, times=1)
    own_stage.expenses(token)
    assert len(proofs(own_provider)) == 2
    assert len(exchanges(own_provider)) == 1


def test_a_token_that_stays_out_of_its_time_is_told_and_not_remembered(
    own_stage, own_provider, keys
):
    token = own_provider.token("alice")
    out_of_its_time(own_provider, times=2)
    refusal = own_stage.agent.refused("CREDENTIAL_REFUSED", "GetToken", **expenses(token))
    assert refusal.metadata["provider_code"] == "AADSTS700024"
    assert refusal.metadata["move"] == "operator"
    assert refusal.retry_after is None
    old = proofs(own_provider)
    assert len(old) == 2
    assert not exchanges(own_provider)

    replace(keys.token_file, own_provider.secrets.keep(keys.foreign_token()))
    own_stage.expenses(token)
    *before, new = proofs(own_provider)
    assert before == old
    assert new not in old


def test_a_proof_out_of_its_time_is_made_anew_once(own_stage, own_provider):
    out_of_its_time(own_provider, client=documents.INVOICE_BOT, times=1)
    own_stage.expenses(own_provider.token("alice"))
    assert len(proofs(own_provider)) == 2
    first, second = exchanges(own_provider)
    assert first != second

    out_of_its_time(own_provider, client=documents.INVOICE_BOT, times=2)
    request = expenses(own_provider.token("bob"))
    refusal = own_stage.agent.refused("CREDENTIAL_REFUSED", "GetToken", **request)
    assert refusal.metadata["provider_code"] == "AADSTS700024"
    assert len(exchanges(own_provider)) == 4
    own_stage.agent.get("GetToken", **request)
