"""Mutants of a night's comparison: what agrees, what is heard, and what differs."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import DIFFERS, EXPLAINED, HEARD, NIGHT_KEY, NIGHT_SAME, UNREAD

COMPARISON = "chalicelib/domain/comparison.py"
PAIRS = "chalicelib/usecases/pairs.py"
ACCOUNT = "chalicelib/usecases/account.py"
ACCOUNT_DAY = "chalicelib/domain/account_day.py"
FIGURES = "chalicelib/usecases/figures.py"
RECONCILE = "chalicelib/usecases/reconcile.py"
DAY_BOOK = "chalicelib/adapters/monoova/day_book.py"
COMPARISON_OF_ACCOUNT = "chalicelib/domain/comparison_of_account.py"
T_RECONCILE = "tests/usecases/test_reconcile.py::test_"
T_COMPARISON = "tests/domain/test_comparison.py::test_"
T_DAY_BOOK = "tests/adapters/test_day_book.py::test_"

MUTANTS = (
    Mutant(
        "another amount passes at a glance",
        COMPARISON,
        "        and one.paid == ours.amount.cents\n",
        "",
        DIFFERS,
        (T_RECONCILE + "what_both_sides_call_completed_is_held_to_the_cent",),
    ),
    Mutant(
        "money that came back passes at a glance",
        COMPARISON,
        "if one.number != ours.attempt or one.back != back:",
        "if one.number != ours.attempt:",
        DIFFERS,
        (T_RECONCILE + "what_both_sides_call_completed_and_came_back_all_the_same_is_heard",),
    ),
    Mutant(
        "what the provider tells nothing of agrees",
        COMPARISON,
        "return ours.status in LEFT and is_due(",
        "return ours.status not in LEFT and is_due(",
        DIFFERS,
        (T_RECONCILE + "a_payout_that_they_know_nothing_of_is_missing_there",),
    ),
    Mutant(
        "what was left alone as under way is never judged",
        COMPARISON,
        "happened == day - timedelta(days=1) and changed_on >= day",
        "happened == day - timedelta(days=1) and changed_on < happened",
        NIGHT_KEY,
        (T_COMPARISON + "a_night_judges_its_own_day_and_what_changed_since_the_last",),
    ),
    Mutant(
        "a debit twice is paid once",
        COMPARISON,
        "    if gone > amount and (",
        "    if gone > 2 * amount and (",
        DIFFERS,
        (T_RECONCILE + "a_debit_twice_is_paid_twice_and_not_another_amount",),
    ),
    Mutant(
        "a dead attempt that was paid is not heard",
        COMPARISON,
        "each.number != payout.attempt and moved(each)]",
        "each.number > payout.attempt and moved(each)]",
        HEARD,
        (
            T_RECONCILE + "a_dead_attempt_that_was_paid_all_the_same_is_heard_where_not"
            "hing_else_left",
        ),
    ),
    Mutant(
        "a credit of what is completed here is overlooked",
        COMPARISON,
        "if status in {Status.PENDING, Status.COMPLETED} and present.back:",
        "if status in {Status.PENDING} and present.back:",
        HEARD,
        (T_RECONCILE + "a_return_days_later_is_held_against_its_credit",),
    ),
    Mutant(
        "another fee is heard over the one that was charged",
        COMPARISON,
        "    if payout.fee is None and payout.status in _LEARNS_FEE:",
        "    if payout.status in _LEARNS_FEE:",
        DIFFERS,
        (T_RECONCILE + "a_wrong_fee_is_that_difference_alone",),
    ),
    Mutant(
        "a night finds again what was another's",
        COMPARISON,
        "    if judgement.differences and not _is_tonight(payout, attempts, reading):",
        "    if judgement.differences and not reading:",
        DIFFERS,
        (T_COMPARISON + "another_nights_is_not_judged",),
    ),
    Mutant(
        "a night decides on what was heard while it read",
        PAIRS,
        "    if payout.updated_at > desk.began:",
        "    if payout.updated_at > desk.clock.now():",
        NIGHT_KEY,
        (T_RECONCILE + "what_changed_while_the_day_was_read_is_left_to_the_next_night",),
    ),
    Mutant(
        "a contradiction is before nobody",
        PAIRS,
        "return hear(payout, alarm, payouts=desk.payouts).payout, status_differs(",
        "return payout, status_differs(",
        HEARD,
        (T_RECONCILE + "a_contradiction_is_a_finding_and_before_a_person",),
    ),
    Mutant(
        "a return under its own name is not counted",
        PAIRS,
        "back=each.back + back)",
        "back=each.back)",
        EXPLAINED,
        (T_RECONCILE + "a_return_under_its_own_name_on_the_day_of_its_debit_is_known_by_it",),
    ),
    Mutant(
        "what is unexplained adds up to nothing",
        ACCOUNT,
        "left += Money(stranger.debit + stranger.credit)",
        "left += ZERO",
        EXPLAINED,
        (T_RECONCILE + "a_debit_of_somebody_elses_is_one_finding_with_its_fee",),
    ),
    Mutant(
        "a balance need not follow from line to line",
        ACCOUNT_DAY,
        "return self.off not in {0, -self.off_before}",
        "return self.off is None",
        EXPLAINED,
        (T_COMPARISON + "a_jump_is_told_once_with_what_was_expected",),
    ),
    Mutant(
        "a finding that is met again counts again",
        FIGURES,
        "        if finding_id in self.findings:\n            return\n",
        "",
        NIGHT_SAME,
        (T_RECONCILE + "a_receipt_of_another_amount_is_one_finding_not_two",),
    ),
    Mutant(
        "payouts that have changed since are not looked at",
        RECONCILE,
        "    last = sydney_date(desk.began)\n",
        "    last = desk.reading.day\n",
        NIGHT_KEY,
        (T_RECONCILE + "what_agrees_costs_no_read_and_no_write",),
    ),
    Mutant(
        "a payout that moves on while it is read is held twice",
        RECONCILE,
        "if before is not None and before.transaction_id != ours.transaction_id:",
        "if before is not None and before.last:",
        NIGHT_SAME,
        (T_RECONCILE + "a_payout_that_two_dates_show_is_held_and_counted_once",),
    ),
    Mutant(
        "the account is explained before all payouts were held",
        RECONCILE,
        "        if night.position != ALL_HELD or time_left() < RESERVE:",
        "        if time_left() < 0:",
        NIGHT_SAME,
        (T_RECONCILE + "a_night_that_runs_short_goes_on_where_it_was_and_counts_all_once",),
    ),
    Mutant(
        "an answer that is no good one is a day",
        DAY_BOOK,
        "                answer.refuse_unless_good()\n",
        "",
        UNREAD,
        (T_DAY_BOOK + "what_cannot_be_read_to_its_end_is_no_day_at_all",),
    ),
    Mutant(
        "a payout that nobody knows is nobody's",
        PAIRS,
        "        if missing is not None:",
        "        if missing is not None and payout:",
        DIFFERS,
        (T_RECONCILE + "a_payout_that_is_gone_here_is_missing_here_and_nothing_else",),
    ),
    Mutant(
        "a reference told in two words passes for the first",
        COMPARISON,
        "        one.word == one.other_word\n        and ours",
        "        ours",
        DIFFERS,
        (T_RECONCILE + "two_words_of_which_the_first_would_fit_are_a_finding_too",),
    ),
    Mutant(
        "a return that was never booked is not looked for",
        COMPARISON,
        "if ours.status in _GIVEN_BACK and ours.last.on >= reading.day:",
        "if ours.status in _GIVEN_BACK and ours.last.on > reading.last:",
        EXPLAINED,
        (T_RECONCILE + "a_return_that_was_heard_and_never_booked_is_a_finding",),
    ),
    Mutant(
        "a debit that was turned back counts all the same",
        ACCOUNT_DAY,
        "further = min(self.debits - 1, self.back // amount)",
        "further = min(self.debits - 1, 0)",
        DIFFERS,
        (T_RECONCILE + "a_debit_twice_of_which_one_was_turned_back_is_right",),
    ),
    Mutant(
        "a night heals in silence",
        PAIRS,
        'desk.figures.counts["healed"] += 1',
        'desk.figures.counts["heard"] += 1',
        HEARD,
        (T_RECONCILE + "what_life_allows_is_heard_in_the_nights_name_and_counted",),
    ),
    Mutant(
        "a receipt of any amount explains a credit",
        ACCOUNT,
        "return None if banked.amount == credit else",
        "return None if banked.amount else",
        EXPLAINED,
        (T_RECONCILE + "a_receipt_of_another_amount_is_one_finding_not_two",),
    ),
    Mutant(
        "a day may begin with another balance than the last one ended with",
        COMPARISON_OF_ACCOUNT,
        "kept.cents not in {balances.opening, balances.shown}",
        "kept.cents not in {kept.cents, balances.shown}",
        EXPLAINED,
        (T_RECONCILE + "a_day_that_does_not_begin_where_the_last_one_ended_is_a_finding",),
    ),
    Mutant(
        "a debit that nobody explains is overlooked",
        ACCOUNT,
        "    if stranger.debit:\n        return unexplained(stranger)",
        "    if stranger.debit:\n        return None",
        EXPLAINED,
        (T_RECONCILE + "a_debit_of_somebody_elses_is_one_finding_with_its_fee",),
    ),
    Mutant(
        "a payment that is debited once more days later is its own",
        COMPARISON,
        "if is_late(payout, each)), None)",
        "if is_late(payout, each) and not payout), None)",
        DIFFERS,
        (T_RECONCILE + "a_payment_that_is_debited_once_more_days_later_is_paid_twice",),
    ),
)
