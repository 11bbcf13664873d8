"""The documents that the tests run the daemon with, and the people in them.

As root every role is an account of its own; otherwise all are the account that
runs the tests, no tool is separated, and what needs several accounts is skipped.
"""

import os
import pathlib
import re
import resource

import yaml

ROOT = os.geteuid() == 0

AGENT = 61101 if ROOT else os.getuid()  # may act as every agent
BOT = 61102 if ROOT else os.getuid()  # invoice-bot alone
TOOL = 61201 if ROOT else os.getuid()  # mail-search, fresh and rushed
OTHER_TOOL = 61202 if ROOT else os.getuid()  # calendar
STRANGER = 61999  # nobody
TOOL_GROUP = 62201  # whoever is in it is the tool group-search

TENANT = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921"
PORTAL = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77"
KIOSK = "a5c7e9b1-2d4f-4a6c-8e0b-1f3d5a7c9e24"
GRAPH = "https://graph.microsoft.com"
EXPENSES = "api://6f0e9b3c-8d2a-4e71-9c55-a1b2c3d4e5f6"
INVOICE = "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11"
INVOICE_BOT = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2"
TRAVEL = "d2a4c6e8-1b3d-4f5a-8c7e-9b0a2d4f6e13"
TRAVEL_BOT = "e8f0a2b4-6c8d-4e1f-9a3b-5c7d9e1f2a35"

FOR_INVOICE = f"api://{INVOICE}/access_agent"
FOR_TRAVEL = f"api://{TRAVEL}/access_agent"
FOR_GRAPH = f"{GRAPH}/User.Read"
FOR_EXPENSES = f"{EXPENSES}/Expenses.Read"


class Plain(yaml.SafeDumper):
    """Without aliases, which documents may not have."""

    def ignore_aliases(self, data):
        return True


def text_of(documents):
    return "---\n".join(yaml.dump(d, Dumper=Plain, sort_keys=False) for d in documents) + "...\n"


def document(kind, name, **spec):
    return {
        "apiVersion": "behalf/v1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


def unix(socket, user=None, group=None):
    account = {"user": user} if user is not None else {"group": group}
    return {"unix": {"socket": socket, **account}}


CAP_IPC_LOCK, CAP_SYS_RESOURCE = 14, 24


def locks_memory(capability=CAP_IPC_LOCK):
    """Whether what is started from here may lock all of its memory: without a
    limit, or by this capability.
    """
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY
    status = pathlib.Path("/proc/self/status").read_text()
    held = int(re.search(r"^CapEff:\t(\w+)", status, re.M)[1], 16)
    return unlimited or bool(held >> capability & 1)


def daemon(folder, limits=None, sockets=None, audit_file=None, metrics=None, audit=None):
    def listener(name):
        return {"name": name, "path": f"{folder}/{name}.sock", "mode": "0666"}

    spec = {
        "sockets": sockets or [listener(name) for name in ("agents", "tools", "admin")],
        "admin": {"callers": [unix("admin", os.getuid())]},
        "audit": {"file": str(audit_file or f"{folder}/audit.jsonl"), **(audit or {})},
        "stateDirectory": f"{folder}/state",
    }
    if not locks_memory():
        spec["hardening"] = {"without": ["memory-lock"]}
    if limits:
        spec["limits"] = limits
    if metrics:
        spec["metrics"] = {"listen": metrics}
    return document("Daemon", "e2e", **spec)


def provider(url, ca_file):
    return document(
        "Provider",
        "contoso",
        dialect="entra",
        tenant=TENANT,
        authority=url,
        caFile=str(ca_file),
    )


def apis():
    graph = document(
        "Api",
        "graph",
        resource=GRAPH,
        audiences=[GRAPH],
        scopes=["Mail.Read", "Mail.Send", "User.Read"],
    )
    expenses = document(
        "Api",
        "expenses",
        resource=EXPENSES,
        audiences=[EXPENSES.removeprefix("api://")],
        scopes=["Expenses.Approve", "Expenses.Read"],
    )
    return [graph, expenses]


def tool(name, *callers, separation="required"):
    callers = [unix("tools", **caller) for caller in callers]
    separation = separation if ROOT else "none"
    return document("Tool", name, callers=callers, separation=separation)


def tools():
    return [
        tool("mail-search", {"user": TOOL}),
        tool("fresh", {"user": TOOL}),
        tool("rushed", {"user": TOOL}),
        tool("calendar", {"user": OTHER_TOOL}),
        tool("group-search", {"group": TOOL_GROUP}),
        tool("own-hands", {"user": AGENT}, separation="none"),
    ]


def blueprint(name, client, audience, secret, agents, allow):
    return document(
        "Blueprint",
        name,
        provider="contoso",
        clientId=client,
        credential={"secret": {"file": str(secret)}},
        subjects={
            "audiences": [audience],
            "tenants": [TENANT],
            "clients": [PORTAL],
            "scopes": ["access_agent"],
        },
        agents=agents,
        allow=allow,
    )


def agent(name, identity, *users):
    callers = [unix("agents", user) for user in sorted(set(users))]
    return {"name": name, "id": identity, "callers": callers}


def through(tool_name, scopes, api="graph", **more):
    return {"tool": tool_name, **direct(api, scopes, **more)}


def direct(api, scopes, **more):
    return {"api": api, "scopes": scopes, "maxLifetime": "95m", **more}


def invoice_assistant(secret):
    mail = {"scopes": ["Mail.Read"], "accept": ["User.Read"]}
    allow = [
        through("mail-search", **mail, reuseFor="10m"),
        through("fresh", **mail),
        through("rushed", **{**mail, "maxLifetime": "1m"}),
        through("calendar", ["Mail.Read"]),
        through("group-search", **mail),
        through("own-hands", **mail),
        direct("expenses", ["Expenses.Read"], reuseFor="10m"),
    ]
    agents = [agent("invoice-bot", INVOICE_BOT, AGENT, BOT)]
    return blueprint("invoice-assistant", INVOICE, INVOICE, secret, agents, allow)


def travel_assistant(secret, name="travel-assistant", bot="travel-bot", bot_id=TRAVEL_BOT):
    allow = [
        through("mail-search", ["Mail.Read"]),
        direct("graph", ["User.Read"]),
    ]
    agents = [agent(bot, bot_id, AGENT)]
    return blueprint(name, TRAVEL, f"api://{TRAVEL}", secret, agents, allow)
