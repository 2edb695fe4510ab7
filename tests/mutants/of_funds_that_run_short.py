"""Mutants of payouts that wait for funds: the line, the reserve, the next reference."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import FUNDS, LISTED, SECOND

MEMORY = "chalicelib/domain/memory.py"
PAYOUT = "chalicelib/domain/payout.py"
REFERENCES = "chalicelib/domain/references.py"
ANSWERS = "chalicelib/domain/answers.py"
LIQUIDITY = "chalicelib/domain/liquidity.py"
CLIENT = "chalicelib/adapters/monoova/client.py"
PAYOUT_ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
TURNS = "chalicelib/adapters/dynamo/liquidity.py"
LINE = "chalicelib/usecases/line.py"
PURSE = "chalicelib/usecases/purse.py"
POLL = "chalicelib/usecases/poll.py"
T_OUT_OF_FUNDS = "tests/domain/test_out_of_funds.py::test_"
T_LIQUIDITY = "tests/domain/test_liquidity.py::test_"
T_ANSWERS = "tests/domain/test_answers.py::test_"
T_LIFECYCLE = "tests/domain/test_lifecycle.py::test_"
T_LINE = "tests/usecases/test_line.py::test_"
T_LINE_ROWS = "tests/contracts/test_line.py::test_"
T_PAYING = "tests/adapters/test_monoova_client.py::TestPaying::test_"
T_IDENTIFIERS = "tests/domain/test_identifiers.py::test_"

MUTANTS = (
    Mutant(
        "what was refused for want of funds goes out under the same reference",
        MEMORY,
        "    after = next_attempt(after)\n    return replace(after, hindrance",
        "    return replace(after, hindrance",
        FUNDS,
        (T_OUT_OF_FUNDS + "the_next_sending_has_a_reference_of_its_own_and_counts_anew",),
    ),
    Mutant(
        "a refusal for want of funds proves that what is in doubt never left",
        MEMORY,
        "    if before.status is not Status.SENDING:\n        return _refused",
        "    if after.status is not Status.QUEUED and after.status is not Status.UNCONFIRMED:\n"
        "        return _refused",
        SECOND,
        (T_OUT_OF_FUNDS + "after_a_sending_in_doubt_it_proves_nothing_and_is_for_a_person",),
    ),
    Mutant(
        "a second sending that lacks funds puts the payout back in the queue",
        PAYOUT,
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds),\n",
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused),\n"
        "        OutOfFunds: Status.QUEUED,\n",
        SECOND,
        (T_LIFECYCLE + "what_a_second_sending_meets_never_proves_anything_of_the_first",),
    ),
    Mutant(
        "references of late attempts are not known to be ours",
        REFERENCES,
        "([1-9][0-9]{0,4})",
        "([1-9][0-9]{0,2})",
        FUNDS,
        (T_IDENTIFIERS + "our_references_are_known_again_and_others_are_not",),
    ),
    Mutant(
        "every refusal is one for want of funds",
        ANSWERS,
        "kind = OutOfFunds if answer.code.endswith(NO_FUNDS) else Refused",
        "kind = OutOfFunds",
        LISTED,
        (T_ANSWERS + "a_listed_code_is_a_refusal_whatever_it_begins_with",),
    ),
    Mutant(
        "want of funds is certain after one request too many",
        CLIENT,
        "if isinstance(news, (NeverSent, Refused, OutOfFunds)):",
        "if isinstance(news, (NeverSent, Refused)):",
        LISTED,
        (T_PAYING + "after_one_too_many_nothing_but_an_acceptance_is_certain",),
    ),
    Mutant(
        "the reserve is spent",
        LIQUIDITY,
        "return available - amount - self.fee >= self.reserve",
        "return available - amount - self.fee >= ZERO",
        FUNDS,
        (T_LIQUIDITY + "a_payout_fits_if_amount_and_fee_leave_the_reserve",),
    ),
    Mutant(
        "the fee is paid out of the reserve",
        LIQUIDITY,
        "return available - amount - self.fee >= self.reserve",
        "return available - amount >= self.reserve",
        FUNDS,
        (T_LIQUIDITY + "a_payout_fits_if_amount_and_fee_leave_the_reserve",),
    ),
    Mutant(
        "what is contradicted stands in the line",
        LIQUIDITY,
        "        and payout.needs_person != CONTRADICTION\n",
        "",
        FUNDS,
        (T_LIQUIDITY + "only_what_is_queued_for_funds_waits_for_them",),
    ),
    Mutant(
        "what is sent in a run is not counted",
        PURSE,
        "self.left -= payout.intent.amount + (payout.fee or self.rules.fee)",
        "self.left -= self.rules.fee",
        FUNDS,
        (T_LINE + "what_is_sent_in_a_run_counts_against_the_reserve",),
    ),
    Mutant(
        "smaller ones overtake one that does not fit",
        LINE,
        "        if not purse.allows(payout) or not (due or may_try(payout, clock.now())):\n"
        "            return Walked.BARRED\n",
        "        if not purse.allows(payout) or not (due or may_try(payout, clock.now())):\n"
        "            continue\n",
        FUNDS,
        (T_LINE + "the_first_that_does_not_fit_stops_smaller_ones_behind_it",),
    ),
    Mutant(
        "the line is served although somebody is at it",
        LINE,
        "if outlook.is_taken(now) or not _taken(",
        "if not _taken(",
        FUNDS,
        (T_LINE + "two_runs_at_once_serve_the_line_once_and_keep_the_reserve",),
    ),
    Mutant(
        "without an answer about the account everybody goes out",
        LINE,
        "    purse.close()\n    joined",
        "    joined",
        FUNDS,
        (T_LINE + "where_the_account_cannot_be_asked_nothing_goes_out",),
    ),
    Mutant(
        "what has left the line while the index lagged is not counted",
        LINE,
        "            _reckon(payout, purse)\n",
        "",
        FUNDS,
        (T_LINE + "what_has_left_the_line_while_the_index_lagged_counts_as_spent",),
    ),
    Mutant(
        "another refusal for want of funds stops nobody",
        LINE,
        "if outcome.status is Status.QUEUED or blind:",
        "if blind:",
        FUNDS,
        (T_LINE + "what_never_left_stops_the_line_and_joins_it_again",),
    ),
    Mutant(
        "a refusal for want of funds lets the others of the queue try",
        POLL,
        "            self.purse.close()\n",
        "            pass\n",
        FUNDS,
        (T_LINE + "a_refusal_from_the_ordinary_queue_stops_the_others_of_the_run",),
    ),
    Mutant(
        "nobody asks whether the refused attempt is dead",
        POLL,
        "for number in reversed(range(1, payout.attempt)):",
        "for number in reversed(range(10**6, payout.attempt)):",
        FUNDS,
        (T_LINE + "before_another_attempt_the_provider_is_asked_whether_the_refused_one_is_dead",),
    ),
    Mutant(
        "what is in doubt is sent again without funds",
        POLL,
        "again = self.patience.may_send_again(payout, self.clock.now())"
        " and self.purse.allows(payout)",
        "again = self.patience.may_send_again(payout, self.clock.now())",
        FUNDS,
        (T_LINE + "without_funds_nothing_in_doubt_is_sent_again_only_to_be_refused",),
    ),
    Mutant(
        "a new payout overtakes those that wait",
        "chalicelib/usecases/admit.py",
        "return Hindrance.FUNDS if opening.short_of_funds else None",
        "return None",
        FUNDS,
        (T_LINE + "while_some_wait_a_new_one_waits_behind_them_and_goes_in_turn",),
    ),
    Mutant(
        "who waits for funds is among the due",
        "chalicelib/adapters/dynamo/buckets.py",
        "    if waits_for_funds(payout):\n        return LINE\n",
        "",
        FUNDS,
        (T_LINE_ROWS + "who_waits_for_funds_is_in_the_line_and_not_among_the_due[simulated]",),
    ),
    Mutant(
        "two who saw the same take the turn",
        TURNS,
        'condition = "turn_until = :seen"',
        'condition = "turn_until = :seen OR attribute_exists(turn_until)"',
        FUNDS,
        (T_LINE_ROWS + "a_turn_is_taken_by_one_of_those_who_saw_the_same[simulated]",),
    ),
    Mutant(
        "where what was seen cannot be read, payouts go as if nobody waited",
        LINE,
        "        purse.close()\n        return True  # or nobody",
        "        return False  # or nobody",
        FUNDS,
        (
            T_LINE + "where_what_was_seen_cannot_be_read_nobody_is_sent_"
            "and_the_others_are_asked_about",
        ),
    ),
)
