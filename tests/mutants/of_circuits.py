"""Mutants of the circuits: when one opens, who tries, who waits for it and how they go out."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import CIRCUIT, STRANDED

CIRCUITS = "chalicelib/domain/breaker.py"
STORED = "chalicelib/adapters/dynamo/circuits.py"
BREAKER = "chalicelib/usecases/breaker.py"
ADMIT = "chalicelib/usecases/admit.py"
DRAIN = "chalicelib/usecases/drain.py"
POLL = "chalicelib/usecases/poll.py"
T_DOMAIN = "tests/domain/test_breaker.py::test_"
T_STORED = "tests/contracts/test_circuits.py::test_"
T_USE = "tests/usecases/test_breaker.py::test_"
T_RAILS = (
    "tests/contracts/test_circuits.py::"
    "test_each_rails_are_told_by_themselves_and_whether_they_may_go_another_way[simulated]"
)

MUTANTS = (
    Mutant(
        "a circuit opens at the fourth failure",
        CIRCUITS,
        "AT_ONCE, AT_ONCE_WITHIN = 5,",
        "AT_ONCE, AT_ONCE_WITHIN = 4,",
        CIRCUIT,
        (T_DOMAIN + "it_opens_by_either_rule_and_by_no_less",),
    ),
    Mutant(
        "half of twenty is enough to open a circuit",
        CIRCUITS,
        "if calls >= AT_LEAST and bad * 2 > calls:",
        "if calls >= AT_LEAST and bad * 2 >= calls:",
        CIRCUIT,
        (T_DOMAIN + "it_opens_by_either_rule_and_by_no_less",),
    ),
    Mutant(
        "an open circuit does not rest",
        CIRCUITS,
        "if self.by_hand or (self.next_try and now < self.next_try <= now + REST):",
        "if self.by_hand:",
        CIRCUIT,
        (T_DOMAIN + "it_rests_for_a_minute",),
    ),
    Mutant(
        "what was opened by hand is tried after a minute",
        CIRCUITS,
        "if self.by_hand or (self.next_try",
        "if (self.next_try",
        CIRCUIT,
        (T_DOMAIN + "whoever_opens_it_by_hand_keeps_it_open_until_it_is_reset",),
    ),
    Mutant(
        "nobody is told of what somebody stopped by hand",
        "chalicelib/api/attention.py",
        "if it.is_before_a_person(now)]",
        "if it.is_before_a_person(now) and not it.by_hand]",
        CIRCUIT,
        ("tests/api/test_rails.py::test_a_rail_opened_by_hand_stays_so_until_it_is_reset",),
    ),
    Mutant(
        "everybody tries a circuit that is half open",
        CIRCUITS,
        "is not State.HALF_OPEN or self.is_probed(now):",
        "is not State.HALF_OPEN:",
        CIRCUIT,
        (T_DOMAIN + "one_only_may_try_and_no_longer_than_its_time",),
    ),
    Mutant(
        "whoever has the same payout in hand tries beside it, and gives its place away",
        CIRCUITS,
        "or self.is_probed(now):",
        "or (self.is_probed(now) and self.probe != payout_id):",
        CIRCUIT,
        (T_USE + "two_workers_with_one_payout_in_hand_have_one_probe_between_them",),
    ),
    Mutant(
        "a probe that never tells keeps its place",
        CIRCUITS,
        "until is not None and now < until <= now + PROBE_LIFE",
        "until is not None",
        CIRCUIT,
        (T_USE + "a_probe_that_never_tells_is_given_back_after_its_time",),
    ),
    Mutant(
        "any late success closes a circuit",
        CIRCUITS,
        "return self._tried(sign, now) if self.probe == payout_id else self",
        "return self._tried(sign, now)",
        CIRCUIT,
        (T_DOMAIN + "an_open_circuit_hears_nobody_else",),
    ),
    Mutant(
        "a probe that fails closes the circuit",
        CIRCUITS,
        "        if sign is Sign.GOOD:\n            return self._closed",
        "        if sign:\n            return self._closed",
        CIRCUIT,
        (T_DOMAIN + "what_the_probe_meets_closes_it_or_has_it_rest_again",),
    ),
    Mutant(
        "the store keeps whichever probe comes last",
        STORED,
        '_NEW = "attribute_not_exists(version) OR version = :was"',
        '_NEW = "attribute_not_exists(version) OR version >= :was"',
        CIRCUIT,
        (T_STORED + "of_two_who_saw_the_same_one_only_keeps_a_change[simulated]",),
    ),
    Mutant(
        "a refusal counts against the rail",
        CIRCUITS,
        "        case _:\n            return Sign.GOOD\n",
        "        case _:\n            return Sign.BAD\n",
        CIRCUIT,
        (T_USE + "refusals_open_nothing",),
    ),
    Mutant(
        "whoever asks is sent by an open circuit",
        ADMIT,
        "    if opening.circuits.holds(rail, now):\n        return Hindrance.RAIL_DOWN\n",
        "",
        STRANDED,
        (T_USE + "five_failures_open_the_circuit_and_what_comes_then_waits",),
    ),
    Mutant(
        "a half open circuit lets requests through",
        CIRCUITS,
        "return any(each.state(now) is not State.CLOSED for each in self.on_the_way(rail))",
        "return any(each.state(now) is State.OPEN for each in self.on_the_way(rail))",
        CIRCUIT,
        (T_USE + "the_poller_lets_one_try_and_then_a_few_and_then_more",),
    ),
    Mutant(
        "one too many may wait",
        ADMIT,
        "payouts.count_stranded(limits.most_waiting) >= limits.most_waiting",
        "payouts.count_stranded(limits.most_waiting) > limits.most_waiting",
        STRANDED,
        (
            T_USE + "more_wait_than_may_are_turned_away_and_nothing_is_stored",
            T_USE + "behind_a_closed_gate_as_many_wait_and_no_more",
        ),
    ),
    Mutant(
        "all who wait go out at once",
        DRAIN,
        "return min(1 if State.HALF_OPEN in states else each.lets_out(now) for each in ways)",
        "return 10**6",
        STRANDED,
        (T_USE + "the_poller_lets_one_try_and_then_a_few_and_then_more",),
    ),
    Mutant(
        "the queue of a rail that is away hides those of another",
        "chalicelib/adapters/dynamo/payout_lists.py",
        '        question["FilterExpression"] = "#rail = :rail"\n',
        '        question["FilterExpression"] = "#rail = :rail OR attribute_exists(#rail)"\n',
        STRANDED,
        (T_RAILS,),
    ),
    Mutant(
        "the poller sends by an open circuit",
        POLL,
        "        if self.breaker.admits(payout):\n",
        "        if payout:\n",
        STRANDED,
        (T_USE + "who_waits_for_funds_stays_in_that_line_and_bars_nobody_of_another_rail",),
    ),
    Mutant(
        "what is in doubt is sent again by an open circuit",
        POLL,
        "if news is None and again and self.breaker.admits(payout):",
        "if news is None and again:  # mutant",
        STRANDED,
        (
            T_USE
            + "an_unconfirmed_payout_is_asked_for_while_the_circuit_is_open_and_not_sent_again",
        ),
    ),
    Mutant(
        "a probe that could not be sent keeps the circuit shut",
        POLL,
        "            self.breaker.give_back(payout)\n",
        "            pass\n",
        STRANDED,
        (T_USE + "a_payout_that_cannot_be_sent_does_not_keep_the_circuit_from_being_tried",),
    ),
    Mutant(
        "a process that nobody has told of a circuit changes what it does not know",
        BREAKER,
        "                except Stale:\n                    self.saw(self._circuits.board())\n"
        "                    continue\n",
        "                except Stale:\n                    return None\n",
        CIRCUIT,
        (T_USE + "each_worker_counts_on_top_of_the_others",),
    ),
)
