"""The daemon with every credential and in every flow: what it posts for each."""

import documents
from libraries import REPORTS, SECRETS

APPLICATION = "ACCESS_APPLICATION"
AS_ITSELF = {"api": "graph", "access": "application", "roles": ["Mail.Read"]}


def credential(stage, keys, kind, client):
    """In the words of a Blueprint document."""
    if kind == "certificate":
        return {"certificate": {"file": str(keys.file), "key": str(keys.key)}}
    if kind == "federated_token":
        return {"federatedToken": {"file": str(keys.token_file)}}
    return {"secret": {"file": str(stage.secret_file(client, SECRETS[client]))}}


def reports(proof):
    """A middle tier that is no agent."""
    document = documents.blueprint(
        "reports",
        REPORTS,
        REPORTS,
        "",
        [documents.agent("reports", "", documents.AGENT)],
        [
            documents.direct("graph", ["Mail.Read"], accept=["User.Read"]),
            {**AS_ITSELF, "maxLifetime": "95m"},
        ],
    )
    (agent,) = document["spec"]["agents"]
    del agent["id"]
    agent["application"] = True
    document["spec"]["subjects"]["scopes"] = ["access_as_user"]
    document["spec"]["credential"] = proof
    return document


def contents(stage, keys, kind):
    """The documents of the stage, where graph is open to applications too."""
    made = stage.documents()
    for document in made:
        if document["metadata"]["name"] == "graph":
            document["spec"]["roles"] = ["Mail.Read"]
        if document["metadata"]["name"] == "invoice-assistant":
            spec = document["spec"]
            spec["credential"] = credential(stage, keys, kind, documents.INVOICE)
            spec["allow"].append({**AS_ITSELF, "maxLifetime": "95m"})
    made.append(reports(credential(stage, keys, kind, REPORTS)))
    return made


def posts(stage, record, user, for_reports):
    """The form of each flow, by its name."""
    forms = {}
    record.taken()
    stage.expenses(user)
    forms["exchange_token"], forms["on_behalf_of"] = record.taken()
    application(stage, "invoice-bot")
    forms["agent_application"] = record.taken()[-1]
    stage.agent.get("GetToken", subject_token=for_reports, agent="reports", api="graph")
    (forms["classic_on_behalf_of"],) = record.taken()
    application(stage, "reports")
    (forms["classic_application"],) = record.taken()
    return forms


def application(stage, agent):
    outcome = stage.agent.call("GetToken", agent=agent, api="graph", access=APPLICATION)
    assert outcome["ok"], outcome
