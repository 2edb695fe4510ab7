"""Mutants of what an answer proves, of amounts, of postings and of the funds."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    COUNTS_ONCE,
    CREDITS,
    EXACT,
    KEY,
    LISTED,
    SUM,
    TRAIL,
    WHOLE,
)

ANSWERS = "chalicelib/domain/answers.py"
MONEY = "chalicelib/domain/money.py"
EXACT_JSON = "chalicelib/adapters/exact_json.py"
LEDGER = "chalicelib/domain/ledger.py"
SOUNDNESS = "chalicelib/domain/soundness.py"
FUNDING = "chalicelib/domain/funding.py"
IDENTIFIERS = "chalicelib/domain/identifiers.py"
T_ANSWERS = "tests/domain/test_answers.py::test_"
T_MONEY = "tests/domain/test_money.py::test_"
T_EXACT_JSON = "tests/adapters/test_exact_json.py::test_"
T_FUNDING = "tests/domain/test_funding.py::test_"
T_RECEIVE = "tests/usecases/test_receive.py::test_"
T_AGAIN = "tests/contracts/test_payouts_again.py::test_"
T_IDENTIFIERS = "tests/domain/test_identifiers.py::test_"

MUTANTS = (
    Mutant(
        "a time-out is taken for a refusal",
        ANSWERS,
        "return Unclear(at=at, by=by, attempt=attempt, doubt=_ON_ITS_WAY[answer.mishap])",
        "return Refused(at=at, by=by, attempt=attempt, refusal=str(answer.mishap))",
        LISTED,
        (T_ANSWERS + "what_was_cut_off_on_its_way_is_unknown",),
    ),
    Mutant(
        "a time-out is taken for a request that never left",
        ANSWERS,
        "    Mishap.NO_TIME: Hindrance.OUT_OF_TIME,\n",
        "    Mishap.NO_TIME: Hindrance.OUT_OF_TIME,\n"
        "    Mishap.TIMED_OUT: Hindrance.NO_CONNECTION,\n",
        LISTED,
        (T_ANSWERS + "what_was_cut_off_on_its_way_is_unknown",),
    ),
    Mutant(
        "a server error is a refusal if it names a listed code",
        ANSWERS,
        "if answer.http_status == 400 and answer.code.endswith(REFUSALS):",
        "if answer.http_status >= 400 and answer.code.endswith(REFUSALS):",
        LISTED,
        (T_ANSWERS + "a_listed_code_is_no_refusal_with_another_http_status",),
    ),
    Mutant(
        "every server error is a refusal",
        ANSWERS,
        "return _unclear(answer, Doubt.SERVER_ERROR, attempt, at, by)",
        "return Refused(at=at, by=by, attempt=attempt, refusal=answer.code)",
        LISTED,
        (T_ANSWERS + "a_server_error_is_unknown_whatever_it_says",),
    ),
    Mutant(
        "every 400 is a refusal",
        ANSWERS,
        "if answer.http_status == 400 and answer.code.endswith(REFUSALS):",
        "if answer.http_status == 400:",
        LISTED,
        (T_ANSWERS + "a_code_like_a_listed_one_is_not_listed",),
    ),
    Mutant(
        "a code that merely holds a listed one is a refusal",
        ANSWERS,
        "answer.code.endswith(REFUSALS)",
        "any(known in answer.code for known in REFUSALS)",
        LISTED,
        (T_ANSWERS + "a_code_like_a_listed_one_is_not_listed",),
    ),
    Mutant(
        "a reference that exists is a refusal",
        ANSWERS,
        "return _unclear(answer, Doubt.REFERENCE_EXISTS, attempt, at, by)",
        "return Refused(at=at, by=by, attempt=attempt, refusal=answer.code)",
        LISTED,
        (T_ANSWERS + "a_reference_that_exists_is_a_doubt_of_its_own_with_any_http_status",),
    ),
    Mutant(
        "a reference that exists proves an acceptance",
        ANSWERS,
        "return _unclear(answer, Doubt.REFERENCE_EXISTS, attempt, at, by)",
        "return Accepted(at=at, by=by, attempt=attempt)",
        LISTED,
        (T_ANSWERS + "a_reference_that_exists_is_a_doubt_of_its_own_with_any_http_status",),
    ),
    Mutant(
        "one request too many certainly never left",
        ANSWERS,
        "return _unclear(answer, Doubt.TOO_MANY_REQUESTS, attempt, at, by)",
        "return NeverSent(at=at, by=by, attempt=attempt, reason=Hindrance.OUT_OF_TIME)",
        LISTED,
        (T_ANSWERS + "too_many_requests_is_not_known_to_be_unsent",),
    ),
    Mutant(
        "a refused sign-in refuses the payout",
        ANSWERS,
        "return NeverSent(at=at, by=by, attempt=attempt, reason=Hindrance.SIGN_IN_REFUSED)",
        'return Refused(at=at, by=by, attempt=attempt, refusal=answer.code or "http_401")',
        LISTED,
        (T_ANSWERS + "a_refused_sign_in_was_never_sent",),
    ),
    Mutant(
        "every 200 is an acceptance",
        ANSWERS,
        "if answer.http_status == 200 and answer.code in ACCEPTANCES:",
        "if answer.http_status == 200:",
        LISTED,
        (T_ANSWERS + "a_200_with_a_status_that_we_do_not_know_is_not_understood",),
    ),
    Mutant(
        "an acceptance of another reference is taken for our own",
        ANSWERS,
        'if answer.reference not in {"", reference}:',
        "if not reference:",
        LISTED,
        (T_ANSWERS + "an_acceptance_of_another_reference_is_not_ours",),
    ),
    Mutant(
        "what nobody has listed is a refusal",
        ANSWERS,
        "    return _unclear(answer, Doubt.NOT_UNDERSTOOD, attempt, at, by)\n\n\n",
        "    return Refused(at=at, by=by, attempt=attempt, refusal=answer.code)\n\n\n",
        LISTED,
        (T_ANSWERS + "a_code_like_a_listed_one_is_not_listed",),
    ),
    Mutant(
        "a fraction of a cent is rounded instead of refused",
        MONEY,
        "        if dollars != amount:\n",
        "        if dollars.is_nan():\n",
        EXACT,
        (T_MONEY + "the_provider_may_not_write_a_fraction_of_a_cent",),
    ),
    Mutant(
        "a third decimal is let through",
        MONEY,
        "exponent < -2",
        "exponent < -3",
        EXACT,
        (T_MONEY + "a_third_decimal_is_refused_and_never_rounded",),
    ),
    Mutant(
        "numbers of JSON are read as floats",
        EXACT_JSON,
        "parse_float=Decimal, ",
        "",
        EXACT,
        (T_EXACT_JSON + "numbers_are_read_exactly",),
    ),
    Mutant(
        "a move gives and does not take",
        LEDGER,
        "return (Posting(source, account, -amount), Posting(target, account, amount))",
        "return (Posting(target, account, amount),)",
        WHOLE,
        (T_FUNDING + "a_move_is_two_postings_or_none",),
        by_simulation=True,
    ),
    Mutant(
        "the customer bears the fee",
        LEDGER,
        "return move(fee, Place.BUSINESS, Place.FEES, HOUSE)",
        "return move(fee, Place.AVAILABLE, Place.FEES, HOUSE)",
        SUM,
        (T_RECEIVE + "a_return_after_success_gives_the_money_back",),
        by_simulation=True,
    ),
    Mutant(
        "steps that do not sum to zero are written",
        SOUNDNESS,
        "        if not ledger.balanced(step.postings):",
        "        if not ledger.balanced(()):",
        WHOLE,
        (T_AGAIN + "steps_that_are_not_sound_are_refused[memory]",),
    ),
    Mutant(
        "steps that do not follow each other are written",
        SOUNDNESS,
        "later.before != earlier.after",
        "later.before is None",
        WHOLE,
        (T_AGAIN + "steps_that_are_not_sound_are_refused[memory]",),
    ),
    Mutant(
        "a credit may exceed what is unallocated",
        FUNDING,
        "if given.amount > funds.unallocated:",
        "if given.amount > funds.received:",
        CREDITS,
        (T_FUNDING + "a_credit_never_exceeds_the_unallocated",),
    ),
    Mutant(
        "a credit takes nothing from what is unallocated",
        FUNDING,
        "after = replace(funds, unallocated=funds.unallocated - given.amount)",
        "after = funds",
        CREDITS,
        (T_FUNDING + "a_credit_takes_from_the_unallocated_to_the_cent",),
        by_simulation=True,
    ),
    Mutant(
        "a credit may take money from a customer",
        FUNDING,
        "if given.amount <= ZERO:",
        "if given.amount == ZERO:",
        CREDITS,
        (T_FUNDING + "a_credit_takes_nothing_from_anybody",),
    ),
    Mutant(
        "the entries of the funds are not chained",
        FUNDING,
        "fingerprint([before.last_hash, type(cause).__name__, told, moved])",
        "fingerprint([type(cause).__name__, told, moved])",
        TRAIL,
        (T_FUNDING + "every_entry_is_chained_to_the_one_before",),
    ),
    Mutant(
        "the key of a credit names a payout, too",
        IDENTIFIERS,
        'f"{kind}\\x00{key}"',
        'f"\\x00{key}"',
        KEY,
        (T_IDENTIFIERS + "a_key_makes_the_name_that_it_has_always_made",),
        by_simulation=True,
    ),
    Mutant(
        "a receipt of nothing is entered",
        FUNDING,
        "if receipt.amount <= ZERO:",
        "if receipt.amount < ZERO:",
        COUNTS_ONCE,
        (T_FUNDING + "nothing_received_is_no_receipt",),
    ),
)
