"""What a collector of traces is told, and what it is not."""

import sys
import time

import pytest
from collector import Collector, attributes
from metrics import Numbers, free_address, scrape
from waiting import eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
SERVER, CLIENT, ERROR = 2, 3, 2


@pytest.fixture(scope="module")
def collector(stubs):
    sys.path.insert(0, str(stubs))
    from otlp import trace_pb2

    made = Collector(trace_pb2.ExportTraceServiceRequest.FromString)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture(scope="module")
def told(new_stage, own_provider, collector):
    """A stage that tells the collector of traces that are brought."""
    stage = new_stage(own_provider)
    stage.metrics = free_address()
    stage.start(documents(stage, otlp={"url": collector.url}))
    yield stage
    stage.stop()


def documents(stage, **traces):
    made = stage.documents(metrics=stage.metrics)
    made[0]["spec"]["traces"] = traces
    return made


def ask(stage, token, header=None, **more):
    request = {"subject_token": token, "agent": "invoice-bot", "api": "expenses", **more}
    metadata = [["traceparent", header]] if header else []
    (outcome,) = stage.agent.order("TokenBroker", "GetToken", "agents", request, metadata=metadata)
    return outcome


def call_of(collector, decision):
    spans = collector.spans(behalf__decision_id=decision)
    return spans[0] if spans else None


def test_a_call_and_its_exchange_go_on_in_the_trace(told, own_provider, collector):
    token = own_provider.token("alice")
    decision = ask(told, token, f"00-{TRACE}-{SPAN}-01")["answer"]["decision_id"]
    call = eventually("the call is told", lambda: call_of(collector, decision))
    assert (call.trace_id.hex(), call.parent_span_id.hex()) == (TRACE, SPAN)
    assert (call.name, call.kind) == ("behalf.v1.TokenBroker/GetToken", SERVER)
    assert attributes(call) == {
        "rpc.system": "grpc", "rpc.service": "behalf.v1.TokenBroker", "rpc.method": "GetToken",
        "rpc.grpc.status_code": 0, "behalf.decision_id": decision, "behalf.event": "token_issued",
        "behalf.agent": "invoice-bot", "behalf.api": "expenses", "behalf.cached": False,
    }
    (exchange,) = [s for s in collector.spans(behalf__outcome="OK") if s.trace_id == call.trace_id]
    assert (exchange.name, exchange.kind) == ("exchange", CLIENT)
    assert exchange.parent_span_id == call.span_id
    assert call.start_time_unix_nano <= exchange.start_time_unix_nano
    assert exchange.start_time_unix_nano < exchange.end_time_unix_nano <= call.end_time_unix_nano
    assert abs(call.end_time_unix_nano / 1e9 - time.time()) < 60
    who = attributes(collector.resources()[0].resource)
    assert who["service.name"] == "behalfd" and who["service.version"]
    assert collector.types == {("/v1/traces", "application/x-protobuf")}


def test_a_hit_and_a_redemption_have_no_exchange(told, own_provider, collector):
    token, trace = own_provider.token("alice"), TRACE[::-1]
    ask(told, token)
    handle = told.handle(token)
    (outcome,) = told.tool.order(
        "ToolTokens", "RedeemHandle", "tools", {"handle": handle},
        metadata=[["traceparent", f"00-{trace}-{SPAN}-01"]],
    )
    hit = ask(told, token, f"00-{trace}-{SPAN}-01")["answer"]["decision_id"]
    call = eventually("the hit is told", lambda: call_of(collector, hit))
    assert attributes(call)["behalf.cached"] is True
    redeemed = outcome["answer"]["decision_id"]
    call = eventually("the redemption is told", lambda: call_of(collector, redeemed))
    assert call.name == "behalf.v1.ToolTokens/RedeemHandle"
    assert attributes(call)["behalf.tool"] == "mail-search"
    assert not [s for s in collector.spans(behalf__outcome="OK") if s.trace_id.hex() == trace]


def test_what_the_caller_does_not_keep_is_not_told(told, own_provider, collector):
    token = own_provider.token("alice")
    unkept = [ask(told, token, header)["answer"]["decision_id"]
              for header in (None, f"00-{TRACE}-{SPAN}-00", "nonsense")]
    kept = ask(told, token, f"00-{TRACE}-{SPAN}-01")["answer"]["decision_id"]
    eventually("the last is told", lambda: call_of(collector, kept))
    assert not any(call_of(collector, decision) for decision in unkept)


def test_a_span_says_no_more_than_it_may(told, own_provider, collector):
    token = own_provider.token("alice")
    wrong = ask(told, token, f"00-{TRACE}-{SPAN}-01", api=token[:60], agent="no-such-agent")
    refused = ask(told, "not.a.token", f"00-{TRACE}-{SPAN}-01")
    for outcome in (wrong, refused):
        assert not outcome["ok"]
        decision = outcome["metadata"]["decision_id"]
        call = eventually("the refusal is told", lambda: call_of(collector, decision))
        assert attributes(call)["behalf.reason"] == outcome["reason"]
        assert call.status.code != ERROR
    assert "behalf.api" not in attributes(call_of(collector, wrong["metadata"]["decision_id"]))
    assert "behalf.agent" not in attributes(call_of(collector, wrong["metadata"]["decision_id"]))
    told.secrets.printed(*(body.decode("latin-1") for body in collector.bodies))
    everything = b"".join(collector.bodies).decode("latin-1")
    line = told.daemon.audit(event="token_issued")[0]
    for private in (line["user"]["oid"], line["user"]["digest"], line["token"]["digest"]):
        assert private not in everything


def test_nobody_waits_for_a_collector_that_is_away(told, own_provider, collector):
    token = own_provider.token("alice")
    collector.status = 503
    decision = ask(told, token, f"00-{TRACE}-{SPAN}-01")["answer"]["decision_id"]
    eventually("it fails", lambda: "spans are not told to" in told.daemon.log_text())
    assert ask(told, token, f"00-{TRACE}-{SPAN}-01")["ok"]
    collector.status = 200
    eventually("it is told later", lambda: call_of(collector, decision), seconds=60)
    numbers = Numbers(scrape(told.metrics))
    assert numbers.of("behalf_spans_sent_total") > 0 == numbers.of("behalf_spans_dropped_total")
    assert told.daemon.log_text().count("spans are not told to") == 1


def test_what_waits_is_told_at_the_end(new_stage, provider, collector, alice):
    stage = new_stage(provider)
    stage.metrics = free_address()
    stage.start(documents(stage, otlp={"url": collector.url}, oneIn=1))
    decision = ask(stage, alice)["answer"]["decision_id"]
    stage.stop()
    call = call_of(collector, decision)
    assert call.trace_id.hex() == decision and call.parent_span_id == b""
