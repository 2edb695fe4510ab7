"""Mutants of payouts that go by another rail: when they may, by which, and how each is heard."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import FUNDS, OTHER_RAIL, SECOND, TRAIL, WINDOW

ADVANCE = "chalicelib/domain/advance.py"
DETOUR = "chalicelib/domain/detour.py"
FALLBACK = "chalicelib/domain/fallback.py"
WAYS = "chalicelib/domain/ways.py"
INTENT = "chalicelib/domain/intent.py"
NEXT_ATTEMPT = "chalicelib/domain/next_attempt.py"
PAYOUT = "chalicelib/domain/payout.py"
PAYMENTS = "chalicelib/adapters/monoova/payments.py"
PAYOUT_ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
POLL = "chalicelib/usecases/poll.py"
T_FALLBACK = "tests/domain/test_fallback.py::test_"
T_FALLING = "tests/usecases/test_fallback.py::test_"
T_WAYS = "tests/domain/test_ways.py::test_"
T_TURNED = "tests/domain/test_turned.py::test_"
T_LIFECYCLE = "tests/domain/test_lifecycle.py::test_"
T_ROWS = "tests/adapters/test_dynamo_rows.py::test_"
T_DETOUR = "tests/domain/test_detour.py::test_"
T_REROUTE = "tests/usecases/test_reroute.py::test_"
T_BODIES = "tests/adapters/test_monoova_payments.py::test_"

MUTANTS = (
    Mutant(
        "any refusal sends a payout by another rail",
        FALLBACK,
        "    if not left or not refused.refusal.endswith(CLOSED.get(payout.rail, ())):\n",
        "    if not left:\n",
        OTHER_RAIL,
        (T_FALLBACK + "any_other_refusal_is_the_end_whichever_rails_are_left",),
    ),
    Mutant(
        "what NPP refuses is proof on every rail",
        FALLBACK,
        "CLOSED.get(payout.rail, ())",
        "CLOSED[Rail.NPP]",
        OTHER_RAIL,
        (T_FALLBACK + "what_npp_refuses_is_no_proof_on_another_rail",),
    ),
    Mutant(
        "a payout goes by a rail that it went by before",
        FALLBACK,
        "if rail not in gone)",
        "if rail is not payout.intent.rail)",
        OTHER_RAIL,
        (T_FALLBACK + "no_rail_is_tried_twice",),
    ),
    Mutant(
        "a rail that was named is left for another",
        WAYS,
        "() if wish.names_rail else tuple(",
        "tuple(",
        OTHER_RAIL,
        (T_WAYS + "a_rail_that_was_named_leaves_no_other",),
    ),
    Mutant(
        "in doubt, what was turned away is queued for the next rail",
        PAYOUT,
        "        TurnedAway: Status.UNCONFIRMED,\n",
        "        TurnedAway: Status.QUEUED,\n",
        SECOND,
        (T_LIFECYCLE + "what_a_second_sending_meets_never_proves_anything_of_the_first",),
    ),
    Mutant(
        "a payout turns to any rail that is named to it",
        ADVANCE,
        "    _refuse_other_rails(payout, event)\n    status",
        "    status",
        OTHER_RAIL,
        (T_FALLBACK + "it_goes_by_no_rail_but_one_that_is_left_to_it",),
    ),
    Mutant(
        "it goes by the other rail under the same reference",
        NEXT_ATTEMPT,
        "    after = next_attempt(after)\n    turns",
        "    turns",
        FUNDS,
        (T_FALLBACK + "a_closed_rail_is_left_for_the_next_with_the_money_held",),
    ),
    Mutant(
        "before it goes by another rail only the status is looked up",
        POLL,
        "        if not other_rail:\n",
        "        if earlier:\n",
        OTHER_RAIL,
        (T_FALLING + "one_of_which_the_status_says_nothing_is_found_in_the_account",),
    ),
    Mutant(
        "before a third attempt only the second is asked about",
        POLL,
        "for number in reversed(range(1, payout.attempt)):",
        "for number in reversed(range(max(1, payout.attempt - 1), payout.attempt)):",
        OTHER_RAIL,
        (T_FALLING + "before_a_third_attempt_the_first_is_asked_about_once_more",),
    ),
    Mutant(
        "the next attempt is sent again without a look at the first",
        POLL,
        "        if news is None and again and self.breaker.admits(payout):\n"
        "            return self._send_unless_paid(payout)\n",
        "        if news is None and again and self.breaker.admits(payout):\n"
        "            return self._send(payout)\n",
        OTHER_RAIL,
        (T_FALLING + "before_the_next_is_sent_again_the_first_is_asked_about_too",),
    ),
    Mutant(
        "an attempt is heard by the rail that was asked for",
        PAYOUT,
        "else [self.intent.rail, *turned][-1]\n",
        "else self.intent.rail\n",
        WINDOW,
        (T_TURNED + "a_turned_attempt_that_is_called_complete_is_only_sent",),
    ),
    Mutant(
        "an earlier attempt is heard by the rail of the present one",
        PAYOUT,
        "[rail for number, rail in self.turns if number <= attempt]",
        "[rail for _, rail in self.turns]",
        WINDOW,
        (T_TURNED + "late_good_news_of_the_first_attempt_is_heard_by_its_own_rail",),
    ),
    Mutant(
        "what has turned is sent as it was asked for",
        PAYMENTS,
        "    npp = payout.rail is Rail.NPP\n",
        "    npp = payout.intent.rail is Rail.NPP\n",
        OTHER_RAIL,
        (T_BODIES + "what_has_turned_is_sent_by_the_rail_that_it_turned_to",),
    ),
    Mutant(
        "what may have left by a rail is rerouted",
        ADVANCE,
        "            fine = rail in untried(payout) and not payout.sends\n",
        "            fine = rail in untried(payout)\n",
        OTHER_RAIL,
        (T_DETOUR + "under_a_reference_that_may_have_left_it_goes_by_no_other_rail",),
    ),
    Mutant(
        "a payout is rerouted to any rail",
        ADVANCE,
        "            fine = rail in untried(payout) and not payout.sends\n",
        "            fine = not payout.sends\n",
        OTHER_RAIL,
        (T_DETOUR + "it_is_rerouted_to_no_rail_that_it_may_not_go_by",),
    ),
    Mutant(
        "what is urgent goes by a batch while its rail is down",
        DETOUR,
        "return bool(fallbacks) and not any(tuple(each) in fast for each in asked)",
        "return bool(fallbacks)",
        OTHER_RAIL,
        (T_REROUTE + "what_is_urgent_or_named_waits_for_its_rail",),
    ),
    Mutant(
        "a payout leaves its rail to wait on one that people have paused",
        DETOUR,
        "for rail in rails if rail not in paused and not board",
        "for rail in rails if not board",
        OTHER_RAIL,
        (
            T_DETOUR + "a_rail_that_is_paused_is_no_way_around",
            T_REROUTE + "nor_does_a_new_payout_go_around_to_wait_there",
        ),
    ),
    Mutant(
        "everybody leaves a rail while it is tried again",
        DETOUR,
        "    if board.down_since(payout.rail, now) is None:\n        return None\n",
        "",
        OTHER_RAIL,
        (T_DETOUR + "while_its_rail_is_tried_again_it_stays_to_be_tried",),
    ),
    Mutant(
        "the version before can read what has turned",
        PAYOUT_ROWS,
        '        "sends_since_filed" if payout.filed else "sends_since_turned": payout.sends,\n',
        '        "sends_since_turned": payout.sends, "sends": payout.sends,\n',
        OTHER_RAIL,
        (
            T_ROWS + "what_has_turned_cannot_be_read_by_a_version_that_would_send_it_as_it_was"
            "_asked_for",
        ),
    ),
    Mutant(
        "the trail does not tell which rails a payout may go by",
        INTENT,
        "if self.fallbacks else []),\n        ])",
        "if False else []),\n        ])",
        TRAIL,
        (
            T_FALLBACK + "the_intent_proves_which_rails_it_may_go_by_and_is_as_before_where_there"
            "_are_none",
        ),
    ),
)
