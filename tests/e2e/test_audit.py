"""The record: no token without it."""

import json
import os
import signal
import socket
import subprocess

import pytest

from waiting import BEHALF, eventually

DISK_FULL = int(os.environ.get("BEHALF_DISK_FULL", "10"))


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    yield stage
    stage.stop()
    stage.secrets.printed(stage.daemon.audit_file.read_text())


def test_a_new_file_is_begun_when_the_old_one_was_renamed(own_stage, alice):
    own_stage.start()
    own_stage.expenses(alice)
    daemon = own_stage.daemon
    old = daemon.audit_file.rename(daemon.folder / "audit-1.jsonl")
    daemon.process.send(signal.SIGUSR1)
    eventually("a new audit file", lambda: daemon.audit_file.exists() and daemon.audit())
    length = len(old.read_text())
    own_stage.expenses(alice)
    assert [line["event"] for line in daemon.audit()] == ["reopened", "token_issued"]
    assert len(old.read_text()) == length
    assert daemon.audit_file.stat().st_mode & 0o777 == 0o600


def test_the_daemons_start_and_end_are_recorded(own_stage):
    own_stage.start()
    digest = own_stage.operator.get("GetStatus")["catalog_digest"]
    own_stage.stop()
    first, last = own_stage.daemon.audit()
    assert (first["event"], first["catalog_digest"]) == ("started", digest)
    assert last["event"] == "stopped"


def verify(stage, *files, negative=False):
    """What `behalf audit verify` says."""
    key = stage.daemon.folder / "state/audit-head.pub"
    line = [BEHALF, "audit", "verify", "--key", key, "-o", "json", *files]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == negative, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_record_can_be_verified_by_somebody_else(own_stage, alice):
    own_stage.start()
    own_stage.expenses(alice)
    daemon = own_stage.daemon
    old = daemon.audit_file.rename(daemon.folder / "audit-1.jsonl")
    daemon.process.send(signal.SIGUSR1)
    eventually("a new audit file", lambda: daemon.audit_file.exists() and daemon.audit())
    own_stage.expenses(alice)
    own_stage.stop()
    own_stage.start()
    own_stage.stop()
    answer = verify(own_stage, old, daemon.audit_file)
    assert (answer["fits"], answer["unsigned"], len(answer["begins"])) == (True, 0, 1)
    assert answer["heads"] == 5  # of each start and each end, and of the rotation

    lines = daemon.audit_file.read_text().splitlines(keepends=True)
    (at,) = [i for i, line in enumerate(lines) if '"token_issued"' in line]
    daemon.audit_file.write_text("".join(lines).replace("invoice-bot", "invoice-bat"))
    fault = verify(own_stage, old, daemon.audit_file, negative=True)["fault"]
    assert (fault["file"], fault["line"]) == (str(daemon.audit_file), at + 1)
    daemon.audit_file.write_text("".join(lines[:at] + lines[at + 1 :]))
    assert verify(own_stage, old, daemon.audit_file, negative=True)["fault"]


@pytest.fixture
def small_disk(root):
    """A file system of a few pages."""
    yield from mounted(root / "small-disk", "48k")


@pytest.fixture
def disk(root):
    """One with room for the record of some thousand answers."""
    yield from mounted(root / "disk", "32m")


def mounted(folder, size):
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder]
    if subprocess.run(command, capture_output=True).returncode != 0:
        folder.rmdir()
        pytest.skip("needs to be able to mount")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(path):
    with open(path, "wb", buffering=0) as file:
        for block in (bytes(1 << 20), bytes(1 << 10)):
            try:
                while True:
                    file.write(block)
            except OSError:
                continue


@pytest.mark.root
def test_no_token_leaves_while_the_record_cannot_be_written(small_disk, own_stage, alice):
    daemon = own_stage.daemon
    daemon.audit_file = small_disk / "audit.jsonl"
    own_stage.start(own_stage.documents(audit_file=daemon.audit_file))
    own_stage.expenses(alice)
    ballast = small_disk / "ballast"
    fill(ballast)

    request = {"subject_token": alice, "agent": "invoice-bot", "api": "expenses"}

    def disk_is_full():
        outcome = own_stage.agent.call("GetToken", **request)
        return not outcome["ok"] and outcome["reason"] == "AUDIT_UNAVAILABLE"

    eventually("the disk is full", disk_is_full)
    own_stage.agent.refused("AUDIT_UNAVAILABLE", "GetToken", **request)
    handle = {**request, "api": "graph", "tool": "mail-search"}
    own_stage.agent.refused("AUDIT_UNAVAILABLE", "CreateHandle", **handle)

    ballast.unlink()
    outcome = own_stage.agent.call("GetToken", **request)
    assert outcome["ok"]
    lines = daemon.audit_file.read_text().splitlines()
    *_, last = (line for line in lines if '"event":"head"' not in line)
    assert outcome["answer"]["decision_id"] in last


