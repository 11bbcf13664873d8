"""Every example of the help, and every command of docs/explain.md, is run as it stands there:
names of files, sockets and accounts are replaced by those of the stage, nothing else."""

import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest

import documents
from clients import account_options
from tokens import claims_of
from waiting import BEHALF, patience

SOURCE = pathlib.Path(__file__).resolve().parents[2]

# The account that an example is for, and the codes that it may end with.
AGENT, TOOL, OPERATOR = documents.AGENT, documents.TOOL, os.getuid()
COMMANDS = {
    "blueprint validate": (OPERATOR, {0}),
    "catalog show": (OPERATOR, {0}),
    "catalog reload": (OPERATOR, {0}),
    "catalog history": (OPERATOR, {0}),
    "api list": (OPERATOR, {0}),
    "api show": (OPERATOR, {0}),
    "token get": (AGENT, {0}),
    "handle create": (AGENT, {0}),
    "handle redeem": (TOOL, {0}),
    "explain": (OPERATOR, {0, 1}),
    "can-i": (OPERATOR, {0, 1}),
    "audit show": (OPERATOR, {0}),
    "audit verify": (OPERATOR, {0}),
    "audit key": (OPERATOR, {0}),
    "audit search": (OPERATOR, {0}),
    "audit tail": (OPERATOR, {0}),
    "catalog rollback": (OPERATOR, {0}),
    "revoke": (OPERATOR, {0}),
    "revocation list": (OPERATOR, {0}),
    "restore": (OPERATOR, {0}),
    "state backup": (OPERATOR, {0}),
    "state restore": (OPERATOR, {0, 4}),  # the daemon runs
    "status": (OPERATOR, {0}),
    "health": (AGENT, {0}),
    "version": (OPERATOR, {0}),
    "completion": (OPERATOR, {0}),
    "help": (OPERATOR, {0}),
}


def help_of(*words):
    return subprocess.run([BEHALF, "help", *words], capture_output=True, text=True, check=True).stdout


def commands():
    """As `behalf help` lists them."""
    (block,) = re.findall(r"^Commands:\n(.*?)\n\n", help_of(), re.M | re.S)
    return [line.strip().split("  ")[0] for line in block.splitlines() if line.startswith("  ")
            and not line.startswith("   ")]


def example_of(command):
    (example,) = re.findall(r"^Example:\n(.*?)\n\n", help_of(*command.split()), re.M | re.S)
    return " ".join(example.split())


@pytest.fixture(scope="module")
def scene(new_stage, provider):
    """A stage where the files of the examples are, open to every account."""
    stage = new_stage()
    contents = stage.documents()
    # The agent of the examples is the only one of its account.
    for agent in (agent for doc in contents if doc["kind"] == "Blueprint"
                  for agent in doc["spec"]["agents"]):
        if agent["name"] != "invoice-bot":
            agent["callers"] = [documents.unix("agents", 61999)]
    stage.start(contents)
    stage.folder.chmod(0o1777)
    token = provider.token("alice")
    (stage.folder / "alice.jwt").write_text(token)
    (stage.folder / "alice.json").write_text(json.dumps(claims_of(token)))
    yield stage
    stage.stop()


def staged(line, stage):
    decision = stage.daemon.audit_file.read_text().rpartition('"decision_id":"')[2][:8]
    digest = re.findall(r'"catalog_digest":"(\w+)"', stage.daemon.audit_file.read_text())[-1]
    for old, new in {
        "/run/behalf/": f"{stage.folder}/",
        "/etc/behalf/blueprints": str(stage.daemon.documents),
        "/etc/behalf": str(stage.daemon.documents),
        "/usr/share/bash-completion/completions/behalf": f"{stage.folder}/completions",
        "--caller-uid 1001": f"--caller-uid {documents.AGENT}",
        "/var/lib/behalf": f"{stage.folder}/state",
        "/var/log/behalf/audit.jsonl": str(stage.daemon.audit_file),
        "0f1e2d3c": decision,
        "2f0c6e9b": digest[:8],
    }.items():
        line = line.replace(old, new)
    if "token get" in line:  # the agent itself has no allowance for mail
        line = line.replace("--api graph", "--api expenses")
    return line


def run(line, stage, uid, secrets):
    behalf = stage.folder / "behalf"
    if not behalf.exists():
        behalf.write_bytes(BEHALF.read_bytes())
        behalf.chmod(0o755)
    for name in ("alice.jwt", "handle"):
        path = stage.folder / name
        if path.exists() and os.geteuid() == 0:
            os.chown(path, uid, uid)
    done = subprocess.run(
        ["bash", "-ec", line],
        cwd=stage.folder,
        env={**os.environ, "PATH": f"{stage.folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60 * patience(),
        **account_options(uid),
    )
    secrets.printed(done.stdout, done.stderr)
    return done


def test_every_command_is_covered():
    assert sorted(set(commands()) - set(COMMANDS)) == []


def test_every_example_of_the_help_runs(scene, secrets):
    known = commands()
    for command in (name for name in COMMANDS if name in known):
        uid, codes = COMMANDS[command]
        line = staged(example_of(command), scene)
        done = run(line, scene, uid, secrets)
        assert done.returncode in codes, f"{line}\n{done.stdout}{done.stderr}"
        assert shlex.split(line)[0] == "behalf"


def test_the_manual_page_is_one(scene, secrets):
    done = run("behalf help --man", scene, OPERATOR, secrets)
    assert done.returncode == 0
    assert done.stdout.startswith(".TH ")


def test_the_commands_of_the_page_run(scene, secrets):
    page = (SOURCE / "docs/explain.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)\n```", page, re.M | re.S)
    assert len(blocks) == 3
    for line in blocks:
        done = run(staged(line, scene), scene, OPERATOR, secrets)
        assert done.returncode in (0, 1), f"{line}\n{done.stdout}{done.stderr}"
        assert done.stdout
