"""docs/operations.md: its commands, in order, on a booted system."""

import json
import re
import shutil

import pytest

import machine as machines
from tokens import claims_of
from waiting import BEHALFD, is_sanitized

PAGE = machines.HERE.parents[1] / "docs/operations.md"
SECRET = "invoice-assistant-development-only\n"
PLACE = "/srv/behalf"  # the tree that the commands are run in

pytestmark = pytest.mark.skipif(
    is_sanitized(BEHALFD), reason="the unit's filter forbids what a sanitizer does"
)


def commands():
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.M | re.S):
        yield from block.splitlines()


def by_operator(command):
    return command.startswith("behalf ") and not command.startswith("behalf audit ")


@pytest.fixture(scope="module")
def machine(root, provider, alice):
    """With the programs and the tree, and the files that the page supposes."""
    if why := machines.why_not():
        pytest.skip(why)
    folder = root / "operations"
    folder.mkdir()
    made = machines.Machine(folder, with_units=False)
    shutil.copytree(machines.DEPLOY, made.files / PLACE.lstrip("/") / "deploy")
    for file in machines.SAMPLE.iterdir():
        place = f"{PLACE.lstrip('/')}/deploy/examples/systemd/{file.name}"
        made.write(place, machines.pointed(file, provider))
    made.write("etc/behalf/idp-ca.pem", provider.ca_file.read_text())
    made.write("root/secret", SECRET, mode=0o600)
    made.write("root/new-secret", SECRET, mode=0o600)
    made.write(f"{PLACE.lstrip('/')}/alice.json", json.dumps(claims_of(alice)))
    try:
        yield made.boot()
    finally:
        made.stop()


def decide_something(machine, alice):
    """So that the record has a decision to show: its id."""
    done = machine.run(
        "behalf", "handle", "create", "--socket", "/run/behalf/agents.sock",
        "--tool", "mail-search", "--api", "graph", "--subject-token-file", "-",
        "--handle-file", "/tmp/handle", "-o", "json", user="invoice", input=alice,
    )
    assert done.returncode == 0, done.stdout + done.stderr + machine.journal()
    machine.get("rm", "/tmp/handle")
    return json.loads(done.stdout)["decision_id"]


def test_every_command_of_the_page_works(machine, alice, secrets):
    ran = 0
    for command in commands():
        if "0f1e2d3c" in command:
            command = command.replace("0f1e2d3c", decide_something(machine, alice)[:8])
        command = command.replace("1001", machine.run("id", "-u", "invoice").stdout.strip())
        line = f"cd {PLACE} && export BEHALF_SOCKET=/run/behalf/admin.sock && {command}"
        user = "olga" if by_operator(command) else None
        done = machine.run("bash", "-ec", line, user=user)
        assert done.returncode == 0, (command, done.stdout, done.stderr, machine.journal())
        secrets.printed(done.stdout, done.stderr)
        ran += 1
    assert ran > 25
    record = machine.get("sh", "-c", "cat /var/log/behalf/*.jsonl")
    assert not secrets.found_in(record)
    assert "handle_created" in record
