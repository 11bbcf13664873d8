"""What was revoked stays revoked: through the tool, kills, and a state that is not right."""

import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess

import pytest

import documents
from clients import run_cli
from tokens import claims_of
from waiting import BEHALF, eventually

SOURCE = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage().start()
    yield stage
    if stage.daemon.process.alive():
        stage.stop()


@pytest.fixture
def operate(own_stage, root, secrets):
    def run(*words, code=0):
        words = [*words, "--socket", own_stage.daemon.socket("admin"), "-o", "json"]
        done = run_cli(secrets, root, os.getuid(), *words)
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout) if done.stdout else done.stderr

    return run


def ask(token):
    return {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}


def revoke(operate, *words):
    return operate("revoke", *words, "--reason", "incident 4711")


def kill_and_start(stage):
    stage.daemon.process.stop(signal.SIGKILL)
    stage.daemon.start()


def test_an_agent_is_revoked_through_a_kill_until_it_is_restored(own_stage, operate, alice):
    own_stage.expenses(alice)
    answer = revoke(operate, "agent", "invoice-bot")
    assert answer["revocation"]["by"] == f"uid {os.getuid()} on admin"
    for _ in range(2):
        refusal = own_stage.agent.refused("REVOKED", "GetToken", **ask(alice))
        assert "incident 4711" in refusal.line["detail"]
        assert "incident 4711" not in refusal.message + str(refusal.metadata)
        kill_and_start(own_stage)
    (listed,) = operate("revocation", "list")["revocations"]
    assert (listed["kind"], listed["name"]) == ("agent", "invoice-bot")
    operate("restore", "agent", "invoice-bot", "--reason", "it was nothing")
    own_stage.expenses(alice)
    kill_and_start(own_stage)
    own_stage.expenses(alice)
    assert operate("revocation", "list")["revocations"] == []
    (line,) = own_stage.daemon.audit(event="restored")
    assert line["revocation"]["reason"] == "it was nothing"


def test_the_answer_lists_the_tokens_that_are_out_there(own_stage, operate, alice):
    token = own_stage.expenses(alice)
    oid = claims_of(token["access_token"])["oid"]
    (listed,) = revoke(operate, "user", oid)["outstanding"]
    line = own_stage.daemon.line_of(token["decision_id"])
    assert listed["digest"] == line["token"]["digest"]
    assert listed["api"] == "expenses"
    own_stage.agent.refused("REVOKED", "GetToken", **ask(alice))
    # By the digests of the record, too.
    operate("restore", "user", oid)
    revoke(operate, "token", line["subject"]["digest"])
    own_stage.agent.refused("REVOKED", "GetToken", **ask(alice))


def test_a_handle_that_was_made_before_is_worth_nothing(own_stage, operate, alice):
    handle = own_stage.handle(alice)
    revoke(operate, "tool", "mail-search")
    own_stage.tool.refused("REVOKED", "RedeemHandle", handle=handle)
    operate("restore", "tool", "mail-search")
    own_stage.tool.get("RedeemHandle", handle=handle)


def test_names_that_are_not_known_are_refused_with_the_nearest(own_stage, operate):
    error = operate(
        "revoke", "agent", "invoice-bit", "--reason", "a slip of the hand", code=1)["error"]
    assert error["reason"] == "REQUEST_INVALID"
    assert "did you mean `invoice-bot`?" in error["message"]
    assert operate("restore", "all", code=1)["error"]["reason"] == "REQUEST_INVALID"


def refuses_to_start(stage):
    process = stage.daemon.launch()
    eventually("the daemon ends", lambda: not process.alive())
    assert process.stop() == 1
    assert not stage.daemon.socket("agents").exists()
    return process.log_text()


def test_a_state_that_is_older_than_the_record_is_refused(own_stage, operate, tmp_path):
    state = own_stage.folder / "state"
    own_stage.stop()
    shutil.copytree(state, tmp_path / "state")
    own_stage.daemon.start()
    revoke(operate, "all")
    own_stage.stop()
    shutil.copytree(state, tmp_path / "newer")

    shutil.rmtree(state)
    shutil.copytree(tmp_path / "state", state)
    said = refuses_to_start(own_stage)
    assert "is older (revision 0) than what the record" in said
    assert "(revision 1)" in said

    shutil.rmtree(state)
    shutil.copytree(tmp_path / "newer", state)
    own_stage.daemon.start()
    assert operate("revocation", "list")["revocations"]


