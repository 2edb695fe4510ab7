"""Mutants of what a webhook leaves behind: findings before all else, notices, forgeries."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ENDS, FORGED, FOUND, LOST_REPLY, WHOLE

TAKE_IN = "chalicelib/usecases/take_in.py"
FINDINGS = "chalicelib/usecases/findings.py"
CASEWORK = "chalicelib/domain/casework.py"
RECEIVE = "chalicelib/usecases/receive.py"
NOTICE_TABLE = "chalicelib/adapters/dynamo/notices.py"
FINDING_TABLE = "chalicelib/adapters/dynamo/findings.py"
T_FOUND = "tests/usecases/test_receive_findings.py::test_"
T_KEPT = "tests/usecases/test_receive_kept.py::"
T_RECEIVE = "tests/usecases/test_receive.py::test_"
T_FINDINGS = "tests/usecases/test_findings.py::test_"
T_FINDING_ROWS = "tests/contracts/test_findings.py::test_"
T_LOST_ROWS = "tests/adapters/test_dynamo_lost_rows.py::test_"

MUTANTS = (
    Mutant(
        "news of a payout that is none of ours is no finding",
        TAKE_IN,
        'return _Line("unknown_reference", finding=found)',
        'return _Line("unknown_reference")',
        FOUND,
        (T_FOUND + "news_of_a_payout_that_is_none_of_ours_is_a_finding",),
    ),
    Mutant(
        "news that cannot be true is no finding",
        TAKE_IN,
        "tiding.reference, detail=word, amount=_amount(news)\n"
        "        )\n"
        "        return _Line(contradiction.code, finding=found, trouble=contradiction)\n",
        "tiding.reference, detail=word, amount=_amount(news)\n"
        "        )\n"
        "        return _Line(contradiction.code, trouble=contradiction)\n",
        FOUND,
        (T_FOUND + "news_that_cannot_be_true_is_a_finding_and_a_dead_letter_and_stops_the_payout",),
    ),
    Mutant(
        "another amount under a receipt's id is no finding",
        TAKE_IN,
        'detail="Received", amount=receipt.amount)\n'
        "        return _Line(contradiction.code, finding=found, trouble=contradiction)\n",
        'detail="Received", amount=receipt.amount)\n'
        "        return _Line(contradiction.code, trouble=contradiction)\n",
        FOUND,
        (T_FOUND + "money_of_another_amount_under_the_same_name_is_a_finding",),
    ),
    Mutant(
        "what cannot be read is no finding",
        TAKE_IN,
        "return _Line(why, finding=found, trouble=NotUnderstood(why))",
        "return _Line(why, trouble=NotUnderstood(why))",
        FOUND,
        (T_FOUND + "what_cannot_be_read_is_a_finding_and_a_dead_letter",),
    ),
    Mutant(
        "what cannot be read is no dead letter",
        TAKE_IN,
        "return _Line(why, finding=found, trouble=NotUnderstood(why))",
        "return _Line(why, finding=found)",
        FOUND,
        (T_FOUND + "what_cannot_be_read_is_a_finding_and_a_dead_letter",),
    ),
    Mutant(
        "money that somebody takes is no finding",
        TAKE_IN,
        "return _Line(state, finding=found)",
        "return _Line(state)",
        FOUND,
        (T_FOUND + "money_that_somebody_takes_is_a_finding_with_its_amount",),
    ),
    Mutant(
        "the notice is kept before the finding",
        TAKE_IN,
        "        if line.finding and hang(",
        "        if line.finding and notices.keep(notice.did(line.outcome)) and hang(",
        FOUND,
        (T_FOUND + "a_crash_after_the_finding_is_made_good_by_the_redelivery",),
    ),
    Mutant(
        "the findings of all lines but one are forgotten by the notice",
        TAKE_IN,
        "needed = tuple(dict.fromkeys(hanging))[:MOST_FINDINGS]",
        "needed = tuple(dict.fromkeys(hanging))[:1]",
        ENDS,
        (T_KEPT + "TestHowLong::test_the_last_of_several_findings_lets_it_go",),
    ),
    Mutant(
        "the evidence of a finding expires",
        TAKE_IN,
        "notice.did(outcome, needed=bool(needed))",
        "notice.did(outcome)",
        ENDS,
        (T_KEPT + "TestHowLong::test_what_a_finding_hangs_on_stays_until_it_is_resolved",),
    ),
    Mutant(
        "the evidence of a dispute expires",
        TAKE_IN,
        'own.did("heard", needed=after.status is Status.DISPUTED)',
        'own.did("heard")',
        ENDS,
        (T_KEPT + "TestHowLong::test_what_led_to_a_dispute_stays",),
    ),
    Mutant(
        "a line of many is banked without its notice",
        TAKE_IN,
        'notice=own.did("received"), doubtful',
        'notice=own.did("received") if alone else None, doubtful',
        WHOLE,
        (
            T_KEPT
            + "TestWhatItDid"
            + "::test_each_line_is_written_with_what_it_caused_and_found_by_its_reference",
        ),
    ),
    Mutant(
        "other news of the same reference is the same finding",
        FINDINGS,
        "subject=f\"{reference or notice.event_name or 'bare'}/{content}\",",
        'subject=f"{reference or content}",',
        FOUND,
        (T_FOUND + "other_news_of_a_reference_whose_finding_is_resolved_is_a_finding_again",),
    ),
    Mutant(
        "a repeat takes the place of evidence that was never kept, and expires",
        FINDINGS,
        "return before.notice_id == notice.notice_id or notices.get(before.notice_id) is None",
        "return before.notice_id == notice.notice_id",
        ENDS,
        (T_KEPT + "TestHowLong::test_a_repeat_stays_where_the_first_was_never_kept",),
    ),
    Mutant(
        "a finding ends otherwise than it ended",
        CASEWORK,
        "    if (finding.resolved_by, finding.reason) != (by, reason):\n",
        "    if not (by and reason):\n",
        ENDS,
        (T_FINDINGS + "what_is_resolved_is_not_resolved_otherwise",),
    ),
    Mutant(
        "a finding is resolved once more over its end",
        FINDING_TABLE,
        "if found is None or finding_from(found) != finding:",
        "if found is None:",
        ENDS,
        (T_FINDING_ROWS + "another_end_is_stale[simulated-other0]",),
    ),
    Mutant(
        "with the first of its findings a notice is let go",
        FINDING_TABLE,
        ' or self._any_open(row.get("findings", ())):\n',
        ":\n",
        ENDS,
        (T_FINDING_ROWS + "the_last_finding_that_is_resolved_lets_its_notice_go[simulated]",),
    ),
    Mutant(
        "a finding of somebody else's is taken for ones own",
        FINDING_TABLE,
        'return refused.in_doubt and found is not None and found.get("opened_by") == own',
        "return refused.in_doubt",
        LOST_REPLY,
        (T_LOST_ROWS + "a_finding_that_another_opened_meanwhile_is_not_new[moto]",),
    ),
    Mutant(
        "a notice of somebody else's is taken for ones own",
        NOTICE_TABLE,
        'return refused.in_doubt and found is not None and found.get("kept_by") == own',
        "return refused.in_doubt",
        LOST_REPLY,
        (
            T_LOST_ROWS
            + "a_notice_kept_before_is_not_new_although_the_reply_to_its_refusal_was_lost[moto]",
        ),
    ),
    Mutant(
        "a forgery is heard once it was kept",
        RECEIVE,
        "        _sample(letter, notices)\n        raise\n",
        "        _sample(letter, notices)\n",
        FORGED,
        (T_RECEIVE + "what_is_not_authentic_is_not_heard",),
    ),
    Mutant(
        "a forgery is shown as authentic",
        RECEIVE,
        "authentic=False,",
        "authentic=True,",
        FORGED,
        (T_KEPT + "TestForgeries::test_a_forgery_is_kept_for_people_and_is_nothing_else",),
    ),
    Mutant(
        "a flood of forgeries fills the table",
        RECEIVE,
        "% SLOTS",
        "% 10**9",
        FORGED,
        (T_KEPT + "TestForgeries::test_a_flood_of_forgeries_takes_so_many_places_of_an_hour",),
    ),
    Mutant(
        "a forgery that cannot be kept is answered as our fault",
        RECEIVE,
        "with suppress(Exception):",
        "with suppress(KeyError):",
        FORGED,
        (T_KEPT + "TestForgeries::test_a_forgery_that_cannot_be_kept_is_refused_all_the_same",),
    ),
)
