"""What is taken away from a file, to see whether a test notices."""

import pathlib
import re
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Mutation(NamedTuple):
    """In `file`, the text `old`, which stands there once, becomes `new`."""
    file: str
    check: str
    old: str
    new: str = ""


def without(file, condition, check):
    """`if (condition)` refuses no longer."""
    return Mutation(file, check, f"if ({condition})", "if (false)")


def members(file, check, *names):
    """A list of names in quotes, from which each is taken in turn."""
    def text(kept):
        return "{" + ", ".join(f'"{name}"' for name in kept) + "}"
    return [Mutation(file, f"{check}: {name}", text(names), text([n for n in names if n != name]))
            for name in names]


def source(file):
    return (ROOT / file).read_text(encoding="utf-8")


def rows(file, pattern, count):
    """Every line of a table, in turn. `pattern`'s first group names it."""
    found = list(re.finditer(pattern, source(file), re.M))
    if len(found) != count:
        sys.exit(f"{file}: {len(found)} rows of checks where {count} are known: tell {__file__}")
    return [Mutation(file, f"row {match[1]}", match[0]) for match in found]


def mutated(mutation):
    text = source(mutation.file)
    if text.count(mutation.old) != 1:
        sys.exit(f"{mutation.file}: {mutation.check}: {mutation.old!r} stands there "
                 f"{text.count(mutation.old)} times: tell tests/mutations")
    return text.replace(mutation.old, mutation.new)
