"""Mutants of what a payout claims with its first write: its conditions, its rows, and their end."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    AS_READ,
    DAY_LIMITS,
    HISTORY,
    PACE,
    THOUGHT,
    TWINS,
    UNPAID_GIVES_BACK,
)

CLAIMS = "chalicelib/adapters/dynamo/claims.py"
ROWS = "chalicelib/adapters/dynamo/claim_rows.py"
THOUGHTS = "chalicelib/adapters/dynamo/thought_rows.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
REFUSED = "chalicelib/adapters/dynamo/refused.py"
SOUNDNESS = "chalicelib/domain/soundness.py"
T_CLAIMS = "tests/contracts/test_claims.py::test_"
T_ROWS = "tests/adapters/test_claim_rows.py::test_"
T_AWAITING = "tests/contracts/test_awaiting_approval.py::test_"
LAST_CENT = "draws_add_up_to_the_last_cent_and_not_beyond[simulated]"
LAST_PAYOUT = "draws_are_counted_up_to_the_last_and_not_beyond[simulated]"
GIVES_BACK = (
    "what_failed_gives_its_allowances_back_and_what_was_paid_and_came_back_does_not"
    "[simulated-Failed]"
)
UNSEEN = "who_did_not_see_the_latest_payout_of_a_kind_decides_again"
ADDS_UP = "a_history_adds_up_and_begins_with_the_first_payout[simulated]"
EMPTY = "tokens_are_taken_until_the_bucket_is_empty_and_again_when_it_fills[simulated]"

MUTANTS = (
    Mutant(
        "an allowance may hold what was drawn beyond its bound",
        CLAIMS,
        "room = bound.most - total(each.amount for each in draws)",
        "room = bound.most",
        DAY_LIMITS,
        (T_CLAIMS + LAST_CENT,),
    ),
    Mutant(
        "an allowance may count one payout beyond its bound",
        CLAIMS,
        "times = bound.most_count - sum(each.count for each in draws)",
        "times = bound.most_count",
        DAY_LIMITS,
        (T_CLAIMS + LAST_PAYOUT,),
    ),
    Mutant(
        "a row that holds its amount may be drawn from while its count lasts",
        CLAIMS,
        'condition=" AND ".join(bounds)',
        'condition=" OR ".join(bounds)',
        DAY_LIMITS,
        (T_CLAIMS + LAST_CENT,),
    ),
    Mutant(
        "the first draw of a date is within any bound",
        CLAIMS,
        'OR {name} <= {bound})" if fits else',
        'OR {name} <= {bound})" if bound else',
        DAY_LIMITS,
        (T_CLAIMS + "the_first_draw_is_within_the_bounds_as_well[simulated-too_much0]",),
    ),
    Mutant(
        "nothing is ever given back",
        CLAIMS,
        "    back = allowance.given_back(steps)\n",
        "    back = allowance.given_back(steps)[:0]\n",
        UNPAID_GIVES_BACK,
        (T_CLAIMS + GIVES_BACK,),
    ),
    Mutant(
        "what is given back leaves its payout counted",
        CLAIMS,
        "sum(each.count for each in draws) + sum(each.count for each in back)",
        "sum(each.count for each in draws)",
        UNPAID_GIVES_BACK,
        (T_CLAIMS + GIVES_BACK,),
    ),
    Mutant(
        "what is given back leaves its amount drawn",
        CLAIMS,
        "total(each.amount for each in draws) + total(each.amount for each in back)",
        "total(each.amount for each in draws)",
        UNPAID_GIVES_BACK,
        (T_CLAIMS + GIVES_BACK,),
    ),
    Mutant(
        "broken claims are told as something else than a race",
        REFUSED,
        "    if claimed:\n",
        "    if claimed and CUSTOMER not in refused.found:\n",
        AS_READ,
        (
            T_CLAIMS
            + "whose_claims_are_broken_decides_again_before_they_hear_of_the_balance[simulated]",
        ),
    ),
    Mutant(
        "a payout may draw what it does not know of",
        SOUNDNESS,
        "    if drawn != steps[0].after.intent.drawn:\n",
        "    if drawn and not draws:\n",
        AS_READ,
        (T_CLAIMS + "only_a_first_step_claims_and_only_what_the_payout_knows_of[simulated]",),
    ),
    Mutant(
        "a later step may claim",
        SOUNDNESS,
        "if claims is not None and claims != Claims(desk=claims.desk):",
        "if claims is not None and claims.desk != claims.desk:",
        AS_READ,
        (T_CLAIMS + "only_a_first_step_claims_and_only_what_the_payout_knows_of[simulated]",),
    ),
    Mutant(
        "who saw no payment of the same kind takes the place of one",
        CLAIMS,
        '"attribute_not_exists(#transaction_id)"',
        '"attribute_not_exists(#transaction_id) OR attribute_exists(#transaction_id)"',
        TWINS,
        (T_CLAIMS + UNSEEN + "[simulated-None]",),
    ),
    Mutant(
        "who saw another payment of the same kind takes the place of the latest",
        CLAIMS,
        '"#transaction_id = :was"',
        '"#transaction_id = :was OR attribute_exists(#transaction_id)"',
        TWINS,
        (T_CLAIMS + UNSEEN + "[simulated-read1]",),
    ),
    Mutant(
        "a payment of a kind that was not seen before takes no place",
        CLAIMS,
        "    if claims and claims.twin:\n",
        "    if claims and claims.twin and claims.before_it:\n",
        TWINS,
        (T_CLAIMS + "the_latest_payout_of_a_kind_is_told_and_the_next_takes_its_place[simulated]",),
    ),
    Mutant(
        "a payout is no part of its customer's history",
        CLAIMS,
        '        adds += ["#count :one", "#cents :cents", "#squares :square", "#hour :one"]\n',
        '        adds += ["#cents :cents", "#squares :square", "#hour :one"]\n'
        '        sets.append("#count = :one")\n',
        HISTORY,
        (T_CLAIMS + ADDS_UP,),
    ),
    Mutant(
        "a stored history begins anew with each payout",
        CLAIMS,
        '"#first = if_not_exists(#first, :first)"',
        '"#first = :first"',
        HISTORY,
        (T_CLAIMS + ADDS_UP,),
    ),
    Mutant(
        "a stored history keeps hours that are long over",
        CLAIMS,
        "sorted(habits.hours.keys() - kept.keys())",
        "sorted(kept.keys() - kept.keys())",
        HISTORY,
        (T_CLAIMS + "hours_that_are_long_over_are_forgotten[simulated]",),
    ),
    Mutant(
        "only a new payout can prove its destination",
        CLAIMS,
        "    if habits is not None or any(step.arrives for step in steps):\n",
        "    if habits is not None:\n",
        HISTORY,
        (T_CLAIMS + "a_destination_is_proven_by_the_step_by_which_a_payment_arrives[simulated]",),
    ),
    Mutant(
        "a destination is proven before a payment has arrived",
        CLAIMS,
        "    if any(step.arrives for step in steps):\n",
        "    if steps:\n",
        HISTORY,
        (T_CLAIMS + "a_destination_is_proven_by_the_step_by_which_a_payment_arrives[simulated]",),
    ),
    Mutant(
        "a bucket in use gives more than its burst",
        CLAIMS,
        '"tat > :now AND tat <= :latest"',
        '"tat > :now AND (tat <= :latest OR tat > :latest)"',
        PACE,
        (T_CLAIMS + EMPTY,),
    ),
    Mutant(
        "a bucket that was read in use and is full by now gives what it saved",
        CLAIMS,
        '"tat > :now AND tat <= :latest"',
        '"(tat > :now OR tat <= :now) AND tat <= :latest"',
        PACE,
        (T_CLAIMS + "whoever_read_a_bucket_in_use_that_is_full_by_now_decides_again[simulated]",),
    ),
    Mutant(
        "the latest payment of a kind is cleared away before the days are over",
        CLAIMS,
        "TWINS_KEPT = timedelta(days=100)",
        "TWINS_KEPT = timedelta(days=89)",
        TWINS,
        (T_ROWS + "the_latest_of_a_kind_is_kept_longer_than_any_policy_looks_back",),
    ),
    Mutant(
        "what a customer has drawn is not read before it is decided on",
        ROWS,
        "    drawn = allowance.keys(question.customer_id, question.by, question.day)\n",
        "    drawn = allowance.keys(question.customer_id, question.by, question.day)[1:]\n",
        AS_READ,
        (
            T_CLAIMS
            + "what_is_drawn_is_told_by_its_key_and_only_of_that_date_customer_and_operator"
            "[simulated]",
        ),
    ),
    Mutant(
        "a row of an allowance that cannot be read holds nothing",
        ROWS,
        'Money.exactly(rows[key]["amount"])',
        'Money.exactly(rows[key].get("amount", 0))',
        AS_READ,
        (T_ROWS + "a_row_that_is_no_allowance_is_refused",),
    ),
    Mutant(
        "the rules of risk that fired are not stored",
        THOUGHTS,
        '"signals": [list(each) for each in it.signals]',
        '"signals": []',
        THOUGHT,
        (
            T_AWAITING
            + "a_payout_is_read_back_with_what_was_thought_of_it_and_who_has_agreed[simulated]",
        ),
    ),
    Mutant(
        "what a payout drew is read back without its count",
        THOUGHTS,
        "Drawn(key, Money.exactly(amount), int(count))",
        "Drawn(key, Money.exactly(amount), int(count > count))",
        THOUGHT,
        (
            T_CLAIMS
            + "what_is_drawn_is_told_by_its_key_and_only_of_that_date_customer_and_operator"
            "[simulated]",
        ),
    ),
)
