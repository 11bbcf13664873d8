"""A provider that is away for a while: dead, or taking connections and saying nothing."""

import contextlib
import signal
import time

import pytest

from metrics import Numbers, free_address, scrape
from waiting import eventually, patience

AWAY = 5  # seconds
INTERVAL = 1  # between probes, at least
BACK_WITHIN = 2
OPENS = 5  # requests in a row without an answer


@contextlib.contextmanager
def dead(provider):
    provider.process.stop(signal.SIGKILL)
    yield
    provider.start_again()


@contextlib.contextmanager
def silent(provider):
    """Connections to it are accepted by the kernel, and nothing is answered."""
    provider.process.send(signal.SIGSTOP)
    yield
    provider.process.send(signal.SIGCONT)


@pytest.fixture
def own_provider(new_provider):
    return new_provider()


@pytest.fixture
def own_stage(new_stage, own_provider):
    stage = new_stage(own_provider)
    stage.metrics = free_address()
    stage.start(stage.documents(metrics=stage.metrics, limits={"exchangeTimeout": "1s"}))
    yield stage
    stage.stop()


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def circuit(stage):
    (provider,) = stage.operator.get("GetStatus")["providers"]
    return provider


def numbers(stage):
    return Numbers(scrape(stage.metrics))


def sent_in_vain(stage):
    return numbers(stage).of("behalf_provider_requests_total", status="none")


def lines(stage, text):
    return [line for line in stage.daemon.log_text().splitlines() if text in line]


def ask_together(stage, tokens):
    requests = [expenses(token) for token in tokens]
    stage.agent.send("TokenBroker", "GetToken", "agents", None, requests=requests)
    return stage.agent.outcomes()


def quick_refusal(stage, token):
    """Whether it was refused before anything was sent; such a refusal comes at once."""
    begun = time.monotonic()
    outcome = stage.agent.call("GetToken", **expenses(token))
    took = time.monotonic() - begun
    assert outcome["reason"] == "PROVIDER_UNAVAILABLE"
    assert 0 < outcome["retry_after"] < BACK_WITHIN
    if "correlation_id" in outcome["metadata"]:
        return False
    assert took < 0.5 * patience()
    return True


def when_served(stage, token):
    """By a client that waits for as long as it is told."""
    while not (outcome := stage.agent.call("GetToken", **expenses(token)))["ok"]:
        assert outcome["reason"] == "PROVIDER_UNAVAILABLE"
        time.sleep(outcome["retry_after"])
    return time.monotonic()


@pytest.mark.parametrize("away", [dead, silent])
def test_cached_tokens_are_served_and_nobody_waits(own_stage, own_provider, away):
    kept, asked, *fresh = [own_provider.token("alice") for _ in range(OPENS + 12)]
    answer = own_stage.expenses(kept)
    with away(own_provider):
        refused = ask_together(own_stage, fresh[:OPENS])
        assert {outcome["reason"] for outcome in refused} == {"PROVIDER_UNAVAILABLE"}
        status = eventually("the circuit opens", lambda: has_opened(own_stage))
        assert status["next_probe_at"] and status["circuit_problem"]
        assert numbers(own_stage).of("behalf_provider_circuit_open", provider="contoso") == 1

        begun, before, quick = time.monotonic(), sent_in_vain(own_stage), 0
        while time.monotonic() - begun < AWAY:
            assert own_stage.expenses(kept)["access_token"] == answer["access_token"]
            quick += quick_refusal(own_stage, asked)
        lasted = time.monotonic() - begun
        # A probe of before may fail in this time.
        assert 1 <= sent_in_vain(own_stage) - before <= lasted / INTERVAL + 2
        assert quick > AWAY

    back = time.monotonic()
    assert when_served(own_stage, asked) - back < BACK_WITHIN * patience()
    for outcome in ask_together(own_stage, fresh):
        assert outcome["ok"], outcome
    assert "circuit_open_since" not in circuit(own_stage)
    assert numbers(own_stage).of("behalf_provider_circuit_open", provider="contoso") == 0
    assert len(lines(own_stage, "provider contoso does not answer")) == 1
    assert len(lines(own_stage, "provider contoso answers again")) == 1


def has_opened(stage):
    status = circuit(stage)
    return status.get("circuit_open_since") and status
