"""The example servers of deploy/examples, run as they are, as the account of the tool."""

import shutil
import socket
import subprocess

import documents
from clients import account_options
from judge import environment
from processes import Process
from waiting import eventually


class McpServer:
    """One server; its packages and its copy of the contract lie where it can read them."""

    def __init__(self, argv, folder, stage, provider):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        self.env = environment(
            PORT=str(self.port),
            BEHALF_SOCKET=str(stage.daemon.socket("tools")),
            GRAPH_URL=provider.url,
            NODE_EXTRA_CA_CERTS=str(provider.ca_file),
            SSL_CERT_FILE=str(provider.ca_file),
        )
        account = account_options(documents.TOOL)
        log = folder / "server.log"
        output = subprocess.DEVNULL
        self.process = Process("mcp", argv, log, cwd=folder, env=self.env, stdout=output, **account)
        eventually("the MCP server listens", self._listens)

    def _listens(self):
        assert self.process.alive(), self.process.log_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        if self.process in Process.running:
            self.process.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_of(example, root, proto):
    """The example as its reader would have it: with the contract beside it."""
    folder = root / example.name
    shutil.copytree(example, folder)
    shutil.copytree(proto, folder / "proto")
    return folder
