"""Mutants of files for the bank: who goes in, what is given out, whose word counts."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    BANKS_ALONE,
    BANKS_WORD,
    FILED,
    LET_GO,
    SAME_BYTES,
    SETTLES,
    WINDOW,
)

DOMAIN = "chalicelib/domain/bank_file.py"
MEMORY = "chalicelib/domain/memory.py"
FORMAT = "chalicelib/domain/aba.py"
ADVANCE = "chalicelib/domain/advance.py"
PATIENCE = "chalicelib/domain/patience.py"
ROWS = "chalicelib/adapters/dynamo/bank_file_rows.py"
PAYOUT_ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
WIRE = "chalicelib/domain/wire.py"
CONTENT = "chalicelib/usecases/bank_content.py"
SETTLE = "chalicelib/usecases/bank_settle.py"
WORD = "chalicelib/usecases/bank_word.py"
RETURNS = "chalicelib/usecases/bank_returns.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
PAIRS = "chalicelib/usecases/pairs.py"
T_USE = "tests/usecases/test_bank_file.py::test_"
T_TROUBLES = "tests/usecases/test_bank_file_troubles.py::test_"
T_STORE = "tests/contracts/test_bank_files.py::test_"
T_LIFE = "tests/domain/test_filed.py::test_"
T_PATIENCE = "tests/domain/test_patience.py::test_"
T_FORMAT = "tests/domain/test_aba.py::test_"
T_ROWS = "tests/adapters/test_dynamo_rows.py::test_"
OPEN_ONLY = T_STORE + "a_payout_is_stepped_into_a_file_only_while_it_is_open[simulated]"
GIVEN_ONLY = T_STORE + (
    "the_banks_word_counts_only_of_a_file_that_somebody_was_given[simulated-Accepted]"
)
LEAVES = T_STORE + ("a_payout_leaves_a_file_only_once_the_bank_will_never_have_it[simulated]")

MUTANTS = (
    Mutant(
        "the window of a filed payout begins with a claim that never left",
        MEMORY,
        "filed=filed, sent_at=None, hindrance",
        "filed=filed, hindrance",
        WINDOW,
        (T_LIFE + "its_window_begins_with_the_banks_word_and_not_with_a_claim_that_never_left",),
    ),
    Mutant(
        "a payout is stepped into a file at any stage",
        ROWS,
        "told = [Stage.OPEN] if isinstance(event, Filed) else sorted(HEARD)",
        "told = sorted(Stage) if isinstance(event, Filed) else sorted(HEARD)",
        FILED,
        (OPEN_ONLY,),
    ),
    Mutant(
        "of what a step asks of a file one thing is enough",
        ROWS,
        '" AND ".join(conditions)',
        '" OR ".join(conditions)',
        FILED,
        (OPEN_ONLY,),
    ),
    Mutant(
        "the payouts of a stopped customer go into a file",
        WIRE,
        "_CLAIMS = (Started, StartedAgain, Filed)",
        "_CLAIMS = (Started, StartedAgain)",
        FILED,
        (T_STORE + "nothing_of_a_stopped_customer_is_stepped_into_a_file[simulated]",),
    ),
    Mutant(
        "what another attempt may have paid goes into a file",
        DOMAIN,
        "    return unsent and earlier and calm and sealed_still",
        "    return unsent and calm and sealed_still",
        FILED,
        (T_LIFE + "into_a_file_goes_only_what_nobody_can_have_sent",),
    ),
    Mutant(
        "what a person keeps back goes into a file",
        ADVANCE,
        "isinstance(event, (Started, StartedAgain, Filed)):",
        "isinstance(event, (Started, StartedAgain)):",
        FILED,
        (T_LIFE + "nobody_is_filed_who_is_contradicted_or_held",),
    ),
    Mutant(
        "the provider's word is believed of what is in a file",
        ADVANCE,
        "event.file_id != payout.file_of(event.attempt)",
        'event.file_id not in {payout.file_of(event.attempt), ""}',
        BANKS_ALONE,
        (T_USE + "the_providers_word_of_what_is_in_a_file_is_a_contradiction",),
    ),
    Mutant(
        "the provider is asked about what is in a file",
        PATIENCE,
        "        if payout.file_id:\n            return None",
        '        if payout.file_id == "-":\n            return None',
        BANKS_ALONE,
        (T_LIFE + "what_is_filed_is_neither_due_nor_anybodys_to_cancel",),
    ),
    Mutant(
        "the version before reads what is in a file",
        PAYOUT_ROWS,
        "    if not payout.turns and not payout.filed:",
        "    if not payout.turns:",
        BANKS_ALONE,
        (T_ROWS + "what_went_in_a_bank_file_cannot_be_read_by_a_version_that_would_send_it",),
    ),
    Mutant(
        "a night misses at the provider what went by the bank",
        PAIRS,
        "    if payout.file_id and not attempts:",
        "    if payout.file_id and attempts:",
        BANKS_ALONE,
        (T_USE + "no_night_looks_for_what_went_by_the_bank",),
    ),
    Mutant(
        "what was claimed meanwhile is in the bytes of a file",
        CONTENT,
        "if payout.file_id != file.file_id or payout.status is not Status.SENDING:",
        "if payout.status is not Status.SENDING:",
        FILED,
        (T_USE + "whoever_is_claimed_while_it_is_filled_is_not_in_its_bytes",),
    ),
    Mutant(
        "other bytes than those that were sealed are given",
        CONTENT,
        "    if hashlib.sha256(text.encode()).hexdigest() != file.digest:",
        "    if not file.digest:",
        SAME_BYTES,
        (T_USE + "bytes_that_would_be_others_are_not_given",),
    ),
    Mutant(
        "bytes are given though a payout in them is contradicted",
        WORD,
        "    if doubt or payout.needs_person == CONTRADICTION:",
        "    if doubt:",
        SAME_BYTES,
        (T_USE + "bytes_are_not_given_while_a_payout_in_them_is_contradicted",),
    ),
    Mutant(
        "that somebody has the bytes is not written",
        WORD,
        "    change(file_id, give, files=means.files)\n    # Once more",
        "    # Once more",
        SAME_BYTES,
        (T_USE + "that_somebody_has_the_bytes_is_written_before_they_leave",),
    ),
    Mutant(
        "bytes overtake what was said before they were written to go out",
        WORD,
        "by the bytes.\n    _refuse_kept_back(file, pauses, means)\n",
        "by the bytes.\n",
        SAME_BYTES,
        (
            T_USE + "bytes_do_not_overtake_what_is_said_before_it_is_written_that_they_go_out",
            T_USE + "bytes_do_not_overtake_a_pause_or_a_stop",
        ),
    ),
    Mutant(
        "bytes are given of what is in doubt by a file before",
        WORD,
        "    if doubt or payout.needs_person == CONTRADICTION:",
        "    if payout.needs_person == CONTRADICTION:",
        SAME_BYTES,
        (T_USE + "bytes_are_not_given_where_there_is_word_of_a_file_that_a_payout_was_in_before",),
    ),
    Mutant(
        "bytes are given though nobody can say whether a customer in them is stopped",
        WORD,
        'raise Conflict("A customer in the file cannot be read: give the file up.") from None',
        "return False",
        SAME_BYTES,
        (T_TROUBLES + "bytes_are_not_given_while_a_customer_in_them_cannot_be_read",),
    ),
    Mutant(
        "bytes are given while a pause covers what is in them",
        WORD,
        "        if stopped_by(standing, payout):",
        "        if stopped_by((), payout):",
        SAME_BYTES,
        (T_USE + "bytes_are_not_given_while_a_pause_covers_what_is_in_them",),
    ),
    Mutant(
        "bytes are given after the date of the file",
        WORD,
        "    if sydney_date(means.clock.now()) > it.pays_on:",
        "    if sydney_date(means.clock.now()) < it.pays_on:",
        SAME_BYTES,
        (T_USE + "bytes_are_not_given_after_the_date_nor_of_what_is_not_sealed",),
    ),
    Mutant(
        "the window of what went in a bank file is the provider's",
        PATIENCE,
        "calendar.of(payout).window_closes(",
        "calendar.window_closes(",
        SETTLES,
        (T_PATIENCE + "the_window_of_what_went_in_a_bank_file_is_counted_from_that_banks_cut_off",),
    ),
    Mutant(
        "a bank file is dated by the provider's cut-off",
        "chalicelib/usecases/bank_file.py",
        "calendar.banks.leaves_on(now)",
        "calendar.leaves_on(now)",
        SETTLES,
        (T_USE + "a_file_is_dated_by_the_cut_off_of_its_bank_not_of_the_provider",),
    ),
    Mutant(
        "the bank's word is heard of a file that nobody was given",
        ROWS,
        "isinstance(event, Filed) else sorted(HEARD)",
        "isinstance(event, Filed) else sorted(Stage)",
        BANKS_WORD,
        (GIVEN_ONLY,),
    ),
    Mutant(
        "the bank took a file before its date",
        WORD,
        "it.stage is Stage.OUT and sydney_date(means.clock.now()) < it.pays_on",
        "it.stage is Stage.OUT and sydney_date(means.clock.now()) > it.pays_on",
        BANKS_WORD,
        (T_USE + "the_bank_cannot_have_taken_it_before_its_date",),
    ),
    Mutant(
        "returns that do not add up are heard",
        FORMAT,
        "    return row if row in ways else ways[0]",
        "    return row",
        BANKS_WORD,
        (T_FORMAT + "returns_that_break_off_or_do_not_add_up_tell_nothing",),
    ),
    Mutant(
        "another amount than was paid comes back",
        RETURNS,
        "        if line.amount != back.amount:",
        "        if not back.amount:",
        BANKS_WORD,
        (T_USE + "a_file_of_returns_that_is_not_whole_is_not_heard",),
    ),
    Mutant(
        "a payment comes back by two files",
        RETURNS,
        "        if line.came_back is not None:",
        "        if line.came_back == back.reference:",
        BANKS_WORD,
        (T_USE + "the_same_payment_does_not_come_back_by_two_files",),
    ),
    Mutant(
        "a payout leaves a file that the bank may have",
        ROWS,
        "AND NOT contains(line_ids, :id))",
        "OR contains(line_ids, :id))",
        LET_GO,
        (LEAVES,),
    ),
    Mutant(
        "one person gives up what somebody was given",
        WORD,
        "        if it.stage is not Stage.OUT:\n            return given_up(it, said)",
        "        if it.stage is not Stage.TAKEN:\n            return given_up(it, said)",
        LET_GO,
        (T_USE + "a_file_that_somebody_was_given_is_given_up_by_two",),
    ),
    Mutant(
        "the same person agrees to give a file up",
        WORD,
        "        if it.proposal.by == by:",
        "        if not by:",
        LET_GO,
        (T_USE + "a_file_that_somebody_was_given_is_given_up_by_two",),
    ),
    Mutant(
        "a file of which the bank has told is given up",
        DOMAIN,
        "    if it.returns:\n",
        "    if it.returns == 1:\n",
        LET_GO,
        (T_LIFE + "what_the_bank_has_told_of_is_not_given_up",),
    ),
    Mutant(
        "what was given up is sent although there is word of it",
        SETTLE,
        "    if file.doubted:\n        return [File",
        "    if not file.lines:\n        return [File",
        LET_GO,
        (
            T_USE + "word_of_a_file_that_was_given_up_goes_before_a_person_and_nothing_more_is_sent"
            "[confirmed]",
        ),
    ),
    Mutant(
        "a proposal outlives that somebody takes the bytes",
        DOMAIN,
        "given=(*it.given, said), proposal=None)",
        "given=(*it.given, said))",
        LET_GO,
        (T_USE + "whoever_takes_the_bytes_after_a_proposal_makes_it_void",),
    ),
    Mutant(
        "what went in a file of which there is word is claimed",
        PAYOUTS,
        "        yield from went(claimed.transaction_id, claimed.attempt, claimed.filed)\n",
        "",
        LET_GO,
        (
            T_STORE + "of_what_went_in_a_file_nothing_is_claimed_once_there_is_word_of_it"
            "[simulated-claim0]",
        ),
    ),
)
