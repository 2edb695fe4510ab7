"""What is known of destinations in their customer's row, and who is paid at the same place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.adapters.dynamo.places import MOST
from chalicelib.domain.account_check import CheckStatus, begin, follow
from chalicelib.domain.account_check import Heard as What
from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.standing import Standing
from tests.contracts.making import OPERATOR, a_customer, a_question
from tests.contracts.test_races import at_once
from tests.fakes.clock import START

PLACE = "0f" * 32
ADDED = START + timedelta(days=3)
STANDINGS = (
    Standing("destination-1", START, OPERATOR, place=PLACE),
    Standing(
        "destination-2",
        ADDED,
        "operator-2",
        changed=True,
        shared=2,
        branch=Branch("Example Bank", "1 Example Street", (Caution.CLOSED, Caution.UNKNOWN_BSB)),
    ),
)


def known(store, *standings):
    customer = replace(a_customer(), standings=standings)
    store.customers.add(customer)
    return customer


def test_a_customer_is_stored_with_what_is_known_of_their_destinations(store):
    customer = known(store, *STANDINGS)
    assert store.customers.get("customer-1") == customer
    assert store.payouts.opening(a_question()).customer == customer
    assert customer.standing("destination-2") == STANDINGS[1]


def test_a_customer_of_whose_destinations_nothing_is_known_is_known_long_ago(store):
    known(store)
    found = store.customers.get("customer-1")
    assert found.standings == ()
    assert found.standing("destination-1") == Standing("destination-1", START)


def test_what_is_known_of_destinations_is_edited_with_the_rest_and_taken_away(store):
    customer = known(store, *STANDINGS)
    check = begin("destination-2", "check-1", at=ADDED, by=OPERATOR, lasts=timedelta(days=7))
    check = follow(check, What.SENT, at=ADDED)
    after = replace(customer, standings=(replace(STANDINGS[1], shared=0, check=check),))
    store.customers.edit(after, version=1)
    stored = store.customers.get("customer-1")
    assert stored == replace(after, version=2)
    assert stored.standings[0].check.status is CheckStatus.STARTED
    store.customers.edit(replace(stored, standings=()), version=2)
    assert store.customers.get("customer-1").standings == ()


def test_who_is_paid_at_a_place_is_told_and_named_once(store):
    assert store.customers.sharing(PLACE) == frozenset()
    assert store.customers.share(PLACE, "customer-1") == {"customer-1"}
    assert store.customers.share(PLACE, "customer-1") == {"customer-1"}
    assert store.customers.share(PLACE, "customer-2") == {"customer-1", "customer-2"}
    assert store.customers.sharing(PLACE) == {"customer-1", "customer-2"}
    assert store.customers.sharing("another") == frozenset()


def test_who_is_paid_at_a_place_no_longer_is_not_named_and_may_come_back(store):
    store.customers.share(PLACE, "customer-1")
    store.customers.share(PLACE, "customer-2")
    store.customers.unshare(PLACE, "customer-1")
    store.customers.unshare(PLACE, "customer-1")
    assert store.customers.sharing(PLACE) == {"customer-2"}
    store.customers.unshare(PLACE, "customer-2")
    store.customers.unshare("never named", "customer-2")
    assert store.customers.sharing(PLACE) == frozenset()
    assert store.customers.share(PLACE, "customer-1") == {"customer-1"}


def test_of_very_many_at_one_place_the_last_are_not_named(store):
    for number in range(MOST):
        store.customers.share(PLACE, f"customer-{number}")
    named = store.customers.sharing(PLACE)
    assert len(named) == MOST
    assert store.customers.share(PLACE, "one-more") == named == store.customers.sharing(PLACE)
    assert store.customers.share(PLACE, "customer-7") == named


def test_all_who_come_to_a_place_at_once_are_named_and_the_last_is_told_of_all(store):
    came = [f"customer-{number}" for number in range(8)]
    told = at_once(*(lambda each=each: store.customers.share(PLACE, each) for each in came))
    assert store.customers.sharing(PLACE) == set(came)
    assert set(came) in told


def test_naming_somebody_whose_reply_was_lost_names_them_once(store):
    store.lose_replies(1)
    at_once(lambda: store.customers.share(PLACE, "customer-1"))
    store.lose_replies(0)
    assert store.customers.share(PLACE, "customer-1") == {"customer-1"}
    store.lose_replies(1)
    at_once(lambda: store.customers.unshare(PLACE, "customer-1"))
    store.lose_replies(0)
    store.customers.unshare(PLACE, "customer-1")
    assert store.customers.sharing(PLACE) == frozenset()
