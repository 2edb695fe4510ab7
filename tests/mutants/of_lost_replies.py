"""Mutants of writes that got no answer, met a busy store, or lost a race."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    CLAIM,
    LOST_REPLY,
)

SESSION = "chalicelib/adapters/dynamo/session.py"
TROUBLES = "chalicelib/adapters/dynamo/troubles.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
REFUSED = "chalicelib/adapters/dynamo/refused.py"
TREASURY = "chalicelib/adapters/dynamo/treasury.py"
T_LOST_REPLIES = "tests/adapters/test_dynamo_lost_replies.py::test_"
T_DOUBTS = "tests/adapters/test_dynamo_doubts.py::test_"
T_BUSY = "tests/adapters/test_dynamo_busy.py::test_"
T_SESSION = "tests/adapters/test_dynamo_session.py::test_"
T_AGAIN = "tests/contracts/test_payouts_again.py::test_"
T_LOST_ROWS = "tests/adapters/test_dynamo_lost_rows.py::test_"

MUTANTS = (
    Mutant(
        "every try of a transaction is another transaction",
        SESSION,
        "ClientRequestToken=token",
        "ClientRequestToken=str(uuid.uuid4())",
        LOST_REPLY,
        (T_LOST_REPLIES + "a_write_that_never_arrived_is_sent_again_as_the_same[moto-time-out]",),
    ),
    Mutant(
        "an earlier doubt about a write is forgotten",
        SESSION,
        "in_doubt = in_doubt or trouble is Trouble.UNKNOWN",
        "in_doubt = trouble is Trouble.UNKNOWN",
        LOST_REPLY,
        (T_DOUBTS + "missing_money_is_no_proof_although_a_busy_store_came_between[moto]",),
    ),
    Mutant(
        "a write without an answer is not looked for",
        SESSION,
        "if in_doubt and recognise is not None and recognise():",
        "if in_doubt and recognise is None:",
        LOST_REPLY,
        (T_LOST_REPLIES + "a_write_all_of_whose_replies_are_lost_is_found_by_reading[moto]",),
        by_simulation=True,
    ),
    Mutant(
        "a write without an answer counts as done",
        SESSION,
        "if in_doubt and recognise is not None and recognise():",
        "if in_doubt and recognise is not None:",
        LOST_REPLY,
        (T_LOST_REPLIES + "a_write_none_of_whose_requests_arrived_is_not_known[moto]",),
    ),
    Mutant(
        "a throttled write counts as done",
        SESSION,
        "            if trouble is Trouble.DEFECT:\n                raise last\n",
        "            if trouble is Trouble.PASSING and recognise:\n"
        "                return None\n"
        "            if trouble is Trouble.DEFECT:\n"
        "                raise last\n",
        LOST_REPLY,
        (T_BUSY + "a_write_that_met_a_busy_store_is_tried_again[throttled]",),
        by_simulation=True,
    ),
    Mutant(
        "a conflict of transactions is a lost race",
        TROUBLES,
        "    if _PASSING.intersection(codes):\n        return Trouble.PASSING\n",
        "    if _PASSING.intersection(codes):\n        return Trouble.REFUSED\n",
        LOST_REPLY,
        (T_SESSION + "an_error_proves_no_more_than_it_does",),
    ),
    Mutant(
        "a refusal counts although another part was busy",
        TROUBLES,
        "    if _PASSING.intersection(codes):\n",
        "    if codes and _PASSING.issuperset(codes):\n",
        LOST_REPLY,
        (T_SESSION + "an_error_proves_no_more_than_it_does",),
    ),
    Mutant(
        "a time-out of the store proves that nothing was written",
        TROUBLES,
        "        return Trouble.DEFECT\n    return Trouble.UNKNOWN\n",
        "        return Trouble.DEFECT\n    return Trouble.PASSING\n",
        LOST_REPLY,
        (T_SESSION + "an_error_proves_no_more_than_it_does",),
    ),
    Mutant(
        "a server error of the store proves that nothing was written",
        TROUBLES,
        "return Trouble.UNKNOWN if status >= 500 or status == 0 else Trouble.LASTING",
        "return Trouble.PASSING if status >= 500 or status == 0 else Trouble.LASTING",
        LOST_REPLY,
        (T_SESSION + "an_error_proves_no_more_than_it_does",),
    ),
    Mutant(
        "any row of the right version is our own",
        PAYOUTS,
        'row["version"] == written.version and row["last_hash"] == written.last_hash',
        'row["version"] == written.version',
        CLAIM,
        (T_AGAIN + "a_claim_of_somebody_else_is_not_taken_for_ones_own[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "any step of the right number is our own",
        PAYOUTS,
        'return row is not None and row["hash"] == written.last_hash',
        "return row is not None",
        CLAIM,
        (T_LOST_REPLIES + "a_claim_that_was_lost_to_another_who_went_on_is_stale[moto]",),
        by_simulation=True,
    ),
    Mutant(
        "missing money is believed while our own write may have taken it",
        REFUSED,
        "    if refused.in_doubt:\n",
        "    if refused.in_doubt and pays is None:\n",
        LOST_REPLY,
        (
            T_LOST_REPLIES
            + "missing_money_is_no_proof_while_an_earlier_sending_may_be_at_work[moto]",
        ),
    ),
    Mutant(
        "a missing customer is believed while our own write may be at work",
        TREASURY,
        "        if refused.in_doubt:\n",
        "        if refused.in_doubt and not last:\n",
        LOST_REPLY,
        (
            T_LOST_ROWS
            + "a_missing_customer_is_no_proof_while_an_earlier_sending_may_be_at_work[moto]",
        ),
    ),
)
