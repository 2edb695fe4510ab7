"""The allowances of a date: exact under any order, whatever is drawn, given back or changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.allowance import (
    CONSUMES,
    NOTHING,
    Draw,
    Spent,
    bounds,
    draw,
    expected,
    given_back,
    keys,
    parts,
)
from chalicelib.domain.events import Accepted, Cancelled, Delayed, Refused, Started
from chalicelib.domain.intent import Drawn
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import MANY, MOST_SHARDS, NO_LIMIT, DayLimit, DayLimits
from tests.domain.making import WAYS, begun, event, hear_all, intent

DAY = date(2026, 3, 2)
ROWS = MOST_SHARDS
NONE = DayLimit(NO_LIMIT, MANY)
CUSTOMER, OPERATOR, *BUSINESS = keys("customer-1", "olive", DAY)


def limits(amount=NO_LIMIT, count=MANY, *, shards=4, **others):
    """No limits but the business's, and those that are named."""
    names = ("customer_unverified", "customer_verified", "operator")
    return DayLimits(
        **{**dict.fromkeys(names, NONE), **others},
        business=DayLimit(amount, count),
        shards=shards,
    )


def drawn(amount, of, spent=None, *, name="payout-1", verified=False):
    return draw(
        amount, transaction_id=name, customer_id="customer-1", by="olive", day=DAY,
        verified=verified, limits=of, spent=spent or {},
    )  # fmt: skip


def codes(faults):
    return [fault.code for fault in faults]


@dataclass
class Rows:
    """The table: every draw conditional, whole or not at all, as a transaction is."""

    held: dict[str, Spent] = field(default_factory=dict)

    def write(self, draws: tuple[Draw, ...]) -> bool:
        for each in draws:
            was = self.held.get(each.key, NOTHING)
            if was.amount > each.most - each.amount or was.count > each.most_count - each.count:
                return False
        self.add([Drawn(each.key, each.amount, each.count) for each in draws])
        return True

    def add(self, more) -> None:
        for each in more:
            was = self.held.get(each.key, NOTHING)
            self.held[each.key] = Spent(was.amount + each.amount, was.count + each.count)

    def spent(self) -> dict[str, Spent]:
        return dict(self.held)

    def of_business(self) -> Spent:
        rows = [self.held.get(key, NOTHING) for key in BUSINESS]
        return Spent(total(row.amount for row in rows), sum(row.count for row in rows))


def negated(draws):
    return [Drawn(each.key, -each.amount, -each.count) for each in draws]


# --- rows and their parts


def test_the_rows_of_a_date_are_the_customers_the_operators_and_all_of_the_business():
    assert CUSTOMER == "day#customer#customer-1#2026-03-02"
    assert OPERATOR == "day#operator#olive#2026-03-02"
    assert [f"day#business#2026-03-02#{shard}" for shard in range(ROWS)] == BUSINESS


@given(st.integers(0, 10**14), st.integers(1, 40))
def test_parts_are_even_and_sum_to_the_total_for_any_total_and_any_number(whole, rows):
    each = parts(whole, rows)
    assert len(each) == rows
    assert sum(each) == whole
    assert max(each) - min(each) <= 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=16), st.integers(0, 500))
def test_bounds_leave_exactly_what_is_left_of_the_limit(had, limit):
    most = bounds(had, limit)
    left = sum(max(0, bound - row) for bound, row in zip(most, had, strict=True))
    assert left == max(0, limit - sum(had))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=16), st.integers(0, 500), st.data())
def test_bounds_that_were_read_before_something_was_given_back_are_never_too_high(had, limit, data):
    later = [data.draw(st.integers(0, row)) for row in had]
    before, after = bounds(had, limit), bounds(later, limit)
    assert all(was <= now for was, now in zip(before, after, strict=True))


# --- one payout


def test_a_payout_draws_once_of_its_customer_its_operator_and_one_row_of_the_business():
    draws, faults = drawn(Money(700), limits(Money(10_000 * ROWS), 10 * ROWS, shards=1))
    assert faults == ()
    assert [(each.key, each.amount, each.count) for each in draws] == [
        (CUSTOMER, Money(700), 1), (OPERATOR, Money(700), 1), (BUSINESS[0], Money(700), 1),
    ]  # fmt: skip
    assert (draws[2].most, draws[2].most_count) == (Money(10_000), 10)


