"""Mutants of the rules of risk, of histories, and of the same payment twice."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import HISTORY, RISK, TWINS

RISKS = "chalicelib/domain/risk.py"
HABITS = "chalicelib/domain/habits.py"
TWIN = "chalicelib/domain/twins.py"
T_RISK = "tests/domain/test_risk.py::test_"
T_HABITS = "tests/domain/test_habits.py::test_"
T_TWINS = "tests/domain/test_twins.py::test_"
BOUNDS = "from_50_a_person_looks_and_above_90_nobody_pays"
SAME = "payee_amount_and_reference_make_the_same_payment"
DAYS = "it_is_a_repeat_within_so_many_days"

MUTANTS = (
    Mutant(
        "what is too risky is paid once a person has looked",
        RISKS,
        "        return Risk.BLOCKED\n",
        "        return Risk.REVIEW\n",
        RISK,
        (T_RISK + BOUNDS,),
    ),
    Mutant(
        "a score at its bound is blocked",
        RISKS,
        "score > rules.blocked_above",
        "score >= rules.blocked_above",
        RISK,
        (T_RISK + BOUNDS,),
    ),
    Mutant(
        "a score at its bound is not reviewed",
        RISKS,
        "score >= rules.review_from",
        "score > rules.review_from",
        RISK,
        (T_RISK + BOUNDS,),
    ),
    Mutant(
        "a rule without a weight counts in full",
        RISKS,
        "rules.weights.get(name, 0)",
        "rules.weights.get(name, FULL)",
        RISK,
        (T_RISK + "a_rule_without_a_weight_counts_nothing",),
    ),
    Mutant(
        "a rule fires more strongly than in full",
        RISKS,
        "(name, min(FULL, _RULES[name](it)))",
        "(name, _RULES[name](it))",
        RISK,
        (T_RISK + "more_than_three_a_day_are_many_for_who_is_paid_weekly",),
    ),
    Mutant(
        "many of a day are no haste where the history has not heard of them",
        RISKS,
        "(max(lately, today) + 1 - calm)",
        "(lately + 1 - calm)",
        RISK,
        (T_RISK + "what_was_drawn_on_that_date_counts_where_the_history_knows_less",),
    ),
    Mutant(
        "those of a day are usual for the very same day",
        RISKS,
        "max(0, it.habits.count - lately)",
        "max(0, it.habits.count)",
        RISK,
        (T_RISK + "what_is_usual_is_counted_by_the_days_before_the_last_24_hours",),
    ),
    Mutant(
        "a burst begins with the fourth within an hour",
        RISKS,
        "(within(it.habits, it.at, 1) + 1 - CALM_HOUR)",
        "(within(it.habits, it.at, 1) - CALM_HOUR)",
        RISK,
        (T_RISK + "more_than_two_within_an_hour_are_a_burst",),
    ),
    Mutant(
        "only a customer's very first payout is new",
        RISKS,
        "(FIRST_PAYOUTS - it.habits.count) * FULL",
        "FIRST_PAYOUTS * (it.habits.count == 0) * FULL",
        RISK,
        (T_RISK + "the_first_payouts_of_a_customer_are_new",),
    ),
    Mutant(
        "a payment to any destination proves all of them",
        RISKS,
        "return 0 if it.standing.destination_id in it.habits.proven else FULL",
        "return 0 if it.habits.proven else FULL",
        RISK,
        (T_RISK + "a_destination_is_new_until_a_payment_has_arrived_there",),
    ),
    Mutant(
        "a change of the destination is none",
        RISKS,
        "    if not it.standing.changed:\n",
        "    if it.standing.changed:\n",
        RISK,
        (T_RISK + "a_destination_that_was_changed_lately_counts_less_each_day",),
    ),
    Mutant(
        "no amount is unusual for who was paid different ones",
        RISKS,
        "    return -(-(above - usual) * FULL // usual)\n",
        "    return -(-(above - usual) * FULL // usual) * (past.spread == 0)\n",
        RISK,
        (T_RISK + "an_amount_far_above_the_mean_in_deviations_is_unusual",),
    ),
    Mutant(
        "a single payout is a history",
        RISKS,
        "    if past.number < ENOUGH:\n",
        "    if past.number < 1:\n",
        RISK,
        (T_RISK + "four_payouts_are_no_history_and_five_are",),
    ),
    Mutant(
        "an hour is odd on the clocks of Greenwich",
        RISKS,
        "it.at.astimezone(SYDNEY).hour",
        "it.at.hour",
        RISK,
        (T_RISK + "one_to_five_at_night_are_odd_on_sydneys_clocks_in_summer_and_winter",),
    ),
    Mutant(
        "a destination of one customer more is nobody else's",
        RISKS,
        "it.standing.shared * FULL // 2",
        "(it.standing.shared - 1) * FULL // 2",
        RISK,
        (T_RISK + "a_destination_of_several_customers_counts",),
    ),
    Mutant(
        "a history forgets how much its amounts differ",
        HABITS,
        "squares=habits.squares + amount.cents**2",
        "squares=habits.squares + amount.cents",
        HISTORY,
        (T_HABITS + "a_payout_adds_itself_its_cents_and_their_square",),
    ),
    Mutant(
        "a history begins anew with each payout",
        HABITS,
        "first_at=habits.first_at or at",
        "first_at=at",
        HISTORY,
        (
            T_HABITS
            + "when_the_first_one_was_asked_for_and_where_payments_arrived_stay_as_they_are",
        ),
    ),
    Mutant(
        "an hour before counts as nothing once a minute of the next is over",
        HABITS,
        "return wholly - (-partly // AN_HOUR)",
        "return wholly + partly // AN_HOUR",
        HISTORY,
        (T_HABITS + "within_an_hour_counts_this_hour_and_what_is_left_of_the_one_before",),
    ),
    Mutant(
        "the hours of a history are forgotten too early",
        HABITS,
        "for hour in habits.hours if hour < oldest))",
        "for hour in habits.hours if hour <= oldest))",
        HISTORY,
        (T_HABITS + "hours_that_no_rule_looks_at_are_forgotten",),
    ),
    Mutant(
        "the same payment to another customer is the same payment",
        TWIN,
        "fingerprint([customer_id, amount.cents,",
        "fingerprint([amount.cents,",
        TWINS,
        (T_TWINS + SAME,),
    ),
    Mutant(
        "another amount is the same payment",
        TWIN,
        "fingerprint([customer_id, amount.cents,",
        "fingerprint([customer_id,",
        TWINS,
        (T_TWINS + SAME,),
    ),
    Mutant(
        "a space in its reference makes it another payment",
        TWIN,
        '" ".join(reference.split()).casefold()',
        "reference.casefold()",
        TWINS,
        (T_TWINS + SAME,),
    ),
    Mutant(
        "the same payment at the very end of the days is none",
        TWIN,
        "at - twin.at <= timedelta(days=days)",
        "at - twin.at < timedelta(days=days)",
        TWINS,
        (T_TWINS + DAYS,),
    ),
    Mutant(
        "where nothing is looked for, a clock that is behind finds a repeat",
        TWIN,
        "twin is not None and days > 0 and at",
        "twin is not None and at",
        TWINS,
        (T_TWINS + DAYS,),
    ),
    Mutant(
        "one that was paid makes no duplicate",
        TWIN,
        "WHERE[before.status] is not Place.AVAILABLE",
        "WHERE[before.status] is Place.HELD",
        TWINS,
        (T_TWINS + "what_gave_its_money_back_makes_no_duplicate_and_all_else_does",),
    ),
    Mutant(
        "one that nobody can read any more was never paid",
        TWIN,
        "    if before is None or WHERE[before.status] is not Place.AVAILABLE:\n",
        "    if before is None:\n        return False\n"
        "    if WHERE[before.status] is not Place.AVAILABLE:\n",
        TWINS,
        (T_TWINS + "one_that_nobody_can_read_any_more_counts",),
    ),
    Mutant(
        "asked, cancelled and asked once more, it needs nobody else",
        TWIN,
        "assessment is not None and DUPLICATE in assessment.why",
        "False",
        TWINS,
        (T_TWINS + "a_duplicate_that_was_cancelled_still_stands_for_the_one_before_it",),
    ),
)
