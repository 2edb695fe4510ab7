"""Mutants of what a night may not conclude: debits days apart, words, fees, receipts, slips."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import DIFFERS, EXPLAINED, HEARD

COMPARISON = "chalicelib/domain/comparison.py"
ATTEMPTS = "chalicelib/domain/attempts.py"
RECEIPT_PAIRS = "chalicelib/domain/receipt_pairs.py"
COMPARISON_OF_ACCOUNT = "chalicelib/domain/comparison_of_account.py"
PAIRS = "chalicelib/usecases/pairs.py"
DAY_BOOK = "chalicelib/adapters/monoova/day_book.py"
T_NIGHT = "tests/usecases/test_review_night.py::test_"
T_DAY_BOOK = "tests/adapters/test_day_book.py::test_"

MUTANTS = (
    Mutant(
        "a debit on the next day is another night's, and so nobody's",
        COMPARISON,
        "if any(reading.day in {each.back_on, each.last_on} for each in attempts):",
        "if any(reading.day == each.back_on for each in attempts):",
        DIFFERS,
        (T_NIGHT + "a_second_debit_on_the_next_day_is_paid_twice_on_that_days_night",),
    ),
    Mutant(
        "a debit days after the sending is the sending's",
        ATTEMPTS,
        "attempt.paid_on > sydney_date(payout.sent_at + LATEST)",
        "attempt.paid_on < sydney_date(payout.sent_at)",
        DIFFERS,
        (T_NIGHT + "a_debit_days_after_its_sending_is_paid_twice",),
    ),
    Mutant(
        "a second debit that was turned back is a return",
        ATTEMPTS,
        "return attempt.without_debits() if undone else attempt",
        "return attempt",
        HEARD,
        (T_NIGHT + "a_second_debit_that_was_turned_back_is_nobodys_return",),
    ),
    Mutant(
        "a second debit that is turned back days later is a return",
        PAIRS,
        "return told.amount is not None and desk.findings.get(twice) is not None",
        "return told.amount is None and desk.findings.get(twice) is not None",
        HEARD,
        (T_NIGHT + "a_second_debit_that_is_turned_back_days_later_is_nobodys_return",),
    ),
    Mutant(
        "a dead attempt is heard in whatever words",
        COMPARISON,
        "    if stray and says_nothing(stray[0]):",
        "    if stray and not stray[0]:",
        HEARD,
        (T_NIGHT + "a_dead_attempt_in_words_that_say_nothing_is_a_finding_and_no_news",),
    ),
    Mutant(
        "a fee proves that a payment was made",
        COMPARISON,
        "return status in _LEARNS_FEE or not (present.debits or present.back)",
        "return status in _LEARNS_FEE",
        HEARD,
        (T_NIGHT + "a_fee_alone_is_no_proof_that_a_refused_payout_was_executed",),
    ),
    Mutant(
        "a rejection that was never booked is not looked for",
        PAIRS,
        "    if payout.status is Status.REJECTED and not attempts:",
        "    if payout.status is Status.REJECTED and attempts is None:",
        EXPLAINED,
        (T_NIGHT + "a_rejection_days_later_that_was_never_booked_is_found",),
    ),
    Mutant(
        "one receipt explains every line of its amount",
        RECEIPT_PAIRS,
        "            pairs[one] = found.pop()",
        "            pairs[one] = found[-1]",
        EXPLAINED,
        (T_NIGHT + "one_receipt_explains_one_line_of_its_amount",),
    ),
    Mutant(
        "a receipt of another number than its line is missing",
        RECEIPT_PAIRS,
        "    return same | across\n",
        "    return across\n",
        EXPLAINED,
        (T_NIGHT + "a_receipt_and_its_line_need_not_bear_the_same_number",),
    ),
    Mutant(
        "a receipt before midnight is missing after it",
        RECEIPT_PAIRS,
        "    return same | across\n",
        "    return same\n",
        EXPLAINED,
        (T_NIGHT + "a_receipt_and_its_line_may_lie_on_either_side_of_midnight",),
    ),
    Mutant(
        "a slip at the end of a day is found again on the next",
        COMPARISON_OF_ACCOUNT,
        "kept.cents not in {balances.opening, balances.shown}",
        "kept.cents not in {balances.opening}",
        EXPLAINED,
        (T_NIGHT + "a_break_at_the_end_of_a_day_is_not_found_again_on_the_next",),
    ),
    Mutant(
        "what a payer writes makes a return",
        DAY_BOOK,
        "came_in=credit.cents > 0 and not is_fee",
        "came_in=credit.cents < 0 and not is_fee",
        HEARD,
        (T_DAY_BOOK + "what_a_payer_wrote_makes_no_return_of_what_came_in",),
    ),
)