def test_payouts_begin_in_as_many_rows_as_the_policy_says():
    def first_rows(shards):
        of = limits(Money(10_000 * ROWS), 10 * ROWS, shards=shards)
        return {drawn(Money(1), of, name=f"payout-{each}")[0][-1].key for each in range(200)}

    for shards in (1, 3, ROWS):
        assert first_rows(shards) == set(BUSINESS[:shards])


def test_what_its_own_row_has_not_comes_from_those_with_most_left():
    spent = {
        **{key: Spent(Money(100), 1) for key in BUSINESS},
        BUSINESS[0]: Spent(Money(60), 1),
        BUSINESS[5]: Spent(Money(30), 1),
        BUSINESS[7]: Spent(Money(20), 1),
    }
    draws, _ = drawn(Money(150), limits(Money(100 * ROWS), MANY, shards=1), spent)
    assert [(each.key, each.amount, each.count) for each in draws[2:]] == [
        (BUSINESS[0], Money(40), 1), (BUSINESS[5], Money(30), 0), (BUSINESS[7], Money(80), 0),
    ]  # fmt: skip


def test_rows_with_as_much_left_are_asked_in_turn_so_that_not_all_meet_at_the_first():
    first = {
        name: drawn(Money(150), limits(Money(100 * ROWS)), name=name)[0][2:]
        for name in ("payout-1", "payout-2", "payout-3", "payout-4", "payout-5")
    }
    begins = {name: {BUSINESS.index(each.key) for each in of} for name, of in first.items()}
    assert len({tuple(rows) for rows in begins.values()}) > 1
    for rows in begins.values():
        assert max(rows) - min(rows) in {1, ROWS - 1}


def test_its_count_comes_from_another_row_where_its_own_has_none_left():
    spent = {BUSINESS[0]: Spent(ZERO, 1)}
    draws, _ = drawn(Money(10), limits(Money(100 * ROWS), 2, shards=1), spent)
    assert [(each.key, each.amount, each.count) for each in draws[2:]] == [
        (BUSINESS[0], Money(10), 0), (BUSINESS[1], ZERO, 1),
    ]  # fmt: skip
    # Nothing is asked about what is not taken.
    assert [(each.most, each.most_count) for each in draws[2:]] == [
        (Money(100), MANY), (NO_LIMIT, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verified", "fits"), [(False, (500_00, 500_01)), (True, (1_000_00, 1_000_01))]
)
def test_a_customer_may_have_more_a_day_where_the_destination_is_verified(verified, fits):
    of = limits(
        customer_unverified=DayLimit(Money(500_00), 9),
        customer_verified=DayLimit(Money(1_000_00), 9),
    )
    enough, too_much = (drawn(Money(cents), of, verified=verified)[1] for cents in fits)
    assert enough == ()
    assert codes(too_much) == ["customer_day_limit"]


def test_every_allowance_that_is_not_enough_is_named_at_once():
    small = DayLimit(Money(99), 5)
    of = limits(Money(99), customer_unverified=small, operator=small)
    draws, faults = drawn(Money(100), of)
    assert draws == ()
    assert codes(faults) == ["customer_day_limit", "operator_day_limit", "business_day_limit"]
    assert {fault.pointer for fault in faults} == {"/amount"}


@pytest.mark.parametrize("name", ["customer_unverified", "operator", "business"])
def test_the_last_cent_and_the_last_payout_of_a_limit_may_be_used_and_no_more(name):
    def of(amount, count):
        return replace(limits(), **{name: DayLimit(amount, count)})

    row = {"customer_unverified": CUSTOMER, "operator": OPERATOR, "business": BUSINESS[3]}[name]
    spent = {row: Spent(Money(40), 1)}
    assert drawn(Money(60), of(Money(100), 2), spent)[1] == ()
    for fault in (
        drawn(Money(61), of(Money(100), 2), spent)[1],
        drawn(Money(60), of(Money(100), 1), spent)[1],
    ):
        assert codes(fault) == [f"{name.partition('_')[0]}_day_limit"]


def test_a_fault_says_how_much_is_left_or_that_it_is_one_too_many():
    of = limits(operator=DayLimit(Money(100_00), 2))
    (amount,) = drawn(Money(61_00), of, {OPERATOR: Spent(Money(40_00), 1)})[1]
    (count,) = drawn(Money(1_00), of, {OPERATOR: Spent(Money(40_00), 2)})[1]
    (both,) = drawn(Money(60_00), of, {OPERATOR: Spent(Money(40_00), 2)})[1]
    (over,) = drawn(Money(1_00), of, {OPERATOR: Spent(Money(140_00), 1)})[1]
    assert amount.detail == (
        "is more than what is left of the operator's 100.00 for the day: 60.00"
    )
    assert count.detail == "is one payout more than the operator's 2 for the day"
    assert both == count
    assert over.detail.endswith("for the day: 0.00")


@given(st.integers(1, 5_000), st.integers(0, 5_000), st.integers(0, 40), st.integers(1, ROWS))
def test_a_draw_never_takes_more_than_its_own_bound(amount, most, count, shards):
    draws, _ = drawn(Money(amount), limits(Money(most), count, shards=shards))
    for each in draws:
        assert each.amount <= each.most
        assert each.count <= each.most_count
        assert each.amount or each.count


@pytest.mark.parametrize("name", ["customer_unverified", "operator", "business"])
@pytest.mark.parametrize("limit", [DayLimit(Money(100), 9), DayLimit(Money(1_000), 1)])
def test_of_two_that_were_decided_by_the_same_reading_only_one_takes_the_last_of_a_limit(
    name, limit
):
    of = replace(limits(shards=1), **{name: limit})
    rows = Rows()
    one, other = (drawn(Money(60), of, rows.spent(), name=each)[0] for each in ("one", "other"))
    assert rows.write(one)
    assert not rows.write(other)


# --- any sequence

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "read", "draw by what was read", "give back"]),
        st.integers(1, 400), st.integers(0, 10**6),
    ),
    max_size=60,
)  # fmt: skip


