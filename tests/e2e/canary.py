"""A daemon whose every word is kept, behind a wire that knows every secret."""

import contextlib
import os
import pathlib
import resource
import secrets as random
import shutil
import signal
import subprocess

import documents
import stage
from clients import account_options
from daemon import Daemon
from waiting import BEHALFD

# Of the environment; a sanitizer is told there what to overlook.
KEPT = [name for name in os.environ if name == "PATH" or name.endswith("SAN_OPTIONS")]

DAEMON = 61001  # an account of its own: what it is root's cannot show who may look into it

# Blueprints beside the usual ones, each with what is the matter with it. All
# are the travel assistant at the provider: (provider, mode of the secret's file).
TROUBLED = {
    "dark": ("dark", 0o600),  # nobody answers there
    "exposed": ("contoso", 0o644),
    "denied": ("contoso", 0o600),  # a policy forbids it
    "stale": ("contoso", 0o600),  # a policy wants a younger sign-in
}


def new_secrets(tenant):
    """Secrets that are not made of words that stand elsewhere, nor read as a number ("0x")."""
    for blueprint in tenant["blueprints"]:
        blueprint["secret"] = "s" + random.token_urlsafe(30)
    return {blueprint["id"]: blueprint["secret"] for blueprint in tenant["blueprints"]}


def policy():
    def of(agent, **effect):
        return {"name": agent, "when": {"agent": {"any": [f"{agent}-bot"]}}, "then": effect}

    rules = [of("denied", deny=True), of("stale", signIn={"within": "15m", "authContext": "c1"})]
    return documents.document("Policy", "canary", rules=rules)


class CanaryDaemon(Daemon):
    """Runs as its own account, and may write a core where it stands, if it would."""

    def launch(self, before=(), **options):
        self.folder.joinpath("cwd").mkdir(exist_ok=True)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, DAEMON, DAEMON)
        program = shutil.copy(BEHALFD, self.folder / "behalfd")
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        try:
            return super().launch(
                before=before,
                program=program,
                cwd=self.folder / "cwd",
                env={"LANG": "C.UTF-8", **{name: os.environ[name] for name in KEPT}},
                **account_options(DAEMON),
                **options,
            )
        finally:
            resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))

    def proc(self, name):
        return pathlib.Path(f"/proc/{self.process.popen.pid}/{name}")

    @contextlib.contextmanager
    def unable_to_write(self):
        """No file of this daemon may grow; only its own account can say so, unprivileged."""
        self._limit_files("1:")
        try:
            yield
        finally:
            self._limit_files("unlimited:")

    def _limit_files(self, limit):
        command = ["prlimit", f"--pid={self.process.popen.pid}", f"--fsize={limit}"]
        subprocess.run(command, check=True, **account_options(DAEMON))

    def crash(self):
        """Ends as a fault would end it. The cores it leaves: {name: bytes}."""
        self.process.stop(signal.SIGABRT)
        return {path.name: path.read_bytes() for path in self.folder.joinpath("cwd").iterdir()}


class Canary(stage.Stage):
    def __init__(self, folder, clients, secrets, errors, provider, wire, of_blueprints):
        super().__init__(folder, clients, secrets, errors, provider)
        secrets.passwords.clear()  # made of words, and of no use here
        self.wire = wire
        self.daemon = CanaryDaemon(folder)
        self.invoice_secret = self.secret_file("invoice", of_blueprints[documents.INVOICE])
        self.travel_secret = self.secret_file("travel", of_blueprints[documents.TRAVEL])
        self.reasons = set()  # seen in the details of errors
        self.said = []  # every answer and error, as the client got it

    def documents(self, **daemon):
        contents = super().documents(**daemon)
        # Its account may lock little memory on most hosts.
        contents[0]["spec"]["hardening"] = {"without": ["memory-lock"]}
        dark = documents.provider("https://localhost:1", self.provider.ca_file)
        dark["metadata"]["name"] = "dark"
        return [*contents, dark, *map(self._troubled, TROUBLED), policy()]

    def _troubled(self, name):
        provider, mode = TROUBLED[name]
        secret = self.secret_file(name, random.token_urlsafe(30), mode)
        identity = f"7c3a5e10-2b4d-4f6a-8c9e-0000000000{list(TROUBLED).index(name):02}"
        found = documents.travel_assistant(secret, f"{name}-assistant", f"{name}-bot", identity)
        found["spec"]["provider"] = provider
        return found

    def secret_file(self, name, secret, mode=0o600):
        if name == "forgotten":
            secret = random.token_urlsafe(30)
        return super().secret_file(name, secret, mode)

    def witness(self, outcome):
        super().witness(outcome)
        self.reasons |= {outcome.get("reason")} - {None}
        answer = {**outcome.get("answer", {})}
        for name in ("access_token", "handle"):  # what it is for
            answer.pop(name, None)
        raw = b"".join(readings(value) for _, value in outcome.get("raw", ()))
        self.said.append(repr({**outcome, "answer": answer, "raw": ""}).encode() + raw)


def readings(value):
    with contextlib.suppress(ValueError):
        return b"\n" + bytes.fromhex(value)
    return b"\n" + value.encode()
