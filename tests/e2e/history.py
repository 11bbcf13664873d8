"""What a fleet said, held against what it promises: each question has a beginning and an end, by
one clock, and what was done was done at some moment between them.
"""

from collections import Counter
from typing import NamedTuple

AT_MOST = 5  # seconds from an acknowledgement until all obey
HANDING_OUT = ("GetToken", "CreateHandle", "RedeemHandle")
INFINITE = float("inf")


class Revoked(NamedTuple):
    """For sure from the acknowledgement until somebody began to restore it."""

    target: str
    since: float
    until: float


class History:
    """`concerns(note)` names the targets that what is noted is about."""

    def __init__(self, notes, concerns):
        self.notes = sorted(notes, key=lambda note: note["begin"])
        self.concerns = concerns

    def answers(self):
        return [n for n in self.notes if n["what"] in HANDING_OUT and not n["reason"]]

    def revoked(self):
        """All times that something was revoked for sure."""
        restored = [n for n in self.notes if n["what"] == "Restore"]
        return [
            Revoked(one["target"], one["end"], min(
                (r["begin"] for r in restored
                 if r["target"] == one["target"] and r["end"] > one["begin"]),
                default=INFINITE,
            ))
            for one in self.notes
            if one["what"] == "Revoke" and not one["reason"]
        ]

    def late(self):
        """Answers with something that was revoked, and how long after the acknowledgement they
        were asked for: (seconds, answer, revocation).
        """
        by_target = {}
        for one in self.revoked():
            by_target.setdefault(one.target, []).append(one)
        return [
            (answer["begin"] - one.since, answer, one)
            for answer in self.answers()
            for target in self.concerns(answer)
            for one in by_target.get(target, ())
            if one.since < answer["begin"] and answer["end"] < one.until
        ]

    def too_late(self):
        return [late for late in self.late() if late[0] > AT_MOST]

    def redeemed_twice(self):
        redeemed = Counter(n["handle"] for n in self.answers() if n["what"] == "RedeemHandle")
        return {handle for handle, times in redeemed.items() if times > 1}

    def knows_again(self, healed_at, replica):
        """How long after it a replica answered as one that knows; None: it never did."""
        for note in self.notes:
            if note["what"] not in HANDING_OUT or note["begin"] < healed_at:
                continue
            if note["replica"] == replica and note["reason"] in ("", "REVOKED"):
                return note["end"] - healed_at
        return None
