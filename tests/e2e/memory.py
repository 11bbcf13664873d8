"""What lies in the memory of a process."""

import pathlib


def copies_of(pid, needle):
    """How often these bytes stand in what the process can write; needs root."""
    process, found = pathlib.Path(f"/proc/{pid}"), 0
    with open(process / "mem", "rb") as memory:
        for line in (process / "maps").read_text().splitlines():
            span, access = line.split()[:2]
            if not access.startswith("rw"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            memory.seek(begin)
            try:
                found += memory.read(end - begin).count(needle)
            except OSError:  # gone meanwhile
                continue
    return found
