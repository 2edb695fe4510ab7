"""Mutants of how fast anybody may ask."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import PACE

RATE = "chalicelib/domain/rate.py"
BUCKETS = "chalicelib/adapters/pace.py"
INTAKE = "chalicelib/api/intake.py"
DOORS = "chalicelib/api/doors.py"
PAYOUTS = "chalicelib/routes/payouts.py"
REQUEST = "chalicelib/usecases/request.py"
CLAIMS = "chalicelib/adapters/dynamo/claims.py"
REFUSALS = "chalicelib/domain/refusals.py"
T_RATE = "tests/domain/test_rate.py::test_"
T_BUCKETS = "tests/adapters/test_pace.py::test_"
T_PACE = "tests/api/test_pace.py::test_"
T_POLICY = "tests/usecases/test_request_by_policy.py::test_"
T_CLAIMS = "tests/contracts/test_claims.py::test_"

MUTANTS = (
    Mutant(
        "a rate that does not come out even is rounded up",
        RATE,
        "interval = -(-MINUTE // rules.per_minute)",
        "interval = MINUTE // rules.per_minute",
        PACE,
        (T_RATE + "a_token_is_in_whole_milliseconds_and_no_rate_is_rounded_up",),
    ),
    Mutant(
        "one more goes at once",
        RATE,
        "interval * rules.burst, seen)",
        "interval * rules.burst + interval, seen)",
        PACE,
        (T_RATE + "a_burst_may_go_at_once_and_then_one_for_each_interval",),
    ),
    Mutant(
        "one less goes at once",
        RATE,
        "_level(it) + it.interval - it.tolerance - it.now)",
        "_level(it) + 2 * it.interval - it.tolerance - it.now)",
        PACE,
        (T_RATE + "a_burst_may_go_at_once_and_then_one_for_each_interval",),
    ),
    Mutant(
        "a rest is saved up beyond the burst",
        RATE,
        "return max(it.now, it.seen) if",
        "return it.seen if",
        PACE,
        (T_RATE + "a_bucket_that_was_never_used_is_full",),
    ),
    Mutant(
        "a bucket that other rules filled holds somebody up",
        RATE,
        " if it.seen <= it.now + it.tolerance + MINUTE else it.now",
        "",
        PACE,
        (T_RATE + "a_time_that_only_other_rules_explain_holds_nobody_up",),
    ),
    Mutant(
        "clocks that differ give tokens for free",
        RATE,
        "it.now + it.tolerance + MINUTE else",
        "it.now + it.tolerance else",
        PACE,
        (T_RATE + "a_clock_that_is_behind_waits_and_gets_nothing_for_free",),
    ),
    Mutant(
        "who waits as told comes too early",
        REFUSALS,
        "return -(-self.wait_ms // 1000)",
        "return self.wait_ms // 1000",
        PACE,
        (T_PACE + "seconds_to_wait_are_rounded_up",),
    ),
    Mutant(
        "all principals share a bucket",
        BUCKETS,
        "self._times.get(by, 0))",
        "max(self._times.values(), default=0))",
        PACE,
        (T_PACE + "one_principals_haste_is_nobody_elses",),
    ),
    Mutant(
        "an empty bucket gives tokens",
        BUCKETS,
        "            rate.check(token)\n",
        "",
        PACE,
        (T_PACE + "the_fourth_at_once_is_refused_with_the_seconds_to_wait",),
    ),
    Mutant(
        "who has just asked is forgotten first",
        BUCKETS,
        "popitem(last=False)",
        "popitem(last=True)",
        PACE,
        (T_BUCKETS + "who_has_not_asked_for_longest_is_forgotten_first_and_no_more_than_need_be",),
    ),
    Mutant(
        "threads take the same token",
        BUCKETS,
        "        with self._lock:\n",
        "        if self._lock:\n",
        PACE,
        (T_BUCKETS + "threads_together_take_no_more_than_the_burst",),
    ),
    Mutant(
        "the doors count nobody",
        INTAKE,
        "        if not operation.counts_itself:\n",
        "        if operation.counts_itself is None:\n",
        PACE,
        (T_PACE + "the_fourth_at_once_is_refused_with_the_seconds_to_wait",),
    ),
    Mutant(
        "who may not asks as fast as they like",
        INTAKE,
        "        if not operation.counts_itself:\n",
        "        if who.roles & operation.roles and not operation.counts_itself:\n",
        PACE,
        (T_PACE + "what_may_not_be_and_what_is_wrong_count_as_well_and_are_told",),
    ),
    Mutant(
        "a payout that is refused at the door is free",
        DOORS,
        "                if operation.counts_itself and visit.by:",
        "                if operation.counts_itself and not visit.by:",
        PACE,
        (T_PACE + "a_payout_that_is_refused_at_the_door_counts_and_is_told_as_elsewhere",),
    ),
    Mutant(
        "a payout is counted twice",
        PAYOUTS,
        "refuses={404, 422}, counts_itself=True)",
        "refuses={404, 422})",
        PACE,
        (T_PACE + "payouts_are_counted_where_they_are_written_by_the_policys_rates",),
    ),
    Mutant(
        "payouts are asked for as fast as anybody likes",
        REQUEST,
        "    rate.check(token)\n",
        "",
        PACE,
        (T_POLICY + "who_asks_too_fast_waits_and_a_replay_costs_nothing",),
    ),
    Mutant(
        "a payout takes no token",
        REQUEST,
        "replace(plan.decision.claims, token=token, ",
        "replace(plan.decision.claims, token=None, ",
        PACE,
        (T_POLICY + "who_asks_too_fast_waits_and_a_replay_costs_nothing",),
    ),
    Mutant(
        "two who read a full bucket take the same token",
        CLAIMS,
        "attribute_not_exists(tat) OR tat <= :now OR tat > :absurd",
        "attribute_not_exists(tat) OR tat >= :now OR tat > :absurd",
        PACE,
        (T_CLAIMS + "whoever_read_a_full_bucket_that_somebody_took_from_decides_again[simulated]",),
    ),
    Mutant(
        "a clock that is ahead empties a bucket, and it is begun anew",
        CLAIMS,
        '"absurd": latest + rate.MINUTE}',
        '"absurd": latest}',
        PACE,
        (
            T_CLAIMS
            + "a_clock_that_is_ahead_leaves_nothing_to_whoever_read_a_full_bucket[simulated]",
        ),
    ),
    Mutant(
        "tokens are taken out of an empty bucket",
        CLAIMS,
        '"latest": latest - token.interval}',
        '"latest": latest}',
        PACE,
        (
            T_CLAIMS
            + "tokens_are_taken_until_the_bucket_is_empty_and_again_when_it_fills[simulated]",
        ),
    ),
    Mutant(
        "a payout that is refused at the door costs nothing",
        DOORS,
        "if operation.counts_itself and visit.by:",
        "if operation.counts_itself and not visit:",
        PACE,
        (T_PACE + "a_payout_that_is_refused_at_the_door_counts_and_is_told_as_elsewhere",),
    ),
)
