"""After everything else: no secret in anything that was written."""

import pytest


@pytest.mark.last
def test_no_token_or_secret_was_written_by_anything_that_ran(root, secrets, stage):
    assert len(secrets.tokens) > 5
    written = {str(path): path.read_text(errors="replace") for path in root.rglob("*.log")}
    written |= {str(path): path.read_text(errors="replace") for path in root.rglob("*.jsonl")}
    written["what clients and the operator's tool were told"] = "\n".join(secrets.outputs)
    places = [place for place, text in written.items() if secrets.found_in(text)]
    assert not places


@pytest.mark.last
def test_the_search_would_find_a_token_and_a_piece_of_one(secrets, alice):
    signature = alice.split(".")[-1]
    assert secrets.found_in(f"the token {alice} is")
    assert secrets.found_in('{"id": "' + signature[101:113] + '"}')
    assert not secrets.found_in('{"id": "' + signature[101:112] + '"}')
