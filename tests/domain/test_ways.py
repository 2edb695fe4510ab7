"""Which way a payout goes, and why: by name, by cost, by urgency; with what it saves, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.destination import BankAccount, PayId, PayIdType, PayoutMethod
from chalicelib.domain.money import Money
from chalicelib.domain.order import Conditions, Order, candidates
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import (
    Routing,
    Strategy,
    Urgency,
    Way,
    charged,
    choose,
    way_of,
)

# A Monday, noon in Sydney.
MONDAY = datetime(2026, 4, 27, 2, 0, tzinfo=UTC)
CALENDAR = Calendar(lambda _day: False)
ACCOUNT = BankAccount.parse("062-000", "12345678", "Jo Citizen")
PAYID = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
# Direct Entry is the cheaper way in most contracts, and the dearer one in the provider's example.
CHEAP_BATCHES = {Way.PAY_ID: Money(30), Way.ACCOUNT: Money(25), Way.DIRECT_ENTRY: Money(13)}
DEAR_BATCHES = Routing().costs
NOON = Conditions(MONDAY, CALENDAR, CHEAP_BATCHES)
EVEN = replace(NOON, costs=dict.fromkeys(Way, Money(10)))


def order(**changed):
    plain = {"customer_id": "c", "amount": Money(10_000), "method": PayoutMethod.BANK_ACCOUNT}
    return Order(**{**plain, **changed})


def chosen(now=NOON, to=ACCOUNT, usual=None, **asked):
    it = order(method=to.method, **asked)
    return choose(it.wish(usual), candidates(it, to, now))


def reason(now=NOON, to=ACCOUNT, usual=None, **asked):
    choice = chosen(now, to, usual, **asked)
    assert not choice.faults
    return choice.route.reason


NORMAL, URGENT = Urgency.NORMAL, Urgency.URGENT
CHEAPEST, FASTEST, BY_URGENCY = Strategy.CHEAPEST, Strategy.FASTEST, Strategy.BY_URGENCY


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "NPP bank account: as usual, arrives within seconds"),
        ({"rail": Rail.NPP}, "NPP bank account: as asked for, arrives within seconds"),
        ({"rail": Rail.DIRECT_ENTRY}, "Direct Entry: as asked for, arrives Tue 28 Apr"),
        ({"urgency": NORMAL}, "Direct Entry: not urgent, saves 0.12, arrives Tue 28 Apr"),
        ({"strategy": BY_URGENCY}, "Direct Entry: not urgent, saves 0.12, arrives Tue 28 Apr"),
        ({"urgency": URGENT}, "NPP bank account: urgent, costs 0.12 more, arrives within seconds"),
        (
            {"strategy": BY_URGENCY, "urgency": URGENT},
            "NPP bank account: urgent, costs 0.12 more, arrives within seconds",
        ),
        ({"strategy": CHEAPEST}, "Direct Entry: cheapest, saves 0.12, arrives Tue 28 Apr"),
        (
            {"strategy": FASTEST},
            "NPP bank account: fastest, costs 0.12 more, arrives within seconds",
        ),
        (
            {"strategy": CHEAPEST, "now": replace(NOON, costs=DEAR_BATCHES)},
            "NPP bank account: cheapest, saves 0.03, arrives within seconds",
        ),
        (
            {"strategy": CHEAPEST, "now": EVEN},
            "NPP bank account: cheapest, arrives within seconds",
        ),
        (
            {"usual": CHEAPEST},
            "Direct Entry: cheapest, saves 0.12, arrives Tue 28 Apr",
        ),
        (
            {"usual": CHEAPEST, "rail": Rail.NPP},
            "NPP bank account: as asked for, arrives within seconds",
        ),
        ({"to": PAYID, "urgency": NORMAL}, "NPP PayID: the only way, arrives within seconds"),
        (
            {"strategy": CHEAPEST, "reference": "INV-1042"},
            (
                "NPP bank account: the only way; DirectEntry carries no reference, "
                "arrives within seconds"
            ),
        ),
        (
            {"strategy": FASTEST, "now": replace(NOON, npp_most=Money(9_999))},
            (
                "Direct Entry: the only way; the provider takes at most 99.99 over NPP, "
                "arrives Tue 28 Apr"
            ),
        ),
    ],
)  # fmt: skip
def test_a_way_is_chosen_and_the_reason_is_told_as_people_read_it(asked, words):
    assert reason(**asked) == words


def test_a_way_says_what_it_is_likely_to_cost_and_when_it_arrives():
    fast, slow = chosen(strategy=FASTEST).route, chosen(strategy=CHEAPEST).route
    assert (fast.fee, fast.arrives_on) == (Money(25), date(2026, 4, 27))
    assert (slow.fee, slow.arrives_on) == (Money(13), date(2026, 4, 28))


@pytest.mark.parametrize(
    "account",
    [
        BankAccount.parse("062-000", "1234567890", "Jo Citizen"),
        BankAccount.parse("062-000", "12345678", "José Citizen"),
    ],
    ids=["a number too long", "a name with an accent"],
)
def test_an_account_that_direct_entry_cannot_pay_goes_over_npp_however_cheap_that_is(account):
    assert chosen(to=account, strategy=CHEAPEST).rail is Rail.NPP
    assert "Direct Entry takes" in reason(to=account, strategy=CHEAPEST)


def test_a_rail_that_was_named_is_not_left_for_another_one():
    most = replace(NOON, npp_most=Money(9_999))
    assert [each.code for each in chosen(most, rail=Rail.NPP).faults] == ["above_provider_limit"]
    assert [each.code for each in chosen(most).faults] == ["above_provider_limit"]
    refused = chosen(to=PAYID, rail=Rail.DIRECT_ENTRY)
    assert [(each.pointer, each.code) for each in refused.faults] == [
        ("/rail", "rail_cannot_reach")
    ]
    assert refused.rail is Rail.DIRECT_ENTRY


@pytest.mark.parametrize("usual", [None, *Strategy])
def test_what_is_left_to_us_could_go_by_the_other_rails_that_carry_all_of_it(usual):
    for choice in (chosen(usual=usual), chosen(urgency=NORMAL), chosen(strategy=FASTEST)):
        assert {choice.rail, *choice.others} == set(Rail)
        assert len(choice.others) == 1


@pytest.mark.parametrize("rail", list(Rail))
def test_a_rail_that_was_named_leaves_no_other(rail):
    assert chosen(rail=rail).others == ()


@pytest.mark.parametrize("asked", [
    {"reference": "INV-1042"}, {"description": "more than eighteen characters"}, {"to": PAYID},
    {"to": BankAccount.parse("062-000", "1234567890", "Jo Citizen")},
], ids=["reference", "description", "PayID", "a number too long"])  # fmt: skip
def test_what_direct_entry_does_not_carry_or_reach_leaves_it_out_as_another_rail_too(asked):
    assert chosen(**asked).others == ()


def test_above_the_providers_own_limit_npp_is_no_other_rail():
    most = replace(NOON, npp_most=Money(9_999))
    assert (chosen(most, urgency=NORMAL).rail, chosen(most, urgency=NORMAL).others) == (
        Rail.DIRECT_ENTRY, (),
    )  # fmt: skip


def test_where_no_way_is_possible_everything_that_stands_in_it_is_told():
    most = replace(NOON, npp_most=Money(9_999))
    stuck = chosen(most, strategy=CHEAPEST, reference="INV-1042", description="x" * 19)
    assert [(each.pointer, each.code) for each in stuck.faults] == [
        ("/amount", "above_provider_limit"),
        ("/description", "rail_cannot_carry"),
        ("/reference", "rail_cannot_carry"),
    ]


def test_a_limit_of_npp_takes_an_amount_that_is_just_as_much():
    assert chosen(replace(NOON, npp_most=Money(10_000)), strategy=FASTEST).rail is Rail.NPP


def test_the_ways_of_an_account_that_is_not_known_are_those_of_any():
    found = candidates(order(), None, NOON)
    assert [each.way for each in found] == [Way.ACCOUNT, Way.DIRECT_ENTRY]
    assert not any(each.faults for each in found)


@pytest.mark.parametrize(
    ("rail", "method", "way"),
    [
        (Rail.NPP, PayoutMethod.PAY_ID, Way.PAY_ID),
        (Rail.NPP, PayoutMethod.BANK_ACCOUNT, Way.ACCOUNT),
        (Rail.DIRECT_ENTRY, PayoutMethod.BANK_ACCOUNT, Way.DIRECT_ENTRY),
        (Rail.DIRECT_ENTRY, PayoutMethod.PAY_ID, Way.DIRECT_ENTRY),
    ],
)
def test_a_rail_and_a_kind_of_destination_are_a_way(rail, method, way):
    assert way_of(rail, method) is way


@pytest.mark.parametrize(
    ("before_gst", "cents"),
    [("0.09", 10), ("0.10", 11), ("0.12", 13), ("0.05", 6), ("0.0409", 4), ("0", 0), ("1", 110)],
)
def test_a_fee_is_what_leaves_the_account_gst_included_rounded_half_up(before_gst, cents):
    assert charged(Decimal(before_gst)) == Money(cents)


COSTS = st.fixed_dictionaries({way: st.integers(0, 500).map(Money) for way in Way})


@given(
    costs=COSTS, strategy=st.sampled_from(Strategy), urgency=st.sampled_from([None, *Urgency]),
    npp_most=st.sampled_from([None, Money(9_999), Money(10_000)]),
    reference=st.sampled_from(["", "INV-1042"]),
)  # fmt: skip
def test_no_other_possible_way_is_better_than_the_one_that_is_chosen(
    costs, strategy, urgency, npp_most, reference
):
    now = Conditions(MONDAY, CALENDAR, costs, npp_most)
    asked = order(reference=reference, strategy=strategy, urgency=urgency)
    found = candidates(asked, ACCOUNT, now)
    wish = asked.wish(None)
    choice = choose(wish, found)
    possible = [each for each in found if not each.faults]
    assert bool(choice.faults) is not bool(possible)
    if not possible:
        return
    (best,) = [each for each in possible if each.rail is choice.rail]
    assert choice.route.fee == best.fee
    if wish.fast:
        assert all(best.arrival.on <= each.arrival.on for each in possible)
    else:
        assert all(best.fee <= each.fee for each in possible)
