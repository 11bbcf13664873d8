"""Certificates of an authority that the tests make: for servers, and for who asks them."""

import pathlib
import subprocess
from typing import NamedTuple


class Certificate(NamedTuple):
    file: pathlib.Path
    key: pathlib.Path


class Authority:
    """Everything lies in its folder; keys are for the account that runs the tests."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir()
        self.file, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        self._request(self.key, self.file, f"/CN={name}", "-x509", "-days", "30")

    def issue(self, name, *addresses):
        """For the server at these addresses, or, without any, for a client alone."""
        made = Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        self._request(made.key, request, f"/CN={name}")
        text = "extendedKeyUsage=clientAuth" + (",serverAuth\n" if addresses else "\n")
        if addresses:
            text += "subjectAltName=" + ",".join(f"IP:{address}" for address in addresses) + "\n"
        extensions.write_text(text)
        self._openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key,
                      "-CAcreateserial", "-days", "30", "-extfile", extensions, "-out", made.file)
        return made

    def _request(self, key, out, subject, *more):
        self._openssl("req", *more, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-subj", subject, "-keyout", key, "-out", out)
        key.chmod(0o600)

    @staticmethod
    def _openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
