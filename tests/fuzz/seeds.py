#!/usr/bin/python3
"""Makes the fuzzers' first inputs, and their dictionaries.

    seeds.py ROOT OUT

Writes OUT/NAME/* and OUT/NAME.dict for each fuzzer NAME, out of the documents
of the tree, tests/fuzz/seeds and the public vectors ($BEHALF_VECTORS, default
ROOT/../shared/vectors; without them there are fewer).
"""
import json
import os
import pathlib
import shutil
import struct
import sys

LONGEST = 16 * 1024

USER_CLAIMS = {
    "ver": "1.0", "iss": "https://sts.windows.net/5b404cf4-a79d-4cfe-b866-24bf8e1a4921/",
    "tid": "5b404cf4-a79d-4cfe-b866-24bf8e1a4921", "aud": "https://graph.microsoft.com",
    "appid": "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2",
    "xms_par_app_azp": "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11", "xms_act_fct": "3 9 11",
    "idtyp": "user", "oid": "a11ce000-0000-4000-8000-000000000001", "sub": "pairwise",
    "scp": "Mail.Read Mail.Send User.Read", "nbf": 1750000000, "exp": 1750003600, "uti": "u1"}
APP_CLAIMS = {
    "ver": "2.0", "iss": "https://login.microsoftonline.com/5b404cf4-a79d-4cfe-b866-24bf8e1a4921"
    "/v2.0", "tid": "5b404cf4-a79d-4cfe-b866-24bf8e1a4921",
    "aud": "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10",
    "azp": "b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2", "idtyp": "app", "sub": "o", "oid": "o",
    "roles": ["Invoices.Post"], "nbf": 1750000000, "exp": 1750003600}
REFUSAL = {
    "error": "interaction_required", "error_codes": [50076], "suberror": "basic_action",
    "correlation_id": "0aff3a1c-0000-4000-8000-000000000001",
    "claims": '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'}


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def vectors(root):
    named = os.environ.get("BEHALF_VECTORS", str(root / "../shared/vectors"))
    return pathlib.Path(named)


def files(folder, pattern):
    return [path.read_bytes() for path in sorted(folder.glob(pattern))]


def json_seeds(root):
    yield from files(vectors(root) / "json/test_parsing", "*.json")
    for text in files(vectors(root) / "json/test_parsing", "*.json"):
        yield b'{"a":' + text.strip() + b"}"
    yield compact(USER_CLAIMS)
    yield rb'{"a":"\u00e9\ud83d\ude00\n","b":[1,2.5,-3e7,true,null,{"c":[]}],"d":{"e":-0}}'


def signed(root):
    for name in ("json_web_signature_test", "json_web_crypto_test", "json_web_key_test"):
        path = vectors(root) / f"wycheproof/{name}.json"
        groups = json.loads(path.read_text())["testGroups"] if path.exists() else []
        for group in groups:
            yield group
    for path in sorted(vectors(root).glob("jose-cookbook/jws/*.json")):
        example = json.loads(path.read_text())
        key = example["input"].get("key", [])
        yield {"public": {"keys": key if isinstance(key, list) else [key]}, "tests": [{"jws": example["output"].get("compact", "")}]}


def jwt_seeds(root):
    yield from files(root / "tests/fuzz/seeds/jwt", "*")
    for group in signed(root):
        for test in group.get("tests", []):
            if isinstance(test.get("jws"), str):
                yield test["jws"].encode()
    for header in ({"alg": "RS256", "kid": "r", "typ": "JWT"}, {"alg": "ES256", "kid": "e"},
                   {"alg": "none", "cty": "JWT"}, {"alg": "PS256", "crit": ["b64"], "b64": False}):
        yield compact(header) + b"\n" + compact(USER_CLAIMS)


def key_set_seeds(root):
    keys = []
    for group in signed(root):
        for half in ("public", "private"):
            found = group.get(half)
            if isinstance(found, dict):
                keys += found.get("keys", [found])
    for path in sorted(vectors(root).glob("jose-cookbook/jwk/*.json")):
        keys.append(json.loads(path.read_text()))
    keys += json.loads((root / "tests/fuzz/seeds/keys.json").read_text())["keys"]
    for key in keys:
        public = {name: key[name] for name in key
                  if name not in ("d", "p", "q", "dp", "dq", "qi", "oth", "k")}
        yield compact({"keys": [key]})
        yield compact({"keys": [public]})
        yield compact({"keys": [{**public, "use": "sig", "key_ops": ["verify"]}]})


def document_seeds(root):
    for pattern in ("deploy/examples/*/*.yaml", "policies/packs/*.yaml", "blueprint/well_known/*.yaml",
                    "tests/blueprint/golden/*.yaml"):
        yield from files(root, pattern)
    # What needs others to load, together.
    for folder in sorted(root.glob("deploy/examples/*")):
        yield b"".join(text.replace(b"\n...\n", b"\n") for text in files(folder, "*.yaml")) + b"...\n"
    for folder in ("valid", "invalid"):
        yield from files(vectors(root) / "yaml" / folder, "*")


