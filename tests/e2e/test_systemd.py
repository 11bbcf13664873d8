"""The units of deploy/systemd, started by a systemd of their own."""

import json

import pytest

import documents
import machine as machines
from waiting import BEHALFD, eventually, is_sanitized

CREDENTIAL = "/etc/behalf/credentials/invoice-assistant"
FILE = "/etc/behalf/invoice-assistant.secret"
FIRST = "invoice-assistant-development-only"
AGENTS = ("--socket", "/run/behalf/agents.sock")
ADMIN = ("--socket", "/run/behalf/admin.sock")

pytestmark = pytest.mark.skipif(
    is_sanitized(BEHALFD), reason="the unit's filter forbids what a sanitizer does"
)


@pytest.fixture(scope="module")
def own_provider(new_provider):
    """Its secrets change."""
    return new_provider()


@pytest.fixture(scope="module")
def machine(root, own_provider):
    """Booted, with the sample documents, and nobody has called yet."""
    if why := machines.why_not():
        pytest.skip(why)
    folder = root / "machine"
    folder.mkdir()
    made = machines.Machine(folder)
    for file in machines.SAMPLE.iterdir():
        made.write(f"etc/behalf/blueprints/{file.name}", machines.pointed(file, own_provider))
    made.write("etc/behalf/idp-ca.pem", own_provider.ca_file.read_text())
    made.write(CREDENTIAL.lstrip("/"), FIRST + "\n", mode=0o600)
    try:
        yield made.boot()
    finally:
        made.stop()


def handle(machine, provider, secrets):
    """What becomes of a fresh token of Alice's in the agent's hands."""
    token = provider.token("alice")
    done = machine.run(
        "behalf", "handle", "create", *AGENTS, "--tool", "mail-search", "--api", "graph",
        "--subject-token-file", "-", "-o", "json", user="invoice", input=token,
    )
    answer = json.loads(done.stdout) if done.stdout else done.stderr
    if "handle" in answer:
        secrets.keep(answer["handle"])
    secrets.printed(done.stderr)
    return answer


def redeem(machine, handle, user, secrets):
    done = machine.run(
        "behalf", "handle", "redeem", *AGENTS, "--handle-file", "-", "--show-token",
        "-o", "json", user=user, input=handle,
    )
    answer = json.loads(done.stdout) if done.stdout else done.stderr
    if "access_token" in answer:
        secrets.keep(answer["access_token"])
    secrets.printed(done.stderr)
    return answer


def test_the_first_call_starts_the_daemon_which_says_when_it_serves(machine, own_provider, secrets):
    assert machine.show("behalfd.service", "ActiveState") == "inactive"
    assert "handle" in handle(machine, own_provider, secrets)
    assert machine.show("behalfd.service", "ActiveState") == "active"
    status = machine.show("behalfd.service", "StatusText")
    assert status.startswith("serves 1 of 1 blueprints by catalog ")


def test_two_users_are_told_apart_on_the_inherited_socket(machine, own_provider, secrets):
    answer = handle(machine, own_provider, secrets)
    refused = redeem(machine, answer["handle"], "invoice", secrets)
    assert refused["error"]["reason"] == "CALLER_NOT_TOOL"
    granted = redeem(machine, answer["handle"], "mail-search", secrets)
    assert own_provider.messages(granted["access_token"])[0].startswith("Invoice 4711")
    stranger = redeem(machine, answer["handle"], "root", secrets)
    assert stranger["error"]["reason"] == "CALLER_UNKNOWN"

    record = [json.loads(line) for line in machine.read("/var/log/behalf/audit.jsonl").splitlines()]
    uids = {line["event"]: line["caller"]["uid"] for line in record if "caller" in line}
    assert uids["handle_created"] == int(machine.get("id", "-u", "invoice"))
    assert uids["handle_redeemed"] == int(machine.get("id", "-u", "mail-search"))


