"""Ways to a token, and the status."""

import os

import documents
from clients import run_cli
from scenarios.registry import success


@success
def a_token_and_the_same_again(canary):
    token = canary.provider.token("alice")
    assert canary.expenses(token)["access_token"] == canary.expenses(token)["access_token"]


@success
def a_handle_redeemed_and_redeemed_again(canary):
    handle = canary.handle(canary.provider.token("alice"))
    for _ in range(2):
        canary.tool.get("RedeemHandle", handle=handle, request_id="the same")


@success
def a_handle_whose_tool_asks_the_provider(canary):
    canary.tool.get("RedeemHandle", handle=canary.handle(canary.provider.token("bob"), "fresh"))


@success
def the_status(canary):
    assert canary.operator.get("GetStatus")["providers"]


@success
def the_whole_chain_by_the_operators_tool(canary):
    def run(uid, *arguments):
        return run_cli(canary.secrets, canary.folder, uid, *arguments)

    def give(name, uid, text):
        path = desk / name
        path.unlink(missing_ok=True)  # it may be another's, and the kernel protect it here
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, uid, uid)
        return path

    desk = canary.folder / "desk"
    desk.mkdir()
    desk.chmod(0o1777)
    token = give("token", documents.AGENT, canary.provider.token("alice"))
    agents = ["--socket", canary.daemon.socket("agents"), "--agent", "invoice-bot"]
    agents += ["--subject-token-file", token]
    for form in ("table", "json"):
        for api in ("expenses", "no-such-api"):
            run(documents.AGENT, "token", "get", *agents, "--api", api, "-o", form)
        handle = desk / f"{form}.handle"
        flags = ["--tool", "fresh", "--api", "graph", "--handle-file", handle, "-o", form]
        assert run(documents.AGENT, "handle", "create", *agents, *flags).returncode == 0
        handle = give("handle", documents.TOOL, canary.secrets.keep(handle.read_text().strip()))
        flags = ["--socket", canary.daemon.socket("tools"), "--handle-file", handle, "-o", form]
        assert run(documents.TOOL, "handle", "redeem", *flags).returncode == 0
        assert run(documents.TOOL, "handle", "redeem", *flags).returncode == 1
        flags = ["--socket", canary.daemon.socket("admin"), "-o", form]
        assert "invoice" in run(os.getuid(), "status", *flags).stdout
