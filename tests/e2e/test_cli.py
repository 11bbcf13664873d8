"""The operator's tool, in front of the daemon."""

import json
import os

import pytest

import documents
from clients import run_cli


@pytest.fixture
def cli(stage, root, secrets):
    def run(uid, *arguments):
        return run_cli(secrets, root, uid, *arguments)

    return run


@pytest.fixture
def desk(root, stage):
    """A folder that everybody may write to, and a way to hand files over."""
    folder = root / "desk"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o1777)
    return folder


def give(path, uid, text=None):
    """The file is this account's alone."""
    if text is not None:
        path.write_text(text)
    path.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(path, uid, uid)
    return path


def test_the_whole_chain_by_hand(stage, cli, desk, provider, secrets, alice):
    subject = give(desk / "alice.token", documents.AGENT, alice)
    handle, token = desk / "alice.handle", desk / "graph.token"
    flags = ["--tool", "mail-search", "--api", "graph", "--agent", "invoice-bot"]
    flags += ["--subject-token-file", subject, "--handle-file", handle]
    agents, tools = stage.daemon.socket("agents"), stage.daemon.socket("tools")
    created = cli(documents.AGENT, "handle", "create", "--socket", agents, *flags)
    assert created.returncode == 0, created.stderr
    secrets.keep(handle.read_text().strip())

    give(handle, documents.TOOL)
    flags = ["--handle-file", handle, "--token-file", token, "-o", "json"]
    redeemed = cli(documents.TOOL, "handle", "redeem", "--socket", tools, *flags)
    assert redeemed.returncode == 0, redeemed.stderr
    answer = json.loads(redeemed.stdout)
    assert answer["scopes"] == ["Mail.Read", "User.Read"]
    assert stage.daemon.line_of(answer["decision_id"])["event"] == "handle_redeemed"
    assert token.stat().st_mode & 0o777 == 0o600
    text = secrets.keep(token.read_text().strip())
    assert "Invoice 4711 is due" in provider.messages(text)


def test_a_token_is_not_printed_unless_asked_for(stage, cli, desk, alice):
    subject = give(desk / "for-expenses.token", documents.AGENT, alice)
    flags = ["--socket", stage.daemon.socket("agents"), "--subject-token-file", subject]
    flags += ["--api", "expenses", "--agent", "invoice-bot"]
    done = cli(documents.AGENT, "token", "get", *flags)
    assert done.returncode == 0
    assert "the token was dropped" in done.stderr


def test_a_refusal_is_one_object(stage, cli, desk, provider):
    subject = give(desk / "carol.token", documents.AGENT, provider.token("carol"))
    flags = ["--socket", stage.daemon.socket("agents"), "--subject-token-file", subject]
    flags += ["--api", "expenses", "--agent", "invoice-bot", "-o", "json"]
    done = cli(documents.AGENT, "token", "get", *flags)
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error["reason"] == "INTERACTION_REQUIRED"
    assert error["move"] == "user"
    assert json.loads(error["metadata"]["claims"])
    assert stage.daemon.line_of(error["decision_id"])["reason"] == error["reason"]


def test_the_status_of_a_daemon_in_good_order(stage, cli):
    done = cli(os.getuid(), "status", "--socket", stage.daemon.socket("admin"), "-o", "json")
    assert done.returncode == 0
    status = json.loads(done.stdout)
    assert all(blueprint["enabled"] for blueprint in status["blueprints"])


def test_the_status_of_a_disabled_blueprint_says_why(new_stage, cli):
    stage = new_stage()
    stage.invoice_secret.chmod(0o644)
    stage.start()
    done = cli(os.getuid(), "status", "--socket", stage.daemon.socket("admin"))
    stage.stop()
    assert done.returncode == 1
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("invoice-assistant")]
    assert "disabled" in row
    assert str(stage.invoice_secret) in row


def test_no_daemon_is_told_apart_from_a_refusal(cli, root):
    done = cli(os.getuid(), "status", "--socket", root / "nothing.sock")
    assert done.returncode == 3
    assert "nothing.sock" in done.stderr


@pytest.mark.root
def test_who_is_no_operator_reaches_nobody(stage, cli):
    done = cli(documents.AGENT, "status", "--socket", stage.daemon.socket("admin"))
    assert done.returncode == 3
    assert "CALLER_NOT_ADMIN" not in done.stderr


def test_the_documents_of_these_tests_are_valid(stage, cli):
    done = cli(os.getuid(), "blueprint", "validate", stage.daemon.documents)
    assert done.returncode == 0, done.stdout + done.stderr
