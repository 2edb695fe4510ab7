"""Mutants of first uses: nobody asks, what is asked counts for nothing, or for too much."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import FIRST_USE

SEND = "chalicelib/usecases/send.py"
CONSIDER = "chalicelib/usecases/consider.py"
ANSWERS = "chalicelib/domain/answers.py"
HABITS = "chalicelib/domain/habits.py"
CLAIMS = "chalicelib/adapters/dynamo/claims.py"
T_FIRST = "tests/usecases/test_first_use.py::test_"
T_ANSWERS = "tests/domain/test_answers.py::test_"
T_CLAIMS = "tests/contracts/test_claims.py::test_"

MUTANTS = (
    Mutant(
        "nobody asks beforehand where nothing has ever arrived",
        SEND,
        "(route is not None and route.first_use)):",
        "(route is None)):",
        FIRST_USE,
        (
            T_FIRST
            + "the_first_payout_to_a_destination_is_put_to_the_provider_with_all_that_is_sent",
        ),
    ),
    Mutant(
        "an attempt that turned to another rail is sent without a question",
        SEND,
        "    rerouted = claimed.rail is not claimed.intent.rail\n",
        "    rerouted = False\n",
        FIRST_USE,
        (T_FIRST + "an_attempt_that_goes_by_another_rail_than_was_asked_for_is_a_first_use",),
    ),
    Mutant(
        "what is sent again is asked about, and believed of the first sending",
        SEND,
        "claimed.intent.route, claimed.status is Status.SENDING\n",
        "claimed.intent.route, True\n",
        FIRST_USE,
        (T_FIRST + "what_is_sent_again_is_not_put_to_anybody",),
    ),
    Mutant(
        "what the provider has against a payout is heard, and it is sent all the same",
        SEND,
        "    if news is None and within > 0:\n",
        "    if within > 0:\n",
        FIRST_USE,
        (T_FIRST + "what_the_provider_has_against_it_fails_it_before_anything_has_left",),
    ),
    Mutant(
        "a payout is sent on a claim that grew old over the question",
        SEND,
        "    within = min(time_left(), until - clock.monotonic())\n"
        "    if news is None and within > 0:\n",
        "    if news is None and within > 0:\n",
        FIRST_USE,
        (T_FIRST + "a_claim_that_grew_old_over_the_question_is_not_acted_upon",),
    ),
    Mutant(
        "a validation without an answer is a doubt about a payment that was never made",
        ANSWERS,
        "    if news.doubt is Doubt.NOT_UNDERSTOOD:\n",
        "    if news.doubt is not Doubt.NOT_UNDERSTOOD:\n        return news\n    if news:\n",
        FIRST_USE,
        (T_ANSWERS + "a_validation_without_an_answer_has_sent_nothing",),
    ),
    Mutant(
        "a reference that exists already is no reason not to send",
        ANSWERS,
        "    if not isinstance(news, Unclear) or news.doubt is Doubt.REFERENCE_EXISTS:\n",
        "    if not isinstance(news, Unclear):\n",
        FIRST_USE,
        (T_ANSWERS + "a_validation_of_a_reference_that_exists_is_a_doubt_and_no_reason_to_send",),
    ),
    Mutant(
        "a destination is known by every rail once one has reached it",
        HABITS,
        '    return f"{rail}#{destination_id}"\n',
        '    return f"{rail and destination_id}"\n',
        FIRST_USE,
        (T_FIRST + "another_rail_to_a_known_destination_is_a_first_use_too",),
    ),
    Mutant(
        "every payout is a first use, whatever has arrived",
        CONSIDER,
        "    first_use = opening.habits.is_first_use(choice.rail, sealed.destination_id)\n",
        "    first_use = bool(sealed.destination_id)\n",
        FIRST_USE,
        (T_FIRST + "once_a_payment_has_arrived_there_by_that_rail_nobody_asks_beforehand",),
    ),
    Mutant(
        "what has arrived by a rail is written under the rail that was asked for",
        CLAIMS,
        "by_rail(steps[-1].after.rail, own)",
        "by_rail(intent.rail, own)",
        FIRST_USE,
        (T_CLAIMS + "what_arrives_by_another_rail_than_was_asked_for_is_known_by_that_one",),
    ),
)
