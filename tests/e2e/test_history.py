"""The judge of fleets, judged: it finds what it should find."""

import pytest
from history import History


def note(what, begin, end, reason="", **more):
    return {"what": what, "begin": begin, "end": end, "reason": reason, "replica": 0, **more}


def alice(what, begin, end, reason="", **more):
    return note(what, begin, end, reason, user="alice", **more)


def judged(*notes):
    return History(notes, lambda answer: {answer["user"]})


REVOKED = note("Revoke", 10, 11, target="alice")
RESTORED = note("Restore", 20, 21, target="alice")


@pytest.mark.parametrize(
    ("begin", "end", "late"),
    [
        (9, 10, None),  # before
        (10.5, 18, None),  # asked for before the acknowledgement
        (12, 12.1, 1),
        (17, 17.1, 6),
        (19, 20.5, None),  # may have been answered after the restoration
        (22, 22.1, None),
    ],
)
def test_an_answer_is_late_if_it_was_asked_for_and_given_while_revoked(begin, end, late):
    history = judged(REVOKED, RESTORED, alice("GetToken", begin, end))
    assert [seconds for seconds, _, _ in history.late()] == ([late] if late else [])
    assert len(history.too_late()) == (1 if late and late > 5 else 0)


def test_a_refusal_and_somebody_elses_answer_are_not_late():
    bobs = {**alice("GetToken", 17, 18), "user": "bob"}
    assert judged(REVOKED, alice("GetToken", 17, 18, "REVOKED"), bobs).late() == []


def test_a_revocation_that_was_not_acknowledged_binds_nobody():
    assert judged({**REVOKED, "reason": "STORE_UNAVAILABLE"}, alice("GetToken", 17, 18)).late() == []


def test_a_restoration_that_failed_may_have_been_done():
    failed = {**RESTORED, "begin": 12, "end": 15, "reason": "STORE_UNAVAILABLE"}
    assert judged(REVOKED, failed, alice("GetToken", 17, 18)).late() == []


def test_a_restoration_that_ended_before_says_nothing_of_the_next_revocation():
    before = note("Restore", 5, 6, target="alice")
    assert len(judged(before, REVOKED, alice("GetToken", 17, 18)).too_late()) == 1


def test_a_handle_that_two_redeemed_is_found():
    twice = [alice("RedeemHandle", at, at + 1, handle="h") for at in (1, 2)]
    once = [alice("RedeemHandle", 1, 2, handle="g"), alice("RedeemHandle", 3, 4, "HANDLE_SPENT", handle="g")]
    assert judged(*twice, *once).redeemed_twice() == {"h"}


def test_a_replica_knows_again_when_it_answers_or_says_revoked():
    notes = [alice("GetToken", 1, 2), alice("GetToken", 4, 5, "STORE_UNAVAILABLE"),
             alice("GetToken", 6, 7, "REVOKED")]
    assert judged(*notes).knows_again(3, 0) == 4
    assert judged(*notes).knows_again(6.5, 0) is None
