"""The trace of a caller goes on in the record and at the provider."""

import pytest

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
AS_ENTRA_HAS_IT = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture(scope="module")
def traced(new_stage, own_provider):
    stage = new_stage(own_provider)
    stage.start()
    yield stage
    stage.stop()


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def ask(stage, token, *headers):
    metadata = [["traceparent", header] for header in headers]
    (outcome,) = stage.agent.order(
        "TokenBroker", "GetToken", "agents", expenses(token), metadata=metadata
    )
    assert outcome["ok"], outcome
    return stage.daemon.line_of(outcome["answer"]["decision_id"])


def test_the_record_and_the_provider_have_the_id_of_the_trace(traced, own_provider):
    line = ask(traced, own_provider.token("alice"), f"00-{TRACE}-{SPAN}-01")
    assert line["trace_id"] == TRACE
    assert line["correlation_ids"] == [AS_ENTRA_HAS_IT]
    assert len(own_provider.requests(correlation_id=AS_ENTRA_HAS_IT)) == 1


def test_a_hit_has_the_trace_of_who_asked(traced, own_provider):
    token = own_provider.token("alice")
    assert "trace_id" not in ask(traced, token)
    other = TRACE[::-1]
    assert ask(traced, token, f"00-{other}-{SPAN}-00")["trace_id"] == other


def test_a_redemption_has_the_trace_of_the_tool(traced, own_provider):
    handle = traced.handle(own_provider.token("alice"))
    (outcome,) = traced.tool.order(
        "ToolTokens", "RedeemHandle", "tools", {"handle": handle},
        metadata=[["traceparent", f"00-{TRACE}-{SPAN}-01"]],
    )
    assert traced.daemon.line_of(outcome["answer"]["decision_id"])["trace_id"] == TRACE


@pytest.mark.parametrize(
    "headers",
    (
        [f"00-{TRACE}-{SPAN}"],
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01"],
        ["x" * 4000],
    ),
)
def test_what_is_no_trace_is_ignored(traced, own_provider, headers):
    assert "trace_id" not in ask(traced, own_provider.token("alice"), *headers)
