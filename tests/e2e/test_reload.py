"""Documents and secrets that change under a running daemon."""

import json
import os
import pathlib
import re
import signal
import subprocess

import pytest

import documents
from clients import run_cli
from waiting import BEHALF, eventually


@pytest.fixture
def own(new_stage):
    """A daemon on a directory of documents, not started yet."""
    stage = new_stage()
    stage.daemon.documents = stage.folder / "documents"
    stage.daemon.documents.mkdir()
    yield stage
    stage.stop()
    stage.secrets.printed(stage.daemon.audit_file.read_text())


def without_expenses(contents):
    """The same documents, but that invoice-bot may not reach expenses."""
    changed = json.loads(json.dumps(contents))
    for document in changed:
        if document["metadata"]["name"] == "invoice-assistant":
            allow = document["spec"]["allow"]
            document["spec"]["allow"] = [line for line in allow if line["api"] != "expenses"]
    return changed


def digest(stage):
    return stage.operator.get("GetStatus")["catalog_digest"]


def other_digest(stage, than):
    return eventually("another catalog", lambda: (now := digest(stage)) != than and now)


def replace(path, text):
    """In one step."""
    fresh = path.parent / (path.name + ".new")
    fresh.write_text(text)
    fresh.rename(path)


def is_allowed(stage, token):
    request = {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}
    outcome = stage.agent.call("GetToken", **request)
    assert outcome["ok"] or outcome["reason"] == "NOT_ALLOWED", outcome
    return outcome["ok"]


def test_sighup_loads_the_documents(own, alice):
    own.daemon.flags = ["--no-watch"]
    own.start()
    before = own.operator.get("GetStatus")
    assert "--no-watch" in before["watch_problem"]
    assert is_allowed(own, alice)
    own.daemon.write(without_expenses(own.documents()))
    assert digest(own) == before["catalog_digest"]
    own.daemon.process.send(signal.SIGHUP)
    after = other_digest(own, before["catalog_digest"])
    assert not is_allowed(own, alice)
    status = own.operator.get("GetStatus")
    assert status["last_load"]["trigger"] == "CATALOG_TRIGGER_SIGNAL"
    assert status["started_at"] == before["started_at"]
    (line,) = own.daemon.audit(event="catalog_loaded")
    assert (line["catalog_digest"], line["trigger"]) == (after, "signal")


def test_a_changed_file_is_noticed(own, alice):
    own.start()
    first = digest(own)
    assert own.operator.get("GetStatus")["watch_problem"] == ""
    text = documents.text_of(without_expenses(own.documents()))
    replace(own.daemon.documents / "all.yaml", text)
    second = other_digest(own, first)
    assert not is_allowed(own, alice)
    own.daemon.write(own.documents())  # in place
    assert other_digest(own, second) == first
    assert is_allowed(own, alice)
    history = own.operator.get("ListCatalogs")["catalogs"]
    assert [c["digest"] for c in history] == [first, second, first]
    assert [c["trigger"] for c in history] == ["CATALOG_TRIGGER_WATCH"] * 2 + [
        "CATALOG_TRIGGER_START"
    ]


def test_the_swap_of_a_mounted_config_map_is_noticed(own):
    folder = own.daemon.documents
    contents = own.documents()
    for version, documents_of in (("..1", contents), ("..2", without_expenses(contents))):
        (folder / version).mkdir()
        for number, document in enumerate(documents_of):
            text = documents.text_of([document])
            (folder / version / f"{number}.yaml").write_text(text)
    (folder / "..data").symlink_to("..1")
    for number in range(len(contents)):
        (folder / f"{number}.yaml").symlink_to(f"..data/{number}.yaml")
    own.daemon.start()
    first = digest(own)
    (folder / "..data_tmp").symlink_to("..2")
    (folder / "..data_tmp").rename(folder / "..data")
    other_digest(own, first)
    assert len(own.daemon.audit(event="catalog_loaded")) == 1
    assert not own.daemon.audit(event="catalog_refused")


