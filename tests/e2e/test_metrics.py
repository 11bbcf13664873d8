"""The numbers: where they are served, and that they move with what is done."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from conftest import SOURCE
from metrics import Numbers, Watch, free_address, scrape
from waiting import BEHALFD, eventually


@pytest.fixture(scope="module")
def own_provider(new_provider):
    return new_provider()


@pytest.fixture(scope="module")
def measured(new_stage, own_provider):
    """A stage whose daemon has metrics; `.metrics` is where."""
    stage = new_stage(own_provider)
    stage.metrics = free_address()
    stage.numbers = lambda: Numbers(scrape(stage.metrics))
    anchors = [{"file": f"{stage.folder}/heads.jsonl"}]
    documents = stage.documents(metrics=stage.metrics, audit={"anchors": anchors})
    documents[0]["spec"]["traces"] = {"otlp": {"url": "http://127.0.0.1:1/v1/traces"}}
    secret = next(d for d in documents if d["metadata"]["name"] == "invoice-assistant")
    secret["spec"]["credential"]["secret"]["expiresAt"] = "2036-01-01T00:00:00Z"
    stage.start(documents)
    yield stage
    stage.stop()


def differing(stage):
    numbers = stage.numbers()
    return numbers.of("behalf_documents_differ") == 1 and numbers


@pytest.fixture
def token(own_provider):
    return own_provider.token("alice")


@pytest.fixture
def watch(measured):
    return Watch(measured.metrics)


def expenses(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def test_an_exchange_and_a_hit(measured, token, watch):
    measured.expenses(token)
    names = {"provider": "contoso", "blueprint": "invoice-assistant", "api": "expenses"}
    assert watch.moved("behalf_granted_total", event="token_issued", cached="false") == 1
    assert watch.moved("behalf_exchanges_total", outcome="OK", **names) == 1
    assert watch.moved("behalf_exchange_duration_seconds_count", provider="contoso") == 1
    assert watch.moved("behalf_cache_entries", cache="tokens") == 1
    assert watch.moved("behalf_cache_bytes", cache="tokens") > 1000
    assert watch.moved("behalf_cache_entries", cache="subjects") == 1

    measured.expenses(token)
    assert watch.moved("behalf_granted_total", event="token_issued", cached="true") == 1
    assert watch.moved("behalf_granted_total") == 2
    assert watch.moved("behalf_exchanges_total") == 1
    assert watch.moved("behalf_refused_total") == 0


def test_a_handle_and_its_redemption(measured, token, watch):
    handle = measured.handle(token)
    measured.tool.get("RedeemHandle", handle=handle)
    assert watch.moved("behalf_granted_total", event="handle_created") == 1
    assert watch.moved("behalf_granted_total", event="handle_redeemed") == 1


def test_a_denial(measured, token, watch):
    measured.agent.refused(
        "SCOPE_NOT_ALLOWED", "GetToken", **expenses(token), scopes=["Expenses.Approve"]
    )
    labels = {"reason": "SCOPE_NOT_ALLOWED", "code": "PERMISSION_DENIED", "move": "caller"}
    assert watch.moved("behalf_refused_total", **labels) == 1
    assert watch.moved("behalf_refused_total") == 1
    assert watch.moved("behalf_exchanges_total") == 0


def test_a_provider_that_throttles(measured, own_provider, token, watch):
    own_provider.admin("POST", "faults", code=90055, retryAfterSeconds=1, times=1)
    measured.agent.refused("PROVIDER_THROTTLED", "GetToken", **expenses(token))
    own_provider.admin("DELETE", "faults")
    assert watch.moved("behalf_refused_total", reason="PROVIDER_THROTTLED") == 1
    assert watch.moved("behalf_exchanges_total", outcome="PROVIDER_THROTTLED") == 1
    eventually("it is over", lambda: measured.agent.call("GetToken", **expenses(token))["ok"])


def test_what_operators_do(measured, watch):
    target = {"target": {"kind": "REVOCATION_KIND_AGENT", "name": "travel-bot"}}
    measured.operator.get("Revoke", **target, reason="a test")
    measured.operator.get("Restore", **target, reason="a test")
    measured.operator.get("ReloadCatalog")
    assert watch.moved("behalf_operations_total", event="revoked") == 1
    assert watch.moved("behalf_operations_total", event="restored") == 1
    assert watch.moved("behalf_operations_total", event="catalog_loaded") == 1


def test_revocations_and_handles(measured, own_provider, token, watch):
    target = {"target": {"kind": "REVOCATION_KIND_AGENT", "name": "travel-bot"}}
    measured.operator.get("Revoke", **target, reason="a test")
    assert watch.moved("behalf_revocations") == 1
    measured.operator.get("Restore", **target, reason="a test")
    assert watch.moved("behalf_revocations") == 0
    measured.handle(token)
    assert watch.moved("behalf_handles") == 1


def test_the_providers_answers_and_its_clock(measured, own_provider, token, watch):
    measured.expenses(token)
    assert watch.moved("behalf_provider_requests_total", provider="contoso", status="2xx") >= 1
    assert abs(measured.numbers().of("behalf_provider_clock_skew_seconds")) < 3
    assert measured.numbers().of("behalf_signing_keys", provider="contoso") >= 1
    assert measured.numbers().of("behalf_signing_keys_fetch_failed", provider="contoso") == 0
    own_provider.admin("POST", "clock", advanceSeconds=40)
    try:
        bob = own_provider.token("bob")
        assert measured.agent.call("GetToken", **expenses(bob))["ok"]
    finally:
        own_provider.admin("POST", "clock", advanceSeconds=-40)
    assert 37 < measured.numbers().of("behalf_provider_clock_skew_seconds") < 43


def test_the_catalog_and_its_blueprints(measured, watch):
    numbers = measured.numbers()
    digest = measured.operator.get("GetStatus")["catalog_digest"]
    assert numbers.of("behalf_catalog_info", digest=digest) == 1
    assert numbers.of("behalf_catalog_last_load_ok") == 1
    assert numbers.of("behalf_documents_differ") == 0
    assert abs(numbers.of("behalf_catalog_timestamp_seconds") - time.time()) < 600
    assert numbers.of("behalf_blueprint_enabled", blueprint="invoice-assistant") == 1
    expires = {"blueprint": "invoice-assistant", "kind": "secret"}
    assert numbers.of("behalf_credential_expiry_timestamp_seconds", **expires) == 2082758400

    before = measured.daemon.documents.read_text()
    measured.daemon.documents.write_text(before.replace("kind: Tool", "kind: Spoon"))
    measured.operator.get("ReloadCatalog")
    numbers = eventually("the documents were looked at", lambda: differing(measured))
    assert numbers.of("behalf_catalog_last_load_ok") == 0
    assert watch.moved("behalf_operations_total", event="catalog_refused") >= 1
    measured.daemon.documents.write_text(before)
    measured.operator.get("ReloadCatalog")
    assert measured.numbers().of("behalf_catalog_last_load_ok") == 1
    assert measured.numbers().of("behalf_documents_differ") == 0


@pytest.mark.root
def test_connections_that_are_refused(new_stage, provider):
    stage = new_stage(provider)
    address = free_address()
    stage.start(stage.documents(metrics=address, limits={"connectionsPerUser": 1}))
    watch = Watch(address)
    with socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
        first.connect(str(stage.daemon.socket("agents")))
        eventually("it is open", lambda: watch.moved("behalf_connections") == 1)
        second.connect(str(stage.daemon.socket("agents")))
        assert second.recv(1) == b""
        assert watch.moved("behalf_connections_refused_total") == 1
    stage.stop()


@contextlib.contextmanager
def unable_to_write(daemon):
    """No file of the daemon may grow."""
    limit = ["prlimit", f"--pid={daemon.process.popen.pid}", "--fsize="]
    subprocess.run([*limit[:-1], "--fsize=1:"], check=True)
    try:
        yield
    finally:
        subprocess.run([*limit[:-1], "--fsize=unlimited:"], check=True)


def health(stage):
    (outcome,) = stage.agent.order("Health", "Check", "agents", {})
    return {"0801": "serving", "0802": "not serving"}[outcome["answer"]["hex"]]


@pytest.mark.root
def test_a_record_that_cannot_be_written_is_told_by_health_until_it_can(measured, token, watch):
    assert health(measured) == "serving"
    with unable_to_write(measured.daemon):
        measured.agent.refused("AUDIT_UNAVAILABLE", "GetToken", **expenses(token))
        assert health(measured) == "not serving"
        (why,) = measured.operator.get("GetStatus")["not_serving_because"]
        assert str(measured.daemon.audit_file) in why
        assert measured.numbers().of("behalf_serving") == 0
        assert watch.moved("behalf_record_failures_total") >= 1
    measured.expenses(token)
    assert health(measured) == "serving"
    assert measured.operator.get("GetStatus")["not_serving_because"] == []
    assert measured.numbers().of("behalf_serving") == 1


def test_a_daemon_whose_blueprints_are_all_disabled_does_not_serve(new_stage, own_provider):
    stage = new_stage(own_provider)
    for secret in (stage.invoice_secret, stage.travel_secret):
        secret.write_text("")
    documents = stage.documents()
    documents = [d for d in documents if d["metadata"]["name"] != "forgetful-assistant"]
    stage.start(documents)
    assert health(stage) == "not serving"
    assert stage.operator.get("GetStatus")["not_serving_because"] == ["every blueprint is disabled"]
    stage.secret_file("travel", "travel-assistant-development-only")
    stage.operator.get("ReloadCatalog")
    assert health(stage) == "serving"
    stage.stop()


def test_only_the_page_is_there_and_it_is_only_read(measured):
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/healthz", 404),
        ("DELETE", "/metrics", 405),
    ):
        asked = urllib.request.Request(f"http://{measured.metrics}{path}", method=method)
        with pytest.raises(urllib.error.HTTPError, match=str(status)):
            urllib.request.urlopen(asked, timeout=30)


def test_a_port_that_is_taken_is_told_and_nothing_serves(new_stage, provider):
    stage = new_stage(provider)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        stage.daemon.write(stage.documents(metrics=address))
        argv = [BEHALFD, "--documents", stage.daemon.documents]
        done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"metrics.listen: {address} cannot be listened on: Address already in use" in done.stderr


def listening(daemon):
    """The TCP sockets that the daemon listens on."""
    proc = pathlib.Path(f"/proc/{daemon.process.popen.pid}")
    own = " ".join(os.readlink(fd) for fd in proc.joinpath("fd").iterdir())
    tables = proc.joinpath("net/tcp").read_text() + proc.joinpath("net/tcp6").read_text()
    rows = [row.split() for row in tables.splitlines()]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]


@pytest.mark.root
def test_without_the_key_nothing_listens(stage, measured):
    assert not listening(stage.daemon)
    assert len(listening(measured.daemon)) == 1


def test_promtool_has_nothing_to_say_of_the_names(measured):
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=scrape(measured.metrics),
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stdout + done.stderr


def rows():
    """docs/metrics.md: {metric: (type, labels)}"""
    row = re.compile(r"^\| `(behalf_[a-z_]+)` \| (\w+) \|([^|]*)\| .+ \|$", re.M)
    return {
        name: (kind, set(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in row.findall((SOURCE / "docs/metrics.md").read_text())
    }


def test_the_page_says_what_there_is(measured, token):
    measured.expenses(token)
    numbers = Numbers(scrape(measured.metrics))
    labels, told = numbers.labels(), rows()
    assert numbers.types() == {name: kind for name, (kind, _) in told.items()}
    assert {name: labels[name] for name in told} == {name: set(of) for name, (_, of) in told.items()}
    assert all(numbers.helps().values())
