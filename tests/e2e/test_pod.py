"""The Kubernetes pod, as far as namespaces are one: its volumes, users and probes."""

import json
import signal

import pytest

import machine as machines
import pod as pods
from waiting import BEHALFD, eventually, is_sanitized

TOKEN = "azure-identity-token"

pytestmark = pytest.mark.skipif(
    is_sanitized(BEHALFD), reason="a sanitizer needs more of a container than it has"
)


@pytest.fixture(scope="module")
def pod(root, provider):
    if why := machines.why_not():
        pytest.skip(why)
    folder = root / "pod"
    folder.mkdir()
    made = pods.Pod(folder)
    for name, text in made.documents.items():
        # The provider of these tests knows no cluster: a secret takes the
        # place of the pod's token.
        text = text.replace("federatedToken:", "secret:").replace(
            "  dialect: entra\n",
            f"  dialect: entra\n  authority: {provider.url}\n  caFile: idp-ca.pem\n",
        )
        made.put("documents", name, text)
    made.put("documents", "idp-ca.pem", provider.ca_file.read_text())
    made.put("identity", TOKEN, "invoice-assistant-development-only\n", uid=65532, mode=0o400)
    made.start()
    eventually("the startup probe", lambda: is_up(made))
    yield made
    made.daemon.stop(signal.SIGKILL)


def is_up(pod):
    assert pod.daemon.alive(), pod.daemon.log_text()
    return pod.probe("startupProbe")


def test_the_tool_gets_what_the_agent_made_a_handle_for(pod, provider, secrets):
    answer = json.loads(pod.get(
        "agent", "behalf", "handle", "create", "--tool", "mail-search", "--api", "graph",
        "--subject-token-file", "-", "-o", "json", input=provider.token("alice"),
    ))
    secrets.keep(answer["handle"])
    redeem = ("behalf", "handle", "redeem", "--handle-file", "-", "--show-token", "-o", "json")
    refused = json.loads(pod.run("agent", *redeem, input=answer["handle"]).stdout)
    assert refused["error"]["reason"] == "CALLER_NOT_TOOL"
    granted = json.loads(pod.get("mail-search", *redeem, input=answer["handle"]))
    secrets.keep(granted["access_token"])
    assert provider.messages(granted["access_token"])


def test_a_container_cannot_put_another_socket_in_its_place(pod):
    for container in ("agent", "mail-search"):
        done = pod.run(container, "mv", "/run/behalf/socket", "/run/behalf/mine")
        assert done.returncode != 0 and "Read-only file system" in done.stderr


def test_a_container_finds_no_other_socket(pod):
    for container in ("agent", "mail-search"):
        assert pod.get(container, "find", "/run", "-type", "s").split() == [
            "/run/behalf/socket/behalf.sock"
        ]


def test_operators_ask_in_the_daemons_container(pod):
    status = pod.get("behalf", "behalf", "status", "--socket", "/run/behalf/admin/socket/behalf.sock")
    assert "invoice-assistant  enabled" in status


def test_all_probes_answer(pod):
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert pod.probe(probe)
