"""Libraries that get tokens from the provider, all asked in the same words."""

import dataclasses

import documents

EXCHANGE = "api://AzureADTokenExchange/.default"
SECRET = "invoice-assistant-development-only"
USERS_AFFAIR = ("invalid_grant", "interaction_required")


@dataclasses.dataclass(frozen=True)
class Library:
    name: str
    program: str
    flows: frozenset  # that it has, of those in CELLS
    interaction: str = ""  # how it names an error that the user can mend
    failure: str = ""  # and any other
    tells_claims: bool = True  # and suberrors, to its caller

    def environment(self, ca_file):
        """How it is told whom to trust."""
        node = self.program.endswith(".mjs")
        return {"NODE_EXTRA_CA_CERTS" if node else "REQUESTS_CA_BUNDLE": str(ca_file)}

    def wants_the_user(self, reply):
        assert reply["error"] in USERS_AFFAIR, reply
        assert reply.get("kind", "") == self.interaction, reply

    def is_the_clients_fault(self, reply):
        assert reply["error"] == "invalid_client", reply
        assert reply.get("kind", "") == self.failure, reply


# The SDKs over MSAL have one name for all.
REQUIRED, REFUSED = "AuthenticationRequiredError", "ClientAuthenticationError"
AZURE = frozenset(
    {"on_behalf_of", "agent_application", "classic_on_behalf_of", "classic_application"}
)
MSAL = AZURE | {"exchange_token", "agent_user", "refresh_token"}
LIBRARIES = {
    library.name: library
    for library in (
        Library("msal_node", "msal_node.mjs", MSAL, "InteractionRequiredAuthError", "ServerError"),
        Library("azure_identity_node", "azure_identity.mjs", AZURE, REQUIRED, REQUIRED, False),
        Library("msal_python", "msal_python.py", MSAL),
        Library("azure_identity_python", "azure_identity.py", AZURE, REFUSED, REFUSED),
    )
}


@dataclasses.dataclass(frozen=True)
class Cell:
    """A flow by a credential: a row of the table in docs/entra.md."""

    flow: str
    credential: str

    def __str__(self):
        return f"{self.flow}-{self.credential}"


OWN = ("secret", "certificate", "federated_token")
CELLS = [
    *(Cell("exchange_token", credential) for credential in OWN),
    Cell("on_behalf_of", "exchange_token"),
    Cell("agent_application", "exchange_token"),
    Cell("agent_user", "exchange_token"),
    *(Cell("classic_on_behalf_of", credential) for credential in OWN),
    *(Cell("classic_application", credential) for credential in OWN),
    Cell("refresh_token", "none"),
]
# What the daemon asks for too.
DAEMONS = [cell for cell in CELLS if cell.flow not in ("agent_user", "refresh_token")]
REPORTS = "4b8e2d60-9f17-4c3a-a5d8-e06b7c1f3920"
FOR_REPORTS = f"api://{REPORTS}/access_as_user"
SECRETS = {documents.INVOICE: SECRET, REPORTS: "contoso-reports-development-only"}


class Credentials:
    """What the provider accepts, in the words of a judge."""

    def __init__(self, provider, keys):
        self.provider, self.keys = provider, keys

    def of(self, cell):
        client = REPORTS if cell.flow.startswith("classic_") else documents.INVOICE
        return getattr(self, cell.credential)(client)

    def none(self, client):
        """A public client has none."""

    def secret(self, client):
        return {"secret": SECRETS[client]}

    def certificate(self, client):
        return {"certificate": self.keys.certificate()}

    def federated_token(self, client):
        return {"token_file": str(self.keys.token_file)}

    def exchange_token(self, client=documents.INVOICE):
        return {"assertion": self.proof()}

    def proof(self):
        """The first leg of the agent's flows."""
        return self.provider.token_endpoint(
            grant_type="client_credentials",
            client_id=documents.INVOICE,
            client_secret=SECRET,
            scope=EXCHANGE,
            fmi_path=documents.INVOICE_BOT,
        )["access_token"]


class Tokens:
    """One library in front of one provider."""

    def __init__(self, library, judge, provider):
        self.library, self.judge, self.provider = library, judge, provider

    def ask(self, flow, client, scopes, authority=None, **more):
        return self.judge.ask(
            flow=flow,
            authority=authority or self.provider.url,
            tenant=documents.TENANT,
            client=client,
            scopes=scopes,
            **more,
        )

    def with_secret(self, secret=SECRET, **more):
        # What has no fmi_path is refused by the provider later than a secret is.
        more = {"credential": {"secret": secret}, **more}
        return self.ask("client_credentials", documents.INVOICE, [EXCHANGE], **more)

    def wrong_secret(self):
        return self.with_secret("guess")
