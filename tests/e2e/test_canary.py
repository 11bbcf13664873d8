"""Nothing secret is written anywhere, whatever the daemon is asked and told."""

import os
import re
import secrets as random

import pytest

import scenarios
from canary import Canary, new_secrets
from conftest import SOURCE
from metrics import free_address, scrape
from pieces import PIECE, Sinks, forms_of
from processes import SANITIZER_REPORTS
from stage import rows_of_errors
from waiting import BEHALFD, is_sanitized
from wire import Wire
from witness import Secrets

# For a run of a few scenarios, by their names: everything else is left out.
ONLY = os.environ.get("BEHALF_CANARY_ONLY", "").split()


def enum_of_reasons():
    text = (SOURCE / "proto/behalf/v1/reason.proto").read_text()
    names = set(re.findall(r"^  REASON_([A-Z_]+) = [0-9]+;", text, re.MULTILINE))
    return names - {"UNSPECIFIED"}


@pytest.fixture(scope="module")
def canary(root, new_provider, clients):
    secrets, of_blueprints = Secrets(), {}
    provider = new_provider(
        change=lambda tenant: of_blueprints.update(new_secrets(tenant)), secrets=secrets
    )
    wire = Wire(provider)
    provider.url = wire.url
    folder = root / "canary"
    folder.mkdir()
    errors = rows_of_errors(SOURCE)
    canary = Canary(folder, clients, secrets, errors, provider, wire, of_blueprints)
    limits = {"waitersPerExchange": 2, "denialsPerMinute": 100000, "exchangeTimeout": "60s"}
    canary.metrics = free_address()
    canary.start(canary.documents(limits=limits, metrics=canary.metrics))
    yield canary
    canary.stop()
    wire.close()


def run(canary):
    chosen = [*scenarios.SUCCESSES, *scenarios.TRICKS]
    chosen += dict.fromkeys(scenarios.REASONS.values())
    if ONLY:
        chosen = [scenario for scenario in chosen if scenario.__name__ in ONLY]
        assert len(chosen) == len(ONLY), f"not all are scenarios: {ONLY}"
    for scenario in chosen:
        scenario(canary)


def reasons_seen(canary):
    return canary.reasons | {line["reason"] for line in canary.daemon.audit() if "reason" in line}


@pytest.mark.root
def test_no_secret_was_written_anywhere_whatever_the_reason(canary):
    run(canary)
    if not ONLY:
        assert reasons_seen(canary) == enum_of_reasons() - scenarios.OUT_OF_REACH.keys()
    looked_into = {name: canary.daemon.proc(name).read_bytes() for name in ("cmdline", "environ")}
    owners = {canary.daemon.proc(name).stat().st_uid for name in ("environ", "mem", "maps")}
    numbers = scrape(canary.metrics).encode()
    log = canary.daemon.log_text()
    assert not any(mark in log for mark in SANITIZER_REPORTS), log[-8000:]
    assert not canary.daemon.crash(), "a secret escaped into the core: one was written"
    if not is_sanitized(BEHALFD):  # which may be looked into, to find leaks of memory
        assert owners == {0}, "a secret escaped into the core: the account may read the memory"

    sinks = {
        "log": log.encode(),
        "audit": canary.daemon.audit_file.read_bytes(),
        "errors": b"\n".join(canary.said),
        "metrics": numbers,
        "cli": "\n".join(canary.secrets.outputs).encode(),
        **looked_into,
    }
    assert all(sinks.values()), f"nothing was written: {[n for n, d in sinks.items() if not d]}"
    known = canary.secrets.tokens | canary.secrets.passwords
    if not ONLY:
        assert len(known) > 100
    found = Sinks(sinks).finds(known)
    assert not found, f"a secret escaped into the {', '.join(sorted(found))}: {found}"


@pytest.mark.parametrize("length", (PIECE, 40))
def test_a_piece_is_found_in_every_form_and_wherever_it_begins(length):
    secret = ".".join(random.token_urlsafe(60) for _ in range(3))
    for form, data in forms_of(secret.encode()):
        for start in random.SystemRandom().sample(range(len(data) - length), 20):
            piece = b"before " + data[start : start + length] + b" after"
            assert form in dict(Sinks({"log": piece}).finds([secret])["log"])
            piece = b"before " + data[start : start + PIECE - 1] + b" after"
            assert not Sinks({"log": piece}).finds([secret])