def test_a_state_that_is_gone_is_refused_where_the_record_knows_of_one(own_stage, operate):
    revoke(operate, "all")
    own_stage.stop()
    for file in (own_stage.folder / "state").glob("state.db*"):
        file.unlink()
    assert "is older (revision 0)" in refuses_to_start(own_stage)


@pytest.mark.parametrize("harm, said", [
    (lambda file: file.write_bytes(b"SQLite format 3\0" + b"\x5a" * 8192), "is damaged"),
    (lambda file: make_newer(file), "run the newer one"),
])
def test_a_state_that_is_not_right_is_refused(own_stage, operate, harm, said):
    revoke(operate, "all")
    own_stage.stop()
    harm(own_stage.folder / "state/state.db")
    assert said in refuses_to_start(own_stage)


def make_newer(file):
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")


def test_explain_says_what_is_revoked_and_how_to_undo_it(own_stage, operate, alice):
    question = ["explain", "--caller-socket", "agents", "--caller-uid", documents.AGENT,
                "--agent", "invoice-bot", "--api", "expenses", "--subject-token-file"]
    file = own_stage.folder / "alice.jwt"
    file.write_text(alice)
    file.chmod(0o600)
    revoke(operate, "agent", "invoice-bot")
    answer = operate(*question, file, code=1)
    assert answer["reason"] == "REVOKED"
    assert "incident 4711" in str(answer["terms"])
    assert [edit["kind"] for edit in answer["edits"]] == ["restore"]


def test_the_commands_of_the_page(own_stage, alice):
    page = (SOURCE / "docs/revocation.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    environment = {**os.environ, "PATH": f"{BEHALF.parent}:{os.environ['PATH']}",
                   "BEHALF_SOCKET": str(own_stage.daemon.socket("admin"))}
    for command in (line for block in blocks for line in block.splitlines()):
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        if command.startswith("behalf revoke"):
            own_stage.agent.refused("REVOKED", "GetToken", **ask(alice))
    own_stage.expenses(alice)


def test_a_lost_state_is_made_anew_from_a_backup_and_the_record(own_stage, operate, alice, root, secrets):
    def state(*words):
        directory = ["--state-directory", own_stage.folder / "state", "-o", "json"]
        return run_cli(secrets, root, os.getuid(), "state", *words, *directory)

    record, backup = own_stage.daemon.audit_file, own_stage.folder / "state.backup"
    revoke(operate, "tool", "calendar")
    revoke(operate, "agent", "travel-bot")
    assert json.loads(state("backup", backup).stdout) == {"revision": 2, "revocations": 2}
    operate("restore", "tool", "calendar")
    revoke(operate, "agent", "invoice-bot")
    assert "does a behalfd run?" in state("restore", record).stderr
    listed = operate("revocation", "list")["revocations"]
    own_stage.stop()
    for file in (own_stage.folder / "state").glob("state.db*"):
        file.unlink()
    refuses_to_start(own_stage)

    for sources in ([record, "--backup", backup], [record]):
        made = state("restore", *sources)
        assert json.loads(made.stdout) == {"revision": 4, "revocations": 2}, made.stderr
        own_stage.daemon.start()
        own_stage.agent.refused("REVOKED", "GetToken", **ask(alice))
        again = operate("revocation", "list")["revocations"]
        assert [strip(one) for one in again] == [strip(one) for one in listed]
        own_stage.stop()

    # A record that begins later does not tell what was before.
    later = own_stage.folder / "later.jsonl"
    later.write_text("".join(record.read_text().splitlines(keepends=True)[-1:]))
    done = state("restore", later)
    assert done.returncode == 4
    assert "begins at revision 4, and the backup ends at 0" in done.stderr


def strip(revocation):
    """The record has the time when it was written."""
    return {name: revocation[name] for name in ("revision", "kind", "name", "reason", "by")}
