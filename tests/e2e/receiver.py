"""A real nginx that takes what is posted to it, and writes it into its log among other things."""

import os
import shutil
import socket
import ssl
import subprocess

from processes import Process
from waiting import eventually

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin")

CONFIG = """
daemon off;
pid {folder}/pid;
error_log stderr;
worker_processes 1;
{user}
events {{}}
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  log_format heads escape=none
    '$remote_addr [$time_local] "$request" $status $content_type $request_body';
  access_log {folder}/heads.log heads;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{
      if ($http_authorization != "Bearer {token}") {{ return 401; }}
      proxy_pass http://unix:{folder}/taken.sock:/;
    }}
  }}
  server {{
    listen unix:{folder}/taken.sock;
    access_log off;
    location / {{ return 204; }}
  }}
}}
"""


class Receiver:
    """Not started yet, at a port of its own."""

    def __init__(self, folder, token):
        folder.mkdir()
        self.folder, self.log = folder, folder / "heads.log"
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.url = f"https://localhost:{self.port}/heads"
        self.ca_file = folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"]
            + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
            + ["-keyout", folder / "key.pem", "-out", self.ca_file],
            check=True, capture_output=True,
        )
        self.token_file = folder / "token"
        self.token_file.write_text(token + "\n")
        self.token_file.chmod(0o600)
        self.config = folder / "nginx.conf"
        self.expect(token)

    def expect(self, token):
        """The token that it wants, from the next start on."""
        user = "user root;" if os.getuid() == 0 else ""
        self.config.write_text(
            CONFIG.format(folder=self.folder, port=self.port, token=token, user=user)
        )

    def start(self):
        argv = [PROGRAM, "-e", "stderr", "-p", self.folder, "-c", self.config]
        self.process = Process("nginx", argv, self.folder / "nginx.log")
        eventually("nginx listens", self._listens)

    def _listens(self):
        assert self.process.alive(), self.process.log_text()
        try:
            context = ssl.create_default_context(cafile=str(self.ca_file))
            with socket.create_connection(("127.0.0.1", self.port), 5) as plain:
                context.wrap_socket(plain, server_hostname="localhost").close()
            return True
        except ConnectionError:
            return False

    def stop(self):
        if self.process in Process.running:
            self.process.end_in_good_order()

    def anchor(self):
        """Of the Daemon document."""
        return {
            "http": {
                "url": self.url, "caFile": str(self.ca_file), "tokenFile": str(self.token_file)
            }
        }