def test_operators_reach_the_admin_socket_by_their_group(machine):
    assert "invoice-assistant" in machine.get("behalf", "status", *ADMIN, user="olga")
    assert machine.run("behalf", "status", *ADMIN, user="invoice").returncode == 3


def test_the_settings_hold(machine):
    pid = machine.show("behalfd.service", "MainPID")
    lines = machine.read(f"/proc/{pid}/status").splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    assert status["Uid"].split() == [machine.get("id", "-u", "behalf").strip()] * 4
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert {int(status[name], 16) for name in ("CapBnd", "CapEff", "CapPrm", "CapAmb")} == {0}
    limits = machine.read(f"/proc/{pid}/limits")
    assert [line.split()[4] for line in limits.splitlines() if "core file" in line] == ["0"]
    assert machine.show("behalfd.service", "LimitMEMLOCK") == "infinity"
    assert (status["VmLck"].strip() != "0 kB") == machines.LIFTS_LIMITS
    # The kernel gives what cannot be dumped to root.
    assert machine.get("stat", "--format=%u", f"/proc/{pid}/mem").strip() == "0"
    mounts = machine.read(f"/proc/{pid}/mountinfo").splitlines()
    writable = {line.split()[4] for line in mounts if line.split()[5].startswith("rw")}
    assert {"/var/lib/behalf", "/var/log/behalf"} <= writable
    assert not writable & {"/", "/etc", "/usr", "/home", "/run/behalf"}


def test_a_daemon_that_is_killed_is_back_for_the_next_call(machine, own_provider, secrets):
    before = machine.show("behalfd.service", "MainPID")
    machine.get("systemctl", "kill", "--signal=KILL", "behalfd.service")
    assert "handle" in handle(machine, own_provider, secrets)
    assert machine.show("behalfd.service", "MainPID") not in ("0", before)


def test_a_rotated_credential_counts_from_the_restart_and_nobody_is_turned_away(
    machine, own_provider, secrets
):
    own_provider.give_secret(documents.INVOICE, "second-of-invoice-development-only")
    machine.get("systemctl", "restart", "behalfd.service")  # it forgets what the first obtained
    refused = handle(machine, own_provider, secrets)
    assert refused["error"]["reason"] == "CREDENTIAL_REFUSED"

    machine.put(CREDENTIAL, "second-of-invoice-development-only\n")
    machine.get("systemctl", "restart", "--no-block", "behalfd.service")
    eventually("the new secret counts", lambda: "handle" in handle(machine, own_provider, secrets))


def test_a_rotated_secret_file_counts_at_the_next_exchange(machine, own_provider, secrets):
    path = "/etc/behalf/blueprints/invoice-assistant.yaml"
    text = machine.read(path).replace("systemd: secret_invoice-assistant", f"file: {FILE}")
    machine.put(FILE, "second-of-invoice-development-only\n", owner="behalf", mode=0o400)
    machine.put(path, text, mode=0o644)
    machine.get("systemctl", "reload", "behalfd.service")
    reloaded = machine.show("behalfd.service", "MainPID")
    assert "handle" in handle(machine, own_provider, secrets)

    own_provider.give_secret(documents.INVOICE, "third-of-invoice-development-only")
    machine.put(FILE, "third-of-invoice-development-only\n", owner="behalf", mode=0o400)
    eventually("the new secret counts", lambda: "handle" in handle(machine, own_provider, secrets))
    assert machine.show("behalfd.service", "MainPID") == reloaded


def test_it_stops_in_good_order(machine):
    machine.get("systemctl", "stop", "behalfd.service", "behalfd.socket", "behalfd-admin.socket")
    assert machine.show("behalfd.service", "Result") == "success"
    assert "behalfd has stopped" in machine.journal()


def test_no_secret_is_in_the_journal_or_the_record(machine, secrets):
    texts = machine.get("journalctl", "--no-pager", "--output=cat")
    texts += machine.read("/var/log/behalf/audit.jsonl")
    assert not secrets.found_in(texts)
    assert "behalfd has stopped" in texts and "handle_redeemed" in texts
