"""First inputs: who calls, and with what."""
from seed_pieces import message


def request_seeds(_):
    declared = message((1, "purpose"), (2, "search"), (3, "sha256:00"))
    token = "eyJhbGciOiJub25lIn0.e30.AA"
    get = message((1, token), (2, "invoice-bot"), (3, "graph"), (4, "Mail.Read"), (5, declared))
    yield b"\0" + get
    yield b"\0" + message((3, "invoices"), (6, 2))
    yield b"\0" + message((1, token), (3, "Graph"), (4, "https://graph/.default"), (6, 9))
    handle = message((1, token), (2, "invoice-bot"), (3, "mail-search"), (4, "graph"),
                     (5, "Mail.Read"), (6, message((1, 60), (2, 5))), (7, declared))
    yield b"\1" + handle
    yield b"\1" + message((1, token), (3, "calendar"), (4, "graph"), (6, message((1, 301))))
    yield b"\2" + message((1, token), (3, "mail-search"), (4, "graph"), (6, declared))
    yield b"\3" + message((1, "A" * 43), (2, "request-1"), (3, "Mail.Read"))
    guid = "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2"
    names = {1: "", 2: "invoice-assistant", 3: "invoice-bot", 4: "mail-search", 5: guid,
             6: "k1:" + "0" * 32, 7: "k1:" + "f" * 32, 9: "x"}
    for kind, name in names.items():
        target = message((1, kind), (2, name)) + (message((3, guid)) if kind == 5 else b"")
        yield b"\4" + message((1, target), (2, "why"), (3, message((1, 1900000000), (2, 7))))
        yield b"\5" + message((1, target), (2, "why"))
    for kind in (2, 3):
        yield b"\5" + message((1, message((1, kind), (2, guid.upper()))))
    caller = message((1, "agents"), (2, 1001), (3, b""))
    claims = message((1, "5b404cf4-a79d-4cfe-b866-24bf8e1a4921"), (2, guid), (3, "aud"),
                     (4, "client"), (5, "access_agent"), (6, 1), (7, message((1, "g2"), (1, "g1"))),
                     (8, b""), (9, message((1, "mfa"))), (10, message((1, "c1"))), (11, "1"),
                     (12, message((1, 1750000000))))
    for access in (0, 1, 2, 3):
        yield b"\6" + message((1, caller), (2, "invoice-bot"), (3, "mail-search"), (4, "graph"),
                              (5, "Mail.Read"), (6, declared), (8, claims),
                              (9, message((1, 1750000000))), (10, access))
    yield b"\6" + message((1, caller), (2, "invoice-bot"), (4, "invoices"), (10, 2))


def trace_seeds(_):
    right = b"4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    for version in (b"00-", b"cc-", b"ff-", b"0g-", b"00_"):
        yield version + right
        yield version + right + b"-later"
    yield b"00-" + b"0" * 32 + right[32:]
    yield b"00-" + right[:33] + b"0" * 16 + b"-00"
    for peer in (b"fd:0", b"fd:12", b"fd:012", b"fd:-1", b"fd:", b"fd:2147483648", b"unix:/x"):
        yield peer


def peer_seeds(_):
    for caps in range(15):
        opened = b"".join(bytes([n, 0, n, n, 2, n % 4]) for n in range(6))
        yield bytes([caps]) + opened + b"".join(bytes([n, 1]) for n in range(6)) + opened
        yield bytes([caps]) + b"\0\0\0\0\2\1\0\1\0\0\3\1\0\1\0\2\1" + opened
    yield b"a\1\0\1\4name"
    yield b"a\xfe\xfe\1\4name"
    yield b"a\0\0\1\0"
    yield b"a\1\1\0\0"
