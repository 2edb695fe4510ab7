"""The policy: its form, everything that can be wrong with it, and how it is told and kept."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest

from chalicelib.domain.errors import Fault
from chalicelib.domain.money import LARGEST_CENTS, Money
from chalicelib.domain.policy import (
    DEFAULT,
    FREE,
    MOST_SHARDS,
    NO_LIMIT,
    RULES,
    DayLimit,
    Policy,
    RateRules,
    RiskRules,
    bounds,
    faults_of,
    from_plain,
    to_plain,
    values,
)
from chalicelib.domain.policy_told import policy_told, read_policy


def at(place, value, policy=DEFAULT):
    """The policy with another value at a place."""
    plain = to_plain(policy)
    *way, name = place.strip("/").split("/")
    part = plain
    for each in way:
        part = part[each]
    part[name] = value.cents if isinstance(value, Money) else value
    return from_plain(plain)


def codes(policy):
    return {each.pointer: each.code for each in faults_of(policy)}


def told(policy):
    return {(each.pointer, each.code) for each in faults_of(policy)}


@pytest.mark.parametrize("policy", [DEFAULT, FREE], ids=["default", "free"])
def test_the_policies_of_the_house_are_sound_and_come_back_as_they_were_kept(policy):
    assert faults_of(policy) == ()
    kept = json.loads(json.dumps(to_plain(policy)))
    assert from_plain(kept) == policy
    assert from_plain({**kept, "version": 7}) == replace(policy, version=7)


def test_every_rule_of_risk_has_a_weight_and_together_they_can_block():
    assert tuple(DEFAULT.risk.weights) == RULES
    assert sum(DEFAULT.risk.weights.values()) > DEFAULT.risk.blocked_above


def test_what_an_older_version_did_not_know_is_as_by_default():
    kept = to_plain(replace(FREE, version=3))
    del kept["rates"], kept["approvals"]["hours"], kept["limits"]["business"]["count"]
    read = from_plain(kept)
    assert (read.rates, read.approvals.hours) == (DEFAULT.rates, DEFAULT.approvals.hours)
    assert read.limits.business == DayLimit(NO_LIMIT, DEFAULT.limits.business.count)
    assert from_plain({}) == DEFAULT
    assert from_plain({}, otherwise=FREE) == FREE


def test_a_rule_of_risk_that_was_not_known_then_weighs_nothing():
    assert from_plain({"risk": {"weights": {"velocity": 5}}}).risk.weights == {"velocity": 5}


PLACES = [place for place, _ in values(DEFAULT)]


@pytest.mark.parametrize("place", PLACES)
def test_every_value_has_a_least_and_a_most(place):
    was = dict(values(DEFAULT))[place]
    if isinstance(was, Money):
        least, most = 0, LARGEST_CENTS
    else:
        least, most = bounds(place)
    for value in (least, most):
        assert (place, "out_of_range") not in told(at(place, value))
    for value in (least - 1, most + 1):
        assert (place, "out_of_range") in told(at(place, value))


def test_the_walk_over_the_values_meets_every_one_of_them():
    def count(part):
        parts = [getattr(part, each.name) for each in fields(part)]
        return sum(
            count(it) if is_dataclass(it) and not isinstance(it, Money)
            else len(it) if isinstance(it, dict) else 1
            for it in parts
        )  # fmt: skip

    assert len(PLACES) == len(set(PLACES)) == count(DEFAULT)
    assert {"/version", "/limits/shards", "/risk/weights/burst", "/rates/burst"} <= set(PLACES)


def test_what_is_wrong_is_told_all_at_once():
    risk = RiskRules(60, 59, {"velocity": 101, "astrology": 1})
    limits = replace(DEFAULT.limits, shards=MOST_SHARDS + 1, business=DayLimit(Money(-1), -1))
    approvals = replace(DEFAULT.approvals, one_above=Money(2), two_above=Money(1))
    broken = replace(
        DEFAULT, risk=risk, limits=limits, approvals=approvals, rates=RateRules(0, 0)
    )  # fmt: skip
    assert codes(broken) == {
        "/approvals/two_above": "wrong_order",
        "/limits/business/amount": "out_of_range",
        "/limits/business/count": "out_of_range",
        "/limits/shards": "out_of_range",
        "/risk/blocked_above": "wrong_order",
        "/risk/weights/astrology": "unknown_rule",
        "/risk/weights/velocity": "out_of_range",
        "/rates/burst": "out_of_range",
        "/rates/per_minute": "out_of_range",
    }


def test_equal_bounds_are_in_order():
    approvals = replace(DEFAULT.approvals, one_above=Money(1), two_above=Money(1))
    assert faults_of(replace(DEFAULT, approvals=approvals, risk=RiskRules(50, 50, {}))) == ()


# As somebody tells it.


def test_what_is_told_is_otherwise_and_all_else_stays():
    told = {
        "approvals": {"one_above": "400.5", "two_above": Decimal("900.00"), "credits_above": 7},
        "limits": {"operator": {"count": 3}, "shards": 1},
        "duplicate_days": 0,
        "risk": {"weights": {"odd_hour": 0}, "review_from": 1},
    }
    policy, faults = policy_told(told)
    assert faults == ()
    assert dict(values(policy)) == dict(values(DEFAULT)) | {
        "/approvals/one_above": Money(40_050), "/approvals/two_above": Money(90_000),
        "/approvals/credits_above": Money(700), "/limits/operator/count": 3, "/limits/shards": 1,
        "/duplicate_days": 0, "/risk/weights/odd_hour": 0, "/risk/review_from": 1,
    }  # fmt: skip
    assert policy_told({}) == (DEFAULT, ())
    assert policy_told({}, FREE) == (FREE, ())


def test_all_that_is_wrong_with_what_is_told_is_told_at_once_and_never_the_value():
    told = {
        "version": 7, "Secret Name": 1, "approvals": {"one_above": "12.345", "hours": "9"},
        "limits": {"shards": 9, "business": [], "operator": {"amount": -1, "count": True}},
        "risk": {"weights": {"astrology": 3, "burst": 101}}, "duplicate_days": None, 5: 6,
    }  # fmt: skip
    policy, faults = policy_told(told)
    assert {each.pointer: each.code for each in faults} == {
        "/version": "unknown_field", "/…": "unknown_field",
        "/approvals/one_above": "invalid_amount", "/approvals/hours": "wrong_type",
        "/limits/shards": "out_of_range", "/limits/business": "wrong_type",
        "/limits/operator/amount": "out_of_range", "/limits/operator/count": "wrong_type",
        "/risk/weights/astrology": "unknown_field", "/risk/weights/burst": "out_of_range",
        "/duplicate_days": "wrong_type",
    }  # fmt: skip
    assert "12.345" not in repr(faults)
    assert "Secret" not in repr(faults)
    assert isinstance(policy, Policy)


def test_what_cannot_be_read_is_not_said_to_be_in_the_wrong_order_too():
    _, faults = policy_told({"approvals": {"one_above": "much", "two_above": "1"}})
    assert [each.pointer for each in faults] == ["/approvals/one_above"]
    _, faults = policy_told({"approvals": {"two_above": "1"}, "rates": 5})
    assert [each.pointer for each in faults] == ["/rates", "/approvals/two_above"]


def test_nothing_but_an_object_is_a_policy():
    strange: list[object] = [[], "x", 3, None]
    for told in strange:
        assert policy_told(told) == (DEFAULT, (Fault("", "wrong_type", "must be an object"),))


def test_it_is_read_from_json_exactly():
    policy, faults = read_policy('{"approvals": {"one_above": 0.10, "two_above": 1e2}}')
    assert faults == ()
    assert (policy.approvals.one_above, policy.approvals.two_above) == (Money(10), Money(10_000))
    assert read_policy("{}", FREE) == (FREE, ())


@pytest.mark.parametrize(
    "text",
    ["", "{", "nothing", '{"rates": NaN}', "[" * 100_000, '{"limits": {}, "limits": {}}',
     "1" * 5_000, '{"a": 1e99999999999999999999}'],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_what_is_no_json_is_said_to_be_none(text):
    policy, (fault,) = read_policy(text)
    assert (policy, fault.pointer, fault.code) == (DEFAULT, "", "not_json")
