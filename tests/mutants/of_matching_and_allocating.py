"""Mutants of the matching of receipts with settlements, and of the allocation of their rows."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ALLOCATED, COUNTS_ONCE, ENDS, MATCHED

SETTLEMENT = "chalicelib/domain/settlement.py"
MATCHING = "chalicelib/domain/matching.py"
FUNDING = "chalicelib/domain/funding.py"
RECEIPTS = "chalicelib/usecases/receipts.py"
ALLOCATE = "chalicelib/usecases/allocate.py"
RECEIPT_ROWS = "chalicelib/adapters/dynamo/receipt_rows.py"
TREASURY = "chalicelib/adapters/dynamo/treasury.py"
T_MATCHING = "tests/domain/test_matching.py::test_"
T_RECEIPTS = "tests/usecases/test_receipts.py::test_"
T_RECEIPT_ROWS = "tests/contracts/test_receipts.py::test_"
T_SETTLE = "tests/usecases/test_settle.py::test_"
T_ALLOCATE = "tests/usecases/test_allocate.py::test_"
T_FUNDING = "tests/domain/test_funding.py::test_"

MUTANTS = (
    Mutant(
        "a reference that merely begins another is named",
        MATCHING,
        "if text.ends[at] and text.ends[at + len(reference)]:",
        "if text.ends[at]:",
        MATCHED,
        (T_MATCHING + "a_reference_is_named_whole_or_not",),
    ),
    Mutant(
        "of two settlements that are named one is guessed",
        MATCHING,
        "    if len(waiting) > 1:\n",
        "    if len(waiting) > 2:\n",
        MATCHED,
        (T_MATCHING + "what_names_nothing_or_several_is_unknown",),
    ),
    Mutant(
        "too much is as good as the amount",
        MATCHING,
        "    if receipt.amount != missing:\n",
        "    if receipt.amount < missing:\n",
        MATCHED,
        (T_MATCHING + "another_amount_is_no_match",),
    ),
    Mutant(
        "what has come of a settlement is expected once more",
        MATCHING,
        "missing = settlement.amount - settlement.received",
        "missing = settlement.amount",
        MATCHED,
        (T_MATCHING + "what_is_missing_counts_not_what_was_expected",),
    ),
    Mutant(
        "a part of a settlement is all of it",
        MATCHING,
        "stage=Stage.ALLOCATING if received >= settlement.amount else Stage.EXPECTED,",
        "stage=Stage.ALLOCATING,",
        MATCHED,
        (T_MATCHING + "once_all_of_it_has_come_it_is_allocated",),
    ),
    Mutant(
        "a settlement that has come is matched once more",
        MATCHING,
        "waiting = [each for each in named if each.stage is Stage.EXPECTED]",
        "waiting = named",
        MATCHED,
        (T_MATCHING + "what_has_come_is_doubled",),
    ),
    Mutant(
        "a settlement that was withdrawn is matched",
        MATCHING,
        "if each.stage is not Stage.CANCELLED and _names(",
        "if _names(",
        MATCHED,
        (T_MATCHING + "what_was_cancelled_is_named_by_nobody",),
    ),
    Mutant(
        "what has come is matched by hand once more",
        RECEIPTS,
        "    if settlement.stage is not Stage.EXPECTED:\n",
        "    if settlement.stage is Stage.CANCELLED:\n",
        MATCHED,
        (T_RECEIPTS + "nothing_is_matched_with_what_has_come",),
    ),
    Mutant(
        "a receipt is matched with two settlements",
        RECEIPT_ROWS,
        '"attribute_exists(#key) AND (attribute_not_exists(#state) OR #state = :open)"',
        '"attribute_exists(#key) AND (attribute_exists(#key) OR #state = :open)"',
        MATCHED,
        (T_RECEIPT_ROWS + "a_receipt_is_matched_with_one_settlement_for_ever[simulated]",),
    ),
    Mutant(
        "of two receipts that are matched at once the last wins",
        "chalicelib/adapters/dynamo/receipts.py",
        '"settlement": versioned_row(self._table, row, version=version),',
        '"settlement": {"Put": {**versioned_row(self._table, row, version=version)["Put"], '
        '"ConditionExpression": "version = :version OR attribute_exists(version)"}},',
        MATCHED,
        (T_RECEIPT_ROWS + "a_settlement_that_has_changed_since_is_not_matched[simulated]",),
    ),
    Mutant(
        "who comes after a row that is not covered is served",
        FUNDING,
        "        if due.amount > funds.unallocated:\n            break\n",
        "        if due.amount > funds.unallocated:\n            continue\n",
        ALLOCATED,
        (T_FUNDING + "credits_are_covered_from_the_first_on_and_none_in_part",),
    ),
    Mutant(
        "a row is another credit each time that it is tried",
        ALLOCATE,
        "settlement.credit_id(each.row), each.customer_id",
        "settlement.credit_id(each.row + settlement.version), each.customer_id",
        ALLOCATED,
        (T_SETTLE + "a_credit_says_which_settlement_it_is_of_and_who_expected_it",),
    ),
    Mutant(
        "rows that were not covered count as allocated",
        ALLOCATE,
        "after = with_allocated(settlement, len(entries))",
        "after = with_allocated(settlement, len(rows[:AT_ONCE]))",
        ALLOCATED,
        (T_ALLOCATE + "what_is_not_covered_waits_whole_and_goes_on_once_it_is",),
    ),
    Mutant(
        "how far it has come is not written with the rows",
        ALLOCATE,
        "treasury.write(*entries, settlement=after)",
        "treasury.write(*entries)",
        ALLOCATED,
        (T_ALLOCATE + "what_is_not_covered_waits_whole_and_goes_on_once_it_is",),
    ),
    Mutant(
        "money that came meanwhile is not seen",
        ALLOCATE,
        "            if (settlement, funds) != before:\n",
        "            if not before:\n",
        ALLOCATED,
        (T_ALLOCATE + "money_that_came_meanwhile_is_seen_before_anything_is_called_short",),
    ),
    Mutant(
        "who was overtaken goes on from where they were",
        ALLOCATE,
        "            settlement = settlements.get(settlement.settlement_id) or settlement\n"
        "    if settlement.stage",
        "    if settlement.stage",
        ALLOCATED,
        (T_ALLOCATE + "whoever_was_overtaken_goes_on_from_there_although_there_is_other_money",),
    ),
    Mutant(
        "of two rows of a customer one is credited",
        TREASURY,
        "told.get(cause.customer_id, ZERO) + cause.amount",
        "cause.amount",
        ALLOCATED,
        (T_ALLOCATE + "rows_of_the_same_customer_in_one_transaction_all_count[dynamo]",),
    ),
    Mutant(
        "rows are allocated of a settlement that has changed",
        TREASURY,
        "parts[SETTLEMENT] = versioned_row(tables.control, row, version=settlement.version - 1)",
        "part = versioned_row(tables.control, row, version=settlement.version - 1)\n"
        '            part["Put"]["ConditionExpression"] += " OR attribute_exists(version)"\n'
        "            parts[SETTLEMENT] = part",
        ALLOCATED,
        (T_RECEIPT_ROWS + "rows_are_allocated_with_their_settlement_or_not_at_all[simulated]",),
    ),
    Mutant(
        "a credit may be given again",
        TREASURY,
        'return {"credit": new_row(control, credit_row(cause), key="key")}',
        'given = new_row(control, credit_row(cause), key="key")\n'
        '        given["Put"]["ConditionExpression"] += " OR attribute_exists(#key)"\n'
        '        return {"credit": given}',
        COUNTS_ONCE,
        (T_RECEIPT_ROWS + "one_row_that_was_credited_before_stops_them_all[simulated]",),
    ),
    Mutant(
        "a settlement ends before what it explains",
        ALLOCATE,
        "    _explain_short(settlement, findings, clock)\n    explain(\n",
        "    settlements.write(settled(settlement), version=settlement.version)\n"
        "    _explain_short(settlement, findings, clock)\n    explain(\n",
        ENDS,
        (
            T_ALLOCATE
            + "cut_at_every_call_of_its_end_a_settlement_leaves_nothing_unexplained[before]",
        ),
    ),
    Mutant(
        "what is covered while it is called short stays before a person",
        ALLOCATE,
        "    if now.stage is not Stage.ALLOCATING:\n",
        "    if now.stage is Stage.EXPECTED:\n",
        ENDS,
        (T_ALLOCATE + "what_is_covered_and_ended_while_it_is_called_short_is_explained",),
    ),
    Mutant(
        "a receipt that was explained meanwhile is wondered at",
        "chalicelib/usecases/settle.py",
        "return now if now is not None and now.state is State.OPEN else None",
        "return now",
        ENDS,
        (T_SETTLE + "a_receipt_explained_since_it_was_listed_is_not_wondered_at",),
    ),
)
