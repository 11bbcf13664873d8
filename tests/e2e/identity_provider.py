"""behalf-idp: users sign in, and the API gives their messages."""

import http.client
import json
import ssl
import urllib.parse
import urllib.request

import yaml

import documents
from processes import Process
from waiting import BEHALF_IDP, eventually


class IdentityProvider:
    """behalf-idp, with a directory of users that may be changed; `before` runs a program elsewhere."""

    def __init__(
        self, folder, source, secrets, state=None, change=None, listen="127.0.0.1:0", before=()
    ):
        self.folder, self.secrets, self.before = folder, secrets, before
        folder.mkdir()
        self.state = state or folder / "state"
        self.config = folder / "directory.yaml"
        self.config.write_text(self._edited(source, change))
        self.ca_file = self.state / "ca.pem"
        self.start(listen)

    @staticmethod
    def _edited(source, change):
        if change is None:
            return source.read_text()
        directory = yaml.safe_load(source.read_text())
        change(directory["tenants"][0])
        return documents.text_of([directory])

    def start(self, listen="127.0.0.1:0"):
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        argv = [*self.before, BEHALF_IDP, "serve", "--config", self.config, "--state", self.state]
        argv += ["--listen", listen, "--ready-file", ready]
        self.process = Process("behalf-idp", argv, self.folder / "idp.log")
        eventually("the provider is ready", lambda: self._ready(ready))
        self.url = ready.read_text().strip()
        self.context = ssl.create_default_context(cafile=str(self.ca_file))
        address = urllib.parse.urlsplit(self.url).netloc
        self.desk = http.client.HTTPSConnection(address, context=self.context)

    def _ready(self, file):
        assert self.process.alive(), self.process.log_text()
        return file.exists() and file.read_text().endswith("\n")

    def stop(self):
        if self.process in Process.running:
            self.process.end_in_good_order()

    def start_again(self):
        self.start(listen=urllib.parse.urlsplit(self.url).netloc.replace("localhost", "127.0.0.1"))

    def give_secret(self, blueprint, secret):
        """The provider knows this one only from now on."""
        self.secrets.keep_password(secret)
        directory = yaml.safe_load(self.config.read_text())
        for one in directory["tenants"][0]["blueprints"]:
            if one["id"] == blueprint:
                one["secret"] = secret
        self.stop()
        self.config.write_text(documents.text_of([directory]))
        self.start_again()

    def signing_key(self):
        return max(self.state.glob("signing-*.key"))

    def token_endpoint(self, **form):
        request = urllib.request.Request(
            f"{self.url}/{documents.TENANT}/oauth2/v2.0/token",
            data=urllib.parse.urlencode(form).encode(),
        )
        with urllib.request.urlopen(request, context=self.context) as reply:
            body = json.load(reply)
        for name in ("access_token", "id_token"):
            if name in body:
                self.secrets.keep(body[name])
        return body

    def sign_in(self, user, scope, client=documents.PORTAL, **more):
        """What the provider answers to a user who signs in."""
        return self.token_endpoint(
            grant_type="password",
            client_id=client,
            username=f"{user}@contoso.example",
            password=f"{user.split('_')[0]}-development-only",
            scope=scope,
            **more,
        )

    def token(self, user, scope=documents.FOR_INVOICE, **more):
        return self.sign_in(user, scope, **more)["access_token"]

    def admin(self, method, what, **body):
        """What its admin endpoint answers; docs/behalf-idp.md has all of it."""
        token = (self.state / "admin-token").read_text().strip()
        headers = {"Authorization": "Bearer " + token}
        self.desk.request(method, f"/admin/{what}", json.dumps(body), headers)
        answer = json.load(self.desk.getresponse())
        assert "error" not in answer, answer
        return answer

    def token_requests(self, **form):
        """Those since the last `admin("DELETE", "requests")` whose form has these fields."""
        logged = self.admin("GET", "requests")["requests"]
        return [entry for entry in logged if form.items() <= entry["form"].items()]

    def messages(self, token):
        """The subjects of the messages that the API gives for this token."""
        headers = {"Authorization": "Bearer " + token}
        request = urllib.request.Request(self.url + "/v1.0/me/messages", headers=headers)
        with urllib.request.urlopen(request, context=self.context) as reply:
            return [message["subject"] for message in json.load(reply)["value"]]

    def requests(self, **wanted):
        """Its log lines that have these fields."""
        lines = [json.loads(line) for line in self.process.log_text().splitlines()]
        return [line for line in lines if wanted.items() <= line.items()]

    def exchanges(self):
        return self.requests(grant="urn:ietf:params:oauth:grant-type:jwt-bearer")
