"""Users' tokens: read, tampered with, and forged with the provider's own key."""

import base64
import json
import subprocess


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(token):
    return json.loads(decode(token.split(".")[0]))


def claims_of(token):
    return json.loads(decode(token.split(".")[1]))


def with_other_signature(token):
    """The same token, one bit of its signature flipped."""
    head, body, signature = token.split(".")
    data = bytearray(decode(signature))
    data[100] ^= 1
    return ".".join((head, body, encode(bytes(data))))


def forged(token, key_file, header=None, **changes):
    """The token with other claims (None leaves one out), signed by the key of the file."""
    claims = {**claims_of(token), **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    parts = [{**header_of(token), **(header or {})}, claims]
    text = ".".join(encode(json.dumps(part).encode()) for part in parts)
    signature = subprocess.run(
        ["openssl", "dgst", "-sha256", "-sign", str(key_file), "-binary"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    return text + "." + encode(signature)
