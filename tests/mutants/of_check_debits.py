"""Mutants of checks as they are kept, and of their cents among the account's debits."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import EXPLAINED, LOST_REPLY, ONE_CENT

ROWS = "chalicelib/adapters/dynamo/account_checks.py"
DEBITS = "chalicelib/domain/check_debits.py"
T_CHECKS = "tests/contracts/test_account_checks.py::test_"
T_DEBITS = "tests/domain/test_check_debits.py::test_"
T_NIGHT = "tests/usecases/test_night_of_checks.py::test_"
ONE_EACH = (T_DEBITS + "a_check_explains_one_debit",)

MUTANTS = (
    Mutant(
        "another's check is taken for ours whose reply was lost",
        ROWS,
        'refused.in_doubt and refused.found.get("latest") == _stored(latest)',
        'refused.in_doubt and "latest" in refused.found',
        LOST_REPLY,
        (T_CHECKS + "another_check_is_not_taken_for_ours_whose_reply_was_lost[simulated]",),
    ),
    Mutant(
        "a check is written over one that somebody else has begun",
        ROWS,
        '{"latest": later if version else first, "own": always}',
        '{"latest": {"Put": {"TableName": self._table, "Item": to_item(latest)}}, "own": always}',
        ONE_CENT,
        (T_CHECKS + "it_is_written_once_by_version[simulated]",),
    ),
    Mutant(
        "of many checks of a date only the first are known",
        ROWS,
        "        return [kept_from(row) for row in rows]",
        "        return [kept_from(row) for row, _ in zip(rows, range(AT_ONCE), strict=False)]",
        EXPLAINED,
        (T_CHECKS + "of_many_none_is_left_out[simulated]",),
    ),
    Mutant(
        "a check explains all debits that look like its own",
        DEBITS,
        "if each.debit == cents][:1]",
        "if each.debit == cents]",
        EXPLAINED,
        ONE_EACH,
    ),
    Mutant(
        "two checks explain the same debit",
        DEBITS,
        "        loose = [each for each in loose if each not in found]\n",
        "",
        EXPLAINED,
        ONE_EACH,
    ),
    Mutant(
        "a start in doubt explains a debit",
        DEBITS,
        "        taken = _of(check, loose) if check.fee is not None else []\n",
        "        taken = _of(check, loose)\n",
        EXPLAINED,
        (T_DEBITS + "a_start_in_doubt_or_refused_explains_nothing",),
    ),
    Mutant(
        "a debit of another amount is a check's",
        DEBITS,
        "if each.debit == cents][:1]",
        "if each.debit >= cents][:1]",
        EXPLAINED,
        (T_DEBITS + "another_amount_or_date_is_not_explained",),
    ),
    Mutant(
        "a debit of another date is a check's",
        DEBITS,
        "    mine = [each for each in loose if each.on in days]\n",
        "    mine = [each for each in loose if days]\n",
        EXPLAINED,
        (T_DEBITS + "another_amount_or_date_is_not_explained",),
    ),
    Mutant(
        "what is booked a moment after midnight is nobody's",
        DEBITS,
        "MIDNIGHT = timedelta(minutes=5)",
        "MIDNIGHT = timedelta(0)",
        EXPLAINED,
        (T_DEBITS + "near_midnight_the_provider_may_date_it_otherwise",),
    ),
    Mutant(
        "a fee without its cent is a check's",
        DEBITS,
        " if cent else []",
        "",
        EXPLAINED,
        (T_DEBITS + "a_fee_alone_is_no_checks",),
    ),
    Mutant(
        "the cents of checks are nobody's debits",
        "chalicelib/usecases/account.py",
        "        if stranger in cents:\n",
        "        if stranger in returns:\n",
        EXPLAINED,
        (T_NIGHT + "what_a_check_cost_is_explained_and_counted",),
    ),
    Mutant(
        "a check of the last minute before midnight is not looked for",
        "chalicelib/usecases/account.py",
        "for away in (-1, 0, 1))",
        "for away in (0,))",
        EXPLAINED,
        (T_NIGHT + "what_is_booked_on_the_other_side_of_midnight_is_explained_too",),
    ),
)