@given(ACTIONS, st.integers(0, 2_000), st.integers(0, 12), st.integers(1, ROWS))
def test_no_order_of_draws_and_returns_is_ever_above_the_limit_or_leaves_some_of_it_unusable(
    actions, amount, count, shards
):
    of, rows, read = limits(Money(amount), count, shards=shards), Rows(), {}
    mine: list[tuple[Draw, ...]] = []
    for what, cents, pick in actions:
        if what == "read":
            read = rows.spent()
        elif what == "give back" and mine:
            rows.add(negated(mine.pop(pick % len(mine))))
        elif what.startswith("draw"):
            had = rows.of_business()
            known = rows.spent() if what == "draw" else read
            draws, faults = drawn(Money(cents), of, known, name=f"payout-{pick}")
            if what == "draw":
                fits = had.amount.cents + cents <= amount and had.count < count
                assert (faults == ()) == fits
            if draws and rows.write(draws):
                mine.append(draws)
            else:
                assert what != "draw" or faults
        now = rows.of_business()
        assert now.amount <= Money(amount)
        assert now.count <= count


POLICIES = st.tuples(st.integers(0, 1_000), st.integers(0, 12), st.integers(1, ROWS))


@given(ACTIONS, st.lists(POLICIES, min_size=2, max_size=3))
def test_under_several_policies_at_once_it_is_never_above_the_highest_of_them(actions, policies):
    rows, read, highest = Rows(), {}, ZERO
    allowed = [limits(Money(amount), count, shards=shards) for amount, count, shards in policies]
    for what, cents, pick in actions:
        if what == "read":
            read = rows.spent()
        elif what.startswith("draw"):
            known = rows.spent() if what == "draw" else read
            of = allowed[pick % len(allowed)]
            highest = max(highest, of.business.amount)
            rows.write(drawn(Money(cents), of, known, name=f"payout-{pick}")[0])
        assert rows.of_business().amount <= highest


@given(ACTIONS, POLICIES, st.integers(1, ROWS), st.integers(0, 1_000), st.integers(0, 12))
def test_what_was_drawn_before_a_policy_changed_the_shards_or_the_limit_counts_as_before(
    actions, policy, shards, amount, count
):
    rows, taken = Rows(), []
    was = limits(Money(policy[0]), policy[1], shards=policy[2])
    now = limits(Money(amount), count, shards=shards)
    for place, (_, cents, pick) in enumerate(actions):
        of = was if place < len(actions) // 2 else now
        had = rows.of_business()
        draws, faults = drawn(Money(cents), of, rows.spent(), name=f"payout-{pick}")
        fits = had.amount + Money(cents) <= of.business.amount and had.count < of.business.count
        assert (faults == ()) == fits
        assert not draws or rows.write(draws)
        taken += [draws]
        most = max(had.amount, of.business.amount)
        assert rows.of_business().amount <= most
    for draws in taken:
        rows.add(negated(draws))
    assert rows.of_business() == Spent(ZERO, 0)


