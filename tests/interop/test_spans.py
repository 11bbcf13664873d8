"""OpenTelemetry's own messages read what the daemon tells a collector."""

import pytest
from collector import Collector
from waiting import eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"


@pytest.fixture(scope="module")
def collector():
    made = Collector(None)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def told(new_stage, collector):
    stage = new_stage()
    documents = stage.documents()
    documents[0]["spec"]["traces"] = {"otlp": {"url": collector.url}}
    stage.start(documents)
    yield stage
    stage.stop()


def test_the_spans_of_a_call_are_read(told, collector, new_judge, alice):
    request = {"subject_token": alice, "agent": "invoice-bot", "api": "expenses"}
    (outcome,) = told.agent.order(
        "TokenBroker", "GetToken", "agents", request,
        metadata=[["traceparent", f"00-{TRACE}-{SPAN}-01"]],
    )
    judge = new_judge("otlp.py")

    def heard():
        answers = [judge.ask(body=body.hex()) for body in collector.bodies]
        assert all(answer["ok"] for answer in answers), answers
        spans = {span["name"]: span for answer in answers for span in answer["spans"]}
        return len(spans) == 2 and (answers[0]["resource"], spans)

    resource, spans = eventually("the spans are told", heard)
    call, exchange = spans["behalf.v1.TokenBroker/GetToken"], spans["exchange"]
    assert resource["service.name"] == "behalfd"
    assert (call["trace_id"], call["parent"], call["kind"]) == (TRACE, SPAN, "SPAN_KIND_SERVER")
    assert call["attributes"]["behalf.decision_id"] == outcome["answer"]["decision_id"]
    assert call["attributes"]["behalf.cached"] is False
    assert (exchange["trace_id"], exchange["parent"]) == (TRACE, call["span_id"])
    assert (exchange["kind"], exchange["status"]) == ("SPAN_KIND_CLIENT", "STATUS_CODE_UNSET")
    assert 0 < exchange["nanoseconds"] <= call["nanoseconds"]
