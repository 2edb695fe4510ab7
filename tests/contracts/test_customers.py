"""What `Customers` promises: profiles by version, and a balance that no edit touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Invalid, Stale
from chalicelib.domain.money import ZERO
from tests.contracts.making import (
    a_customer,
    an_intent,
    claimed,
    dollars,
    rich_customer,
    sealed,
)
from tests.contracts.paging import everything
from tests.fakes.clock import START


def test_a_customer_is_read_as_they_were_added(store):
    customer = a_customer()
    store.customers.add(customer)
    assert store.customers.get("customer-1") == customer
    assert store.customers.get("customer-2") is None


def test_a_customer_without_destinations_is_read_as_they_were_added(store):
    customer = replace(a_customer(), destinations=(), defaults=())
    store.customers.add(customer)
    assert store.customers.get("customer-1") == customer


def test_an_id_that_is_taken_is_stale_and_its_customer_stays(store):
    store.customers.add(a_customer())
    with pytest.raises(Stale):
        store.customers.add(replace(a_customer(), name="Somebody Else"))
    with pytest.raises(Stale):
        store.customers.add(a_customer())
    assert store.customers.get("customer-1") == a_customer()


def test_nobody_is_added_with_money_that_came_from_nowhere(store):
    with pytest.raises(ValueError, match="money"):
        store.customers.add(replace(a_customer(), available=dollars("1.00")))
    assert store.customers.get("customer-1") is None


def test_an_edit_changes_everything_but_key_age_and_balance(store):
    before = rich_customer(store, "70.00")
    store.payouts.write(*claimed(an_intent("0.01")))
    later = START + timedelta(hours=1)
    edited = replace(
        before,
        name="Jo B. Citizen",
        email="jo.b@example.com",
        updated_at=later,
        destinations=(sealed("destination-3"),),
        defaults=((PayoutMethod.PAY_ID, "destination-3"),),
        stopped="asked by the bank",
        available=ZERO,
        created_at=later,
    )
    store.customers.edit(edited, version=1)
    kept = replace(edited, version=2, available=dollars("69.99"), created_at=before.created_at)
    assert store.customers.get("customer-1") == kept


def test_an_edit_leads_to_the_next_version_whatever_it_carries(store):
    store.customers.add(a_customer())
    store.customers.edit(replace(a_customer(), version=2), version=1)
    store.customers.edit(replace(a_customer(), version=1), version=2)
    assert store.customers.get("customer-1").version == 3


def test_an_edit_of_what_is_no_longer_so_is_stale(store):
    store.customers.add(a_customer())
    store.customers.edit(replace(a_customer(), name="First"), version=1)
    with pytest.raises(Stale):
        store.customers.edit(replace(a_customer(), name="Second"), version=1)
    assert store.customers.get("customer-1").name == "First"


def test_an_edit_of_nobody_is_stale_and_makes_nobody(store):
    with pytest.raises(Stale):
        store.customers.edit(a_customer(), version=1)
    assert store.customers.get("customer-1") is None


def test_a_payment_does_not_make_an_edit_stale(store):
    customer = rich_customer(store, "10.00")
    store.payouts.write(*claimed(an_intent("1.00")))
    store.customers.edit(replace(customer, name="Jo B. Citizen"), version=customer.version)
    assert store.customers.get("customer-1").available == dollars("9.00")


def test_a_stop_comes_and_goes_by_edits(store):
    store.customers.add(a_customer())
    store.customers.edit(replace(a_customer(), stopped="asked by the bank"), version=1)
    assert store.customers.get("customer-1").stopped == "asked by the bank"
    store.customers.edit(a_customer(), version=2)
    assert store.customers.get("customer-1").stopped == ""


def test_the_pages_of_customers_hold_each_once_newest_first(store):
    made = [
        a_customer(f"customer-{number}", created_at=START + timedelta(minutes=number // 2))
        for number in range(7)
    ]
    for customer in made:
        store.customers.add(customer)
    for limit in (1, 3, 7, 8):
        found = everything(store.customers.page, limit)
        assert sorted(found, key=lambda each: each.customer_id) == made
        times = [each.created_at for each in found]
        assert times == sorted(times, reverse=True)


def test_a_position_of_another_list_is_invalid(store):
    store.customers.add(a_customer())
    with pytest.raises(Invalid):
        store.customers.page(limit=1, position={"listing": "others", "created_at": "x"})
