#!/usr/bin/python3
"""Makes the fuzzers' first inputs, and their dictionaries.

    seeds.py ROOT OUT

Writes OUT/NAME/* and OUT/NAME.dict for each fuzzer NAME, out of the documents
of the tree, tests/fuzz/seeds and the public vectors ($BEHALF_VECTORS, default
ROOT/../shared/vectors; without them there are fewer).
"""
import pathlib
import shutil
import sys

from seed_pieces import APP_CLAIMS, REFUSAL, USER_CLAIMS, files, vectors
from seeds_calls import peer_seeds, request_seeds, trace_seeds
from seeds_record import chain_seeds, line_seeds, shown_seeds
from seeds_store import handle_seeds, row_seeds
from seeds_tokens import json_seeds, jwt_seeds, key_set_seeds, reply_seeds, subject_seeds

LONGEST = 16 * 1024


def document_seeds(root):
    for pattern in ("deploy/examples/*/*.yaml", "policies/packs/*.yaml", "blueprint/well_known/*.yaml",
                    "tests/blueprint/golden/*.yaml"):
        yield from files(root, pattern)
    # What needs others to load, together.
    for folder in sorted(root.glob("deploy/examples/*")):
        yield b"".join(text.replace(b"\n...\n", b"\n") for text in files(folder, "*.yaml")) + b"...\n"
    for folder in ("valid", "invalid"):
        yield from files(vectors(root) / "yaml" / folder, "*")

MAKERS = {"audit_line": line_seeds, "chain": chain_seeds, "documents": document_seeds,
          "handle_rows": handle_seeds, "json": json_seeds, "jwt": jwt_seeds,
          "key_set": key_set_seeds, "peer_table": peer_seeds, "provider_reply": reply_seeds,
          "record_shown": shown_seeds, "requests": request_seeds, "store_rows": row_seeds,
          "subject": subject_seeds, "trace_context": trace_seeds}

JSON_WORDS = ["true", "false", "null", "\\ud83d\\ude00", "\\u0000", "1e308", "-0", "\xef\xbb\xbf"]

WORDS = {
    "json": JSON_WORDS,
    "jwt": JSON_WORDS + ["alg", "kid", "typ", "cty", "crit", "b64", "zip", "RS256", "PS256", "ES256",
                         "application/jwt", "JWT"],
    "key_set": ["keys", "kty", "RSA", "EC", "oct", "crv", "P-256", "kid", "use", "sig", "alg", "n",
                "e", "x", "y", "d", "k", "key_ops", "verify", "AQAB", "RS256", "ES256"],
    "provider_reply": sorted({*USER_CLAIMS, *APP_CLAIMS, *REFUSAL}) + [
        "access_token", "expires_in", "token_type", "Bearer", "1.0", "2.0", "11", "Files.Read"],
    "chain": [',"chain":"0123456789abcdef","seq":', ',"prev":"', ',"signature":"', '"}', "\n", "\f",
              '","event":"reopened"', '"state_revision":', "0" * 64],
    "record_shown": ["decision_id", "0123456789abcdef", "decided_by", "reason", "term", "agent", "bot",
                     "1e300", "\\n", "\\u001b", "\\u202e", "\xc2\x85", "\xe2\x80\xae"],
    "subject": sorted({*USER_CLAIMS, *APP_CLAIMS}) + [
        "groups", "amr", "acrs", "acr", "auth_time", "idp", "acct", "xms_idrel", "nonce", "1.0", "2.0"],
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
