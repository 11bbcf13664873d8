#!/usr/bin/python3
"""Which lines of a fuzzer's parsers were run, as a table.

    lines.py NAME BUILD

parsers.txt says which files those are; the program of BUILD has left its
counts beside their objects.
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def parsers(name):
    for line in (ROOT / "tests/fuzz/parsers.txt").read_text().splitlines():
        fuzzer, *patterns = line.split()
        if fuzzer == name:
            for pattern in patterns:
                yield from sorted(ROOT.glob(pattern))


def counts(source, build):
    """How often each line was run; the most of all instances of a template."""
    found = {}
    for data in build.rglob(f"{source.name}.gcda"):
        text = subprocess.run(["gcov", "--json-format", "--stdout", str(data)], check=True,
                              capture_output=True, text=True, cwd=build).stdout
        for file in json.loads(text)["files"]:
            if (build / file["file"]).resolve() == source:
                for line in file["lines"]:
                    number = line["line_number"]
                    found[number] = max(found.get(number, 0), line["count"])
    return found


def row(name, file, lines, reached):
    print(f"{name:<15} {file:<40} {lines:>7} {reached:>7} {100 * reached / max(lines, 1):>5.1f}%")


def main():
    name, build = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    lines = reached = 0
    for source in parsers(name):
        found = counts(source, build)
        run = sum(count > 0 for count in found.values())
        row(name, str(source.relative_to(ROOT)), len(found), run)
        lines, reached = lines + len(found), reached + run
    row(name, "in all", lines, reached)


if __name__ == "__main__":
    main()
