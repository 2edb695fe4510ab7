"""Mutants of waiting for other people: what a payout's own steps refuse, whoever writes them."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import AS_SEEN, OTHERS, RELEASED, WORDS

ADVANCE = "chalicelib/domain/advance.py"
MEMORY = "chalicelib/domain/memory.py"
PAYOUT = "chalicelib/domain/payout.py"
T_WAITS = "tests/domain/test_awaiting_approval.py::test_"
T_LIFE = "tests/domain/test_lifecycle.py::test_"
T_APPROVE = "tests/usecases/test_approve.py::test_"
TOO_FEW = (T_WAITS + "nothing_less_than_enough_others_releases_it",)
IN_TIME = (T_WAITS + "nobody_agrees_any_more_once_it_has_lapsed_and_it_lapses_no_earlier",)

MUTANTS = (
    Mutant(
        "what waits for others may be sent",
        PAYOUT,
        "        Released: Status.QUEUED,\n",
        "        Released: Status.QUEUED,\n        Started: Status.SENDING,\n",
        RELEASED,
        (T_WAITS + "while_it_waits_nobody_sends_it",),
    ),
    Mutant(
        "what waits for others holds no money",
        PAYOUT,
        "    Status.AWAITING_APPROVAL: Place.HELD,",
        "    Status.AWAITING_APPROVAL: Place.AVAILABLE,",
        RELEASED,
        (T_WAITS + "it_remembers_how_many_have_to_agree_and_until_when_and_holds_the_money",),
    ),
    Mutant(
        "what is declined keeps its money",
        PAYOUT,
        "    Status.DECLINED: Place.AVAILABLE,",
        "    Status.DECLINED: Place.HELD,",
        RELEASED,
        (T_WAITS + "a_no_and_no_answer_give_the_money_back_once_and_say_why",),
    ),
    Mutant(
        "what is cancelled can be declined after that",
        PAYOUT,
        "        **_stays(Status.CANCELLED, Cancelled, Lapsed, Rejected, Returned),",
        "        **_stays(Status.CANCELLED, Cancelled, Declined, Lapsed, Rejected, Returned),",
        RELEASED,
        (T_LIFE + "of_cancelling_declining_and_lapsing_the_first_is_the_end",),
    ),
    Mutant(
        "what was sent can be put before others",
        PAYOUT,
        "        **_stays(Status.SENDING, Asked, Unanswered),",
        "        **_stays(Status.SENDING, Asked, Unanswered),\n"
        "        ApprovalAsked: Status.AWAITING_APPROVAL,",
        RELEASED,
        (T_LIFE + "only_what_nobody_has_sent_can_be_put_before_approvers",),
    ),
    Mutant(
        "it is put before others and needs nobody",
        ADVANCE,
        "        case ApprovalAsked(needs=needs):\n            fine = needs > 0\n",
        "",
        OTHERS,
        (T_WAITS + "that_nobody_has_to_agree_is_not_asked_for",),
    ),
    Mutant(
        "a word needs nobody",
        ADVANCE,
        "fine = needs > 0 and who != maker",
        "fine = who != maker",
        OTHERS,
        (T_WAITS + "that_nobody_has_to_agree_is_not_asked_for",),
    ),
    Mutant(
        "a maker's word is written",
        ADVANCE,
        "fine = needs > 0 and who != maker and",
        "fine = needs > 0 and",
        OTHERS,
        (T_WAITS + "nobody_agrees_to_a_payout_of_their_own",),
    ),
    Mutant(
        "a word is written after it has lapsed",
        ADVANCE,
        "until is not None and at < until",
        "until is not None and at <= until",
        RELEASED,
        IN_TIME,
    ),
    Mutant(
        "the maker is one of those who release it",
        ADVANCE,
        "            others = {each.by for each in given} - {maker}",
        "            others = {each.by for each in given}",
        OTHERS,
        TOO_FEW,
    ),
    Mutant(
        "the same person twice is two",
        ADVANCE,
        "            others = {each.by for each in given} - {maker}",
        "            others = [each.by for each in given if each.by != maker]",
        OTHERS,
        TOO_FEW,
    ),
    Mutant(
        "one releases what two have to agree to",
        ADVANCE,
        "len(others) >= max(payout.needs, 1)",
        "len(others) >= 1",
        OTHERS,
        TOO_FEW,
    ),
    Mutant(
        "nobody releases what needs nobody",
        ADVANCE,
        "len(others) >= max(payout.needs, 1)",
        "len(others) >= payout.needs",
        OTHERS,
        TOO_FEW,
    ),
    Mutant(
        "two who have seen different things release it",
        ADVANCE,
        "            fine = calm and same and len(others)",
        "            fine = calm and len(others)",
        AS_SEEN,
        TOO_FEW,
    ),
    Mutant(
        "a contradiction is ended by agreeing",
        ADVANCE,
        "            fine = calm and same and len(others)",
        "            fine = same and len(others)",
        RELEASED,
        TOO_FEW,
    ),
    Mutant(
        "it lapses before its time",
        ADVANCE,
        "fine = calm and until is not None and at >= until",
        "fine = calm and until is not None",
        RELEASED,
        IN_TIME,
    ),
    Mutant(
        "a contradiction is ended by waiting",
        ADVANCE,
        "fine = calm and until is not None and at >= until",
        "fine = until is not None and at >= until",
        RELEASED,
        (T_WAITS + "a_contradiction_is_ended_neither_by_agreeing_nor_by_waiting",),
    ),
    Mutant(
        "what was agreed to stays agreed to when it is asked for again",
        MEMORY,
        "needs=event.needs, approvals=(), lapses_at=event.lapses_at)",
        "needs=event.needs, lapses_at=event.lapses_at)",
        AS_SEEN,
        (
            T_WAITS + "to_be_asked_again_makes_all_that_was_agreed_to_void",
            T_WAITS + "what_was_released_and_is_put_before_others_again_needs_them_again",
        ),
    ),
    Mutant(
        "words for what it was before stay beside those for what it is",
        MEMORY,
        "for each in before.approvals if each.seen == event.seen)",
        "for each in before.approvals)",
        AS_SEEN,
        (T_WAITS + "what_was_agreed_to_before_something_changed_is_void",),
    ),
    Mutant(
        "how many have to agree is not learnt from who agrees",
        MEMORY,
        "return replace(after, needs=event.needs, approvals=(*same, given))",
        "return replace(after, approvals=(*same, given))",
        OTHERS,
        (T_WAITS + "how_many_have_to_agree_is_what_the_latest_of_them_was_told",),
    ),
    Mutant(
        "a second no takes the place of the first",
        MEMORY,
        "    if before.status is after.status:\n        return after\n"
        '    return replace(after, error_code="declined"',
        '    return replace(after, error_code="declined"',
        RELEASED,
        (T_WAITS + "a_second_no_with_another_reason_changes_nothing",),
    ),
    Mutant(
        "what was cancelled has lapsed as well",
        MEMORY,
        "    if before.status is after.status:\n        return after\n"
        '    return replace(after, error_code="approval_lapsed"',
        '    return replace(after, error_code="approval_lapsed"',
        RELEASED,
        (T_WAITS + "what_was_cancelled_does_not_lapse_as_well",),
    ),
    Mutant(
        "what nobody decides waits for ever",
        "chalicelib/domain/patience.py",
        "return None if payout.needs_person == CONTRADICTION else payout.lapses_at",
        "return None",
        RELEASED,
        (
            "tests/domain/test_patience.py::test_what_awaits_approval_is_due_when_it_lapses_and_is_on_no_other_list",
        ),
    ),
    Mutant(
        "what lapsed is told as cancelled by somebody",
        "chalicelib/domain/reasons.py",
        "        case Status.CANCELLED if payout.error_code == _LAPSED:\n"
        "            return MEANINGS[_LAPSED]\n",
        "",
        WORDS,
        ("tests/domain/test_reasons.py::test_a_payout_is_explained_where_it_ended_badly_or_waits",),
    ),
    Mutant(
        "what was declined may be tried again at once",
        "chalicelib/domain/reasons_of_ours.py",
        '        name="declined", turn=Turn.STAFF,\n',
        '        name="declined", turn=Turn.STAFF, may_retry=True, other_rail_safe=True,\n',
        WORDS,
        (
            "tests/domain/test_reasons.py::test_what_somebody_declined_is_not_to_be_tried_again_and_what_lapsed_is",
        ),
    ),
)
