"""Which scenarios there are, and what they have in common."""

import threading

import documents
from waiting import eventually

REASONS, SUCCESSES, TRICKS = {}, [], []

# No request reaches these, and why.
OUT_OF_REACH = {
    "INTERNAL": "a seal that fails, or two random ids that are equal",
    "SUBJECT_TENANT": "the loader wants the blueprint's tenant to be the provider's, and a token "
    "of another tenant has another issuer: SUBJECT_ISSUER",
}


def reason(*names):
    def note(function):
        REASONS.update(dict.fromkeys(names, function))
        return function

    return note


def success(function):
    SUCCESSES.append(function)
    return function


def trick(function):
    """What might make it write a secret where others do not."""
    TRICKS.append(function)
    return function


def ask(token, agent="invoice-bot", api="expenses", **more):
    return {"subject_token": token, "agent": agent, "api": api, **more}


def for_travel(canary, agent, **more):
    return ask(canary.provider.token("alice", documents.FOR_TRAVEL), agent, "graph", **more)


def fresh(canary, **more):
    """A request that the provider is always asked for."""
    return ask(canary.provider.token("alice"), api="graph", tool="fresh", **more)


def in_background(function, *arguments, **more):
    thread = threading.Thread(target=function, args=arguments, kwargs=more)
    thread.start()
    return thread


def recorded(canary, name):
    """Waits for a record of this reason."""
    try:
        return eventually(f"a record of {name}", lambda: canary.daemon.audit(reason=name))
    except AssertionError as late:
        raise AssertionError(f"{late}: {canary.daemon.audit()[-3:]}") from None