def test_a_lower_limit_counts_what_lies_above_a_rows_part_against_the_other_rows():
    rows = Rows()
    for each in range(4):  # all of it in one row
        assert rows.write(
            drawn(Money(250), limits(Money(1_000 * ROWS), shards=1), rows.spent())[0]
        ), each
    now = limits(Money(1_600), shards=ROWS)
    assert drawn(Money(601), now, rows.spent())[0] == ()
    assert rows.write(drawn(Money(600), now, rows.spent())[0])
    assert rows.of_business().amount == Money(1_600)
    assert codes(drawn(Money(1), now, rows.spent())[1]) == ["business_day_limit"]


# --- what is given back

TOOK = (Drawn(CUSTOMER, Money(10_000), 1), Drawn(BUSINESS[2], Money(10_000), 0))
GAVE = (Drawn(CUSTOMER, Money(-10_000), -1), Drawn(BUSINESS[2], Money(-10_000), 0))


def test_what_failed_was_declined_or_cancelled_gives_back_and_what_came_back_does_not():
    given_up = {status for status, consumes in CONSUMES.items() if not consumes}
    assert given_up == {Status.FAILED, Status.DECLINED, Status.CANCELLED}
    assert CONSUMES[Status.RETURNED]
    assert CONSUMES[Status.REJECTED]


@pytest.mark.parametrize("status", list(WAYS))
def test_a_life_gives_back_once_what_it_took_if_it_ends_unpaid(status):
    payout = begun(drawn=TOOK)
    changes: list[Drawn] = []
    for each in WAYS[status]:
        step = advance(payout, each)
        changes += given_back([step])
        payout = step.after
    assert payout.status is status
    disputed = (*GAVE, *TOOK)  # it had failed before
    ends = {Status.DISPUTED: disputed, Status.FAILED: GAVE, Status.CANCELLED: GAVE}
    assert tuple(changes) == {**ends, Status.DECLINED: GAVE}.get(status, ())


def test_steps_written_together_give_back_what_they_come_to():
    payout = begun(drawn=TOOK)
    delayed = advance(payout, event(Delayed))
    cancelled = advance(delayed.after, event(Cancelled))
    assert given_back([delayed, cancelled]) == GAVE
    assert given_back([delayed]) == ()


def test_what_was_given_back_is_taken_again_when_it_was_paid_all_the_same():
    failed = hear_all(begun(drawn=TOOK), [event(Started), event(Refused)])
    disputed = advance(failed, event(Accepted))
    assert disputed.after.status is Status.DISPUTED
    assert given_back([disputed]) == TOOK


def test_a_first_step_takes_by_its_claims_and_gives_back_where_it_is_also_the_end():
    first = begin(intent(drawn=TOOK), by="olive")
    assert given_back([first]) == ()
    assert given_back([first, advance(first.after, event(Cancelled))]) == GAVE


def test_a_payout_that_drew_nothing_gives_nothing_back():
    assert given_back([advance(begun(), event(Cancelled))]) == ()


# --- what the rows must hold


def test_the_rows_must_hold_the_sum_of_what_payouts_use():
    paid, cancelled = begun(drawn=TOOK), hear_all(begun(drawn=TOOK), [event(Cancelled)])
    only = hear_all(begun(drawn=(Drawn(OPERATOR, Money(5), 1),)), [event(Cancelled)])
    assert expected([paid, paid, cancelled, only]) == {
        CUSTOMER: Spent(Money(20_000), 2),
        BUSINESS[2]: Spent(Money(20_000), 0),
        OPERATOR: NOTHING,
    }
    assert expected([]) == {}


@pytest.mark.parametrize("status", list(WAYS))
def test_rows_that_are_drawn_and_given_back_hold_what_their_payouts_use(status):
    rows = Rows()
    rows.add(TOOK)
    payout = begun(drawn=TOOK)
    for each in WAYS[status]:
        step = advance(payout, each)
        rows.add(given_back([step]))
        payout = step.after
    assert rows.held == expected([payout])
