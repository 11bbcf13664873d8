#!/usr/bin/python3
"""Every command in the documentation is run by a test.

    commands.py ROOT BUILD

Finds the lines of all ```sh blocks in README.md, CONTRIBUTING.md and docs/*.md.
Each must be run here, from ROOT with the programs of BUILD, or be named in
RUN_ELSEWHERE with what runs it. docs/cli.md is made from the table of commands,
whose examples cli_test checks.
"""
import os
import pathlib
import re
import subprocess
import sys

# Lines that another part of the test run executes, word for word.
RUN_ELSEWHERE = {
    "deploy/quickstart": "the test `quickstart`",
    "tests/run": ".ci/run, and this very run",
    "deploy/install-packages build run test check": "tests/run",
    "cmake --preset dev": "tests/run",
    "cmake --build --preset dev": "tests/run",
    "ctest --preset dev": "tests/run",
    "ctest --preset dev -R oauth": "tests/run runs it with all others",
    "build/dev/tests/daemon/oauth/oauth_test --gtest_filter='SubjectVerifier*'":
        "tests/run runs the program whole",
    "python3 -m grpc_tools.protoc -Iproto --python_out=. --grpc_python_out=. "
    "proto/behalf/v1/tool_tokens.proto": "tests/interop/test_mcp.py",
    "behalf audit show 0f1e2d3c --socket /run/behalf/admin.sock": "tests/e2e/test_help_examples.py",
    "behalf audit search --event token_issued --agent invoice-bot --file "
    "/var/log/behalf/audit.jsonl": "tests/e2e/test_help_examples.py",
    "behalf audit key --socket /run/behalf/admin.sock": "tests/e2e/test_help_examples.py",
    "behalf audit tail --for 1s --socket /run/behalf/admin.sock": "tests/e2e/test_help_examples.py",
    "behalf audit verify --key /var/lib/behalf/audit-head.pub /var/log/behalf/audit.jsonl":
        "tests/e2e/test_help_examples.py",
    "behalf explain --socket /run/behalf/admin.sock --caller-socket agents --caller-uid 1001 "
    "--tool mail-search --api graph --claims alice.json": "tests/e2e/test_help_examples.py",
    "behalf can-i --documents /etc/behalf/blueprints --caller-socket agents --caller-uid 1001 "
    "--tool mail-search --api graph --claims alice.json": "tests/e2e/test_help_examples.py",
    **{command: "tests/e2e/test_reload.py, in front of a daemon" for command in (
        "behalf catalog reload",
        "behalf status",
        "behalf catalog history",
        """behalf catalog rollback "$(behalf catalog history | awk 'NR == 3 {print $1}')\"""",
    )},
}
# Pages whose commands one test runs all, in order.
PAGES_RUN_ELSEWHERE = {
    "docs/operations.md": "tests/e2e/test_operations.py, on a booted system",
    "docs/revocation.md": "tests/e2e/test_revocation.py, in front of a daemon",
}
PROGRAMS = ("daemon", "daemon/cli", "tests/idp")


def documented(root):
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    for page in pages:
        if page == root / "docs/cli.md":
            continue
        for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S):
            for line in block.replace("\\\n", " ").splitlines():
                command = line.split("  #")[0].strip()
                if command:
                    yield page.relative_to(root), command


def main():
    root, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    path = os.pathsep.join([*(str(build / folder) for folder in PROGRAMS), os.environ["PATH"]])
    passed = failed = 0
    for page, command in documented(root):
        if command in RUN_ELSEWHERE or str(page) in PAGES_RUN_ELSEWHERE:
            passed += 1
            continue
        result = subprocess.run(["bash", "-ec", command], cwd=root, env={**os.environ, "PATH": path},
                                capture_output=True, text=True, timeout=60)
        if result.returncode == 0:
            passed += 1
        else:
            failed += 1
            print(f"{page}: `{command}` ended with {result.returncode}\n{result.stderr}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


main()
