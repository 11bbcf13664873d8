"""The table in docs/entra.md: what it says was tried was tried."""

import json
import os
import re

import conftest
import libraries
import packages
import pytest

PAGE = conftest.SOURCE / "docs/entra.md"
BEGIN = "<!-- tried: made from tests/interop/libraries.py, do not edit -->\n"
END = "<!-- end of tried -->"
DAEMON = "daemon"
CLIENTS = {
    "msal_node": "@azure/msal-node",
    "azure_identity_node": "@azure/identity",
    "msal_python": "msal",
    "azure_identity_python": "azure-identity",
}


def version(package):
    """As the lock files pin it."""
    npm = json.loads((packages.HERE / "npm/package.json").read_text())["dependencies"]
    pins = (packages.HERE / "requirements.txt").read_text()
    python = dict(re.findall(r"^([a-z-]+)==(\S+)", pins, re.MULTILINE))
    return npm.get(package) or python[package]


def behind(column):
    """Cells, and the tests that are behind them."""
    if column == DAEMON:
        name = "test_parity.py::test_the_forms_are_the_same"
        return {
            cell: {f"{name}[{msal}-{cell}]" for msal in ("msal_python", "msal_node")}
            for cell in libraries.DAEMONS
        }
    name = f"test_{column}.py::test_a_token_is_granted"
    flows = libraries.LIBRARIES[column].flows
    return {cell: {f"{name}[{cell}]"} for cell in libraries.CELLS if cell.flow in flows}


COLUMNS = [*CLIENTS, DAEMON]


def table():
    heads = [f"{name}<br>{package} {version(package)}" for name, package in CLIENTS.items()]
    lines = ["", f"| flow | credential | {' | '.join(heads)} | {DAEMON} |"]
    lines.append("|---" * (len(COLUMNS) + 2) + "|")
    for cell in libraries.CELLS:
        marks = ["yes" if cell in behind(column) else "—" for column in COLUMNS]
        lines.append(f"| {cell.flow} | {cell.credential} | {' | '.join(marks)} |")
    return "\n".join([*lines, "", ""])


def test_the_page_has_the_table():
    text = PAGE.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if os.environ.get("BEHALF_UPDATE_GOLDEN"):
        PAGE.write_text(text[:begin] + table() + text[end:])
    else:
        assert text[begin:end] == table()


@pytest.mark.last
@pytest.mark.parametrize("column", COLUMNS)
def test_every_cell_is_a_test_that_passed(request, column):
    """Of the files that were run; alone this has nothing to look at."""
    wanted = {test for tests in behind(column).values() for test in tests}
    file = next(iter(wanted)).partition("::")[0]
    outcomes = conftest.OUTCOMES
    if not any(test.startswith(file) for test in outcomes):
        pytest.skip(f"{file} was not run")
    if any(outcomes.get(test) == "skipped" for test in wanted):
        packages.missing(f"{file} was skipped")
    assert {test: outcomes.get(test) for test in wanted} == dict.fromkeys(wanted, "passed")
