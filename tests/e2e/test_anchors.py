"""Heads of the record are kept by a server, whatever happens to it meanwhile."""

import json
import subprocess

import pytest
from metrics import Numbers, free_address, scrape
from receiver import PROGRAM, Receiver
from waiting import BEHALF, eventually

TOKEN = "a-token-for-heads"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs nginx")


@pytest.fixture
def receiver(root, secrets):
    made = Receiver(root / f"receiver-{len(list(root.glob('receiver-*')))}", TOKEN)
    secrets.keep_password(TOKEN)
    yield made
    made.stop()


@pytest.fixture
def own_stage(new_stage, receiver):
    stage = new_stage()
    stage.metrics = free_address()
    stage.of_daemon = {"metrics": stage.metrics, "audit": {"anchors": [receiver.anchor()]}}
    yield stage
    stage.stop()
    stage.secrets.printed(stage.daemon.log_text(), receiver.log.read_text())


def status(stage):
    (anchor,) = behalf(stage, "status")["audit"]["anchors"]
    return anchor


def behalf(stage, *words):
    line = [BEHALF, *words, "-o", "json", "--socket", stage.daemon.socket("admin")]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def verify(stage, receiver):
    key = stage.daemon.folder / "key.pem"
    line = [BEHALF, "audit", "verify", "--key", key, "--anchors", receiver.log, "-o", "json"]
    done = subprocess.run([*line, stage.daemon.audit_file], capture_output=True, text=True)
    return json.loads(done.stdout)


def failing(stage):
    return Numbers(scrape(stage.metrics)).of("behalf_anchor_failing", kind="http")


def test_the_heads_of_an_outage_reach_the_server_later(own_stage, receiver, alice):
    own_stage.start(own_stage.documents(**own_stage.of_daemon))
    eventually("it fails", lambda: failing(own_stage) == 1)
    anchor = status(own_stage)
    assert (anchor["kind"], anchor["place"]) == ("http", receiver.url)
    assert anchor["failing_since"] and "the server cannot be reached" in anchor["problem"]
    assert (anchor["waiting"], anchor["number"]) == (1, None)
    own_stage.expenses(alice)  # nobody waits for it

    receiver.start()
    eventually("it is kept", lambda: status(own_stage)["number"], seconds=60)
    anchor = status(own_stage)
    assert (anchor["failing_since"], anchor["problem"], anchor["waiting"]) == (None, "", 0)
    numbers = Numbers(scrape(own_stage.metrics))
    assert numbers.of("behalf_anchor_failing") == numbers.of("behalf_anchor_heads_waiting") == 0
    assert numbers.of("behalf_anchor_kept_timestamp_seconds", place=receiver.url) > 1.7e9
    log = own_stage.daemon.log_text()
    assert log.count("is not kept in") == log.count("are kept in") == 1

    key = behalf(own_stage, "audit", "key")
    (own_stage.daemon.folder / "key.pem").write_text(key["pem"])
    own_stage.stop()
    assert verify(own_stage, receiver)["fits"]
    text = receiver.log.read_text()
    assert "application/json" in text and text.count('"event":"head"') == 2

    lines = own_stage.daemon.audit_file.read_text().splitlines(keepends=True)
    own_stage.daemon.audit_file.write_text("".join(lines[:-1]))
    assert verify(own_stage, receiver)["fault"]["line"] == len(lines) - 1


def test_a_server_that_refuses_is_told_again_with_the_token_of_then(own_stage, receiver):
    receiver.token_file.write_text("another-token\n")
    receiver.start()
    own_stage.start(own_stage.documents(**own_stage.of_daemon))
    eventually("it fails", lambda: failing(own_stage) == 1)
    assert status(own_stage)["problem"] == "the server answered 401"
    receiver.token_file.write_text(TOKEN + "\n")
    eventually("it is kept", lambda: status(own_stage)["number"], seconds=60)


def test_the_key_is_told_by_the_daemon_and_by_its_state_alike(own_stage, receiver):
    receiver.start()
    own_stage.start(own_stage.documents(**own_stage.of_daemon))
    told = behalf(own_stage, "audit", "key")
    read = behalf(own_stage, "audit", "key", "--state-directory", own_stage.daemon.folder / "state")
    assert told == read
    assert told["pem"] == (own_stage.daemon.folder / "state/audit-head.pub").read_text()
    lines = own_stage.daemon.audit_file.read_text().splitlines()
    head = next(line for line in map(json.loads, lines) if line["event"] == "head")
    assert head["key"] == told["key"]
