"""Certificates of applications, and a foreign issuer whose tokens stand for them."""

import json
import subprocess
import time
import uuid

import tokens

ISSUER = "https://cluster.contoso.example"
SUBJECT = "system:serviceaccount:agents:invoice"
AUDIENCE = "api://AzureADTokenExchange"


class Keys:
    """Files in one folder: made once, registered with the provider."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.key, self.file = folder / "client.key", folder / "client.pem"
        self.foreign = folder / "foreign.key"
        for name, key in (("client", self.key), ("foreign", self.foreign)):
            self._openssl(
                *["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"],
                *["-subj", f"/CN={name}", "-keyout", key, "-out", folder / f"{name}.pem"],
            )
        self.bundle = folder / "bundle.pem"
        self.bundle.write_text(self.key.read_text() + self.file.read_text())
        self.key_set = folder / "foreign.json"
        self.key_set.write_text(json.dumps({"keys": [self._foreign_key()]}))
        self.token_file = folder / "token"
        self.token_file.write_text(self.foreign_token())
        for secret in (self.key, self.foreign, self.bundle, self.token_file):
            secret.chmod(0o600)

    def register(self, application):
        """In the directory's words."""
        application["certificates"] = [str(self.file)]
        application["federatedCredentials"] = [
            {
                "issuer": ISSUER,
                "subject": SUBJECT,
                "audience": AUDIENCE,
                "keysFile": str(self.key_set),
            }
        ]

    def certificate(self):
        return {"file": str(self.file), "key": str(self.key), "bundle": str(self.bundle)}

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True)
        return done.stdout

    def _foreign_key(self):
        hexadecimal = self._openssl("rsa", "-in", self.foreign, "-noout", "-modulus")
        modulus = bytes.fromhex(hexadecimal.decode().strip().partition("=")[2])
        numbers = {"n": tokens.encode(modulus), "e": "AQAB"}
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "foreign", **numbers}

    def foreign_token(self):
        now = int(time.time())
        who = {"iss": ISSUER, "sub": SUBJECT, "aud": [AUDIENCE], "jti": str(uuid.uuid4())}
        claims = {**who, "iat": now, "nbf": now, "exp": now + 3600}
        parts = ({"alg": "RS256", "kid": "foreign", "typ": "JWT"}, claims)
        empty = ".".join(tokens.encode(json.dumps(part).encode()) for part in (*parts, {}))
        return tokens.forged(empty, self.foreign)
