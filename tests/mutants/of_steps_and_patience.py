"""Mutants of steps, of what a payout remembers, and of when it may be sent again."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    AMOUNT,
    CRASH,
    DISPUTED,
    GIVEN_BACK,
    NO_CURE,
    QUARANTINE,
    SAME_AGAIN,
    TRAIL,
    TWICE_HEARD,
    TWO_PEOPLE,
    WINDOW,
)

ADVANCE = "chalicelib/domain/advance.py"
MEMORY = "chalicelib/domain/memory.py"
PATIENCE = "chalicelib/domain/patience.py"
CALENDAR = "chalicelib/domain/calendar.py"
T_ADVANCE = "tests/domain/test_advance.py::test_"
T_RECEIVE = "tests/usecases/test_receive.py::test_"
T_CONTRADICTION = "tests/domain/test_contradiction.py::test_"
T_CHAIN = "tests/domain/test_chain.py::test_"
T_RESEND = "tests/usecases/test_resend.py::test_"
T_PATIENCE = "tests/domain/test_patience.py::test_"
T_PATHS = "tests/domain/test_every_path.py::test_"
T_RESOLVE = "tests/usecases/test_resolve.py::test_"
T_CALENDAR = "tests/domain/test_calendar.py::test_"

MUTANTS = (
    Mutant(
        "a direct credit is complete at once",
        ADVANCE,
        "    event = _as_heard_on(payout, told)\n",
        "    event = told\n",
        WINDOW,
        (T_ADVANCE + "a_direct_credit_called_complete_is_only_sent",),
    ),
    Mutant(
        "amounts in news are not compared",
        ADVANCE,
        "    status = _or_disputed(payout, told, status)\n",
        "",
        AMOUNT,
        (T_RECEIVE + "a_confirmation_of_another_amount_is_dead_lettered",),
    ),
    Mutant(
        "a return of half gives all of it back",
        ADVANCE,
        "        return Status.DISPUTED\n    if payout.status is Status.DISPUTED and",
        "        return status\n    if payout.status is Status.DISPUTED and",
        AMOUNT,
        (T_ADVANCE + "a_return_of_another_amount_lies_in_suspense_for_a_person",),
    ),
    Mutant(
        "a confirmation of another amount passes",
        ADVANCE,
        "    if not isinstance(event, Returned) or told <= ZERO:\n",
        "    if not isinstance(event, Returned):\n        return status\n    if told <= ZERO:\n",
        AMOUNT,
        (T_RECEIVE + "a_confirmation_of_another_amount_is_dead_lettered",),
    ),
    Mutant(
        "a second return passes for the first",
        ADVANCE,
        "    if event.return_id != payout.return_id:\n",
        "    if not event.return_id:\n",
        GIVEN_BACK,
        (T_CONTRADICTION + "a_second_return_of_another_name_is_no_repeat_of_the_first",),
    ),
    Mutant(
        "an attempt called dead lives on beside the next",
        ADVANCE,
        "    if payout.status in UNSENT | {Status.FAILED, Status.DECLINED, Status.CANCELLED}:\n",
        "    if payout.status is not Status.COMPLETED:\n",
        NO_CURE,
        (T_ADVANCE + "two_living_attempts_are_a_contradiction",),
    ),
    Mutant(
        "a fee is charged whenever it is heard of",
        ADVANCE,
        "if fee is not None and payout.fee is None else ()",
        "if fee is not None else ()",
        TWICE_HEARD,
        (T_ADVANCE + "the_common_way_is_claimed_accepted_and_confirmed",),
    ),
    Mutant(
        "a dispute takes the money from the customer",
        ADVANCE,
        "        source = Place.SUSPENSE\n",
        "        source = Place.AVAILABLE\n",
        DISPUTED,
        (T_ADVANCE + "good_news_of_money_given_back_stops_the_customer_once",),
    ),
    Mutant(
        "a step does not tell which one it follows",
        ADVANCE,
        "return chained(previous, facts(event), moved_by(postings))",
        'return chained("", facts(event), moved_by(postings))',
        TRAIL,
        (T_CHAIN + "a_change_of_any_event_changes_every_hash_after_it",),
    ),
    Mutant(
        "a doubt that sending again does not cure is forgotten",
        MEMORY,
        "frozenset({Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD})",
        "frozenset({Doubt.NOT_UNDERSTOOD})",
        NO_CURE,
        (T_RESEND + "what_sending_again_does_not_cure_is_never_sent_again",),
    ),
    Mutant(
        "a refusal in doubt needs nobody",
        MEMORY,
        'why = after.needs_person or "refused_when_in_doubt"',
        "why = after.needs_person",
        NO_CURE,
        (T_ADVANCE + "a_refusal_while_in_doubt_is_for_a_person",),
    ),
    Mutant(
        "a contradiction is forgotten with the next change of status",
        MEMORY,
        "return before.needs_person == CONTRADICTION and not decided",
        "return before.needs_person == CONTRADICTION and before.status is event and not decided",
        NO_CURE,
        (T_CONTRADICTION + "a_contradiction_survives_a_change_of_status",),
    ),
    Mutant(
        "sending again does not restart the quarantine",
        MEMORY,
        "sends=after.sends + 1, sent_at=event.at",
        "sends=after.sends + 1, sent_at=after.sent_at or event.at",
        QUARANTINE,
        (T_PATIENCE + "every_sending_starts_the_quarantine_anew",),
        by_simulation=True,
    ),
    Mutant(
        "sendings are not counted",
        MEMORY,
        "sends=after.sends + 1, sent_at=event.at",
        "sent_at=event.at",
        NO_CURE,
        (T_RESEND + "after_three_sendings_a_person_is_asked_and_nothing_is_sent",),
    ),
    Mutant(
        "a new attempt goes under the old name",
        "chalicelib/domain/next_attempt.py",
        "attempt=after.attempt + 1, sends=0, sent_at=None",
        "sends=0, sent_at=None",
        SAME_AGAIN,
        (T_ADVANCE + "a_new_attempt_has_a_new_reference_and_starts_to_count_anew",),
    ),
    Mutant(
        "money that came back is counted again",
        MEMORY,
        "    if payout.came_back is not None:\n        return None\n    if",
        "    if",
        GIVEN_BACK,
        (T_PATHS + "what_came_back_is_counted_once[NPP]",),
    ),
    Mutant(
        "a proposal outlives the doubt that it was made for",
        MEMORY,
        "asks=0, asked_at=None, missed=0, proposal=None)",
        "asks=0, asked_at=None, missed=0)",
        TWO_PEOPLE,
        (T_ADVANCE + "a_change_of_status_ends_what_waited_for_a_person",),
    ),
    Mutant(
        "the quarantine is forgotten",
        PATIENCE,
        "            and self.quarantine_over(payout, now)\n",
        "",
        QUARANTINE,
        (T_PATIENCE + "nothing_is_sent_again_within_the_quarantine",),
        by_simulation=True,
    ),
    Mutant(
        "the quarantine counts from the request",
        PATIENCE,
        "now >= payout.sent_at + self.quarantine",
        "now >= payout.intent.created_at + self.quarantine",
        QUARANTINE,
        (T_PATIENCE + "every_sending_starts_the_quarantine_anew",),
    ),
    Mutant(
        "a payout without a time of sending is out of quarantine",
        PATIENCE,
        "return payout.sent_at is not None and now >=",
        "return payout.sent_at is None or now >=",
        QUARANTINE,
        (T_PATIENCE + "what_has_no_time_of_sending_is_in_quarantine_for_ever",),
    ),
    Mutant(
        "what waits for a person is sent again",
        PATIENCE,
        '            and payout.needs_person in {"", CustomerStopped.code}\n',
        "",
        NO_CURE,
        (T_PATIENCE + "what_waits_for_a_person_is_not_sent_again",),
    ),
    Mutant(
        "a payout is sent again while two people decide on it",
        PATIENCE,
        "            and payout.proposal is None\n",
        "",
        TWO_PEOPLE,
        (T_RESOLVE + "a_proposal_keeps_the_poller_from_sending_again",),
    ),
    Mutant(
        "a payout is sent again for ever",
        PATIENCE,
        "            and payout.sends < self.most_sends\n",
        "",
        NO_CURE,
        (T_PATIENCE + "after_three_sendings_it_is_a_persons",),
    ),
    Mutant(
        "a claim whose sender died is never looked at",
        PATIENCE,
        "            case Status.SENDING | Status.RESENDING:\n",
        "            case Status.RESENDING:\n",
        CRASH,
        (T_PATIENCE + "what_is_open_is_due_some_day_and_what_ended_never",),
        by_simulation=True,
    ),
    Mutant(
        "a claim counts as abandoned while its sender lives",
        PATIENCE,
        "since + max(self.abandoned, self._backoff(payout.asks))",
        "since",
        CRASH,
        (T_PATIENCE + "a_claim_is_abandoned_only_when_its_sender_cannot_be_alive",),
    ),
    Mutant(
        "the window of a direct credit is a day too short",
        CALENDAR,
        "return self.after(self.leaves_on(sent_at), count)",
        "return self.after(self.leaves_on(sent_at), count - 1)",
        WINDOW,
        (T_CALENDAR + "a_window_counts_business_days_from_the_day_that_it_leaves_on",),
    ),
)
