"""What would be decided: asked of the daemon, of its documents, and enforced."""

import json
import os
import pty
import subprocess

import pytest

import documents
from clients import run_cli
from tokens import claims_of
from waiting import BEHALF

# What is asked, and the reason why not; None: it is allowed.
CASES = {
    "through a tool": (documents.AGENT, "mail-search", "graph", [], None),
    "by the agent itself": (documents.AGENT, None, "expenses", [], None),
    "a wrong scope": (documents.AGENT, None, "expenses", ["Expenses.Approve"], "SCOPE_NOT_ALLOWED"),
    "without the tool": (documents.AGENT, None, "graph", [], "HANDLE_REQUIRED"),
    "a policy denies": (documents.AGENT, "calendar", "graph", [], "POLICY_DENIED"),
    "a sign-in is wanted": (documents.AGENT, "fresh", "graph", [], "SIGN_IN_REQUIRED"),
    "nobody": (documents.STRANGER, "mail-search", "graph", [], "CALLER_UNKNOWN"),
}


def policy():
    rules = [
        {
            "name": "no-calendar",
            "because": "The calendar is closed.",
            "when": {"tool": {"any": ["calendar"]}},
            "then": {"deny": True},
        },
        {
            "name": "fresh-sign-in",
            "when": {"tool": {"any": ["fresh"]}},
            "then": {"signIn": {"authContext": "c9"}},
        },
    ]
    return documents.document("Policy", "house-rules", rules=rules)


@pytest.fixture(scope="module")
def house(new_stage):
    stage = new_stage()
    stage.start([*stage.documents(), policy()])
    yield stage
    stage.stop()


@pytest.fixture
def files(house, alice):
    """Alice by token and by claims."""
    token, claims = house.folder / "alice.jwt", house.folder / "alice.json"
    token.write_text(alice)
    claims.write_text(json.dumps(claims_of(alice)))
    return token, claims


def question(case):
    uid, tool, api, scopes, _ = CASES[case]
    flags = ["--caller-socket", "agents", "--caller-uid", uid, "--caller-gid", uid]
    flags += ["--agent", "invoice-bot", "--api", api]
    flags += ["--tool", tool] if tool else []
    return flags + [part for scope in scopes for part in ("--scope", scope)]


def request(case, token):
    _, tool, api, scopes, _ = CASES[case]
    asked = {"subject_token": token, "agent": "invoice-bot", "api": api, "scopes": scopes}
    return {**asked, "tool": tool} if tool else asked


def cli(secrets, root, *arguments):
    return run_cli(secrets, root, os.getuid(), *arguments)


def online(house, secrets, root, files, case, *more):
    where = ["--socket", house.daemon.socket("admin"), "--subject-token-file", files[0]]
    return cli(secrets, root, "explain", *where, *question(case), "-o", "json", *more)


@pytest.mark.parametrize("case", CASES)
def test_online_offline_and_enforced_agree(house, secrets, root, files, alice, case):
    if case == "nobody" and not documents.ROOT:
        pytest.skip("needs root, for clients of other accounts")
    uid, tool, _, _, reason = CASES[case]
    told = online(house, secrets, root, files, case)
    assert told.returncode == (0 if reason is None else 1), told.stdout + told.stderr
    answer = json.loads(told.stdout)
    assert (answer["allowed"], answer["reason"]) == (reason is None, reason)

    where = ["--documents", house.daemon.documents, "--claims", files[1]]
    offline = cli(secrets, root, "explain", *where, *question(case), "-o", "json")
    same = json.loads(offline.stdout)
    assert {**same, "decision_id": None} == {**answer, "decision_id": None}

    can = cli(secrets, root, "can-i", *where, *question(case))
    assert can.stdout == ("yes\n" if reason is None else f"no: {reason}\n")
    assert can.returncode == told.returncode

    method = "CreateHandle" if tool else "GetToken"
    caller = house.caller(uid)
    if reason is None:
        assert caller.get(method, **request(case, alice))["scopes"]
    else:
        caller.refused(reason, method, **request(case, alice))


def test_a_question_changes_nothing_and_is_on_record(house, secrets, root, files):
    before = len(house.provider.exchanges())
    answer = json.loads(online(house, secrets, root, files, "through a tool").stdout)
    line = house.daemon.line_of(answer["decision_id"])
    assert line["event"] == "explained"
    assert line["caller"]["socket"] == "admin"
    assert line["about"] == {"socket": "agents", "uid": documents.AGENT}
    assert line["tool"] == "mail-search"
    assert len(house.provider.exchanges()) == before


def test_an_agent_learns_the_reason_and_no_more(house, alice):
    order = ("TokenBroker", "Explain", "agents", request("a policy denies", alice))
    (outcome,) = house.caller(documents.AGENT).order(*order)
    assert outcome["ok"], outcome
    explanation = outcome["answer"]["explanation"]
    assert explanation["reason"] == "REASON_POLICY_DENIED"
    names = [(term["name"], term["verdict"]) for term in explanation["terms"]]
    assert names[-1] == ("policy", "VERDICT_FAILS")
    assert not any(term["text"] or "place" in term for term in explanation["terms"])
    assert not explanation["edits"] and not explanation["rules"] and not explanation["detail"]
    text = json.dumps(outcome["answer"])
    assert "no-calendar" not in text and "documents.yaml" not in text
    assert house.daemon.line_of(outcome["answer"]["decision_id"])["event"] == "explained"


@pytest.mark.root
def test_the_record_of_an_unknown_caller_names_the_nearest_selector(house, secrets, root, alice):
    stranger = house.caller(documents.STRANGER)
    refusal = stranger.refused("CALLER_UNKNOWN", "GetToken", **request("by the agent itself", alice))
    shown = cli(secrets, root, "audit", "show", refusal.decision_id[:12], "--socket",
                house.daemon.socket("admin"))
    assert shown.returncode == 0, shown.stderr
    assert "CALLER_UNKNOWN" in shown.stdout
    assert f"uid {documents.STRANGER}" in shown.stdout
    assert f"the nearest is {{socket: agents, user: {documents.AGENT}}}" in shown.stdout


def test_audit_show_finds_what_an_answer_names(house, secrets, root, alice):
    answer = house.agent.get("GetToken", **request("by the agent itself", alice))
    where = ["--file", house.daemon.audit_file]
    shown = cli(secrets, root, "audit", "show", answer["decision_id"], *where)
    assert shown.returncode == 0, shown.stderr
    for text in ("token_issued", "invoice-bot", "expenses", "Expenses.Read", "digest"):
        assert text in shown.stdout
    unknown = cli(secrets, root, "audit", "show", "0" * 32, *where)
    assert unknown.returncode == 1
    assert "no decision" in unknown.stderr


def on_terminal(argv, **environment):
    """What the command prints on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(argv, stdout=slave, stderr=slave, env={**os.environ, **environment})
    os.close(slave)
    text = b""
    try:
        while chunk := os.read(master, 4096):
            text += chunk
    except OSError:  # the other end was closed
        pass
    process.wait()
    os.close(master)
    return text


def test_colours_are_for_terminals(house, files):
    where = ["--documents", house.daemon.documents, "--claims", files[1]]
    argv = [str(part) for part in (BEHALF, "explain", *where, *question("through a tool"))]
    assert b"\x1b[" in on_terminal(argv, NO_COLOR="")
    assert b"\x1b[" not in on_terminal(argv, NO_COLOR="1")
    assert b"\x1b[" not in subprocess.run(argv, capture_output=True, check=False).stdout
