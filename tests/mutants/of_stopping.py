"""Mutants of stopping: one payout that a person keeps back."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import HELD_BACK, PASSED

ADVANCE = "chalicelib/domain/advance.py"
APPROVE = "chalicelib/usecases/approve.py"
HOLD_ROWS = "chalicelib/adapters/dynamo/hold_rows.py"
LIQUIDITY = "chalicelib/domain/liquidity.py"
LISTS = "chalicelib/adapters/dynamo/payout_lists.py"
MEMORY = "chalicelib/domain/memory.py"
PATIENCE = "chalicelib/domain/patience.py"
PAYOUT = "chalicelib/domain/payout.py"
ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
T_HOLD = "tests/domain/test_hold.py::test_"
T_BACK = "tests/usecases/test_hold_back.py::test_"
T_HELD = "tests/contracts/test_held.py::test_"
T_ROWS = "tests/adapters/test_dynamo_rows.py::test_"

MUTANTS = (
    Mutant(
        "what is held is sent",
        ADVANCE,
        "isinstance(event, (Started, StartedAgain, Filed)):\n        raise NotPossible",
        "isinstance(event, StartedAgain):\n        raise NotPossible",
        HELD_BACK,
        (T_HOLD + "nobody_sends_what_is_held",),
    ),
    Mutant(
        "what is held is sent again",
        ADVANCE,
        "isinstance(event, (Started, StartedAgain, Filed)):\n        raise NotPossible",
        "isinstance(event, Started):\n        raise NotPossible",
        HELD_BACK,
        (T_HOLD + "nobody_sends_what_is_held",),
    ),
    Mutant(
        "what is on the wire can be held",
        PAYOUT,
        "        **_stays(Status.SENDING, Asked, Unanswered),\n",
        "        **_stays(Status.SENDING, Asked, Unanswered, Held, HoldLifted),\n",
        HELD_BACK,
        (T_HOLD + "only_what_is_not_on_the_wire_and_not_over_can_be_held",),
    ),
    Mutant(
        "a second hold takes the place of the first",
        MEMORY,
        "held=before.held or Hold(",
        "held=Hold(",
        HELD_BACK,
        (T_HOLD + "the_first_hold_stands_and_what_is_not_held_is_not_let_go",),
    ),
    Mutant(
        "what left is still held",
        MEMORY,
        "    if Held not in LIFECYCLE[status]:\n",
        "    if False:\n",
        HELD_BACK,
        (T_HOLD + "what_left_or_is_over_is_held_no_longer",),
    ),
    Mutant(
        "a held payout is due",
        PATIENCE,
        " or payout.held is not None:\n            return None\n",
        ":\n            return None\n",
        HELD_BACK,
        (T_HOLD + "it_is_due_to_nobody_while_it_is_queued_and_its_money_is_reckoned_with",),
    ),
    Mutant(
        "an unconfirmed payout that is held may be sent again",
        PATIENCE,
        "            and payout.held is None\n",
        "",
        HELD_BACK,
        (T_HOLD + "it_is_not_sent_again_when_the_quarantine_is_over",),
    ),
    Mutant(
        "agreeing to what is held sends it",
        APPROVE,
        "    if steps[-1].after.held:\n        return steps",
        "    if False:\n        return steps",
        HELD_BACK,
        (T_BACK + "that_it_is_agreed_to_does_not_send_it",),
    ),
    Mutant(
        "the version before reads what is held, and sends it",
        HOLD_ROWS,
        '    return {"held": kept | {"delays": payout.delays}}\n',
        '    return {"held": kept | {"delays": 0}, "delays": payout.delays}\n',
        HELD_BACK,
        (T_ROWS + "a_held_payout_cannot_be_read_by_a_version_that_knows_nothing_of_holds",),
    ),
    Mutant(
        "what is held stands in the line for funds",
        LIQUIDITY,
        "        and payout.held is None\n",
        "",
        PASSED,
        (T_HOLD + "it_gives_its_place_in_the_line_for_funds_to_others",),
    ),
    Mutant(
        "the money of what is held is forgotten",
        LISTS,
        "    for bucket in (*STRANDED, *BUCKETS, *RESTING, *apart):\n",
        "    for bucket in (*STRANDED, *BUCKETS, *apart):\n",
        PASSED,
        (T_HELD + "what_is_held_is_neither_due_nor_in_the_line_and_is_counted_all_the_same",),
    ),
    Mutant(
        "what is held lies among what is due",
        "chalicelib/adapters/dynamo/buckets.py",
        "    if rests(payout):\n        return RESTING\n",
        "",
        PASSED,
        (T_HELD + "what_is_held_is_neither_due_nor_in_the_line_and_is_counted_all_the_same",),
    ),
)
