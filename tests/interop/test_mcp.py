"""Self-hosted MCP servers are tools: they answer with the content of the user who asks.

deploy/examples has the servers, docs/mcp.md the words; both run here as they are.
"""

import re
import subprocess

import packages
import pytest
from conftest import SOURCE
from judge import reachable
from mcp_server import McpServer, copy_of

PAGE = SOURCE / "docs/mcp.md"
EXAMPLES = SOURCE / "deploy/examples"
SUBJECTS = {"alice": "Invoice 4711 is due", "bob": "Your parking permit"}


@pytest.fixture(scope="session")
def python_server(root, python):
    folder = copy_of(EXAMPLES / "mcp-python", root, SOURCE / "proto")
    (command,) = re.findall(r"^python3 (-m grpc_tools.*)$", PAGE.read_text(), re.MULTILINE)
    subprocess.run([python, *command.split()], cwd=folder, check=True)
    return folder, [python, "server.py"]


@pytest.fixture(scope="session")
def typescript_server(root, node):
    modules = reachable(packages.npm(packages.TYPESCRIPT) / "node_modules", root)
    folder = copy_of(packages.TYPESCRIPT, root, SOURCE / "proto")
    (folder / "node_modules").symlink_to(modules)
    return folder, [node, "server.ts"]


@pytest.fixture(scope="session", params=["python", "typescript"])
def server(request, stage, provider):
    folder, argv = request.getfixturevalue(f"{request.param}_server")
    server = McpServer(argv, folder, stage, provider)
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["mcp_client.py", "mcp_client.mjs"])
def agent(request, new_judge):
    return new_judge(request.param)


@pytest.fixture
def call(server, agent):
    def call(handle, text="", **meta):
        meta = {"behalf/handle": handle, **meta} if handle else meta
        arguments = {"text": text}
        return agent.ask(url=server.url, tool="search_mail", arguments=arguments, meta=meta)

    return call


def refused(answer, reason):
    assert answer["error"] and reason in answer["texts"][0], answer
    info = answer["meta"]["behalf/error"]
    assert (info["reason"], info["metadata"]["move"]) == (reason, "caller")
    return info


def test_the_server_answers_with_the_users_own_content(call, stage, provider):
    for user, subject in SUBJECTS.items():
        answer = call(stage.handle(provider.token(user)))
        assert not answer["error"]
        assert subject in answer["texts"]
        assert len(answer["texts"]) == 2


def test_the_tool_does_what_it_is_asked(call, stage, alice):
    answer = call(stage.handle(alice), text="Lunch")
    assert answer["tools"] == ["search_mail"]
    assert answer["texts"] == ["Lunch on Thursday?"]


def test_a_call_without_a_handle_gets_nothing(call):
    refused(call(None), "HANDLE_MISSING")


def test_a_handle_works_once(call, stage, alice):
    handle = stage.handle(alice)
    assert not call(handle)["error"]
    info = refused(call(handle), "HANDLE_SPENT")
    assert stage.daemon.line_of(info["metadata"]["decision_id"])["reason"] == "HANDLE_SPENT"


def test_a_handle_for_another_tool_is_of_no_use(call, stage, alice):
    refused(call(stage.handle(alice, tool="group-search")), "HANDLE_WRONG_TOOL")


def test_no_token_and_no_handle_comes_back_or_is_logged(call, server, stage, secrets, provider):
    handle = stage.handle(provider.token("alice"))
    answer = call(handle)
    seen = str(answer) + server.process.log_text()
    assert handle not in seen
    assert not secrets.found_in(seen)
    assert "eyJ" not in seen  # as every token begins, that of the API too


@pytest.mark.parametrize("language, example", [("python", "mcp-python"), ("ts", "mcp-typescript")])
def test_the_page_shows_the_code_that_runs_here(language, example):
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    sources = [path.read_text() for path in (EXAMPLES / example).glob("*.*") if path.is_file()]
    assert blocks and all(any(block in source for source in sources) for block in blocks)
