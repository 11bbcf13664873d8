"""A daemon, its provider and its callers, and what every answer must keep to."""

import datetime
import os
import re

import documents
from daemon import Daemon
from tokens import claims_of


def rows_of_errors(source):
    """What docs/errors.md says of each reason: its gRPC code and whose move it is."""
    return {reason: (code, move) for reason, code, move, _ in table_of_errors(source)}


def advice_of(source):
    """What docs/errors.md says to do about each reason."""
    return {reason: advice for reason, _, _, advice in table_of_errors(source)}


def table_of_errors(source):
    row = re.compile(r"^\| `([A-Z_]+)` \| `([A-Z_]+)` \| (\w+) \| (.+) \|$", re.MULTILINE)
    return row.findall((source / "docs/errors.md").read_text())


class Refusal:
    def __init__(self, outcome):
        self.metadata = outcome["metadata"]
        self.message = outcome["message"]
        self.retry_after = outcome.get("retry_after")
        self.decision_id = self.metadata.get("decision_id")
        self.line = None


class Caller:
    """A process of one account, in front of one daemon."""

    def __init__(self, stage, uid, *groups):
        self.stage, self.account = stage, (uid, *groups)

    def order_of(self, service, method, socket, request, **more):
        path = str(self.stage.daemon.socket(socket))
        return {"socket": path, "service": service, "method": method, "request": request, **more}

    def order(self, *what, **more):
        self.send(*what, **more)
        return self.outcomes()

    def send(self, *what, **more):
        """Has it done, and does not wait: outcomes() does."""
        self.stage.clients.send(self.account, self.order_of(*what, **more))

    def outcomes(self):
        outcomes = self.stage.clients.hear(self.account)
        for outcome in outcomes:
            self.stage.witness(outcome)
        return outcomes

    def call(self, method, socket=None, **request):
        service, usual = {
            "GetToken": ("TokenBroker", "agents"),
            "CreateHandle": ("TokenBroker", "agents"),
            "RedeemHandle": ("ToolTokens", "tools"),
            "GetStatus": ("Admin", "admin"),
            "ReloadCatalog": ("Admin", "admin"),
            "ListCatalogs": ("Admin", "admin"),
            "RollbackCatalog": ("Admin", "admin"),
            "Revoke": ("Admin", "admin"),
            "Restore": ("Admin", "admin"),
            "ListRevocations": ("Admin", "admin"),
        }[method]
        return self.order(service, method, socket or usual, request)[0]

    def get(self, method, **request):
        """The answer, which the audit file tells of in the same words."""
        outcome = self.call(method, **request)
        assert outcome["ok"], outcome
        answer = outcome["answer"]
        if "decision_id" in answer:
            self._compare(answer, self.stage.daemon.line_of(answer["decision_id"]))
        return answer

    @staticmethod
    def _compare(answer, line):
        assert line["scopes"] == answer["scopes"]
        if "access_token" not in answer:
            assert line["event"] == "handle_created"
            return
        claims = claims_of(answer["access_token"])
        assert line["event"] in ("token_issued", "handle_redeemed")
        assert line["token"]["uti"] == claims["uti"]
        # The earlier of the claim and of what the reply said of it.
        ends = seconds_of(answer["expires_at"])
        assert claims["exp"] - 5 <= ends <= claims["exp"]
        assert abs(seconds_of(line["token"]["expires_at"]) - ends) < 1e-3
        by_itself = line["access"] == "application"
        carried = claims["roles"] if by_itself else claims["scp"].split()
        assert sorted(carried) == answer["scopes"]
        assert line.get("user", {}).get("oid") == (None if by_itself else claims["oid"])
        assert answer["token_type"] == "Bearer"

    def refused(self, reason, method, /, **request):
        """Refused for this reason, as docs/errors.md says, and recorded."""
        outcome = self.call(method, **request)
        assert not outcome["ok"], f"expected {reason}, got an answer"
        assert outcome.get("reason") == reason, outcome
        refusal = Refusal(outcome)
        code, move = self.stage.errors[reason]
        assert outcome["domain"] == "behalf"
        assert outcome["code"] == code
        assert refusal.metadata["move"] == move
        assert outcome["status_message"] == outcome["message"]
        if refusal.decision_id and reason != "AUDIT_UNAVAILABLE":
            refusal.line = self.stage.daemon.line_of(refusal.decision_id)
            assert refusal.line["reason"] == reason
            assert refusal.line["event"] in ("denied", "failed")
        return refusal


def seconds_of(timestamp):
    """Of the Unix epoch; microseconds are the finest."""
    whole, _, fraction = timestamp.removesuffix("Z").partition(".")
    instant = datetime.datetime.fromisoformat(whole + "+00:00")
    return instant.timestamp() + float("0." + (fraction or "0"))


class Stage:
    """One daemon on documents that can be changed before it starts."""

    def __init__(self, folder, clients, secrets, errors, provider):
        self.folder, self.clients, self.secrets = folder, clients, secrets
        self.errors, self.provider = errors, provider
        self.daemon = Daemon(folder)
        self.invoice_secret = self.secret_file("invoice", "invoice-assistant-development-only")
        self.travel_secret = self.secret_file("travel", "travel-assistant-development-only")
        self.agent = Caller(self, documents.AGENT)
        self.bot = Caller(self, documents.BOT)
        self.tool = Caller(self, documents.TOOL)
        self.other_tool = Caller(self, documents.OTHER_TOOL)
        self.stranger = Caller(self, documents.STRANGER)
        self.operator = Caller(self, os.getuid())

    def caller(self, uid, *groups):
        return Caller(self, uid, *groups)

    def secret_file(self, name, secret, mode=0o600):
        path = self.folder / f"{name}.secret"
        path.write_text(secret + "\n")
        path.chmod(mode)
        self.secrets.keep_password(secret)
        return path

    def documents(self, **daemon):
        forgotten = self.secret_file("forgotten", "not-the-secret-of-anything")
        return [
            documents.daemon(self.folder, **daemon),
            documents.provider(self.provider.url, self.provider.ca_file),
            *documents.apis(),
            *documents.tools(),
            documents.invoice_assistant(self.invoice_secret),
            documents.travel_assistant(self.travel_secret),
            documents.travel_assistant(
                forgotten,
                name="forgetful-assistant",
                bot="forgetful-bot",
                bot_id="0d6b1f3a-5c2e-4b7d-9e8f-a1c3e5f7b924",
            ),
        ]

    def start(self, contents=None, **options):
        self.daemon.write(contents or self.documents())
        self.daemon.start(**options)
        return self

    def stop(self):
        self.daemon.stop()

    def connections(self):
        """Open now, that of the question included."""
        return int(self.operator.get("GetStatus")["connections"])

    def witness(self, outcome):
        """Keeps what may not be printed, and what was."""
        answer = outcome.get("answer", {})
        for name in ("access_token", "handle"):
            if name in answer:
                self.secrets.keep(answer[name])
        self.secrets.printed(outcome.get("message") or "", str(outcome.get("metadata", "")))

    def handle(self, token, tool="mail-search", api="graph", **more):
        return self.agent.get(
            "CreateHandle",
            subject_token=token,
            agent="invoice-bot",
            tool=tool,
            api=api,
            **more,
        )["handle"]

    def expenses(self, token, caller=None, **more):
        return (caller or self.agent).get(
            "GetToken", subject_token=token, agent="invoice-bot", api="expenses", **more
        )
