"""Mutants of a date's allowances: their bounds, whose they are, and what is given back."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ALL_FAULTS, DAY_LIMITS, UNPAID_GIVES_BACK, WHOLE_LIMIT

ALLOWANCE = "chalicelib/domain/allowance.py"
T_ALLOWANCE = "tests/domain/test_allowance.py::test_"
LAST_CENT = "the_last_cent_and_the_last_payout_of_a_limit_may_be_used_and_no_more"
SAME_READING = "of_two_that_were_decided_by_the_same_reading_only_one_takes_the_last_of_a_limit"
LOWERED = "a_lower_limit_counts_what_lies_above_a_rows_part_against_the_other_rows"

MUTANTS = (
    Mutant(
        "an amount is drawn of a limit that has too little of it left",
        ALLOWANCE,
        "    return {} if wanted else taken\n",
        "    return taken\n",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "a payout is not counted where a limit has none left",
        ALLOWANCE,
        "    if not cents or not count:\n",
        "    if not cents:\n",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "an amount is not asked about where a payout more may be counted",
        ALLOWANCE,
        "    if not cents or not count:\n",
        "    if not count:\n",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "the amount that was drawn before is forgotten",
        ALLOWANCE,
        "left = [part - each.amount.cents for part,",
        "left = [part for part,",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "how many were drawn before is forgotten",
        ALLOWANCE,
        "left_count = [part - each.count for part,",
        "left_count = [part for part,",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "a draw asks for no bound of its amount",
        ALLOWANCE,
        "Money(most[row]) if row in cents else NO_LIMIT",
        "NO_LIMIT",
        DAY_LIMITS,
        (T_ALLOWANCE + SAME_READING,),
    ),
    Mutant(
        "a draw asks for no bound of its count",
        ALLOWANCE,
        "most_count[row] if row in count else MANY",
        "MANY",
        DAY_LIMITS,
        (T_ALLOWANCE + SAME_READING,),
    ),
    Mutant(
        "each row of the business may hold the whole of its limit",
        ALLOWANCE,
        "Money(most[row]) if row in cents else NO_LIMIT",
        "limit.amount if row in cents else NO_LIMIT",
        DAY_LIMITS,
        (
            T_ALLOWANCE
            + "a_payout_draws_once_of_its_customer_its_operator_and_one_row_of_the_business",
        ),
    ),
    Mutant(
        "the parts of the rows come to more than the limit",
        ALLOWANCE,
        "each + (row < over)",
        "each + (over > 0)",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "the parts of the rows come to less than the limit",
        ALLOWANCE,
        "each + (row < over)",
        "each",
        WHOLE_LIMIT,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "what rows hold above their parts leaves the others theirs",
        ALLOWANCE,
        "    if held(limit) == limit:\n",
        "    if True:\n",
        DAY_LIMITS,
        (T_ALLOWANCE + LOWERED,),
    ),
    Mutant(
        "of a limit that was lowered a cent more than is left may be drawn",
        ALLOWANCE,
        "bisect_right(range(limit), limit, key=held) - 1",
        "bisect_right(range(limit), limit, key=held)",
        DAY_LIMITS,
        (T_ALLOWANCE + LOWERED,),
    ),
    Mutant(
        "of a limit that was lowered some can never be used",
        ALLOWANCE,
        "bisect_right(range(limit), limit, key=held) - 1",
        "bisect_right(range(limit), limit, key=held) - 2",
        WHOLE_LIMIT,
        (T_ALLOWANCE + LOWERED,),
    ),
    Mutant(
        "a count comes only from the row that the amount begins in",
        ALLOWANCE,
        "count = _filled(1, left_count, cents, first)",
        "count = {first: 1} if left_count[first] > 0 else {}",
        WHOLE_LIMIT,
        (T_ALLOWANCE + "its_count_comes_from_another_row_where_its_own_has_none_left",),
    ),
    Mutant(
        "every customer has the limit of those whose destination is verified",
        ALLOWANCE,
        "limits.customer_verified if verified else limits.customer_unverified",
        "limits.customer_verified",
        DAY_LIMITS,
        (T_ALLOWANCE + "a_customer_may_have_more_a_day_where_the_destination_is_verified",),
    ),
    Mutant(
        "an operator may draw as much as the whole business",
        ALLOWANCE,
        "0, limits.operator),",
        "0, limits.business),",
        DAY_LIMITS,
        (T_ALLOWANCE + LAST_CENT,),
    ),
    Mutant(
        "only the first limit that is not enough is told",
        ALLOWANCE,
        "        if not taken:\n            faults.append",
        "        if not taken and not faults:\n            faults.append",
        ALL_FAULTS,
        (T_ALLOWANCE + "every_allowance_that_is_not_enough_is_named_at_once",),
    ),
    Mutant(
        "what is declined keeps its allowance",
        ALLOWANCE,
        "{Status.FAILED, Status.DECLINED, Status.CANCELLED} for status",
        "{Status.FAILED, Status.CANCELLED} for status",
        UNPAID_GIVES_BACK,
        (
            T_ALLOWANCE
            + "what_failed_was_declined_or_cancelled_gives_back_and_what_came_back_does_not",
        ),
    ),
    Mutant(
        "what was paid and came back gives its allowance back",
        ALLOWANCE,
        "status not in {Status.FAILED, Status.DECLINED,",
        "status not in {Status.RETURNED, Status.FAILED, Status.DECLINED,",
        UNPAID_GIVES_BACK,
        (T_ALLOWANCE + "a_life_gives_back_once_what_it_took_if_it_ends_unpaid",),
    ),
    Mutant(
        "what was given back is not taken again when it was paid all the same",
        ALLOWANCE,
        "    sign = CONSUMES[after.status] - took\n",
        "    sign = min(0, CONSUMES[after.status] - took)\n",
        UNPAID_GIVES_BACK,
        (T_ALLOWANCE + "what_was_given_back_is_taken_again_when_it_was_paid_all_the_same",),
    ),
    Mutant(
        "a first step takes by its claims and once more",
        ALLOWANCE,
        "took = before is None or CONSUMES[before.status]",
        "took = before is not None and CONSUMES[before.status]",
        UNPAID_GIVES_BACK,
        (T_ALLOWANCE + "a_first_step_takes_by_its_claims_and_gives_back_where_it_is_also_the_end",),
    ),
    Mutant(
        "a payout that ends unpaid gives its amount back and stays counted",
        ALLOWANCE,
        "Money(sign * each.amount.cents), sign * each.count)",
        "Money(sign * each.amount.cents), 0)",
        UNPAID_GIVES_BACK,
        (T_ALLOWANCE + "a_life_gives_back_once_what_it_took_if_it_ends_unpaid",),
    ),
)
