#!/usr/bin/python3
"""The table of Entra's codes in docs/entra.md is that of daemon/oauth/entra_errors.cc.

    entra_codes.py ROOT [--update]

Fails where they differ; with --update, or BEHALF_UPDATE_GOLDEN=1, writes the table.
"""

import os
import pathlib
import re
import sys

BEGIN = "<!-- codes: made from daemon/oauth/entra_errors.cc, do not edit -->"
END = "<!-- end of codes -->"
ROW = re.compile(r"\{(\d+), k([A-Za-z]+)\},?")


def rows_of(source):
    """Code, reason and comment; a row without a comment is about what the last was about."""
    begin = source.index("kRows = ")
    about = ""
    for line in source[begin : source.index("});", begin)].splitlines():
        found = ROW.findall(line)
        comment = line.partition("// ")[2].strip()
        for place, (code, name) in enumerate(found):
            last = place == len(found) - 1
            about = comment if last and comment else about
            yield int(code), re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(), about


def moves_of(errors):
    return dict(re.findall(r"^\| `([A-Z_]+)` \| `[A-Z_]+` \| (\w+) \|", errors, re.M))


def table(root):
    moves = moves_of((root / "docs/errors.md").read_text())
    lines = ["", "| code | about | reason | whose move |", "|---|---|---|---|"]
    for code, reason, about in rows_of((root / "daemon/oauth/entra_errors.cc").read_text()):
        lines.append(f"| {code} | {about} | `{reason}` | {moves[reason]} |")
    assert len(lines) > 60, "the rows of entra_errors.cc are no longer found"
    return "\n".join([*lines, "", ""])


def rows_of_page(text):
    """Code, reason and move of each row of the page."""
    row = re.compile(r"^\| (\d+) \| .+ \| `([A-Z_]+)` \| (\w+) \|$", re.M)
    found = row.findall(text[text.index(BEGIN) : text.index(END)])
    return [(int(code), reason, move) for code, reason, move in found]


def main():
    root = pathlib.Path(sys.argv[1])
    page = root / "docs/entra.md"
    text = page.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN) + 1, text.index(END)
    wanted = text[:begin] + table(root) + text[end:]
    if "--update" in sys.argv or os.environ.get("BEHALF_UPDATE_GOLDEN"):
        page.write_text(wanted)
    elif wanted != text:
        sys.exit(f"{page}: the table of codes is not that of entra_errors.cc; run with --update")


if __name__ == "__main__":
    main()
