"""First inputs: lines of the record."""
import hashlib
import json

from seed_pieces import compact, number, text


def line_seeds(_):
    for event in range(18):
        yield b"l" + number(3) + bytes([event]) + number(10**14) + text("bot") + text("\x00\"\\\n")
    awkward = '\u2028\u202e\x7f\x85é😀"state_revision":9,'.encode() + b"\xff\xc3"
    yield b"l" + number(2**63) + b"\3" + number(0) + text(awkward) * 23 + bytes(range(64))
    yield b"l" + number(1) + b"\1" + number(1) + text("a") * 23 + b"\0\1" * 40 + (b"\x4f" +
                                                                                text("s") * 79) * 5
    for kind in range(7):
        yield b"v" + number(10**14) + b"\7" + bytes([kind]) + number(12) + b"\1" + number(10**15) + \
            text(awkward) + text("why") + b"\2" + text("bot") + text("b1a7")
    record = {"time": "2026-01-01T00:00:00.000000Z", "event": "revoked", "caller": {"uid": 900},
              "revocation": {"kind": "agent", "said": "bot", "targets": ["bot", "id"], "number": 4,
                             "reason": "why", "until": "2027-01-01T00:00:00Z"}, "state_revision": 4}
    lines = compact(record) + b"\n"
    yield b"f\3" + lines
    yield b"f\3" + lines + compact({**record, "event": "restored", "state_revision": 5}) + b"\n"
    yield b"f\0" + lines
    yield b"f\3" + lines[:60] + b"\n" + lines
    yield b"f\3" + lines.replace(b'"number":4', b'"number":1e300').replace(b"agent", b"new kind")


def linked(line, chain, seq, prev, signature=b""):
    line = line[:-1] + b',"chain":"%s","seq":%d,"prev":"%s"' % (chain, seq, prev)
    return line + (b',"signature":"%s"}' % signature if signature else b"}")


def chain_of(count, begin=1, prev=b"0" * 64, chain=b"0123456789abcdef"):
    """Lines as the daemon writes them; the last one bears a signature of nobody."""
    for seq in range(begin, begin + count):
        event = b"reopened" if begin > 1 and seq == begin else b"started"
        line = b'{"time":"2026-11-22T10:00:00.000000Z","event":"%s","state_revision":%d}' % (event, seq)
        signature = b"0f" * 64 if seq == begin + count - 1 else b""
        line = linked(line, chain, seq, prev, signature)
        prev = hashlib.sha256(line).hexdigest().encode()
        yield line


def chain_seeds(_):
    for kind in (b"e", b"k"):
        yield kind + b"\0\0\3\xff\xff"  # an edit that leaves all as it is
    for file in (b"\0", b"\1"):
        for what in range(7):
            yield b"e\0" + file + bytes([what]) + b"\2\3" * 4
            yield b"e\3" + (file + bytes([what]) + b"\0\1\1\1") * 4
    lines = list(chain_of(4))
    text = b"\n".join(lines) + b"\n"
    later = b"\n".join(chain_of(3, 7, b"a" * 64))
    other = b"\n".join(chain_of(2, chain=b"f" * 16)) + b"\n"
    debris = hashlib.sha256(b"0" * 64 + b"\n{").hexdigest().encode()
    behind = b"{\n" + b"\n".join(chain_of(2, prev=debris)) + b"\n{cut"
    swapped = b"\n".join([lines[0], lines[2], lines[1], lines[3]])
    missing = [b"\n".join(lines[:1] + lines[end:]) for end in (2, 3)]
    twice = b"\n".join(lines[:2] + lines[1:])
    put_in = b"\n".join(lines[:2] + [linked(b"{}", b"0123456789abcdef", 3, b"b" * 64)] + lines[2:])
    last = b"\n".join(lines[:3]) + b"\n" + linked(b"{}", b"0123456789abcdef", 2**64 - 1, b"0" * 64)
    for file in (text, text[:-1], later, text + b"\f" + other, behind, swapped, *missing, twice,
                 put_in, last, b"".join(chain_of(1, 2**64 - 1, b"a" * 64)), text + b"debris\n", b"debris\n" * 2 + text, b"debris\f" + later,
                 b'{"state_revision":9}\ndebris', text.replace(b"started", b"stopped", 1)):
        yield b"f" + file
        yield b"o" + file
    for line in (*lines, *(linked(b"{}", b"0" * 16, seq, b"0" * 64) for seq in (0, 2**64 - 1, 2**64))):
        yield b"l" + line


def shown_seeds(_):
    record = {"time": "2026-01-01T00:00:00.000000Z", "event": "token_issued", "agent": "bot",
              "decision_id": "0123456789abcdef0123", "caller": {"socket": "agents", "uid": 1001},
              "user": {"digest": "u", "oid": "o"}, "scopes": ["Mail.Read", "Mail.Send"],
              "cached": True, "suppressed": 12}
    denied = {**record, "event": "denied", "reason": "SCOPE_DENIED", "term": "scope",
              "decided_by": "a.yaml:3", "declared": {"purpose": "\u202e\x1b[2J\x85\u2028"}}
    for count in (1e300, -1e300, 1.5, None):
        yield b"d" + compact({**record, "suppressed": count, "nothing": [None, [True], {}]})
    for value in (record, denied, {**record, "agent": "bot\nanother\tline"}):
        yield b"d" + compact(value)
        yield b"d" + compact(value) + b"\n" + compact({**value, "decision_id": "0123456789abcdef9"})
        for flags in (b"\0\0\0", b"\1\1\1", b"\1\0\0", b"\0\0\1"):
            yield b"s" + flags + compact(value) + b"\n" + compact(value)
    plain = json.dumps(denied, ensure_ascii=False).encode()
    yield b"s\0\0\0" + plain
    yield b"d" + plain + b"\n{torn\n"
    yield b"d" + b"["
