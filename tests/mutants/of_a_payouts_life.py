"""Mutants of the table of a payout's life, of its places and its names."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    CANCELLED,
    CLAIM,
    DISPUTED,
    FINISHED,
    GIVEN_BACK,
    LISTED,
    SAME_AGAIN,
    SECOND,
    TRAIL,
    TWICE_HEARD,
)

INTENT = "chalicelib/domain/intent.py"
PAYOUT = "chalicelib/domain/payout.py"
REFERENCES = "chalicelib/domain/references.py"
STEP = "chalicelib/domain/step.py"
T_LIFECYCLE = "tests/domain/test_lifecycle.py::test_"
T_ADVANCE = "tests/domain/test_advance.py::test_"
T_RECEIVE = "tests/usecases/test_receive.py::test_"
T_CHAIN = "tests/domain/test_chain.py::test_"

MUTANTS = (
    Mutant(
        "a refusal of the second sending ends the payout",
        PAYOUT,
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds),\n",
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, OutOfFunds),\n"
        "        Refused: Status.FAILED,\n",
        SECOND,
        (T_LIFECYCLE + "what_a_second_sending_meets_never_proves_anything_of_the_first",),
    ),
    Mutant(
        "a second sending that never left puts the payout back in the queue",
        PAYOUT,
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds),\n",
        "        **_stays(Status.UNCONFIRMED, Unclear, Refused, OutOfFunds),\n"
        "        NeverSent: Status.QUEUED,\n",
        SECOND,
        (T_LIFECYCLE + "what_a_second_sending_meets_never_proves_anything_of_the_first",),
    ),
    Mutant(
        "a payout in doubt that hears of a refusal has failed",
        PAYOUT,
        "**_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds, Asked, Unanswered)",
        "Refused: Status.FAILED,\n"
        "        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, OutOfFunds, Asked, Unanswered)",
        SECOND,
        (T_LIFECYCLE + "held_money_is_released_only_by_proof_or_by_people",),
    ),
    Mutant(
        "an unclear answer fails the payout",
        PAYOUT,
        "        Unclear: Status.UNCONFIRMED,\n        NeverSent: Status.QUEUED,\n",
        "        Unclear: Status.FAILED,\n        NeverSent: Status.QUEUED,\n",
        LISTED,
        (T_LIFECYCLE + "held_money_is_released_only_by_proof_or_by_people",),
        by_simulation=True,
    ),
    Mutant(
        "what is being sent can be cancelled",
        PAYOUT,
        "        Refused: Status.FAILED,\n        # News can overtake",
        "        Refused: Status.FAILED,\n"
        "        Cancelled: Status.CANCELLED,\n"
        "        # News can overtake",
        CANCELLED,
        (T_LIFECYCLE + "only_what_was_never_sent_may_be_cancelled",),
        by_simulation=True,
    ),
    Mutant(
        "what is on its way can be cancelled",
        PAYOUT,
        "        WindowClosed: Status.COMPLETED,\n        **_stays(Status.PENDING,",
        "        WindowClosed: Status.COMPLETED,\n"
        "        Cancelled: Status.CANCELLED,\n"
        "        **_stays(Status.PENDING,",
        CANCELLED,
        (T_LIFECYCLE + "only_what_was_never_sent_may_be_cancelled",),
        by_simulation=True,
    ),
    Mutant(
        "what is being sent can be claimed once more",
        PAYOUT,
        "        Unclear: Status.UNCONFIRMED,\n        NeverSent: Status.QUEUED,\n",
        "        Unclear: Status.UNCONFIRMED,\n"
        "        Started: Status.SENDING,\n"
        "        NeverSent: Status.QUEUED,\n",
        CLAIM,
        (T_LIFECYCLE + "only_one_sender_can_claim",),
    ),
    Mutant(
        "a failed payout that was paid after all stays failed",
        PAYOUT,
        "        Confirmed: Status.DISPUTED,\n        **_stays(Status.FAILED,",
        "        **_stays(Status.FAILED, Confirmed,",
        DISPUTED,
        (T_ADVANCE + "good_news_of_money_given_back_stops_the_customer_once",),
    ),
    Mutant(
        "a rejected payout that is confirmed counts as completed",
        PAYOUT,
        "        Confirmed: Status.DISPUTED,\n        **_stays(Status.REJECTED,",
        "        Confirmed: Status.COMPLETED,\n        **_stays(Status.REJECTED,",
        FINISHED,
        (T_LIFECYCLE + "an_end_is_an_end_but_for_the_news_that_reopens_it",),
    ),
    Mutant(
        "a completed payout that comes back stays completed",
        PAYOUT,
        "        Returned: Status.RETURNED,\n        **_stays(Status.COMPLETED,",
        "        **_stays(Status.COMPLETED, Returned,",
        FINISHED,
        (T_RECEIVE + "a_return_after_success_gives_the_money_back",),
        by_simulation=True,
    ),
    Mutant(
        "a returned payout that is confirmed late is completed again",
        PAYOUT,
        "**_stays(Status.RETURNED, *_REPLIES, Confirmed, Rejected,",
        "Confirmed: Status.COMPLETED,\n        **_stays(Status.RETURNED, *_REPLIES, Rejected,",
        TWICE_HEARD,
        (T_ADVANCE + "the_same_news_in_another_order_leaves_the_customer_with_the_same",),
        by_simulation=True,
    ),
    Mutant(
        "a completed payout is pending again when it hears of its acceptance late",
        PAYOUT,
        "**_stays(Status.COMPLETED, *_REPLIES, Confirmed,",
        "Accepted: Status.PENDING,\n"
        "        **_stays(Status.COMPLETED, Refused, NeverSent, Unclear, Confirmed,",
        TWICE_HEARD,
        (T_LIFECYCLE + "no_event_leads_back_to_open_from_an_end",),
    ),
    Mutant(
        "money of a payout in doubt is the customer's again",
        PAYOUT,
        "    Status.UNCONFIRMED: Place.HELD,\n",
        "    Status.UNCONFIRMED: Place.AVAILABLE,\n",
        GIVEN_BACK,
        (T_LIFECYCLE + "held_money_is_released_only_by_proof_or_by_people",),
        by_simulation=True,
    ),
    Mutant(
        "money that came back is not given back",
        PAYOUT,
        "    Status.RETURNED: Place.AVAILABLE,\n",
        "    Status.RETURNED: Place.PAID,\n",
        GIVEN_BACK,
        (T_ADVANCE + "what_comes_back_goes_to_the_balance_with_its_reason",),
        by_simulation=True,
    ),
    Mutant(
        "the reference forgets the attempt",
        REFERENCES,
        'return f"{transaction_id}-{attempt}"',
        'return f"{transaction_id}-1"',
        SAME_AGAIN,
        (T_ADVANCE + "a_new_attempt_has_a_new_reference_and_starts_to_count_anew",),
        by_simulation=True,
    ),
    Mutant(
        "every sending has a reference of its own",
        PAYOUT,
        "return unique_reference(self.transaction_id, self.attempt)",
        "return unique_reference(self.transaction_id, max(self.attempt, self.sends))",
        SAME_AGAIN,
        (T_ADVANCE + "sending_again_keeps_the_reference_and_starts_the_quarantine_anew",),
        by_simulation=True,
    ),
    Mutant(
        "a dispute stops nobody",
        STEP,
        "return self.after.status is Status.DISPUTED and was is not Status.DISPUTED",
        "return self.after.status is Status.DISPUTED and was is None",
        DISPUTED,
        (T_ADVANCE + "good_news_of_money_given_back_stops_the_customer_once",),
    ),
    Mutant(
        "the trail does not tell where a payout was to go",
        INTENT,
        "self.destination.destination_id, ciphertext, self",
        "self",
        TRAIL,
        (T_CHAIN + "another_ciphertext_or_id_of_the_destination_changes_the_first_hash",),
    ),
)
