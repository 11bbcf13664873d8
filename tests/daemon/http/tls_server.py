"""An HTTPS server on localhost for curl_client_test.

usage: tls_server.py CERTIFICATE KEY

Prints its port, then a line for each request to /slow, which it never answers.
Ends when its standard input does.
"""

import http.server
import json
import os
import ssl
import sys
import threading
import urllib.parse


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/slow":
            say(f"slow {query}")
            threading.Event().wait()
        elif path == "/redirect":
            self.answer(302, b"", {"Location": "/echo"})
        elif path == "/status":
            self.answer(int(query), b"{}", {"Retry-After": "7", "Cache-Control": "no-store"})
        elif path == "/bytes":
            self.answer(200, b"x" * int(query))
        elif path == "/endless":
            self.endless()
        else:
            self.echo()

    def do_POST(self):
        self.echo()

    def echo(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_form = headers.get("content-type") == "application/x-www-form-urlencoded"
        fields = urllib.parse.parse_qsl(
            body if is_form else "", keep_blank_values=True, strict_parsing=is_form)
        told = {"method": self.command, "path": self.path, "body": body, "fields": fields,
                "headers": headers}
        self.answer(200, json.dumps(told).encode())

    def endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, context):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = context

    def finish_request(self, request, client_address):
        """The handshake is made in the connection's thread: one that fails hinders nobody."""
        try:
            super().finish_request(self.context.wrap_socket(request, server_side=True),
                                   client_address)
        except OSError:
            pass

    def handle_error(self, *_):
        pass


def main(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(context)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(server.server_address[1])
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
