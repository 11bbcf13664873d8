"""What the fuzzers' first inputs are made of."""
import json
import os
import pathlib
import struct

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


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return bytes([len(value)]) + value


def number(value):
    return b"\xfd" + struct.pack("<Q", value % 2**64)


def joined(*parts):
    return b"".join(b"%d:%s" % (len(part), part) for part in parts)


def varint(value):
    value %= 2**64
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(tag, value):
    if isinstance(value, int):
        return bytes([tag << 3]) + varint(value)
    value = value if isinstance(value, bytes) else value.encode()
    return bytes([tag << 3 | 2]) + varint(len(value)) + value


def message(*fields):
    return b"".join(field(tag, value) for tag, value in fields)
