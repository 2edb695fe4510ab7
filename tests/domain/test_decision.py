"""What the policy makes of an order: all faults at once, who has to agree, what it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import allowance
from chalicelib.domain.account_check import AccountCheck, CheckStatus
from chalicelib.domain.allowance import Spent
from chalicelib.domain.decision import Case, Known, decide
from chalicelib.domain.habits import Habits
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch
from chalicelib.domain.policy import (
    FREE,
    NO_LIMIT,
    ApprovalRules,
    DayLimit,
    DestinationRules,
    RiskRules,
)
from chalicelib.domain.standing import Standing
from chalicelib.domain.twins import Twin, twin_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # noon in Sydney
KEY = twin_key("customer-1", Money(10_000), "Invoice 7")
CASE = Case("payout-1", "customer-1", Money(10_000), "Invoice 7", "olive", AT)
OLD = Standing("destination-1", AT - timedelta(days=400))
PROVEN = Habits(proven=frozenset({"destination-1"}))
VERIFIED = AccountCheck("destination-1", "check-1", CheckStatus.VERIFIED, AT, "ada", AT)
TWIN = Twin(KEY, "payout-0", AT - timedelta(days=2))
TWO_STEPS = replace(
    FREE, approvals=ApprovalRules(Money(9_999), Money(20_000), NO_LIMIT, approver_day=NO_LIMIT)
)
CAREFUL = replace(FREE, changed_destination=DestinationRules(24, Money(5_000), 1))
NEWLY = Standing("destination-1", AT - timedelta(hours=25), "olive", changed=True)


def decided(case=CASE, policy=FREE, **known):
    plain = {"standing": OLD, "habits": Habits(), "spent": {}}
    return decide(case, Known(policy, **{**plain, **known}))


def codes(decision):
    return [(fault.pointer, fault.code) for fault in decision.faults]


def test_where_no_rule_speaks_nobody_has_to_agree_and_all_is_claimed():
    decision = decided()
    assert codes(decision) == []
    assert (decision.assessment.needs, decision.assessment.why) == (0, ())
    assert {each.key for each in decision.drawn} == {
        key for key in allowance.keys("customer-1", "olive", AT.date())
        if "business" not in key or key in {one.key for one in decision.claims.draws}
    }  # fmt: skip
    assert decision.claims.habits == Habits()
    assert decision.claims.twin is None


@pytest.mark.parametrize(("cents", "needs"), [(9_999, 0), (10_000, 1), (20_000, 1), (20_001, 2)])
def test_the_amount_says_how_many_people_have_to_agree(cents, needs):
    decision = decided(replace(CASE, amount=Money(cents)), TWO_STEPS)
    assert decision.assessment.needs == needs
    assert decision.assessment.why == (("amount",) if needs else ())


def test_nothing_waits_for_a_word_that_nobody_may_give():
    def asked(cents):
        rules = ApprovalRules(Money(9_999), Money(20_000), NO_LIMIT, approver_day=Money(15_000))
        case = replace(CASE, amount=Money(cents))
        return codes(decided(case, replace(FREE, approvals=rules)))

    assert asked(15_000) == []
    assert asked(15_001) == [("/amount", "above_approver_limit")]
    alone = ApprovalRules(Money(20_000), Money(20_000), NO_LIMIT, approver_day=Money(1))
    assert codes(decided(policy=replace(FREE, approvals=alone))) == []


def test_what_a_bot_drafts_somebody_has_to_agree_to():
    assessment = decided(replace(CASE, drafted=True)).assessment
    assert (assessment.needs, assessment.why) == (1, ("drafted_by_bot",))


def test_a_changed_destination_cools_off_first():
    fresh = replace(NEWLY, added_at=AT - timedelta(hours=24) + timedelta(seconds=1))
    small = replace(CASE, amount=Money(5_000))
    assert codes(decided(small, CAREFUL, standing=fresh)) == [("/destination_id", "cooling_off")]
    assert "2026-03-02T01:00:01Z" in decided(small, CAREFUL, standing=fresh).faults[0].detail
    assert codes(decided(small, CAREFUL, standing=NEWLY)) == []
    over = replace(NEWLY, added_at=AT - timedelta(hours=24))
    assert codes(decided(small, CAREFUL, standing=over)) == []


def test_until_a_payment_has_arrived_there_they_are_small_and_somebody_agrees():
    assert codes(decided(CASE, CAREFUL, standing=NEWLY)) == [("/amount", "first_payment_limit")]
    small = decided(replace(CASE, amount=Money(5_000)), CAREFUL, standing=NEWLY)
    assert (small.assessment.needs, small.assessment.why) == (1, ("changed_destination",))
    assert codes(small) == []
    proven = decided(CASE, CAREFUL, standing=NEWLY, habits=PROVEN)
    assert (codes(proven), proven.assessment.needs) == ([], 0)
    elsewhere = Habits(proven=frozenset({"destination-2"}))
    assert codes(decided(CASE, CAREFUL, standing=NEWLY, habits=elsewhere)) == [
        ("/amount", "first_payment_limit")
    ]


def test_a_destination_that_came_with_the_registration_has_rules_of_its_own():
    policy = replace(FREE, new_destination=DestinationRules(0, NO_LIMIT, 2))
    assert decided(CASE, policy).assessment.why == ("new_destination",)
    assert decided(CASE, policy).assessment.needs == 2
    assert decided(CASE, policy, standing=NEWLY).assessment.needs == 0
    assert codes(decided(CASE, CAREFUL, standing=replace(NEWLY, changed=False))) == []
    careful = replace(FREE, new_destination=DestinationRules(26, Money(5_000), 0))
    fresh = replace(NEWLY, changed=False)
    assert codes(decided(CASE, careful, standing=NEWLY)) == []
    assert codes(decided(CASE, careful, standing=fresh)) == [
        ("/destination_id", "cooling_off"), ("/amount", "first_payment_limit"),
    ]  # fmt: skip


def test_a_duplicate_stops_softly_while_the_days_last():
    policy = replace(FREE, duplicate_days=2)
    again = decided(CASE, policy, twin=TWIN, repeated=True)
    assert (codes(again), again.assessment.why) == ([], ("duplicate",))
    assert (again.claims.twin, again.claims.before_it) == (Twin(KEY, "payout-1", AT), TWIN)
    late = replace(TWIN, at=AT - timedelta(days=2, seconds=1))
    assert decided(CASE, policy, twin=late, repeated=True).assessment.needs == 0
    assert decided(CASE, policy, twin=TWIN, repeated=False).assessment.needs == 0


def test_a_payout_names_the_one_that_it_repeats():
    policy = replace(FREE, duplicate_days=2)
    assert decided(CASE, policy, twin=TWIN, repeated=True).assessment.repeats == "payout-0"
    assert decided(CASE, policy, twin=TWIN, repeated=False).assessment.repeats == ""


def test_what_other_customers_have_too_somebody_agrees_to():
    shared = replace(OLD, shared=1)
    policy = replace(FREE, duplicate_days=1)
    assert decided(CASE, policy, standing=shared).assessment.why == ("shared_destination",)
    assert decided(CASE, FREE, standing=shared).assessment.why == ()


@pytest.mark.parametrize(
    ("weight", "needs", "faults"),
    [(49, 0, []), (50, 1, []), (90, 1, []), (91, 1, [("", "risk_blocked")])],
)
def test_a_risk_is_looked_at_or_blocked_by_its_score(weight, needs, faults):
    policy = replace(FREE, risk=RiskRules(50, 90, {"shared_destination": weight}))
    decision = decided(CASE, policy, standing=replace(OLD, shared=50))
    assert decision.assessment.score == weight
    assert (decision.assessment.needs, codes(decision)) == (needs, faults)
    assert dict(decision.assessment.signals)["shared_destination"] == 100


def test_every_rule_is_told_at_once_and_nothing_is_drawn():
    limits = replace(
        FREE.limits, operator=DayLimit(Money(9_999), 10), business=DayLimit(Money(1), 10)
    )
    policy = replace(CAREFUL, limits=limits, risk=RiskRules(0, 0, {"shared_destination": 100}))
    fresh = replace(NEWLY, added_at=AT, shared=9)
    decision = decided(CASE, policy, standing=fresh)
    assert {code for _, code in codes(decision)} == {
        "operator_day_limit", "business_day_limit", "cooling_off", "first_payment_limit",
        "risk_blocked",
    }  # fmt: skip
    assert decision.drawn == ()


def test_what_is_drawn_is_drawn_on_sydneys_date():
    midnight = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
    for at, day in ((midnight - timedelta(seconds=1), "2026-03-01"), (midnight, "2026-03-02")):
        drawn = decided(replace(CASE, at=at)).drawn
        assert f"day#customer#customer-1#{day}" in {each.key for each in drawn}


def test_the_limit_of_a_day_goes_by_whether_the_destination_is_verified():
    small = replace(FREE.limits, customer_unverified=DayLimit(Money(9_999), 10))
    policy = replace(FREE, limits=small)
    assert codes(decided(CASE, policy)) == [("/amount", "customer_day_limit")]
    known = decided(CASE, policy, standing=replace(OLD, check=VERIFIED))
    assert (codes(known), known.assessment.tier) == ([], "verified")


def test_of_what_was_drawn_on_that_date_the_customers_own_counts_as_a_risk():
    policy = replace(FREE, risk=RiskRules(50, 90, {"velocity": 100}))
    customer, operator = allowance.keys("customer-1", "olive", AT.date())[:2]
    many = Spent(Money(100), 9)
    assert decided(CASE, policy, spent={operator: many}).assessment.score == 0
    hasty = decided(CASE, policy, spent={customer: many})
    assert codes(hasty) == [("", "risk_blocked")]


def test_the_check_that_it_rests_on_and_the_name_that_it_told_are_kept_as_evidence():
    checked = replace(VERIFIED, match=NameMatch.CLOSE, owner="J*** C***")
    assessment = decided(CASE, FREE, standing=replace(OLD, check=checked)).assessment
    assert (assessment.name_check, assessment.checked_as, assessment.registered_name) == (
        "close", checked.identifier, "J*** C***",
    )  # fmt: skip
    assert decided(CASE, FREE).assessment.checked_as == ""


def test_the_policys_version_and_what_was_known_of_the_destination_are_kept():
    assessment = decided(CASE, replace(FREE, version=7)).assessment
    assert (assessment.policy_version, assessment.tier, assessment.name_check) == (
        7, "unverified", "unknown",
    )  # fmt: skip
