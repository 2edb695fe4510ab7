"""Mutants of what counts as money received, and of returns that arrive as receipts."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import CAME_BACK, OURS, SUM

MONEY_IN = "chalicelib/adapters/monoova/money_in.py"
TIDINGS = "chalicelib/adapters/monoova/tidings.py"
OTHER_NEWS = "chalicelib/adapters/monoova/other_news.py"
BODIES = "chalicelib/adapters/monoova/bodies.py"
PAYOUT_NEWS = "chalicelib/adapters/monoova/payout_news.py"
FUND = "chalicelib/usecases/fund.py"
SETTLE = "chalicelib/usecases/settle.py"
RETURNS = "chalicelib/usecases/returns.py"
RECEIPTS = "chalicelib/usecases/receipts.py"
FUNDING = "chalicelib/domain/funding.py"
RECEIPT_ROWS = "chalicelib/adapters/dynamo/receipt_rows.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
TREASURY = "chalicelib/adapters/dynamo/treasury.py"
T_OTHERS = "tests/adapters/test_monoova_tidings_of_others.py::"
T_TIDINGS = "tests/adapters/test_monoova_tidings.py::"
T_RETURNS = "tests/usecases/test_returns.py::test_"
T_RECEIPT_ROWS = "tests/contracts/test_receipts.py::test_"
T_FUNDING = "tests/domain/test_funding.py::test_"
T_MATCHING = "tests/domain/test_matching.py::test_"

MUTANTS = (
    Mutant(
        "a pending transfer is money received",
        MONEY_IN,
        '        case "confirmed":\n',
        '        case "confirmed" | "pending":\n',
        OURS,
        (T_OTHERS + "TestEachEvent::test_a_transfer_that_is_not_confirmed_is_no_money_of_ours",),
    ),
    Mutant(
        "a transfer of an unknown status is money received",
        MONEY_IN,
        "            return [Unreadable(UNKNOWN_STATUS, named)]\n",
        '            return [_receipt(told, RTGS, at, "")]\n',
        OURS,
        (T_OTHERS + "test_a_transfer_of_a_status_that_is_not_known_is_no_money_but_for_a_person",),
    ),
    Mutant(
        "a pending transfer that says something else is passed over",
        MONEY_IN,
        "    return Unreadable(UNKNOWN_STATUS, named)\n",
        "    return Unheard(RTGS_PENDING, named)\n",
        OURS,
        (T_OTHERS + "test_a_pending_transfer_that_says_it_is_confirmed_is_for_a_person",),
    ),
    Mutant(
        "money received in another currency counts as dollars",
        MONEY_IN,
        "    if not in_our_currency(told):\n",
        "    if not told:\n",
        OURS,
        (T_OTHERS + "test_money_that_cannot_be_read_is_for_a_person",),
    ),
    Mutant(
        "an address makes a receipt of another event",
        TIDINGS,
        "return not any({here, looks} <= alike for alike in _ALIKE)",
        "return False",
        OURS,
        (T_OTHERS + "test_no_address_turns_a_body_into_another_event",),
    ),
    Mutant(
        "a bare list is taken for lines of its address",
        BODIES,
        "else [None]",
        "else [item]",
        OURS,
        (T_OTHERS + "test_a_bare_list_of_lines_is_not_taken_for_lines_of_its_address",),
    ),
    Mutant(
        "a debit is passed over",
        OTHER_NEWS,
        "return Debit(named, taken, _DEBITS.get(status, DEBIT_UNCLEAR))",
        "return Unheard(status, named)",
        OURS,
        (T_OTHERS + "TestEachEvent::test_a_debit_is_told_with_its_amount_and_how_far_it_is",),
    ),
    Mutant(
        "what is no body is passed over where money is told of",
        TIDINGS,
        "return Unreadable(NOT_UNDERSTOOD) if about_money else Unheard(why)",
        "return Unheard(why)",
        OURS,
        (T_OTHERS + "test_what_is_no_body_where_money_is_told_of_is_for_a_person",),
    ),
    Mutant(
        "a return has no id",
        PAYOUT_NEWS,
        'return_id=transaction_id(told.get("returntransactionid")) or "",',
        'return_id="",',
        CAME_BACK,
        (T_TIDINGS + "TestDrift::test_a_return_is_told_by_its_own_id_where_it_has_one",),
    ),
    Mutant(
        "what a payout has as its return is banked as a receipt, too",
        RECEIPT_ROWS,
        '"attribute_not_exists(transaction_id) OR amount <> :amount"',
        '"attribute_not_exists(transaction_id) OR attribute_exists(transaction_id)"',
        CAME_BACK,
        (T_RECEIPT_ROWS + "a_return_that_was_heard_is_no_receipt[simulated]",),
    ),
    Mutant(
        "nobody asks whether a receipt is a return",
        FUND,
        "            if treasury.came_back(receipt):\n                return Outcome.IS_A_RETURN\n",
        "",
        CAME_BACK,
        (T_RETURNS + "a_return_that_is_heard_first_is_not_received_as_well",),
    ),
    Mutant(
        "a payout does not name its return",
        PAYOUTS,
        "more = return_parts(tables.control, steps) | claim_parts(",
        "more = claim_parts(",
        CAME_BACK,
        (T_RETURNS + "a_return_that_is_heard_first_is_not_received_as_well[dynamo]",),
    ),
    Mutant(
        "a return of a part is one of the whole",
        RECEIPT_ROWS,
        "number(event.amount or step.after.intent.amount)",
        "number(step.after.intent.amount)",
        CAME_BACK,
        (T_RECEIPT_ROWS + "a_return_of_a_part_is_of_that_part[simulated]",),
    ),
    Mutant(
        "a receipt's id counts only as it is written",
        RECEIPT_ROWS,
        "MOVEMENT + movement_id(receipt.receipt_id)",
        "MOVEMENT + receipt.receipt_id",
        CAME_BACK,
        (T_RETURNS + "the_id_counts_however_it_is_written[dynamo-00100000001]",),
    ),
    Mutant(
        "a movement that is written with a letter is another",
        FUNDING,
        '"[ND]?0*([1-9][0-9]*)"',
        '"0*([1-9][0-9]*)"',
        CAME_BACK,
        (T_MATCHING + "a_movement_has_one_name",),
    ),
    Mutant(
        "a later payout takes over the return of an earlier one",
        RECEIPT_ROWS,
        'f"#{name} = if_not_exists(#{name}, :{name})"',
        'f"#{name} = :{name}"',
        CAME_BACK,
        (T_RECEIPT_ROWS + "whoever_heard_a_return_first_stays_its_payout[simulated]",),
    ),
    Mutant(
        "a return is followed by two",
        RECEIPT_ROWS,
        '"ConditionExpression": "#stage = :before",',
        '"ConditionExpression": "#stage = :before OR attribute_exists(#stage)",',
        CAME_BACK,
        (T_RECEIPT_ROWS + "a_return_is_followed_to_its_end[simulated]",),
    ),
    Mutant(
        "money is taken back that is somebody's by now",
        FUNDING,
        "if returned.amount > funds.unallocated:",
        "if returned.amount > funds.received:",
        CAME_BACK,
        (T_FUNDING + "nothing_is_taken_back_that_is_not_there",),
    ),
    Mutant(
        "what is taken back was received all the same",
        FUNDING,
        "received=funds.received - returned.amount,",
        "received=funds.received,",
        SUM,
        (T_FUNDING + "what_is_taken_back_was_never_received",),
    ),
    Mutant(
        "what is taken back may be allocated all the same",
        FUNDING,
        "unallocated=funds.unallocated - returned.amount,",
        "unallocated=funds.unallocated,",
        SUM,
        (T_FUNDING + "what_is_taken_back_was_never_received",),
    ),
    Mutant(
        "a return that waits to be taken back is matched as a receipt",
        SETTLE,
        "    if movement is not None and movement.amount == banked.amount:\n"
        "        # It waits to be taken back.\n"
        "        return\n",
        "",
        CAME_BACK,
        (T_RETURNS + "a_return_that_waits_to_be_taken_back_is_no_settlement",),
    ),
    Mutant(
        "a person may match what is a return",
        RECEIPTS,
        "    if movement is not None and movement.amount == banked.amount:\n",
        "    if movement is not None and movement.amount > banked.amount:\n",
        CAME_BACK,
        (T_RETURNS + "a_return_that_waits_to_be_taken_back_is_no_settlement",),
    ),
    Mutant(
        "another amount under a return's id surprises nobody",
        SETTLE,
        "        _wonder(Kind.UNFIT_NEWS, banked, run, detail=OTHER_AMOUNT)\n",
        "        pass\n",
        CAME_BACK,
        (T_RETURNS + "another_amount_that_comes_long_after_the_return_is_looked_at_too",),
    ),
    Mutant(
        "a settlement whose receipt was a return lacks nothing",
        RETURNS,
        "if banked is not None and banked.settlement_id:",
        "if banked is None:",
        CAME_BACK,
        (
            T_RETURNS
            + "a_receipt_that_was_matched_and_is_a_return_is_taken_back_and_a_person_looks",
        ),
    ),
    Mutant(
        "of two receipts that may be the return one is guessed",
        RETURNS,
        "movement.stage is Stage.HEARD and len(movement.same) == 1:",
        "movement.stage is Stage.HEARD and movement.same:",
        CAME_BACK,
        (T_RETURNS + "two_receipts_of_one_id_and_amount_are_not_told_apart_by_a_guess",),
    ),
)
