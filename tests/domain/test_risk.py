"""Each rule of risk by itself, and what their strengths come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.allowance import Spent
from chalicelib.domain.habits import Habits, after
from chalicelib.domain.money import LARGEST_CENTS, Money
from chalicelib.domain.policy import DEFAULT, RULES, RiskRules
from chalicelib.domain.risk import Circumstances, Risk, judge, score, signals
from chalicelib.domain.standing import Standing

# A Monday, half past twelve in Sydney.
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KNOWN = Standing("destination-1", AT - 900 * DAY)
WEEKLY = tuple(AT - 7 * DAY * week for week in range(12, 0, -1))


def history(*at, cents=10_000, proven=("destination-1",)):
    habits = Habits(proven=frozenset(proven))
    for moment in sorted(at):
        habits = after(habits, Money(cents), moment)
    return habits


def amounts(*cents):
    habits = history()
    for day, each in enumerate(cents):
        habits = after(habits, Money(each), AT - (len(cents) - day) * 7 * DAY)
    return habits


def case(cents=10_000, at=AT, habits=None, standing=KNOWN, today=None):
    known = history(*WEEKLY) if habits is None else habits
    return Circumstances(Money(cents), at, known, standing, today)


def fired(rule, it):
    """How strongly a rule fired, 0 where it did not."""
    return dict(signals(it)).get(rule, 0)


def test_a_usual_payout_to_a_known_destination_fires_nothing():
    assert signals(case()) == ()


# --- velocity


@pytest.mark.parametrize(
    ("before", "strength"), [(1, 0), (2, 0), (3, 33), (4, 66), (5, 100), (50, 100)]
)
def test_more_than_three_a_day_are_many_for_who_is_paid_weekly(before, strength):
    lately = [AT - 2 * HOUR - timedelta(minutes=20 * each) for each in range(before)]
    assert fired("velocity", case(habits=history(*WEEKLY, *lately))) == strength


def test_many_a_day_are_not_many_for_who_has_many_every_day():
    daily = [AT - day * DAY - hour * HOUR for day in range(1, 31) for hour in range(1, 11)]
    calm = history(*daily, *[AT - hour * HOUR for hour in range(3, 13)])
    assert fired("velocity", case(habits=calm)) == 0
    hasty = history(*daily, *[AT - hour * HOUR / 3 for hour in range(9, 39)])
    assert fired("velocity", case(habits=hasty)) > 0


def test_what_was_drawn_on_that_date_counts_where_the_history_knows_less():
    assert fired("velocity", case(today=Spent(Money(1), 2))) == 0
    assert fired("velocity", case(today=Spent(Money(1), 4))) == 66


def test_the_first_days_of_a_customer_are_held_against_one_day_at_least():
    assert fired("velocity", case(habits=Habits())) == 0
    # Four yesterday and the day before: usual is four a day, so eight are calm.
    young = history(*[AT - 30 * HOUR - timedelta(minutes=each) for each in range(4)])
    assert fired("velocity", case(habits=young, today=Spent(Money(1), 7))) == 0
    assert fired("velocity", case(habits=young, today=Spent(Money(1), 8))) == 12


def test_what_is_usual_is_counted_by_the_days_before_the_last_24_hours():
    # Eight in two and a half days of which the last is not counted: eight a day, and sixteen calm.
    days = history(*[AT - 60 * HOUR] * 8, *[AT - 2 * HOUR] * 19)
    assert fired("velocity", case(habits=days)) == 25
    # Four in three and a half days: two a day, and four calm.
    assert fired("velocity", case(habits=history(*[AT - 84 * HOUR] * 4))) == 0
    quick = case(habits=history(*[AT - 84 * HOUR] * 4), today=Spent(Money(1), 6))
    assert fired("velocity", quick) == 75


# --- burst


@pytest.mark.parametrize(("before", "strength"), [(0, 0), (1, 0), (2, 50), (3, 100), (9, 100)])
def test_more_than_two_within_an_hour_are_a_burst(before, strength):
    minutes = [AT - timedelta(minutes=2 * each) for each in range(before)]
    assert fired("burst", case(habits=history(*WEEKLY, *minutes))) == strength


def test_those_of_more_than_an_hour_ago_are_no_burst():
    earlier = [AT - 2 * HOUR] * 9
    assert fired("burst", case(habits=history(*WEEKLY, *earlier))) == 0


# --- the payee and the destination


@pytest.mark.parametrize(("before", "strength"), [(0, 100), (1, 66), (2, 33), (3, 0), (4, 0)])
def test_the_first_payouts_of_a_customer_are_new(before, strength):
    assert fired("new_payee", case(habits=history(*WEEKLY[:before]))) == strength


def test_a_destination_is_new_until_a_payment_has_arrived_there():
    assert fired("new_destination", case()) == 0
    elsewhere = history(*WEEKLY, proven=("destination-2",))
    assert fired("new_destination", case(habits=elsewhere)) == 100


@pytest.mark.parametrize(
    ("days", "strength"), [(-1, 100), (0, 100), (1, 96), (15, 50), (29, 3), (30, 0), (400, 0)]
)
def test_a_destination_that_was_changed_lately_counts_less_each_day(days, strength):
    changed = Standing("destination-1", AT - days * DAY, changed=True)
    assert fired("changed_destination", case(standing=changed)) == strength


def test_a_destination_that_came_with_the_registration_was_not_changed():
    assert fired("changed_destination", case(standing=replace(KNOWN, added_at=AT))) == 0


@pytest.mark.parametrize(("others", "strength"), [(0, 0), (1, 50), (2, 100), (40, 100)])
def test_a_destination_of_several_customers_counts(others, strength):
    assert fired("shared_destination", case(standing=replace(KNOWN, shared=others))) == strength


# --- the amount


@pytest.mark.parametrize(
    ("cents", "strength"),
    # The mean is 100.00, the deviation 20.00: three are 160.00, six are 220.00.
    [(16_000, 0), (16_001, 1), (16_020, 1), (19_000, 50), (22_000, 100), (90_000, 100), (100, 0)],
)
def test_an_amount_far_above_the_mean_in_deviations_is_unusual(cents, strength):
    past = amounts(8_000, 12_000, 8_000, 12_000, 8_000, 12_000)
    assert fired("unusual_amount", case(cents, habits=past)) == strength


def test_four_payouts_are_no_history_and_five_are():
    assert fired("unusual_amount", case(99_000, habits=amounts(*[10_000] * 4))) == 0
    assert fired("unusual_amount", case(99_000, habits=amounts(*[10_000] * 5))) == 100


@pytest.mark.parametrize(
    ("cents", "strength"), [(13_000, 0), (13_001, 1), (13_100, 4), (16_000, 100)]
)
def test_who_is_always_paid_the_same_may_have_three_tenths_more(cents, strength):
    assert fired("unusual_amount", case(cents, habits=amounts(*[10_000] * 9))) == strength


def test_of_single_cents_there_is_no_tenth():
    assert fired("unusual_amount", case(3, habits=amounts(*[1] * 5))) == 100
    assert fired("unusual_amount", case(2, habits=amounts(*[1] * 5))) == 67
    assert fired("unusual_amount", case(1, habits=amounts(*[1] * 5))) == 0


# --- the hour


@pytest.mark.parametrize(
    ("utc", "odd"),
    [
        # In summer Sydney is eleven hours ahead.
        (datetime(2026, 1, 14, 13, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 14, 14, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 14, 17, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 14, 18, 0, tzinfo=UTC), False),
        # In winter ten.
        (datetime(2026, 7, 14, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 14, 15, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 18, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 19, 0, tzinfo=UTC), False),
        # The night of 5 April 2026: the hour from two to three comes twice.
        (datetime(2026, 4, 4, 13, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 4, 4, 14, 0, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 15, 30, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 16, 30, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 18, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 4, 19, 0, tzinfo=UTC), False),
        # The night of 4 October 2026: two o'clock is three o'clock.
        (datetime(2026, 10, 3, 14, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 3, 15, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 3, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 3, 17, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 3, 18, 0, tzinfo=UTC), False),
    ],
)
def test_one_to_five_at_night_are_odd_on_sydneys_clocks_in_summer_and_winter(utc, odd):
    assert fired("odd_hour", case(at=utc)) == (100 if odd else 0)


# --- all of them

WORST = case(
    10**9, at=datetime(2026, 3, 1, 15, 30, tzinfo=UTC),
    habits=Habits(2, 2, 2, {"2026030115": 99}, first_at=AT - DAY),
    standing=Standing("destination-2", AT - DAY, changed=True, shared=9),
)  # fmt: skip


def test_what_fires_is_told_in_the_order_of_the_rules_with_its_strength():
    told = signals(WORST)
    assert [name for name, _ in told] == [name for name in RULES if name != "unusual_amount"]
    assert dict(told)["new_payee"] == 33


@given(
    cents=st.integers(1, LARGEST_CENTS),
    minutes=st.lists(st.integers(0, 60 * 24 * 40), max_size=30),
    past=st.integers(1, LARGEST_CENTS),
    standing=st.builds(
        Standing, st.sampled_from(["destination-1", "destination-2"]),
        st.integers(-5, 60).map(lambda days: AT - days * DAY), changed=st.booleans(),
        shared=st.integers(0, 50),
    ),
    today=st.none() | st.builds(Spent, st.just(Money(1)), st.integers(0, 99)),
    hour=st.integers(0, 23),
)  # fmt: skip
def test_every_strength_is_from_1_to_100_and_every_score_from_0_to_100(
    cents, minutes, past, standing, today, hour
):
    at = AT + hour * HOUR
    habits = history(*[at - timedelta(minutes=each) for each in minutes], cents=past)
    told = signals(case(cents, at, habits, standing, today))
    assert [name for name in RULES if name in dict(told)] == [name for name, _ in told]
    assert all(type(strength) is int and 1 <= strength <= 100 for _, strength in told)
    assert 0 <= score(told, DEFAULT.risk) <= 100
    assert 0 <= score(told, RiskRules(weights=dict.fromkeys(RULES, 100))) <= 100


@given(st.dictionaries(st.sampled_from(RULES), st.integers(0, 100)), st.integers(1, 10**9))
def test_more_is_never_less_risky(weights, more):
    rules = RiskRules(weights=weights)
    quiet = case(10_000, habits=amounts(*[9_000] * 6))
    louder = replace(quiet, amount=Money(10_000 + more))
    assert score(signals(quiet), rules) <= score(signals(louder), rules)


def test_a_score_is_the_sum_of_strengths_by_weights_rounded_down_and_at_most_100():
    rules = RiskRules(weights={"burst": 25, "odd_hour": 5, "new_payee": 100})
    assert score([("burst", 50), ("odd_hour", 100)], rules) == 17  # 12.5 and 5
    assert score([("burst", 100), ("new_payee", 100)], rules) == 100
    assert score([], rules) == 0


def test_a_rule_without_a_weight_counts_nothing():
    assert score([("velocity", 100)], RiskRules(weights={"burst": 100})) == 0


@pytest.mark.parametrize(
    ("reached", "risk"),
    [
        (0, Risk.ALLOWED), (49, Risk.ALLOWED), (50, Risk.REVIEW), (90, Risk.REVIEW),
        (91, Risk.BLOCKED), (100, Risk.BLOCKED),
    ],
)  # fmt: skip
def test_from_50_a_person_looks_and_above_90_nobody_pays(reached, risk):
    assert judge(reached, DEFAULT.risk) is risk


def test_of_a_takeover_a_person_hears_and_the_worst_is_blocked():
    takeover = case(
        90_000, habits=amounts(*[10_000] * 9),
        standing=Standing("destination-2", AT - 2 * HOUR, changed=True),
    )  # fmt: skip
    assert score(signals(takeover), DEFAULT.risk) == 65
    assert judge(65, DEFAULT.risk) is Risk.REVIEW
    assert judge(score(signals(WORST), DEFAULT.risk), DEFAULT.risk) is Risk.BLOCKED


def test_a_customers_very_first_payout_needs_nobody_for_that_alone():
    first = case(habits=Habits())
    assert [name for name, _ in signals(first)] == ["new_payee", "new_destination"]
    assert score(signals(first), DEFAULT.risk) == 15
    assert judge(15, DEFAULT.risk) is Risk.ALLOWED
