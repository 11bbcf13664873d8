"""Reloads at full load: BEHALF_RELOADS of them, 300 when it is not said.

Several good sets of documents and broken ones alternate. No request that all
good sets allow fails; every answer is one good set's, by the digest in its
audit line; what is broken or half written is never in force.
"""

import collections
import json
import os
import random
import shutil
import subprocess
import sys
import time

import pytest

import documents
from clients import HERE, account_options
from processes import Process

RELOADS = int(os.environ.get("BEHALF_RELOADS", "300"))
CLIENTS = 2


def variant(contents, change):
    changed = json.loads(json.dumps(contents))
    (blueprint,) = [d for d in changed if d["metadata"]["name"] == "invoice-assistant"]
    change(blueprint["spec"])
    return documents.text_of(changed)


def line_of(spec, tool=None, api=None):
    (line,) = [a for a in spec["allow"] if a.get("tool") == tool and api in (None, a["api"])]
    return line


def good_sets(contents):
    """The first allows all that is asked for, the third all but the calendar's."""

    def calendar(spec):
        line_of(spec, "calendar").update(accept=["User.Read"], reuseFor="10m")

    def younger(spec):
        calendar(spec)
        line_of(spec, api="expenses")["maxLifetime"] = "94m"

    def without(spec):
        spec["allow"].remove(line_of(spec, "calendar"))

    def shorter(spec):
        calendar(spec)
        line_of(spec, "mail-search")["reuseFor"] = "9m"

    return [variant(contents, change) for change in (calendar, younger, without, shorter)]


def broken_sets(good):
    def half(text):
        return text[: random.randrange(len(text) - 4)]

    def no_end_mark(text):
        return text[:-4]

    def unknown_reference(text):
        return text.replace("provider: contoso", "provider: fabrikam")

    def needs_a_restart(text):
        return text.replace("/audit.jsonl", "/elsewhere.jsonl")

    ways = (half, half, half, no_end_mark, unknown_reference, needs_a_restart)
    return random.choice(ways)(random.choice(good))


@pytest.fixture
def own(new_stage):
    stage = new_stage()
    stage.daemon.documents = stage.folder / "documents"
    stage.daemon.documents.mkdir()
    yield stage
    stage.stop()


def requests(token):
    common = {"subjectToken": token, "agent": "invoice-bot"}
    handle = {**common, "api": "graph", "lifetime": "1s"}
    return [
        {"name": "token", "method": "GetToken", "fields": {**common, "api": "expenses"}},
        {
            "name": "handle",
            "method": "CreateHandle",
            "fields": {**handle, "tool": "mail-search"},
        },
        {
            "name": "calendar",
            "method": "CreateHandle",
            "fields": {**handle, "tool": "calendar"},
        },
    ]


@pytest.fixture
def start_clients(stubs, root):
    """Processes that call without pause, of the agent's account."""
    running = []

    def start(stage, token):
        script = shutil.copy(HERE / "load_client.py", root)
        asked = json.dumps(requests(token))
        socket = stage.daemon.socket("agents")
        for number in range(CLIENTS):
            running.append(
                Process(
                    "load client",
                    [sys.executable, script, stubs, socket, asked],
                    stage.folder / f"client-{number}.log",
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd="/",
                    **account_options(documents.AGENT),
                )
            )
        return running

    yield start
    for process in running:
        process.stop()


def answers_of(clients):
    """Ends them. How often each request was answered how."""
    total = collections.defaultdict(collections.Counter)
    for client in clients:
        out, _ = client.popen.communicate()
        for name, answers in json.loads(out).items():
            total[name].update(answers)
    return total


def write(path, text, in_place):
    if in_place:
        path.write_text(text)
        return
    fresh = path.parent / ".fresh"
    fresh.write_text(text)
    fresh.rename(path)


def reload_many(stage, good):
    """Returns the digest of each good set, in their order."""
    digests, in_force, broken = {}, None, 0
    path = stage.daemon.documents / "all.yaml"
    for number in range(RELOADS):
        is_good = number < len(good) or random.random() < 0.6
        which = number % len(good)
        text = good[which] if is_good else broken_sets(good)
        write(path, text, in_place=random.random() < 0.5)
        answer = stage.operator.get("ReloadCatalog")
        assert answer["taken"] == is_good, answer
        if is_good:
            in_force = digests.setdefault(which, answer["catalog_digest"])
        broken += not is_good
        assert answer["catalog_digest"] == in_force
    assert len(set(digests.values())) == len(good)
    return [digests[which] for which in sorted(digests)], broken


def resident(process):
    status = open(f"/proc/{process.popen.pid}/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def check_record(path, digests):
    """Every line is of one good set, and says what that set says."""
    events = collections.Counter()
    without_calendar = digests[2]
    with open(path) as lines:
        for line in map(json.loads, lines):
            events[line["event"]] += 1
            if "catalog_digest" in line:
                assert line["catalog_digest"] in digests, line
            if line.get("tool") == "calendar" and line["event"] == "handle_created":
                assert line["catalog_digest"] != without_calendar, line
            if line.get("tool") == "calendar" and line["event"] == "denied":
                assert line["catalog_digest"] == without_calendar, line
    return events


def test_reloads_at_full_load(own, start_clients, alice, secrets):
    random.seed(20261122)
    good = good_sets(own.documents())
    (own.daemon.documents / "all.yaml").write_text(good[0])
    own.daemon.start()
    own.expenses(alice)
    before = resident(own.daemon.process)
    clients = start_clients(own, alice)
    begun = time.monotonic()
    digests, broken = reload_many(own, good)
    seconds = time.monotonic() - begun
    answers = answers_of(clients)
    after = resident(own.daemon.process)
    events = check_record(own.daemon.audit_file, digests)

    assert set(answers["token"]) == {"OK"}, answers
    assert set(answers["handle"]) == {"OK"}, answers
    assert set(answers["calendar"]) == {"OK", "NOT_ALLOWED"}, answers
    assert events["catalog_loaded"] >= RELOADS - broken
    assert events["catalog_refused"] >= broken
    asked = sum(sum(counts.values()) for counts in answers.values())
    print(
        f"\n{RELOADS} reloads ({broken} of broken sets) in {seconds:.0f} s beside {asked} calls;"
        f" {dict(events)}; resident {before} MB, then {after} MB"
    )
    lines = collections.deque(open(own.daemon.audit_file), maxlen=1000)
    secrets.printed("".join(lines))
