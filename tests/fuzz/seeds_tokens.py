"""First inputs: JSON, tokens, keys, and what providers say."""
import json

from seed_pieces import APP_CLAIMS, REFUSAL, USER_CLAIMS, compact, files, text, vectors


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


def reply_seeds(_):
    yield b"\x02" + compact(USER_CLAIMS)
    yield b"\x02" + compact({**USER_CLAIMS, "ver": "2.0", "azp": USER_CLAIMS["appid"],
                             "iss": APP_CLAIMS["iss"]})
    yield b"\x03" + compact(APP_CLAIMS)
    for status in range(8):
        yield bytes([status << 2]) + text("Retry-After: 12\r\n") + compact(REFUSAL)
        yield bytes([status << 2]) + b"\x00" + b"<html>"
    for line in ("date: Sun, 06 Nov 1994 08:49:37 GMT", "Date: infinite-future", "retry-after: x",
                 "date: Mon, 06 Nov 1994 08:49:37 GMT", "Retry-After:", "HTTP/2 429"):
        yield b"\x10" + text(line) + compact(REFUSAL)
    for error in ("invalid_grant", "consent_required", "server_error", "invalid_client"):
        yield b"\x04\x00" + compact({"error": error, "suberror": "consent_required"})
    for expires in (3600, "3600", "x", None):
        yield b"\x00\x00" + compact({"token_type": "Bearer", "expires_in": expires,
                                     "access_token": "e30.e30.AA"})


def subject_seeds(_):
    v2 = {**USER_CLAIMS, "ver": "2.0", "azp": USER_CLAIMS["appid"], "iss": APP_CLAIMS["iss"]}
    del v2["appid"]
    v2["aud"] = "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11"
    more = {"groups": ["g2", "g1"], "roles": ["r"], "amr": ["pwd", "mfa"], "acrs": ["c1"], "acr": "1",
            "auth_time": 1750000000, "idp": v2["iss"], "acct": 0, "xms_idrel": "1 5"}
    for claims in (USER_CLAIMS, v2, {**v2, **more}, {**v2, "acct": 1}, {**v2, "acct": ""},
                   {**v2, "idp": "live.com"}, {**v2, "nonce": "n"}, {**APP_CLAIMS, "ver": "2.0"},
                   {**v2, "nbf": 1750009999}, {**v2, "exp": 1750000001}, {**v2, "tid": "other"},
                   {**v2, "ver": "3.0"}, {**v2, "appid": "x"}):
        yield b"\0" + compact(claims)
        yield b"\1" + compact(claims)
    for name in more:
        yield b"\0" + compact({**v2, name: {}})
    for name in ("ver", "exp", "scp", "oid"):
        yield b"\0" + compact({**v2, name: None})
