"""A stand-in on the wire between the daemon and its provider.

It passes requests on, knows every secret that crosses it, and can hold a
request back, answer in the provider's place, or change what the provider said.
The daemon reads the provider's tokens without verifying their signatures, which
are for the API, so what is changed here need not be signed again.
"""

import contextlib
import http.client
import http.server
import json
import ssl
import threading
import urllib.parse

import tokens

SENT = ("client_secret", "client_assertion", "assertion")
ON_BEHALF_OF = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Reply:
    """What goes back: to be changed in place."""

    def __init__(self, status, body, headers=None):
        self.status, self.body, self.headers = status, body, headers or {}

    @property
    def fields(self):
        return json.loads(self.body)

    def put(self, **changes):
        """Changes fields of the JSON object; None takes one away."""
        fields = {**self.fields, **changes}
        fields = {name: value for name, value in fields.items() if value is not None}
        self.body = json.dumps(fields).encode()

    def put_claims(self, **changes):
        """Changes claims of the access token; its signature stays."""
        head, body, signature = self.fields["access_token"].split(".")
        claims = {**json.loads(tokens.decode(body)), **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        body = tokens.encode(json.dumps(claims).encode())
        self.put(access_token=".".join((head, body, signature)))


class Wire:
    """HTTPS on a port of its own, by the provider's certificate."""

    def __init__(self, provider):
        self.target = urllib.parse.urlsplit(provider.url)
        self.context = provider.context
        self.secrets = provider.secrets
        self.forms = []  # of the exchanges on behalf of a user
        self.meddle = {}  # what to do to replies, by the grant type
        self.gate = threading.Event()
        self.gate.set()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(provider.state / "server.pem", provider.state / "server.key")
        self.server.socket = tls.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()

    @contextlib.contextmanager
    def saying(self, meddle, grant=ON_BEHALF_OF):
        """`meddle(reply, form)` changes the replies to this grant in this block."""
        self.meddle[grant] = meddle
        try:
            yield
        finally:
            del self.meddle[grant]

    @contextlib.contextmanager
    def held(self):
        """Exchanges that begin in this block wait for its end."""
        self.gate.clear()
        try:
            yield
        finally:
            self.gate.set()

    def answer(self, request):
        """The provider's reply, and what became of it."""
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        self._keep(form, SENT)
        grant = form.get("grant_type")
        if grant == ON_BEHALF_OF:
            self.forms.append(form)
            self.gate.wait()
        reply = self._ask(request)
        self._keep_tokens(reply)
        if grant in self.meddle:
            self.meddle[grant](reply, form)
            self._keep_tokens(reply)
        return reply

    def _keep(self, fields, names):
        for name in names:
            if isinstance(fields.get(name), str):
                self.secrets.keep(fields[name])

    def _keep_tokens(self, reply):
        with contextlib.suppress(ValueError):
            self._keep(reply.fields, ("access_token", "id_token", "refresh_token"))

    def _ask(self, request):
        way = http.client.HTTPSConnection(self.target.netloc, context=self.context)
        # The provider names itself by the host it is asked for.
        headers = {**request.headers, "Host": urllib.parse.urlsplit(self.url).netloc}
        way.request(request.command, request.path, request.body, headers)
        answer = way.getresponse()
        reply = Reply(answer.status, answer.read(), {"Content-Type": "application/json"})
        way.close()
        return reply

    def _handler(wire):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                length = int(self.headers.get("Content-Length", 0))
                self.body = self.rfile.read(length)
                reply = wire.answer(self)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        return Handler
