"""Mutants of pauses: what claims meet, who ends them, and what they prove."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import PAUSED, PROVEN, RESUMED, SAT_OUT

LINE = "chalicelib/usecases/line.py"
LISTS = "chalicelib/adapters/dynamo/payout_lists.py"
OPENING = "chalicelib/ports/opening.py"
PARTS = "chalicelib/adapters/dynamo/parts.py"
PATIENCE = "chalicelib/domain/patience.py"
PAUSE = "chalicelib/domain/pause.py"
POLL = "chalicelib/usecases/poll.py"
SIT_OUT = "chalicelib/usecases/sit_out.py"
STORE = "chalicelib/adapters/dynamo/pauses.py"
USE = "chalicelib/usecases/pauses.py"
WIRE = "chalicelib/domain/wire.py"
WIRE_ROWS = "chalicelib/adapters/dynamo/wire_rows.py"
T_PAUSE = "tests/domain/test_pause.py::test_"
T_STORE = "tests/contracts/test_pauses.py::test_"
T_CUT = "tests/adapters/test_dynamo_pauses.py::test_"
T_USE = "tests/usecases/test_pauses.py::test_"
CLAIMED = (T_STORE + "no_claim_within_its_scope_is_written_while_it_is_in_force",)

MUTANTS = (
    Mutant(
        "a claim does not meet a pause of everything",
        WIRE_ROWS,
        '"attribute_not_exists(#everything) AND attribute_not_exists(#rail)"',
        '"(attribute_exists(#everything) OR attribute_not_exists(#everything))"\n'
        '        " AND attribute_not_exists(#rail)"',
        PAUSED,
        CLAIMED,
    ),
    Mutant(
        "a claim does not meet a pause of its rail",
        WIRE_ROWS,
        '"attribute_not_exists(#everything) AND attribute_not_exists(#rail)"',
        '"attribute_not_exists(#everything)"\n'
        '        " AND (attribute_exists(#rail) OR attribute_not_exists(#rail))"',
        PAUSED,
        CLAIMED,
    ),
    Mutant(
        "a new payout does not meet the pause of its customer",
        PARTS,
        '    conditions += [f"attribute_not_exists({PAUSED})"] if claims(steps) else []\n',
        "",
        PAUSED,
        CLAIMED,
    ),
    Mutant(
        "what waited does not meet the pause of its customer",
        PARTS,
        '            f" AND attribute_not_exists({PAUSED})"\n',
        "",
        PAUSED,
        CLAIMED,
    ),
    Mutant(
        "sending again is no claim",
        WIRE,
        "_CLAIMS = (Started, StartedAgain, Filed)",
        "_CLAIMS = (Started, Filed)",
        PAUSED,
        (T_STORE + "nothing_is_sent_again_while_it_is_in_force",),
    ),
    Mutant(
        "it is called in force before every row has it",
        STORE,
        '        for number, part in enumerate(self._rows(pause, "SET #paused = :own")):\n',
        '        for number, part in enumerate(self._rows(pause, "SET #paused = :own")[:15]):\n',
        PAUSED,
        (T_CUT + "cut_at_any_write_it_is_not_called_in_force_and_done_again_it_is",),
    ),
    Mutant(
        "who decides on a payout does not see that it is paused",
        OPENING,
        "        return not self.paused.isdisjoint(keys_of(rail, whose))\n",
        "        return False and not self.paused.isdisjoint(keys_of(rail, whose))\n",
        PAUSED,
        (T_STORE + "deciding_on_a_payout_reads_what_is_paused",),
    ),
    Mutant(
        "who wakes up late pauses what was ended",
        STORE,
        '_NOT_ENDED = "attribute_exists(pause_id) AND attribute_not_exists(ended)"',
        '_NOT_ENDED = "attribute_exists(pause_id)"',
        RESUMED,
        (T_CUT + "who_puts_it_in_force_late_writes_nothing_after_its_end",),
    ),
    Mutant(
        "who lifts a pause lifts that of another, too",
        STORE,
        '        ours = "#paused = :own"\n',
        '        ours = "attribute_exists(#paused) OR #paused = :own"\n',
        RESUMED,
        (T_CUT + "who_lifts_it_late_does_not_lift_the_next_one_of_its_scope",),
    ),
    Mutant(
        "who paused resumes",
        USE,
        "    if stored.by == by:\n",
        "    if False:\n",
        RESUMED,
        (T_USE + "somebody_else_than_who_paused_lets_it_go_on_and_once",),
    ),
    Mutant(
        "what was left half done stays so",
        SIT_OUT,
        "        elif each.in_force_at is None:\n",
        "        elif False:\n",
        RESUMED,
        (T_USE + "killed_before_it_was_in_force_the_poller_finishes_it",),
    ),
    Mutant(
        "what was heard of stays on the wire",
        WIRE,
        "    left = was and entered is None and after.status not in _SENDING\n",
        "    left = was and entered is None and after.status is Status.COMPLETED\n",
        PROVEN,
        (T_STORE + "what_is_claimed_is_on_the_wire_until_it_is_heard_of",),
    ),
    Mutant(
        "what was turned away was executed",
        WIRE,
        "_NOT_EXECUTED = (NeverSent, OutOfFunds, Refused, TurnedAway, LetGo)",
        "_NOT_EXECUTED = (NeverSent, OutOfFunds, Refused, LetGo)",
        PROVEN,
        (T_PAUSE + "every_way_off_the_wire_is_told_as_executed_as_not_or_as_perhaps",),
    ),
    Mutant(
        "a proof is final while something is sent",
        WIRE,
        "final=pause.is_in_force and not within",
        "final=pause.is_in_force",
        PROVEN,
        (T_PAUSE + "it_is_final_once_it_is_in_force_and_nothing_within_it_is_on_the_wire",),
    ),
    Mutant(
        "a proof is final before it is in force",
        WIRE,
        "final=pause.is_in_force and not within",
        "final=not within",
        PROVEN,
        (T_PAUSE + "it_is_final_once_it_is_in_force_and_nothing_within_it_is_on_the_wire",),
    ),
    Mutant(
        "what sits a pause out is among the due",
        PAUSE,
        "        and payout.hindrance == Hindrance.PAUSED\n",
        "        and payout.hindrance == Hindrance.OUT_OF_TIME\n",
        SAT_OUT,
        (T_STORE + "what_sits_a_pause_out_is_apart_from_all_that_is_due_in_order_of_age",),
    ),
    Mutant(
        "what sits a pause out in the line bars those behind it",
        LINE,
        "    if sits_out(outcome):\n        return False\n",
        "",
        SAT_OUT,
        (T_USE + "in_the_line_for_funds_what_is_paused_bars_nobody_behind_it",),
    ),
    Mutant(
        "all that waited goes out at once",
        SIT_OUT,
        "        if out == GENTLY:\n",
        "        if out == 10**6:\n",
        SAT_OUT,
        (T_USE + "what_has_waited_goes_out_gently",),
    ),
    Mutant(
        "those of a stopped customer are all that comes back",
        SIT_OUT,
        "        if isinstance(attend(payout), CustomerStopped):\n"
        "            stopped.add(payout.intent.customer_id)\n"
        "        else:\n"
        "            out += 1\n",
        "        attend(payout)\n        out += 1\n",
        SAT_OUT,
        (T_USE + "a_stopped_customers_many_are_in_the_way_of_nobody",),
    ),
    Mutant(
        "the poller sends again what is paused",
        POLL,
        "        again = again and not stopped_by(self.stopped, payout)\n",
        "",
        SAT_OUT,
        (T_USE + "what_is_unconfirmed_is_asked_about_and_not_sent_again",),
    ),
)