@pytest.mark.root
def test_a_handle_whose_redemption_cannot_be_recorded_stays_open(small_disk, own_stage, alice):
    daemon = own_stage.daemon
    daemon.audit_file = small_disk / "audit.jsonl"
    own_stage.start(own_stage.documents(audit_file=daemon.audit_file))
    handle = own_stage.handle(alice)
    ballast = small_disk / "ballast"
    fill(ballast)
    request = {"subject_token": alice, "agent": "invoice-bot", "api": "expenses"}
    eventually(
        "the disk is full", lambda: not own_stage.agent.call("GetToken", **request)["ok"]
    )
    own_stage.tool.refused("AUDIT_UNAVAILABLE", "RedeemHandle", handle=handle)
    ballast.unlink()
    outcome = own_stage.tool.call("RedeemHandle", handle=handle)
    assert outcome["ok"], outcome


@pytest.mark.root
def test_full_disks_are_on_record_and_no_token_is_missing(disk, own_stage, alice):
    """As often as it is wished; the service goes on by itself each time."""
    daemon = own_stage.daemon
    daemon.audit_file = disk / "audit.jsonl"
    own_stage.start(own_stage.documents(audit_file=daemon.audit_file))
    request = {"subject_token": alice, "agent": "invoice-bot", "api": "expenses"}
    answered, refused = [], 0
    for _ in range(DISK_FULL):
        fill(disk / "ballast")
        for _ in range(100):
            outcome = own_stage.agent.call("GetToken", **request)
            if not outcome["ok"]:
                assert outcome["reason"] == "AUDIT_UNAVAILABLE"
                break
            answered.append(outcome["answer"]["decision_id"])
        assert not outcome["ok"], "the disk does not become full"
        refused += 1
        (disk / "ballast").unlink()
        outcome = own_stage.agent.call("GetToken", **request)
        assert outcome["ok"], outcome
        answered.append(outcome["answer"]["decision_id"])
    own_stage.stop()

    lines = [json.loads(line) for line in daemon.audit_file.read_text().splitlines()
             if line.endswith('"}')]
    recorded = {line.get("decision_id") for line in lines}
    assert [one for one in answered if one not in recorded] == []
    resumed = [line for line in lines if line["event"] == "resumed"]
    assert len(resumed) == len([line for line in lines if line["event"] == "unwritable"]) == refused
    assert sum(line["suppressed"] for line in resumed) == refused
    assert verify(own_stage, daemon.audit_file)["fits"]
    print(f"{refused} full disks, {len(answered)} tokens, each on record")


@pytest.mark.root
def test_what_is_revoked_while_the_disk_is_full_is_on_record(disk, own_stage, alice):
    daemon = own_stage.daemon
    daemon.audit_file = disk / "audit.jsonl"
    own_stage.start(own_stage.documents(audit_file=daemon.audit_file))
    request = {"subject_token": alice, "agent": "invoice-bot", "api": "expenses"}
    fill(disk / "ballast")
    eventually("a full disk", lambda: not own_stage.agent.call("GetToken", **request)["ok"])
    line = [BEHALF, "revoke", "agent", "invoice-bot", "--reason", "incident 4711",
            "--socket", daemon.folder / "admin.sock"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "not on record" not in done.stderr
    own_stage.daemon.process.stop(signal.SIGKILL)
    (disk / "ballast").unlink()
    own_stage.daemon.start()
    assert own_stage.agent.call("GetToken", **request)["reason"] == "REVOKED"
    events = [line["event"] for line in map(json.loads, (
        line for line in daemon.audit_file.read_text().splitlines() if line.endswith('"}')))
        if line["event"] in ("unwritable", "revoked", "resumed", "started")]
    assert events[1:] == ["unwritable", "revoked", "resumed", "started"]
    own_stage.stop()
    assert verify(own_stage, daemon.audit_file)["fits"]


def test_records_are_synced_and_heads_are_anchored(own_stage, alice):
    daemon = own_stage.daemon
    heads, log = daemon.folder / "heads.jsonl", daemon.folder / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as syslog:
        syslog.bind(str(log))
        anchors = [{"file": str(heads)}, {"syslog": str(log)}, {"file": f"{daemon.folder}/none/x"}]
        own_stage.start(own_stage.documents(audit={"durability": "fsync", "anchors": anchors}))
        own_stage.expenses(alice)
        own_stage.stop()
        syslog.settimeout(10)
        message = syslog.recv(4096).decode()
    assert "is not kept in" in daemon.log_text()
    kept = heads.read_text().splitlines()
    assert len(kept) == 2 and message.endswith("]: " + kept[0])
    lines = daemon.audit_file.read_text().splitlines(keepends=True)
    assert [line.rstrip() for line in lines if '"event":"head"' in line] == kept
    assert verify(own_stage, "--anchors", heads, daemon.audit_file)["fits"]

    daemon.audit_file.write_text("".join(lines[:-1]))
    assert verify(own_stage, daemon.audit_file)["fits"], "the files alone cannot tell"
    fault = verify(own_stage, "--anchors", heads, daemon.audit_file, negative=True)["fault"]
    assert fault["line"] == len(lines) - 1


def test_the_record_is_for_the_daemons_account_only(stage):
    facts = os.stat(stage.daemon.audit_file)
    assert (facts.st_uid, facts.st_mode & 0o777) == (os.geteuid(), 0o600)
