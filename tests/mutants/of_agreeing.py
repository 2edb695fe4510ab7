"""Mutants of what agreeing and declining do: what they refuse, take, release and send."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import APPROVERS_DAY, AS_SEEN, OTHERS, RELEASED

APPROVAL = "chalicelib/domain/approval.py"
APPROVE = "chalicelib/usecases/approve.py"
DESK = "chalicelib/usecases/desk.py"
T_APPROVAL = "tests/domain/test_approval.py::test_"
T_APPROVE = "tests/usecases/test_approve.py::test_"
T_DESK = "tests/api/test_approvals_routes.py::test_"
T_STORE = "tests/contracts/test_desk.py::test_"

MUTANTS = (
    Mutant(
        "what is agreed to is taken off nobody's day",
        APPROVE,
        "claims=Claims(desk=day))",
        "claims=Claims())",
        APPROVERS_DAY,
        (T_APPROVE + "what_an_approver_agrees_to_at_the_same_moment_counts_too",),
    ),
    Mutant(
        "an approver whose day is full agrees all the same",
        APPROVE,
        "    if day is None:\n        raise ApproverLimit\n    return day\n",
        "    return day or desk.day(word.by)\n",
        APPROVERS_DAY,
        (T_APPROVE + "one_approver_agrees_to_so_much_within_a_day_and_no_cent_more",),
    ),
    Mutant(
        "somebody agrees to what they have not seen",
        APPROVE,
        "    if now.seen.digest != word.seen:",
        "    if not word.seen:",
        AS_SEEN,
        (T_APPROVE + "what_is_not_as_it_was_seen_is_not_agreed_to",),
    ),
    Mutant(
        "who agreed to what it was before has agreed to what it is",
        APPROVE,
        "(each.by, each.seen) == (word.by, word.seen)",
        "each.by == word.by",
        AS_SEEN,
        (T_APPROVE + "who_agreed_before_a_change_is_not_told_that_they_have",),
    ),
    Mutant(
        "no reason is wanted of who overrides something",
        APPROVE,
        "    if wants_reason(now.seen.why) and not word.reason:",
        "    if wants_reason(now.seen.why) and not word.by:",
        OTHERS,
        (T_APPROVE + "a_duplicate_is_agreed_to_with_a_reason_only",),
    ),
    Mutant(
        "a customer who was stopped is paid with somebody's word",
        APPROVE,
        "    if now.customer.stopped:\n        raise CustomerStopped\n",
        "",
        RELEASED,
        (T_APPROVE + "nothing_is_agreed_to_that_could_not_be_sent",),
    ),
    Mutant(
        "who is being forgotten is paid with somebody's word",
        APPROVE,
        "    if now.customer.erasure is not None:\n        raise CustomerErased\n",
        "",
        RELEASED,
        (T_APPROVE + "nothing_is_agreed_to_that_could_not_be_sent",),
    ),
    Mutant(
        "what was agreed to goes out behind a closed gate",
        APPROVE,
        "    hindrance = hindrance_of(now.opening, now.payout.rail, at)\n",
        "    hindrance = None\n",
        RELEASED,
        (T_APPROVE + "behind_a_closed_gate_it_waits_for_it_and_goes_out_by_itself",),
    ),
    Mutant(
        "a maker declines what they may only cancel",
        APPROVE,
        '    _refuse_who(payout, word, "Whoever asked',
        '    _ = (payout, word, "Whoever asked',
        OTHERS,
        (T_APPROVE + "its_maker_never_agrees_and_never_declines",),
    ),
    Mutant(
        "a contradiction is agreed to",
        APPROVE,
        "    refuse_contradicted(payout)\n    if lapsed(",
        "    if lapsed(",
        RELEASED,
        (
            T_APPROVE
            + "what_the_provider_contradicts_is_neither_agreed_to_nor_declined_nor_does_it_lapse",
        ),
    ),
    Mutant(
        "one word of two sends it",
        APPROVE,
        "    if not enough(steps[-1].after, now.seen):",
        "    if not steps[-1].after.approvals:",
        OTHERS,
        (T_APPROVE + "a_payout_that_two_have_to_agree_to_waits_for_the_second",),
    ),
    Mutant(
        "what the provider contradicts is declined, and its money given back",
        APPROVE,
        "hear(payout, event, payouts=payouts, refuses=refuse_contradicted)",
        "hear(payout, event, payouts=payouts)",
        RELEASED,
        (
            T_APPROVE
            + "what_the_provider_contradicts_is_neither_agreed_to_nor_declined_nor_does_it_lapse",
        ),
    ),
    Mutant(
        "the desk offers a second word to who has agreed",
        DESK,
        "intent.created_by, agreed(payout, now.seen.digest))",
        "intent.created_by)",
        OTHERS,
        (T_DESK + "it_says_who_has_agreed_and_that_once_is_all_they_may",),
    ),
    Mutant(
        "the desk shows what does not wait any more",
        DESK,
        "    if payout.status is not Status.AWAITING_APPROVAL:\n        return None\n",
        "",
        RELEASED,
        (T_DESK + "a_payout_that_is_listed_and_does_not_wait_any_more_is_not_shown",),
    ),
    Mutant(
        "the desk keeps to itself that a day is full",
        DESK,
        '    return ApproverLimit.code if more is None else ""',
        '    return ""',
        APPROVERS_DAY,
        (T_DESK + "it_says_that_a_day_is_full_that_it_lapsed_and_that_a_customer_is_stopped",),
    ),
    Mutant(
        "a word is written without the day that it counts on",
        "chalicelib/adapters/dynamo/claims.py",
        '        parts[f"{CLAIM} approver"] = day_part(table, claims.desk)\n',
        "        pass\n",
        APPROVERS_DAY,
        (
            T_STORE + "an_approvers_day_is_written_with_their_word[simulated]",
            T_STORE + "who_agreed_to_something_else_meanwhile_has_to_decide_again[simulated]",
        ),
    ),
    Mutant(
        "who added a destination is the second person who looks at it",
        APPROVAL,
        '    return ADDER if customer.standing(seen.destination_id).added_by == by else ""',
        '    return ""',
        OTHERS,
        (T_APPROVAL + "who_added_a_destination_is_not_the_second_person_who_looks_at_it",),
    ),
    Mutant(
        "a destination that was removed is agreed to by whoever added it",
        APPROVAL,
        "    if not seen.theirs:\n        return REMOVED\n",
        "",
        OTHERS,
        (T_APPROVAL + "who_added_a_destination_is_not_the_second_person_who_looks_at_it",),
    ),
    Mutant(
        "nobody asks who added the destination that is agreed to",
        APPROVE,
        "        _refuse_there(now, word)\n",
        "",
        OTHERS,
        (T_APPROVE + "who_added_its_destination_is_no_second_person_and_somebody_else_is",),
    ),
    Mutant(
        "the desk offers a payout to whoever added its destination",
        DESK,
        "        or why_not_there(who.by, now.seen, now.customer)\n",
        "",
        OTHERS,
        (T_DESK + "who_added_its_destination_is_told_that_somebody_else_has_to_look",),
    ),
)
