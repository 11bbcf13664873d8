#!/usr/bin/python3
"""What the pages for operators promise to hold is there.

    pages_test.py ROOT

Every reason of docs/errors.md stands in docs/operations.md under whose move it
is.
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


def main():
    root = pathlib.Path(sys.argv[1])
    problems = list(reasons_without_advice(root))
    print("\n".join(problems) or "every reason has its advice")
    sys.exit(bool(problems))


main()
