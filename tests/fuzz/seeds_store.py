"""First inputs: what the stores hold."""
from seed_pieces import joined, message, number, text


def row_seeds(_):
    for kind in range(9):
        row = number(7) + number(kind) + number(1750000000 * 10**6) + number(2**63 - 1)
        yield b"r" + row + text("said") + text("why") + text("uid 900") + joined(b"bot", b"id")
    yield b"r" + number(7) + number(1) + number(0) + number(0) + text("") * 3 + b"3:ab"
    yield b"m" + number(9) + b"\2" + text("bot") + text("why") + text("by") + number(5) + b"\1" + \
        number(10**15) + b"\2" + text("a") + text("b")
    yield b"g" + joined(b"grant 2", b"bot", b"id", b"tool", b"api", b"delegated", b"1", b"Mail.Read",
                        b"token", b"agents", b"1001", b"1001", b"77", b"2", b"1001", b"2001",
                        b"purpose", b"name", b"digest")
    yield b"g" + joined(b"grant 2", b"", b"", b"", b"", b"application", b"0", b"", b"", b"0", b"0",
                        b"-1", b"0", b"", b"", b"")
    yield b"t" + joined(b"token 1", b"token", b"1750000000000000", b"1750000000000000", b"2", b"a",
                        b"b", b"uti", b"id")
    yield b"w" + text("bot") + text("id") + text("tool") + text("api") + b"\1" + text("agents") + \
        number(1001) * 2 + number(2**64 - 1) + b"\2" + number(1) * 2 + text("p") + text("t") + \
        b"\2" + text("x") + text("y")


def handle_seeds(_):
    times = number(1750000000 * 10**9) + number(2**63 - 1)
    for state in (0, 2, 3, -1):
        yield b"s" + number(state) + number(1) + times + text("sealed") + text("digest") + b"answer"
    yield b"s\0" + number(2**63 - 1) + times + text("") * 2
    for kind in (b"m", b"e"):
        yield kind + b"\1" + times + text("sealed") + text("digest") + b"answer"
        yield kind + b"\2" + number(0) + number(-2**63) + text("") * 2
    handle = message((1, "sealed"), (2, 1), (3, "digest"), (4, "answer"), (5, 10**18), (6, 10**18))
    revocation = message((1, 3), (2, "bot"), (2, "id"), (3, "bot"), (4, "why"), (5, "uid 900"),
                         (6, 1750000000 * 10**6), (7, 2**63 - 1))
    for bytes_ in (handle, message((2, 3)), revocation, message((1, 8)), message((1, 3), (7, 0)),
                   message((1, 7), (2, 1)), message((1, 7), (2, 2)), b"\x08\x80"):
        yield b"v" + bytes_
    for key in (b"%020d" % 7, b"%020d" % (2**64 - 1), b"7", b" 7", b"+%019d" % 7, b"fleet/", b""):
        yield b"k" + key
    yield b"x\0\0\0"
    yield b"x\0\1\1\0other"
    yield b"x\1\0\x1c\0" + b"\0" * 40
