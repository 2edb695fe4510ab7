"""Mutants of the doubt of bank files that were given up: what stops, who ends it, what is heard."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ALL_HEAR, FILE_DOUBT, LET_GO, SAME_BYTES

DOMAIN = "chalicelib/domain/file_doubt.py"
FILE = "chalicelib/domain/bank_file.py"
MARKS = "chalicelib/domain/file_marks.py"
MEMORY = "chalicelib/domain/memory.py"
ROWS = "chalicelib/adapters/dynamo/bank_file_rows.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
DOUBT = "chalicelib/usecases/bank_doubt.py"
RETURNS = "chalicelib/usecases/bank_returns.py"
SETTLE = "chalicelib/usecases/bank_settle.py"
T_USE = "tests/usecases/test_bank_doubt.py::test_"
T_BACK = "tests/usecases/test_bank_returns.py::test_"
T_STORE = "tests/contracts/test_bank_files.py::test_"
T_LIFE = "tests/domain/test_filed.py::test_"

MUTANTS = (
    Mutant(
        "what replaces a payout that a doubted file may have paid is claimed",
        PAYOUTS,
        "        for each in claimed.intent.redraft_of:\n            row = self",
        "        for each in claimed.intent.redraft_of[:0]:\n            row = self",
        LET_GO,
        (
            T_STORE + "a_redraft_is_not_claimed_once_there_is_word_of_the_file_of_its_original"
            "[simulated]",
        ),
    ),
    Mutant(
        "what a file has paid after all is claimed before it hears that",
        ROWS,
        '" ((doubted = :no AND #stage = :given_up) OR NOT ({within}))"',
        '" ((doubted = :no AND NOT #stage = :given_down) OR NOT ({within}))"',
        LET_GO,
        (T_STORE + "of_a_file_that_the_bank_took_after_all_nothing_is_claimed[simulated]",),
    ),
    Mutant(
        "bytes are given of what a file before has paid after all",
        FILE,
        "self.doubted or self.stage is not Stage.GIVEN_UP",
        "self.doubted",
        SAME_BYTES,
        (T_USE + "bytes_are_not_given_of_what_a_file_before_has_paid_after_all",),
    ),
    Mutant(
        "a doubt is written to a payout though its file is in none, and ended though it is",
        ROWS,
        '        conditions.append("doubted = :doubted")',
        '        conditions.append("(doubted = :doubted OR NOT doubted = :doubted)")',
        FILE_DOUBT,
        (
            T_STORE + "a_doubt_is_written_to_a_payout_while_its_file_says_so_and_its_end_once_it_"
            "does_not[simulated]",
        ),
    ),
    Mutant(
        "one person ends the doubt of a file",
        DOUBT,
        "        if opinion.by == by:",
        "        if not by:",
        FILE_DOUBT,
        (T_USE + "nobody_ends_a_doubt_alone_or_for_what_they_have_not_read",),
    ),
    Mutant(
        "a doubt is ended for what its second person has not read",
        DOUBT,
        "(opinion.verdict, opinion.evidence) != (verdict, evidence)",
        "(opinion.verdict, evidence) != (verdict, evidence)",
        FILE_DOUBT,
        (T_USE + "nobody_ends_a_doubt_alone_or_for_what_they_have_not_read",),
    ),
    Mutant(
        "an opinion outlives more word of the file",
        DOMAIN,
        "replace(after, doubted=True, opinion=None, settled=False)",
        "replace(after, doubted=True, settled=False)",
        FILE_DOUBT,
        (T_USE + "more_word_of_it_makes_void_what_was_proposed",),
    ),
    Mutant(
        "what was told wrongly once is passed over when it is told again",
        DOMAIN,
        "        after = replace(after, lines=lines, returns=())",
        "        after = replace(after, lines=lines)",
        FILE_DOUBT,
        (T_USE + "what_was_told_wrongly_is_doubt_again_when_it_is_told_again",),
    ),
    Mutant(
        "what came back of a file that was given up is forgotten",
        DOMAIN,
        "lines=lines, returns=(*it.returns, said))",
        "returns=(*it.returns, said))",
        FILE_DOUBT,
        (T_USE + "what_came_back_of_a_file_that_was_given_up_is_the_customers_once_two_say_so",),
    ),
    Mutant(
        "the end of a file's doubt ends another contradiction",
        MARKS,
        "    if otherwise or file_id in payout.in_doubt:",
        "    if file_id in payout.in_doubt:",
        FILE_DOUBT,
        (T_LIFE + "the_end_of_a_files_doubt_ends_no_other_contradiction",),
    ),
    Mutant(
        "another contradiction is taken for the file's",
        MEMORY,
        "needs_person=CONTRADICTION, in_doubt=())",
        "needs_person=CONTRADICTION)",
        FILE_DOUBT,
        (T_USE + "another_contradiction_outlives_the_end_of_the_doubt",),
    ),
    Mutant(
        "what is said of a later attempt ends the doubt of a file",
        MEMORY,
        "isinstance(event, (DeclaredDead, Reattempted)) and not before.in_doubt",
        "isinstance(event, (DeclaredDead, Reattempted))",
        FILE_DOUBT,
        (T_LIFE + "what_people_say_of_a_later_attempt_does_not_end_the_doubt_of_a_file",),
    ),
    Mutant(
        "what was sent anew goes on as if the bank had not paid it",
        SETTLE,
        "            if payout.status in OPEN:\n                raise\n",
        "",
        FILE_DOUBT,
        (T_USE + "what_is_declared_dead_that_the_bank_took_after_all_is_disputed",),
    ),
    Mutant(
        "what the bank took after all is told only to what is still in the file",
        SETTLE,
        "_telling_after_all if file.cleared else _telling",
        "_telling if file.cleared else _telling_after_all",
        FILE_DOUBT,
        (T_USE + "two_people_say_that_the_bank_took_it_and_its_payouts_are_paid_by_it",),
    ),
    Mutant(
        "lines of other files are dropped",
        RETURNS,
        "    for other in others:\n",
        "    for other in others[:0]:\n",
        ALL_HEAR,
        (
            T_BACK + "what_came_back_of_another_file_is_heard_by_that_one",
            T_BACK + "what_came_back_of_a_file_that_was_given_up_is_doubt_whichever_it_is_brought_"
            "to",
        ),
    ),
    Mutant(
        "one file hears what another one cannot",
        RETURNS,
        "    _refuse_wrong([*others, file], told)",
        "    _refuse_wrong([file], told)",
        ALL_HEAR,
        (T_BACK + "what_one_of_them_cannot_hear_none_hears",),
    ),
    Mutant(
        "returns are heard though a file cannot be read that they may be of",
        RETURNS,
        "    if open_ and unreadable:",
        "    if not open_ and unreadable:",
        ALL_HEAR,
        (T_BACK + "while_a_file_cannot_be_read_nothing_is_heard_that_may_be_of_it",),
    ),
)
