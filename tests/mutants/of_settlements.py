"""Mutants of settlements that are expected: their rows, their key, their place in the store."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import EXACT, EXPECTED, KEY, LOST_REPLY

SETTLEMENT = "chalicelib/domain/settlement.py"
EXPECT = "chalicelib/usecases/expect.py"
SHARES = "chalicelib/api/shares.py"
SETTLEMENTS = "chalicelib/adapters/dynamo/settlements.py"
T_KNOWN = "tests/contracts/test_known_customers.py::test_"
T_EXPECT = "tests/usecases/test_expect.py::test_"
T_SHARES = "tests/api/test_shares.py::test_"
T_SETTLEMENTS = "tests/contracts/test_settlements.py::test_"

MUTANTS = (
    Mutant(
        "rows may come to more than their settlement",
        SETTLEMENT,
        "        if left < ZERO:\n",
        "        if left < -amount:\n",
        EXPECTED,
        (T_EXPECT + "rows_never_come_to_more_than_the_amount",),
    ),
    Mutant(
        "other rows under the same key pass for the same",
        EXPECT,
        "place: before.digest == again.digest,",
        "place: True,",
        KEY,
        (T_EXPECT + "the_same_key_with_another_body_is_refused",),
    ),
    Mutant(
        "another amount under the same key passes for the same",
        EXPECT,
        '"/amount": before.amount == again.amount,',
        '"/amount": True,',
        KEY,
        (T_EXPECT + "the_same_key_with_another_body_is_refused",),
    ),
    Mutant(
        "a key that is somebody else's is anybody's",
        EXPECT,
        "    if before.created_by != again.created_by:\n",
        "    if not before.created_by:\n",
        KEY,
        (T_EXPECT + "the_same_key_of_somebody_else_is_refused",),
    ),
    Mutant(
        "a settlement that has come in part is withdrawn",
        EXPECT,
        "if before.stage is not Stage.EXPECTED or before.receipts:",
        "if before.stage is not Stage.EXPECTED:",
        EXPECTED,
        (T_EXPECT + "a_settlement_with_which_money_was_matched_is_not_withdrawn",),
    ),
    Mutant(
        "one known customer vouches for all",
        EXPECT,
        "if customer_id not in known",
        "if not known",
        EXPECTED,
        (T_EXPECT + "unknown_customers_are_told_row_by_row_and_nothing_is_stored",),
    ),
    Mutant(
        "the good rows of a bad file are stored",
        EXPECT,
        "    if asked.faults:\n",
        "    if asked.faults and not asked.shares:\n",
        EXPECTED,
        (T_EXPECT + "all_that_is_wrong_with_the_rows_is_told_at_once_by_row",),
    ),
    Mutant(
        "of many customers only the first hundred are looked for",
        "chalicelib/adapters/dynamo/customers.py",
        "for start in range(0, len(ids), AT_ONCE)):",
        "for start in range(0, min(len(ids), 1), AT_ONCE)):",
        EXPECTED,
        (T_KNOWN + "more_are_known_than_one_question_may_ask[simulated]",),
    ),
    Mutant(
        "rows that a crash left are taken for another settlement's",
        "chalicelib/adapters/dynamo/settlement_rows.py",
        "#rows#{settlement.digest}#{number}",
        "#rows#{number}",
        EXPECTED,
        (T_SETTLEMENTS + "rows_that_a_crash_left_never_mix_with_those_of_another_body[simulated]",),
    ),
    Mutant(
        "a settlement is there before its rows are",
        SETTLEMENTS,
        '                raise Corrupt(f"rows of settlement {settlement.settlement_id}")\n'
        "        row = settlement_row(settlement)\n"
        '        if not self._put(new_row(self._table, row, key="key"), row):\n'
        '            raise Stale("The settlement\'s id is taken.")\n',
        '                raise Corrupt(f"rows of settlement {settlement.settlement_id}")\n'
        "            row = settlement_row(settlement)\n"
        '            if not self._put(new_row(self._table, row, key="key"), row, always=True):\n'
        '                raise Stale("The settlement\'s id is taken.")\n',
        EXPECTED,
        (
            T_SETTLEMENTS + "a_settlement_is_there_only_when_all_its_rows_are[simulated-1]",
            T_SETTLEMENTS + "a_settlement_is_there_only_when_all_its_rows_are[simulated-2]",
        ),
    ),
    Mutant(
        "a settlement may have changed since it was read",
        SETTLEMENTS,
        "versioned_row(self._table, row, version=version), row)",
        "versioned_row(self._table, row, version=settlement.version), row)",
        EXPECTED,
        (
            T_SETTLEMENTS + "a_change_is_written_once_by_version[simulated]",
            T_SETTLEMENTS + "everything_that_a_settlement_knows_is_kept[simulated]",
        ),
    ),
    Mutant(
        "another's change is taken for ours whose reply was lost",
        SETTLEMENTS,
        "return (always or refused.in_doubt) and refused.found[ROW] == from_item(to_item(row))",
        "return always or refused.in_doubt",
        LOST_REPLY,
        (T_SETTLEMENTS + "another_change_is_not_taken_for_ours_whose_reply_was_lost[simulated]",),
    ),
    Mutant(
        "a malformed file is repaired by a guess",
        SHARES,
        "strict=True",
        "strict=False",
        EXPECTED,
        (T_SHARES + "a_text_that_is_no_csv_is_refused_at_its_row",),
    ),
    Mutant(
        "of a column that is there twice the first is believed",
        SHARES,
        "names.count(name) == 1",
        "name in names",
        EXPECTED,
        (T_SHARES + "of_a_column_that_is_there_twice_neither_is_believed",),
    ),
    Mutant(
        "an amount of a file may have three decimals",
        SHARES,
        r'_EXACT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")',
        r'_EXACT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")',
        EXACT,
        (T_SHARES + "what_is_no_amount_is_refused_at_its_cell",),
    ),
)
