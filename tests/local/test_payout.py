"""A payout's story on the command line: one line for each thing that happened."""

from local.payout import id_in, story

PAID = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
STEP = {
    "at": "2026-07-03T01:02:03Z", "kind": "step", "words": "Asked for.", "status": "Queued",
    "by": "olive", "request_id": "r", "id": "1",
}  # fmt: skip
LETTER = {**STEP, "kind": "dead_letter", "words": "Lost.", "status": None, "by": None, "id": "x"}


def test_a_story_is_told_a_line_each_and_says_where_to_look():
    told = {
        "transaction_id": PAID, "status": "Queued", "message": "It waits.", "whole": True,
        "lines": [STEP, LETTER],
    }  # fmt: skip
    assert story(told).splitlines() == [
        f"{PAID} Queued: It waits.",
        "  2026-07-03T01:02:03Z         step         Asked for. -> Queued (by olive)",
        "  2026-07-03T01:02:03Z         dead letter  Lost. [x]",
    ]


def test_a_story_that_is_not_whole_says_so():
    told = {
        "transaction_id": PAID, "status": "Queued", "message": "It waits.", "whole": False,
        "lines": [],
    }  # fmt: skip
    assert "More is kept of it" in story(told)


def test_a_payout_is_found_by_its_reference_too():
    assert id_in(f"{PAID}-12") == PAID
    assert id_in(PAID) == PAID
