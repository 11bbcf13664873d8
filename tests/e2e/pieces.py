"""Looks for pieces of secrets, in whatever form they were written."""

import base64
import binascii
import urllib.parse

PIECE = 12


def runs_of(data, length=PIECE):
    """All runs of so many bytes."""
    return {data[i : i + length] for i in range(len(data) - length + 1)}


def forms_of(secret):
    """The secret as it may have been written: (name of the form, bytes)."""
    yield "plain", secret
    yield "percent-encoded", urllib.parse.quote(secret, safe="").encode()
    for upper in (str.lower, str.upper):
        digits = upper(secret.hex())
        yield "hex", digits.encode()
        pairs = (digits[i : i + 2] for i in range(0, len(digits), 2))
        yield "percent-encoded", "".join("%" + pair for pair in pairs).encode()
    # Base64 depends on where in a group of three bytes the secret begins. A
    # group that other bytes are part of is not the secret's own.
    for start in range(3):
        groups = secret[start : len(secret) - (len(secret) - start) % 3]
        yield "base64", base64.b64encode(groups)
        yield "base64", base64.urlsafe_b64encode(groups)


def texts_of(secret):
    """The secret's text, and the random bytes that a text of base64url stands for.

    Of a JWT these are the signature's: header and claims hold what the record
    may name, such as tenant and user.
    """
    yield secret.encode()
    if secret.count(".") not in (0, 2):
        return
    last = secret.split(".")[-1]
    try:
        yield base64.b64decode(last + "=" * (-len(last) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return


class Sinks:
    """What was written, by the name of where: {name: bytes}."""

    BLOCK = 6  # every run of twelve holds a whole block of those at multiples of six

    def __init__(self, sinks):
        self.runs = {name: runs_of(data) for name, data in sinks.items()}
        self.blocks = set().union(*(runs_of(data, self.BLOCK) for data in sinks.values()))

    def finds(self, secrets):
        """{name: {(form, piece)}} of the sinks that hold a piece of a secret."""
        found = {}
        for secret in secrets:
            for text in texts_of(secret):
                for form, data in forms_of(text):
                    for name, piece in self._holding(data):
                        found.setdefault(name, set()).add((form, piece))
        return found

    def _holding(self, data):
        for i in range(0, len(data) - self.BLOCK + 1, self.BLOCK):
            if data[i : i + self.BLOCK] in self.blocks:
                around = data[max(0, i - self.BLOCK) : i + PIECE]
                pieces = runs_of(around)
                for name, runs in self.runs.items():
                    yield from ((name, piece) for piece in runs & pieces)