def reply_seeds(_):
    yield b"\x02" + compact(USER_CLAIMS)
    yield b"\x02" + compact({**USER_CLAIMS, "ver": "2.0", "azp": USER_CLAIMS["appid"],
                             "iss": APP_CLAIMS["iss"]})
    yield b"\x03" + compact(APP_CLAIMS)
    for status in range(8):
        yield bytes([status << 2]) + b"\x0212" + compact(REFUSAL)
        yield bytes([status << 2]) + b"\x00" + b"<html>"
    for error in ("invalid_grant", "consent_required", "server_error", "invalid_client"):
        yield b"\x04\x00" + compact({"error": error, "suberror": "consent_required"})
    for expires in (3600, "3600", "x", None):
        yield b"\x00\x00" + compact({"token_type": "Bearer", "expires_in": expires,
                                     "access_token": "e30.e30.AA"})


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return bytes([len(value)]) + value


def number(value):
    return b"\xfd" + struct.pack("<Q", value % 2**64)


def joined(*parts):
    return b"".join(b"%d:%s" % (len(part), part) for part in parts)


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


def line_seeds(_):
    for event in range(16):
        yield b"l" + number(3) + bytes([event]) + number(10**14) + text("bot") + text("\x00\"\\\n")
    awkward = '\u2028\u202e\x7f\x85é😀"state_revision":9,'.encode() + b"\xff\xc3"
    yield b"l" + number(2**63) + b"\3" + number(0) + text(awkward) * 16 + bytes(range(64))
    yield b"l" + number(1) + b"\1" + number(1) + text("a") * 16 + b"\0\1" * 40 + (b"\x4f" +
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


def field(tag, value):
    if isinstance(value, int):
        return bytes([tag << 3]) + varint(value)
    value = value if isinstance(value, bytes) else value.encode()
    return bytes([tag << 3 | 2]) + varint(len(value)) + value


def varint(value):
    value %= 2**64
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def message(*fields):
    return b"".join(field(tag, value) for tag, value in fields)


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


def peer_seeds(_):
    for caps in range(15):
        opened = b"".join(bytes([n, 0, n, n, 2, n % 4]) for n in range(6))
        yield bytes([caps]) + opened + b"".join(bytes([n, 1]) for n in range(6)) + opened
        yield bytes([caps]) + b"\0\0\0\0\2\1\0\1\0\0\3\1\0\1\0\2\1" + opened
    yield b"a\1\0\1\4name"
    yield b"a\xfe\xfe\1\4name"
    yield b"a\0\0\1\0"
    yield b"a\1\1\0\0"


MAKERS = {"audit_line": line_seeds, "documents": document_seeds, "json": json_seeds,
          "jwt": jwt_seeds, "key_set": key_set_seeds, "peer_table": peer_seeds,
          "provider_reply": reply_seeds, "requests": request_seeds, "store_rows": row_seeds}

JSON_WORDS = ["true", "false", "null", "\\ud83d\\ude00", "\\u0000", "1e308", "-0", "\xef\xbb\xbf"]
WORDS = {
    "json": JSON_WORDS,
    "jwt": JSON_WORDS + ["alg", "kid", "typ", "cty", "crit", "b64", "zip", "RS256", "PS256", "ES256",
                         "application/jwt", "JWT"],
    "key_set": ["keys", "kty", "RSA", "EC", "oct", "crv", "P-256", "kid", "use", "sig", "alg", "n",
                "e", "x", "y", "d", "k", "key_ops", "verify", "AQAB", "RS256", "ES256"],
    "provider_reply": sorted({*USER_CLAIMS, *APP_CLAIMS, *REFUSAL}) + [
        "access_token", "expires_in", "token_type", "Bearer", "1.0", "2.0", "11", "Files.Read"],
    "audit_line": ["event", "revoked", "restored", "revocation", "number", "targets", "kind", "said",
                   "state_revision", "until", "caller", "1e999", "\xe2\x80\xa8", "\xc2\x85"],
    "store_rows": ["grant 2", "token 1", "delegated", "application", "0:", "18446744073709551616:"],
    "requests": ["graph", "invoices", "invoice-bot", "mail-search", ".default", "eyJ", "agents"],
}


def document_words(root):
    schema = "".join(path.read_text() for path in sorted(root.glob("blueprint/kinds*.cc")))
    words = {part for part in schema.split('"')[1::2] if part.isalnum() and len(part) < 24}
    return sorted(words) + ["behalf/v1", "---\n", "...\n", "&a", "*a", "<<", "!!str", "\t"]


def escaped(word):
    """As libFuzzer's dictionaries have it: other bytes than letters in hex."""
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else f"\\x{ord(c):02x}"
                   for c in word)


def main():
    root, out = (pathlib.Path(argument) for argument in sys.argv[1:3])
    words = {**WORDS, "documents": document_words(root)}
    for name, make in MAKERS.items():
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for count, seed in enumerate(make(root)):
            (folder / f"{count:04}").write_bytes(seed[:LONGEST])
        entries = (f'"{escaped(word)}"\n' for word in words.get(name, []))
        (out / f"{name}.dict").write_text("".join(entries))


if __name__ == "__main__":
    main()
