"""What is seen, who may agree to it, and when enough people have."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account_check import CheckStatus, begin
from chalicelib.domain.advance import advance
from chalicelib.domain.approval import (
    ADDER,
    AGREED,
    MAKER,
    REMOVED,
    ROLE,
    Approval,
    Seen,
    agreed,
    demanded,
    enough,
    lapsed,
    seen_of,
    wants_reason,
    why_not,
    why_not_there,
)
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.customer import Customer
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.events import ApprovalAsked, Approved
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch
from chalicelib.domain.policy import FREE, ApprovalRules, DestinationRules
from chalicelib.domain.rails import Rail
from chalicelib.domain.standing import Standing
from tests.domain.making import NOW, begun, event, sealed

DAYS3 = NOW + timedelta(days=3)
DESTINATION = sealed()
CUSTOMER = Customer(
    "customer-1", "Jo Citizen", "jo@example.com", NOW, NOW, destinations=(DESTINATION,),
    defaults=((PayoutMethod.BANK_ACCOUNT, DESTINATION.destination_id),),
)  # fmt: skip
ONE = replace(FREE, version=4, approvals=replace(FREE.approvals, one_above=Money(5_000)))
THOUGHT = Assessment(4, score=12, needs=1, why=("amount",))


def asked(needs: int = 1, **changed):
    payout = begun(**{"assessment": THOUGHT, **changed})
    return advance(payout, event(ApprovalAsked, needs=needs, why="amount", lapses_at=DAYS3)).after


def look(payout=None, customer=CUSTOMER, policy=ONE, *, proven=False) -> Seen:
    return seen_of(payout or asked(), customer, policy, proven=proven)


def test_the_same_is_seen_as_long_as_nothing_changes():
    assert look() == look()
    assert look().digest == look().digest
    richer = replace(CUSTOMER, available=Money(5), email="other@example.com", version=9)
    assert look(customer=richer).digest == look().digest


CHANGES: dict[str, dict[str, Any]] = {
    "the payee's name": {"customer": replace(CUSTOMER, name="Jo Other")},
    "whose the destination is": {"customer": replace(CUSTOMER, destinations=())},
    "what the destination holds": {
        "customer": replace(CUSTOMER, destinations=(replace(DESTINATION, ciphertext=b"other"),))
    },
    "what is known of the destination": {
        "customer": replace(
            CUSTOMER, standings=(Standing(DESTINATION.destination_id, NOW, "olive", changed=True),)
        )
    },
    "with whom it is shared": {
        "customer": replace(
            CUSTOMER, standings=(Standing(DESTINATION.destination_id, NOW, shared=1),)
        )
    },
    "the policy": {"policy": replace(ONE, version=5)},
    "the amount": {"payout": asked(amount=Money(10_001))},
    "the sealed destination": {
        "payout": asked(destination=replace(DESTINATION, ciphertext=b"other"))
    },
    "the account, and the customer's own with it": {
        "payout": asked(destination=replace(DESTINATION, ciphertext=b"other")),
        "customer": replace(CUSTOMER, destinations=(replace(DESTINATION, ciphertext=b"other"),)),
    },
    "the rail": {"payout": asked(rail=Rail.DIRECT_ENTRY)},
    "the reference": {"payout": asked(reference="INV-2")},
    "the description": {"payout": asked(description="Invoice 2")},
    "the payer's name": {"payout": asked(remitter_name="Other Pty Ltd")},
    "how many have to agree": {"payout": asked(2)},
    "why": {"payout": asked(assessment=replace(THOUGHT, why=("amount", "risk")))},
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_of_what_was_seen_it_is_another_digest(what):
    assert look(**CHANGES[what]).digest != look().digest


CHECKED = replace(
    begin(DESTINATION.destination_id, "check-1", at=NOW, by="olive", lasts=timedelta(days=3)),
    status=CheckStatus.VERIFIED, match=NameMatch.MATCH,
)  # fmt: skip
KNOWN = Standing(DESTINATION.destination_id, NOW, "olive", check=CHECKED)


@pytest.mark.parametrize("standing", [
    replace(KNOWN, added_at=NOW + timedelta(seconds=1)),
    replace(KNOWN, added_by="otto"),
    replace(KNOWN, changed=True),
    replace(KNOWN, shared=1),
    replace(KNOWN, check=None),
    replace(KNOWN, check=replace(CHECKED, match=NameMatch.CLOSE)),
    replace(KNOWN, check=replace(CHECKED, status=CheckStatus.STARTED)),
], ids=["since", "by", "changed", "shared", "unchecked", "name", "status"])  # fmt: skip
def test_whatever_changes_of_what_is_known_of_the_destination_it_is_another_digest(standing):
    before, after = (
        look(customer=replace(CUSTOMER, standings=(each,))).digest for each in (KNOWN, standing)
    )
    assert before != after


def test_a_payment_that_arrives_at_the_destination_voids_nothing():
    assert look(proven=True).digest == look().digest


def test_every_part_of_what_is_seen_is_in_its_digest():
    seen = look()
    for each in fields(Seen):
        value = getattr(seen, each.name)
        other: Any = (not value) if isinstance(value, bool) else (
            value + 1 if isinstance(value, int) else (*value, "x") if isinstance(value, tuple)
            else value + "x"
        )  # fmt: skip
        assert replace(seen, **{each.name: other}).digest != seen.digest, each.name


def test_as_many_have_to_agree_as_were_asked_or_as_the_policy_of_today_demands():
    two = replace(ONE, approvals=ApprovalRules(Money(1), Money(2)))
    changed = replace(FREE, new_destination=DestinationRules(0, Money(1), 2))
    assert demanded(asked(1), CUSTOMER, two, proven=False) == (2, ("amount",))
    assert demanded(asked(2), CUSTOMER, ONE, proven=False) == (2, ("amount",))
    assert demanded(asked(2), CUSTOMER, FREE, proven=False) == (2, ("amount",))
    assert demanded(asked(1), CUSTOMER, changed, proven=False) == (
        2, ("amount", "new_destination"),
    )  # fmt: skip
    assert demanded(asked(1), CUSTOMER, changed, proven=True) == (1, ("amount",))


@pytest.mark.parametrize("code", ["duplicate", "drafted_by_bot"])
def test_what_was_found_when_it_was_asked_for_stays_found(code):
    payout = asked(assessment=replace(THOUGHT, why=(code,)))
    assert demanded(payout, CUSTOMER, FREE, proven=True) == (1, (code,))


def test_a_payout_without_an_assessment_needs_somebody_all_the_same():
    assert demanded(asked(assessment=None), CUSTOMER, FREE, proven=True) == (1, ())


@pytest.mark.parametrize(("by", "roles", "why"), [
    ("anna", {"approver"}, ""),
    ("anna", {"admin"}, ""),
    ("anna", {"operator", "approver"}, ""),
    ("olive", {"approver"}, MAKER),
    ("olive", {"admin", "approver"}, MAKER),
    ("anna", {"operator"}, ROLE),
    ("anna", {"viewer"}, ROLE),
    ("anna", set(), ROLE),
    ("anna", {"bot"}, ROLE),
    ("anna", {"approver", "bot"}, ROLE),
    ("anna", {"admin", "bot"}, ROLE),
    ("ben", {"approver"}, AGREED),
])  # fmt: skip
def test_who_may_agree_and_why_not(by, roles, why):
    assert why_not(by, roles, "olive", given=("ben",)) == why


ADDED = replace(
    CUSTOMER, standings=(Standing(DESTINATION.destination_id, NOW, "anna", changed=True),)
)


@pytest.mark.parametrize(("by", "reason", "customer", "why"), [
    ("anna", "changed_destination", ADDED, ADDER),
    ("anna", "new_destination", ADDED, ADDER),
    ("ben", "changed_destination", ADDED, ""),
    ("anna", "amount", ADDED, ""),
    ("ben", "changed_destination", replace(ADDED, destinations=()), REMOVED),
    ("anna", "changed_destination", replace(CUSTOMER, destinations=()), REMOVED),
    ("anna", "amount", replace(ADDED, destinations=()), ""),
    ("anna", "changed_destination", CUSTOMER, ""),
])  # fmt: skip
def test_who_added_a_destination_is_not_the_second_person_who_looks_at_it(
    by, reason, customer, why
):
    payout = asked(assessment=replace(THOUGHT, why=(reason,)))
    assert why_not_there(by, look(payout, customer, FREE), customer) == why


def given(*people: str, digest: str, needs: int = 2):
    payout = asked(needs)
    for number, by in enumerate(people):
        told = Approved(at=NOW + timedelta(minutes=number), by=by, seen=digest, needs=needs)
        payout = advance(payout, told).after
    return payout


def test_enough_is_as_many_different_people_as_have_to_agree():
    seen = look(asked(2))
    assert not enough(given(digest=seen.digest), seen)
    assert not enough(given("anna", digest=seen.digest), seen)
    assert not enough(given("anna", "anna", digest=seen.digest), seen)
    assert enough(given("anna", "ben", digest=seen.digest), seen)


def test_who_agreed_to_something_else_has_not_agreed():
    seen = look(asked(2))
    assert agreed(given("anna", "ben", digest="another"), seen.digest) == frozenset()
    assert not enough(given("anna", "ben", digest="another"), seen)


def test_the_makers_own_word_counts_nothing_however_it_came_there():
    seen = look(asked(2))
    payout = replace(
        asked(2), approvals=tuple(Approval(by, NOW, seen.digest) for by in ("olive", "anna"))
    )
    assert agreed(payout, seen.digest) == {"anna"}
    assert not enough(payout, seen)


@pytest.mark.parametrize(("why", "wanted"), [
    (("amount",), False), (("new_destination", "changed_destination"), False),
    (("drafted_by_bot",), False), (("duplicate",), True), (("shared_destination",), True),
    (("amount", "risk"), True), ((), False),
])  # fmt: skip
def test_a_reason_is_wanted_where_a_second_person_overrides_something(why, wanted):
    assert wants_reason(why) is wanted


def test_nobody_can_agree_from_the_moment_on_at_which_it_lapses():
    assert not lapsed(DAYS3, DAYS3 - timedelta(microseconds=1))
    assert lapsed(DAYS3, DAYS3)
    assert not lapsed(None, DAYS3)
