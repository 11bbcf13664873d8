#!/usr/bin/python3
"""What the pages for operators promise to hold is there.

    pages_test.py ROOT

Every reason of docs/errors.md stands in docs/operations.md under whose move it
is. Every test that docs/threat-model.md names exists.
"""
import pathlib
import re
import sys

# Whose move it is in docs/errors.md: the heading in docs/operations.md.
HEADINGS = {
    "operator": "Yours",
    "provider": "The provider's",
    "user": "The user's",
    "caller": "The caller's",
    "retry": "Nobody's",
}
FIRST = ("record", "status", "explain", "journal", "clock")


def reasons(root):
    row = re.compile(r"^\| `([A-Z_]+)` \| `[A-Z_]+` \| (\w+) \|", re.M)
    return dict(row.findall((root / "docs/errors.md").read_text()))


def advice(root):
    """{reason: (heading, first command)} of docs/operations.md."""
    found = {}
    for section in re.split(r"^### ", (root / "docs/operations.md").read_text(), flags=re.M)[1:]:
        heading = section.split(":")[0]
        for reason, first in re.findall(r"^\| `([A-Z_]+)` \| (\w+) \| .+ \|$", section, re.M):
            found[reason] = (heading, first)
    return found


def reasons_without_advice(root):
    known, told = reasons(root), advice(root)
    for reason, move in known.items():
        heading, first = told.get(reason, (None, None))
        if heading != HEADINGS[move]:
            yield f"docs/operations.md: {reason} belongs under \"{HEADINGS[move]}\", not {heading}"
        elif first not in FIRST:
            yield f"docs/operations.md: {reason}: \"{first}\" is none of the first commands"
    for reason in told.keys() - known.keys():
        yield f"docs/operations.md: there is no reason {reason}"


def tests_that_are_missing(root):
    """The threat model names `path` or `path: Test`, the test by its words in that file."""
    page = (root / "docs/threat-model.md").read_text()
    rows = [line for line in page.splitlines() if re.match(r"^\| T\d+ ", line)]
    if len(rows) < 20:
        yield f"docs/threat-model.md: {len(rows)} threats only"
    for row in rows:
        names = re.findall(r"`(tests/[^`:]+)(?:: ([^`]+))?`", row)
        if not names:
            yield f"docs/threat-model.md: no test in: {row[:70]}"
        for path, test in names:
            if not (root / path).is_file():
                yield f"docs/threat-model.md: {path} does not exist"
            elif test and not re.search(rf"\b{re.escape(test)}\b", (root / path).read_text()):
                yield f"docs/threat-model.md: {path} has no {test}"


def main():
    root = pathlib.Path(sys.argv[1])
    problems = [*reasons_without_advice(root), *tests_that_are_missing(root)]
    print("\n".join(problems) or "every reason has its advice, every threat its test")
    sys.exit(bool(problems))


main()
