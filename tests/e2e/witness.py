"""What may not be written anywhere, and what was."""


class Secrets:
    """What may never be written anywhere: tokens, handles, passwords."""

    PIECE = 12

    def __init__(self):
        self.tokens, self.passwords, self.outputs = set(), set(), []

    def keep(self, token):
        self.tokens.add(token)
        return token

    def keep_password(self, password):
        self.passwords.add(password)

    def printed(self, *texts):
        self.outputs.extend(texts)

    def found_in(self, text):
        """Whether it holds a secret, or any 12 bytes in a row of a token's signature."""
        if any(secret in text for secret in self.tokens | self.passwords):
            return True
        pieces = {piece for token in self.tokens for piece in self._pieces(token.split(".")[-1])}
        return any(piece in pieces for piece in self._pieces(text))

    @classmethod
    def _pieces(cls, text):
        return (text[i : i + cls.PIECE] for i in range(len(text) - cls.PIECE + 1))
