"""grpc-js and Python's grpcio call the daemon, and read what its errors carry."""

import json
import subprocess

import documents
import pytest
from tokens import claims_of

AGENT, TOOL = documents.AGENT, documents.TOOL


@pytest.fixture(scope="session")
def generated(root, python, workshop):
    """Stubs by the generator of the current release."""
    folder = root / "generated"
    folder.mkdir()
    proto = workshop / "proto"
    files = [str(path.relative_to(proto)) for path in proto.glob("behalf/**/*.proto")]
    command = [python, "-m", "grpc_tools.protoc", f"-I{proto}"]
    command += [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    subprocess.run(command + files, check=True)
    return folder




@pytest.fixture(scope="session", params=["grpcio", "grpc-js"])
def library(request, workshop):
    if request.param == "grpcio":
        return "grpc_python.py", request.getfixturevalue("generated")
    return "grpc_node.mjs", workshop / "proto"


@pytest.fixture(scope="session")
def callers(new_judge, library):
    """The library in a process of the agent's account, and in one of the tool's."""
    return {account: new_judge(*library, account=account) for account in {AGENT, TOOL}}


class Client:
    def __init__(self, stage, callers):
        self.stage, self.callers = stage, callers

    def call(self, method, account=AGENT, **request):
        service, socket = ("TokenBroker", "agents")
        if method == "RedeemHandle":
            service, socket = ("ToolTokens", "tools")
        path = str(self.stage.daemon.socket(socket))
        return self.callers[account].ask(
            socket=path, service=service, method=method, request=request
        )

    def get(self, method, account=AGENT, **request):
        outcome = self.call(method, account, **request)
        assert outcome["ok"], outcome
        self.stage.witness(outcome)
        return outcome["answer"]

    def refused(self, reason, method, account=AGENT, **request):
        """The details, which agree with the status and with docs/errors.md."""
        outcome = self.call(method, account, **request)
        assert not outcome["ok"]
        info = outcome["ErrorInfo"]
        assert (info["domain"], info["reason"]) == ("behalf", reason)
        assert (outcome["code"], info["metadata"]["move"]) == self.stage.errors[reason]
        assert self.stage.daemon.line_of(info["metadata"]["decision_id"])["reason"] == reason
        return outcome


@pytest.fixture
def client(stage, callers):
    return Client(stage, callers)


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def mail(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "graph", "tool": "mail-search"}


def test_an_agent_gets_a_token(client, alice):
    answer = client.get("GetToken", **expenses(alice))
    assert answer["scopes"] == ["Expenses.Read"]
    assert claims_of(answer["access_token"])["azp"] == documents.INVOICE_BOT


def test_a_tool_redeems_what_the_agent_made(client, provider, alice):
    handle = client.get("CreateHandle", **mail(alice))["handle"]
    answer = client.get("RedeemHandle", TOOL, handle=handle)
    assert "Invoice 4711 is due" in provider.messages(answer["access_token"])
    client.refused("HANDLE_SPENT", "RedeemHandle", TOOL, handle=handle)


def test_a_challenge_is_read_and_met(client, provider):
    outcome = client.refused("INTERACTION_REQUIRED", "GetToken", **expenses(provider.token("carol")))
    metadata = outcome["ErrorInfo"]["metadata"]
    assert metadata["provider_code"] == "AADSTS50076"
    assert "access_token" in json.loads(metadata["claims"])
    client.get("GetToken", **expenses(provider.token("carol", claims=metadata["claims"])))


def test_a_field_that_is_wrong_is_named(client, alice):
    outcome = client.call("GetToken", **{**expenses(alice), "scopes": [""]})
    assert outcome["code"] == "INVALID_ARGUMENT"
    assert outcome["ErrorInfo"]["reason"] == "REQUEST_INVALID"
    assert outcome["ErrorInfo"]["metadata"]["field"] == "scopes"
    assert "RetryInfo" not in outcome


def test_when_to_try_again_is_read(new_stage, new_provider, callers):
    provider = new_provider()
    stage = new_stage(provider).start()
    token = provider.token("alice")
    provider.stop()
    outcome = Client(stage, callers).refused("KEYS_UNAVAILABLE", "GetToken", **expenses(token))
    assert seconds_of(outcome["RetryInfo"]["retry_delay"]) > 0
    stage.stop()


def seconds_of(delay):
    """As protobuf's JSON has it, or as a message."""
    if isinstance(delay, str):
        return float(delay.removesuffix("s"))
    return int(delay.get("seconds", 0)) + delay.get("nanos", 0) / 1e9