def test_a_set_that_does_not_load_changes_nothing_and_says_why(own, root, secrets, alice):
    own.start()
    first = digest(own)
    file = own.daemon.documents / "all.yaml"
    good = file.read_text()
    replace(file, good[: len(good) // 2])

    def cli(*arguments):
        socket = own.daemon.socket("admin")
        return run_cli(secrets, root, os.getuid(), *arguments, "--socket", socket)

    eventually("the refusal", lambda: own.daemon.audit(event="catalog_refused"))
    assert is_allowed(own, alice)
    status = eventually(
        "the status tells", lambda: (s := cli("status", "-o", "json")).returncode == 1 and s
    )
    status = json.loads(status.stdout)
    assert status["catalog_digest"] == first
    assert status["documents_differ"] is True
    assert status["last_load"]["trigger"] == "watch"
    assert str(file) in status["last_load"]["issues"][0]

    done = cli("catalog", "reload")
    assert done.returncode == 1
    assert "all.yaml:" in done.stderr and "help:" in done.stderr
    assert "all.yaml:" in own.daemon.log_text()
    line = own.daemon.audit(event="catalog_refused", trigger="admin")[-1]
    assert line["caller"]["uid"] == os.getuid()
    assert line["catalog_digest"] == first
    replace(file, good)
    eventually("all is well", lambda: cli("status").returncode == 0)


def test_what_needs_a_restart_is_refused_and_says_so(own):
    own.start()
    first = digest(own)
    own.daemon.write(own.documents(limits={"handles": 5}))
    answer = own.operator.get("ReloadCatalog")
    assert answer["taken"] is False
    assert "spec.limits" in answer["issues"][0] and "restart" in answer["issues"][0]
    assert answer["catalog_digest"] == first == digest(own)


def test_going_back_to_an_earlier_catalog(own, root, secrets, alice):
    def cli(*arguments):
        socket = own.daemon.socket("admin")
        return run_cli(secrets, root, os.getuid(), *arguments, "--socket", socket)

    own.start()
    first = digest(own)
    own.daemon.write(without_expenses(own.documents()))
    second = own.operator.get("ReloadCatalog")["catalog_digest"]
    assert second != first and not is_allowed(own, alice)

    done = cli("catalog", "rollback", first[:8])
    assert done.returncode == 0, done.stderr
    assert is_allowed(own, alice)
    assert own.operator.get("GetStatus")["documents_differ"] is True
    (line,) = own.daemon.audit(event="catalog_rolled_back")
    assert line["caller"]["uid"] == os.getuid()
    history = json.loads(cli("catalog", "history", "-o", "json").stdout)["catalogs"]
    assert [entry["digest"] for entry in history] == [first, second, first]
    assert history[0]["trigger"] == "rollback"

    # An event without a change is not a change.
    os.utime(own.daemon.documents / "all.yaml")
    refusal = own.operator.refused("REQUEST_INVALID", "RollbackCatalog", digest="0" * 8)
    assert refusal.metadata["field"] == "digest"
    assert cli("catalog", "rollback", first[:7]).returncode == 1
    assert digest(own) == first

    assert cli("catalog", "reload").returncode == 0
    assert digest(own) == second
    assert own.operator.get("GetStatus")["documents_differ"] is False


def travel(stage, provider):
    """An exchange: what the agent gets is never reused."""
    token = provider.token("alice", documents.FOR_TRAVEL)
    request = {"subject_token": token, "agent": "travel-bot", "api": "graph"}
    return stage.agent.call("GetToken", **request)


def test_a_replaced_secret_counts_from_the_next_exchange(own, provider):
    good = own.travel_secret.read_text()
    own.start()
    assert travel(own, provider)["ok"]
    own.secret_file("next", "not-the-secret-of-travel").rename(own.travel_secret)
    assert travel(own, provider)["reason"] == "CREDENTIAL_REFUSED"
    own.secret_file("next", good.strip()).rename(own.travel_secret)
    assert travel(own, provider)["ok"]


def test_a_broken_secret_keeps_the_old_one_and_says_so(own, provider):
    own.start()

    def problems():
        status = own.operator.get("GetStatus")
        (row,) = [b for b in status["blueprints"] if b["name"] == "travel-assistant"]
        assert row["enabled"]
        return row["problems"]

    assert travel(own, provider)["ok"] and not problems()
    good = own.travel_secret.read_text()
    own.travel_secret.unlink()
    assert travel(own, provider)["ok"]
    assert "old credential" in problems()[0] and str(own.travel_secret) in problems()[0]
    assert own.operator.get("ReloadCatalog")["taken"]
    assert travel(own, provider)["ok"] and problems()
    assert "goes on with its old credential" in own.daemon.log_text()
    own.secret_file("next", good.strip()).rename(own.travel_secret)
    assert travel(own, provider)["ok"] and not problems()


def test_a_secret_that_is_put_right_enables_its_blueprint(own, provider):
    own.travel_secret.chmod(0o644)
    own.start()
    assert travel(own, provider)["reason"] == "BLUEPRINT_DISABLED"
    own.travel_secret.chmod(0o600)
    eventually("the blueprint is enabled", lambda: travel(own, provider)["ok"])


def test_the_commands_of_the_documentation(own):
    page = pathlib.Path(__file__).resolve().parents[2] / "docs/reload.md"
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S)
    commands = "".join(blocks).splitlines()
    assert len(commands) >= 4
    own.start()
    own.daemon.write(without_expenses(own.documents()))
    path = f"{BEHALF.parent}:{os.environ['PATH']}"
    socket = str(own.daemon.socket("admin"))
    for command in commands:
        environment = {**os.environ, "PATH": path, "BEHALF_SOCKET": socket}
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert own.operator.get("ListCatalogs")["catalogs"][0]["trigger"] == "CATALOG_TRIGGER_ROLLBACK"


def test_who_is_admin_follows_the_documents(own, root, secrets):
    own.start()
    contents = own.documents()
    contents[0]["spec"]["admin"]["callers"] = [documents.unix("admin", documents.STRANGER)]
    own.daemon.write(contents)
    eventually("the reload", lambda: own.daemon.audit(event="catalog_loaded"))
    done = run_cli(secrets, root, os.getuid(), "status", "--socket", own.daemon.socket("admin"))
    assert done.returncode == 3
    own.daemon.write(own.documents())
    eventually("the reload", lambda: len(own.daemon.audit(event="catalog_loaded")) == 2)
    assert digest(own)
