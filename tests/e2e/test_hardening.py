"""What the daemon forbids its own process, looked at from outside."""

import json
import os
import pathlib
import re

import grpc
import pytest

import documents
from memory import copies_of
from waiting import BEHALFD, eventually, is_sanitized

SANITIZED = is_sanitized(BEHALFD)

# With this TLS is impossible for whoever reads it.
NO_TLS = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = none
[none]
MaxProtocol = TLSv1.1
"""

by_default = pytest.mark.skipif(SANITIZED, reason="a sanitizer does what is forbidden here")


@pytest.fixture
def own_stage(new_stage):
    stage = new_stage()
    yield stage
    stage.stop()


def process_of(stage):
    return pathlib.Path(f"/proc/{stage.daemon.process.popen.pid}")


def status_of(task):
    lines = (task / "status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines)


def launch_and_end(stage, **options):
    """What it says before it ends with an error."""
    process = stage.daemon.launch(**options)
    eventually("the daemon ends", lambda: not process.alive())
    assert process.stop() == 1
    return stage.daemon.log_text()


@by_default
def test_the_process_is_held_to_few_system_calls(stage, alice):
    stage.expenses(alice)
    tasks = list((process_of(stage) / "task").iterdir())
    assert len(tasks) > 3
    for task in tasks:
        status = status_of(task)
        assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1"), status["Name"]


@by_default
@pytest.mark.skipif(not documents.locks_memory(), reason="this account may not lock memory")
def test_all_memory_of_the_daemon_is_locked(stage, alice):
    stage.expenses(alice)
    mappings = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", (process_of(stage) / "smaps").read_text(), flags=re.M)
    writable = [one for one in mappings if re.match(r"\S+ rw", one)]
    assert len(writable) > 10
    unlocked = [one.splitlines()[0] for one in writable if " lo" not in one.split("VmFlags:")[1]]
    assert not unlocked


@by_default
@pytest.mark.root
def test_no_copy_of_a_secret_outlives_its_use(new_provider, own_stage, secrets):
    provider = new_provider()
    own_stage.provider = provider
    own_stage.start()
    pid = own_stage.daemon.process.popen.pid
    token = provider.token("alice")
    own_stage.expenses(token)
    handle = own_stage.handle(token)
    first = own_stage.invoice_secret.read_bytes().strip()
    assert copies_of(pid, first) == 1  # it is in use, and the search finds it

    own_stage.tool.get("RedeemHandle", handle=handle)
    second = "second-of-invoice-development-only"
    provider.give_secret(documents.INVOICE, second)
    own_stage.secret_file("invoice", second)
    own_stage.expenses(provider.token("bob"))
    assert copies_of(pid, second.encode()) == 1
    for what, needle in {"secret": first, "token": token.encode(), "handle": handle.encode()}.items():
        eventually(f"no copy of the {what}", lambda: copies_of(pid, needle) == 0)


def test_the_environment_neither_tells_nor_redirects(own_stage, alice):
    keys = own_stage.folder / "keys"
    configuration = own_stage.folder / "openssl.cnf"
    configuration.write_text(NO_TLS)
    nowhere = "http://127.0.0.1:1"
    own_stage.start(env={
        **os.environ, "GRPC_TRACE": "all", "GRPC_VERBOSITY": "debug", "SSLKEYLOGFILE": str(keys),
        "OPENSSL_CONF": str(configuration), "https_proxy": nowhere, "ALL_PROXY": nowhere,
        "SSL_CERT_FILE": "/dev/null", "LOCALDOMAIN": "invalid", "RES_OPTIONS": "debug",
    })
    own_stage.expenses(alice)
    assert not keys.exists()
    lines = [json.loads(line) for line in own_stage.daemon.log_text().splitlines()]
    warnings = [line["message"] for line in lines if line["level"] == "warning"]
    assert "https_proxy is not obeyed: `proxy` of a Provider says how it is reached" in warnings


def test_a_caller_cannot_fill_the_log_by_malformed_requests(own_stage):
    own_stage.start()
    before = own_stage.daemon.log_text()
    # Field 1 is a string, and its last bytes are no UTF-8.
    text = b"CANARY-CALLER\xff\xfe"
    request = bytes([0x0A, len(text)]) + text
    with grpc.insecure_channel(f"unix:{own_stage.daemon.socket('agents')}") as channel:
        get = channel.unary_unary("/behalf.v1.TokenBroker/GetToken", request_serializer=bytes)
        for _ in range(500):
            with pytest.raises(grpc.RpcError):
                get(request)
    said = own_stage.daemon.log_text().removeprefix(before)
    reports = [line for line in said.splitlines() if "reports an error" in line]
    assert 1 <= len(reports) < 20
    assert "CANARY" not in said
    assert all(json.loads(line) for line in said.splitlines())


@by_default
@pytest.mark.root
def test_what_the_host_does_not_permit_keeps_the_daemon_from_starting(own_stage, alice):
    contents = own_stage.documents()
    own_stage.daemon.write(contents)
    poor = ["prlimit", "--memlock=65536", "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"]
    said = launch_and_end(own_stage, before=poor)
    assert "at most 64 KiB of memory may be locked" in said
    assert "write `hardening: {without: [memory-lock]}` in the Daemon document" in said
    assert not own_stage.daemon.socket("agents").exists()

    contents[0]["spec"]["hardening"] = {"without": ["memory-lock"]}
    own_stage.start(contents, before=poor)
    own_stage.expenses(alice)


def test_what_it_does_without_is_logged_and_shown(own_stage, alice):
    contents = own_stage.documents()
    contents[0]["spec"]["hardening"] = {"without": ["memory-lock", "seccomp"]}
    own_stage.start(contents)
    own_stage.expenses(alice)
    status = own_stage.operator.get("GetStatus")
    assert status["hardening_without"] == ["memory-lock", "seccomp"]
    log = own_stage.daemon.log_text()
    assert "hardening without memory-lock: secrets can be swapped out to the disk" in log
    assert "hardening without seccomp: the kernel is open to whoever takes over the daemon" in log
    seen = status_of(process_of(own_stage))
    assert (seen["Seccomp"], seen["VmLck"].strip()) == ("0", "0 kB")


@by_default
def test_by_default_it_does_without_nothing(stage):
    expected = [] if documents.locks_memory() else ["memory-lock"]
    assert stage.operator.get("GetStatus")["hardening_without"] == expected
