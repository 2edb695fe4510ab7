"""Whether an alarm would ring: just beyond its bound, not at it, and for as long as it says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib import metrics
from deployment import costs
from deployment.alarms import ALARMS, FAILED, Alarm, To
from deployment.measures import (
    Cost,
    Level,
    OfLimit,
    Share,
    expression,
    functions,
    gateway,
    of,
    ours,
)
from deployment.ringing import Point, Watch, point_of, points

NOW = 1_000_000
LIMITS = {"AccountConcurrency": 1000}
BY_NAME = {each.name: each for each in ALARMS}


def measured(it: Alarm, beyond: int, at: int) -> list[Point]:
    """What makes an alarm's measure its bound, and as much beyond that."""
    match it.measure:
        case Level(series):
            return [point_of(series[0], it.bound + beyond, at)]
        case Share():
            return share(it.measure, it.bound + beyond, 100, at)
        case OfLimit(series):
            return [point_of(series, (it.bound + beyond) * 10, at)]
        case Cost():
            raise AssertionError("nobody is called for what a payout costs")


def share(it: Share, part: int, whole: int, at: int = NOW) -> list[Point]:
    """So many of so many, told by one series of each, or by one of which each is 1 or 0."""
    if it.whole.statistic != "SampleCount":
        return [point_of(it.part, part, at), point_of(it.whole, whole, at)]
    return [point_of(it.part, int(number < part), at) for number in range(whole)]


def rings(it: Alarm, *told: Point, now: int = NOW) -> bool:
    return Watch(told, limits=LIMITS).rings(it, now)


@pytest.mark.parametrize("it", ALARMS, ids=lambda it: it.name)
def test_each_alarm_rings_just_beyond_its_bound_and_in_each_of_its_periods_only(it):
    ends = [NOW - number * it.period for number in range(it.times)]
    beyond = -1 if it.below else 1
    assert rings(it, *(each for end in ends for each in measured(it, beyond, end)))
    assert not rings(it, *(each for end in ends for each in measured(it, 0, end)))
    *others, oldest = ends
    calm = measured(it, 0, oldest)
    assert not rings(it, *calm, *(each for end in others for each in measured(it, beyond, end)))


@pytest.mark.parametrize("it", ALARMS, ids=lambda it: it.name)
def test_where_nothing_is_measured_it_rings_only_that_nobody_runs_or_looks(it):
    silent = {"poller-silent", "wake-silent", "keep-silent", "gauges-unread"}
    assert rings(it) == (it.name in silent)
    late = measured(it, 100, NOW - it.period * it.times)
    assert it.silence_rings or not rings(it, *late), "what is past counts no more"


def test_a_few_that_went_wrong_are_no_share():
    for name in ("payouts-failing", "errors"):
        it = BY_NAME[name]
        assert isinstance(it.measure, Share)
        few = share(it.measure, 2, 2)
        assert not rings(it, *few)
        assert rings(it, *few, *share(it.measure, 1, 1))


def test_what_a_share_leaves_is_told_as_such_and_of_nothing_there_is_no_rate():
    rest = replace(FAILED, rest=True)
    it = Alarm("x", To.MAIL, "X.", rest, 0)
    for failed, rate in ((1, 75), (0, 100)):
        assert Watch(tuple(share(rest, failed, 4)))._made_of(it, NOW - 1, NOW) == rate
    assert Watch(())._made_of(it, NOW - 1, NOW) is None
    assert expression(rest) == f"100-{expression(FAILED)}"


def test_values_of_a_period_are_added_or_the_highest_counts_or_so_many_of_a_hundred():
    told = [point_of(ours("Duration", Door="api"), value, NOW) for value in range(1, 101)]
    for statistic, value in (
        ("Sum", 5050),
        ("Maximum", 100),
        ("Average", 50),
        ("SampleCount", 100),
        ("p95", 95),
    ):
        it = Alarm("x", To.MAIL, "X.", of(ours("Duration", statistic, Door="api")), value - 1)
        assert rings(it, *told)
        assert not rings(replace(it, bound=value + 1), *told)


def test_a_line_tells_what_it_declares_in_total_and_apart():
    line = json.dumps({"event": "x", **metrics.measured({"BreakerOpen": 1}, Circuit="npp")})
    total, apart = points(line, NOW)
    assert total == point_of(ours("BreakerOpen"), 1, NOW)
    assert apart == point_of(ours("BreakerOpen", Circuit="npp"), 1, NOW)
    assert points(json.dumps({"event": "deed"}), NOW) == []


def test_what_a_payout_costs_is_what_is_used_by_its_price_over_the_payouts():
    """Of a day as it may be: a thousand payouts, each with two calls and sixty units of writing."""
    of_api, writes = functions("Duration", "APIHandler")[0], costs.A_PAYOUT.priced[-3][0]
    told = (
        point_of(costs.A_PAYOUT.among, 1000, NOW), point_of(of_api, 1000 * 2 * 300, NOW),
        point_of(gateway("Count"), 2000, NOW), point_of(writes, 60_000, NOW),
    )  # fmt: skip
    cost = 600_000 * 0.0000167 / 2 / 1000 + 2000 * 0.00000425 + 60_000 * 0.0000015
    it = Alarm("x", To.MAIL, "X.", costs.A_PAYOUT, 0)
    assert Watch(told)._made_of(it, NOW - 1, NOW) == pytest.approx(cost / 1000)
    assert Watch(told[1:])._made_of(it, NOW - 1, NOW) is None, "nothing, where nobody paid"
    assert 0 < cost / 1000 < 0.005


def test_another_stage_is_another_matter():
    it = BY_NAME["provider-failing"]
    told = (point_of(ours("ProviderFailures"), 1, NOW, stage="dev"),)
    assert Watch(told, stage="dev").rings(it, NOW)
    assert not Watch(told, stage="prod").rings(it, NOW)
