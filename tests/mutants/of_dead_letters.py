"""Mutants of dead letters: the batches of the queue, the parked, who hears and who discards."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ATTESTED, BATCH, LOST_REPLY, PARKED

LIFE = "chalicelib/domain/parked.py"
LETTERS = "chalicelib/usecases/dead_letters.py"
TABLE = "chalicelib/adapters/dynamo/parked.py"
TRIGGERS = "chalicelib/api/triggers.py"
T_LIFE = "tests/domain/test_parked.py::test_"
T_LETTERS = "tests/usecases/test_dead_letters.py::test_"
T_TABLE = "tests/contracts/test_parked_letters.py::test_"
T_ROWS = "tests/adapters/test_dynamo_parked.py::test_"
T_BATCHES = "tests/api/test_batches.py::test_"

MUTANTS = (
    Mutant(
        "what is heard late is of the time at which it came",
        "chalicelib/usecases/take_in.py",
        "replace(tiding.news, at=now, request_id",
        "replace(tiding.news, request_id",
        ATTESTED,
        (T_LETTERS + "what_is_heard_days_later_is_a_step_of_the_date_on_which_it_is_heard",),
    ),
    Mutant(
        "a letter is resolved that nobody has heard",
        LETTERS,
        "        outcome = take_in(\n"
        "            letter,\n"
        "            tidings,\n"
        "            payouts=payouts,\n"
        "            treasury=treasury,\n"
        "            notices=notices,\n"
        "            findings=findings,\n"
        "            now=clock.now(),\n"
        "        )\n",
        "        outcome = str(len(tidings))\n",
        PARKED,
        (T_LETTERS + "a_letter_that_is_heard_is_applied_and_resolved",),
    ),
    Mutant(
        "a letter is resolved that was heard in vain",
        LETTERS,
        "        _let_go(life.still_parked(claimed, code_of(error)), parked)\n"
        "        if isinstance(error, (Conflict, Unavailable)):\n"
        "            raise\n"
        "        raise _why(error) from error\n",
        "        outcome = code_of(error)\n",
        PARKED,
        (T_LETTERS + "what_contradicts_stays_parked_and_counts_the_attempt",),
    ),
    Mutant(
        "a discarded letter counts as heard",
        LETTERS,
        "    if found.ending is not None and found.ending.fate is Fate.HEARD:\n",
        "    if found.ending is not None:\n",
        PARKED,
        (T_LETTERS + "a_discarded_letter_is_never_heard_and_moves_no_money",),
    ),
    Mutant(
        "a letter is discarded again for another reason",
        LETTERS,
        "(ending.fate, ending.by, ending.reason) == (Fate.DISCARDED, by, reason)",
        "(ending.fate, ending.by) == (Fate.DISCARDED, by)",
        PARKED,
        (T_LETTERS + "discarding_again_with_the_same_words_is_no_failure_and_with_others_it_is",),
    ),
    Mutant(
        "a letter is said to be parked that is not",
        LETTERS,
        '    raise StoreUnavailable("Too many others write the dead letter.")\n',
        "    return\n",
        PARKED,
        (T_LETTERS + "a_letter_that_everybody_writes_at_once_is_not_said_to_be_parked",),
    ),
    Mutant(
        "one letter that fails ends the hearing of all",
        LETTERS,
        "            except Exception:  # noqa: BLE001 (whatever it was, the others are heard)\n",
        "            except KeyError:\n",
        PARKED,
        (T_LETTERS + "all_are_heard_the_oldest_first_and_one_that_fails_costs_only_itself",),
    ),
    Mutant(
        "a letter is heard without the time to end it",
        LETTERS,
        "        elif time_left() < WORST:\n",
        "        elif time_left() < 0:\n",
        PARKED,
        (T_LETTERS + "none_is_begun_without_the_time_to_end_it",),
    ),
    Mutant(
        "a discard of a resolved letter passes",
        LIFE,
        "    if it.ending is not None:\n        raise",
        "    if it.ending is not None and it.heard_by:\n        raise",
        PARKED,
        (T_LIFE + "what_is_resolved_is_resolved",),
    ),
    Mutant(
        "a letter is discarded while it is heard",
        LIFE,
        "    if it.heard_by and it.tried_at is not None and at < it.tried_at + HEARING:\n",
        "    if it.heard_by and it.tried_at is not None and at < it.tried_at:\n",
        PARKED,
        (T_LETTERS + "nobody_discards_what_is_being_heard",),
    ),
    Mutant(
        "a hearing that died keeps a letter for ever",
        LIFE,
        "    if it.heard_by and it.tried_at is not None and at < it.tried_at + HEARING:\n",
        "    if it.heard_by and it.tried_at is not None:\n",
        PARKED,
        (T_LIFE + "a_hearing_that_never_ended_is_over_after_a_while",),
    ),
    Mutant(
        "a letter that comes again is lost behind its end",
        LIFE,
        "    if known.ending is None:\n        return None\n    copy",
        "    if known.version:\n        return None\n    copy",
        PARKED,
        (T_LETTERS + "a_letter_that_comes_again_after_its_end_is_before_a_person_again",),
    ),
    Mutant(
        "what was heard and fails all the same is dropped",
        LIFE,
        "    if copy and known.ending.fate is Fate.DISCARDED:\n",
        "    if copy:\n",
        PARKED,
        (T_LIFE + "what_was_heard_and_fails_all_the_same_is_open_again",),
    ),
    Mutant(
        "another delivery of what was discarded is dropped",
        LIFE,
        "    if copy and known.ending.fate is Fate.DISCARDED:\n",
        "    if known.ending.fate is Fate.DISCARDED:\n",
        PARKED,
        (T_LIFE + "a_discarded_webhook_that_is_delivered_again_and_fails_is_open_again",),
    ),
    Mutant(
        "how it ended before is forgotten",
        LIFE,
        "    earlier = (*known.earlier, known.ending)\n",
        "    earlier = known.earlier\n",
        PARKED,
        (T_LETTERS + "a_letter_that_comes_again_after_its_end_is_before_a_person_again",),
    ),
    Mutant(
        "a message that is no webhook is heard",
        LIFE,
        "    if not it.can_be_heard:\n",
        "    if not it.letter:\n",
        PARKED,
        (T_LETTERS + "what_is_no_webhook_is_never_heard",),
    ),
    Mutant(
        "of two who decide about a letter the last wins",
        TABLE,
        "            part = versioned_row(self._table, row, version=letter.version - 1)\n",
        '            part = {"Put": {"TableName": self._table, "Item": to_item(row)}}\n',
        PARKED,
        (T_TABLE + "of_two_who_decide_at_once_one_does[simulated]",),
    ),
    Mutant(
        "a letter is parked over what became of it",
        TABLE,
        '            part = new_row(self._table, row, key="key")\n',
        '            part = {"Put": {"TableName": self._table, "Item": to_item(row)}}\n',
        PARKED,
        (T_TABLE + "a_letter_is_parked_once[simulated]",),
    ),
    Mutant(
        "what somebody else wrote is taken for ones own",
        TABLE,
        "            if refused.in_doubt and refused.found[ROW] == from_item(to_item(row)):\n",
        "            if refused.in_doubt:\n",
        LOST_REPLY,
        (T_ROWS + "a_letter_that_somebody_else_wrote_is_stale_after_a_lost_request[moto]",),
    ),
    Mutant(
        "an open letter expires",
        TABLE,
        '{"attention_bucket": PARKED, "attention_since": instant(it.parked_at)}',
        '{"attention_bucket": PARKED, "attention_since": instant(it.parked_at),\n'
        '                "expires_at": int(it.parked_at.timestamp())}',
        PARKED,
        (T_ROWS + "only_a_resolved_row_is_ever_forgotten[moto]",),
    ),
    Mutant(
        "the answer to a batch names nobody",
        TRIGGERS,
        'return {"batchItemFailures": failures}',
        'return {"batchItemFailures": failures[:0]}',
        BATCH,
        (T_BATCHES + "one_poison_message_costs_only_itself[0]",),
    ),
    Mutant(
        "the answer to a batch names all once one has failed",
        TRIGGERS,
        'return {"batchItemFailures": failures}',
        'return {"batchItemFailures":'
        ' [{"itemIdentifier": each.to_dict()["messageId"]} for each in event if failures]}',
        BATCH,
        (T_BATCHES + "one_poison_message_costs_only_itself[0]",),
    ),
    Mutant(
        "what is not begun for want of time is gone",
        TRIGGERS,
        "        error: Exception | None = OutOfTime()\n",
        "        error: Exception | None = None\n",
        BATCH,
        (T_BATCHES + "what_there_is_no_time_for_is_not_begun_and_comes_back",),
    ),
    Mutant(
        "a message is begun without the time to end it",
        TRIGGERS,
        "        if left() >= WORST:\n",
        "        if left() >= 0:\n",
        BATCH,
        (T_BATCHES + "what_there_is_no_time_for_is_not_begun_and_comes_back",),
    ),
    Mutant(
        "a message that failed and has no name is gone",
        TRIGGERS,
        "        raise error\n    return name\n",
        '        return ""\n    return name\n',
        BATCH,
        (T_BATCHES + "what_cannot_be_named_brings_all_of_them_back",),
    ),
)
