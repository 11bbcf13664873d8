#!/usr/bin/python3
"""llvm-cov's summary (JSON on stdin) as lines of a table: lines.py NAME ROOT."""
import json
import sys


def row(name, file, count, covered):
    part = 100 * covered / count if count else 100
    print(f"{name:<15} {file:<40} {count:>7} {covered:>7} {part:>5.1f}%")


def main():
    name, root = sys.argv[1:3]
    files = json.load(sys.stdin)["data"][0]["files"]
    rows = [(file["filename"].removeprefix(root + "/"), file["summary"]["lines"]) for file in files]
    for file, lines in rows:
        row(name, file, lines["count"], lines["covered"])
    row(name, "in all", sum(lines["count"] for _, lines in rows),
        sum(lines["covered"] for _, lines in rows))


if __name__ == "__main__":
    main()
