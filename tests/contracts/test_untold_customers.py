"""What `Customers` promises of those who have not been told of a change: found until they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.change import Change, What
from chalicelib.domain.customer import Erasing, Erasure
from tests.contracts.making import a_customer, rich_customer
from tests.fakes.clock import START

ADDED = Change(What.ADDED, START, 2, "jo@example.com", "BankAccount", "*****678")
EMAIL = Change(What.EMAIL, START + timedelta(microseconds=1), 3, "jo@example.com")


def edit(store, customer_id, **changed):
    before = store.customers.get(customer_id)
    store.customers.edit(replace(before, **changed), version=before.version)
    return store.customers.get(customer_id)


def test_what_was_not_told_yet_is_kept_as_it_is_and_goes(store):
    rich_customer(store, "5.00")
    assert edit(store, "customer-1", untold=(ADDED, EMAIL)).untold == (ADDED, EMAIL)
    assert edit(store, "customer-1", untold=(EMAIL,)).untold == (EMAIL,)
    assert edit(store, "customer-1", untold=()).untold == ()


def test_who_was_not_told_is_found_the_longest_waiting_first_until_they_were(store):
    for number, minutes in enumerate([None, 9, 3, 6]):
        store.customers.add(a_customer(f"customer-{number}"))
        if minutes is not None:
            later = replace(ADDED, at=START + timedelta(minutes=minutes))
            edit(store, f"customer-{number}", untold=(later, EMAIL))
    assert list(store.customers.untold()) == ["customer-2", "customer-3", "customer-1"]
    edit(store, "customer-3", untold=())
    edit(store, "customer-1", untold=(EMAIL,))
    assert list(store.customers.untold()) == ["customer-1", "customer-2"]


def test_who_was_not_told_stands_in_the_list_of_all_where_they_did(store):
    for number in range(3):
        at = START + timedelta(minutes=number)
        store.customers.add(a_customer(f"customer-{number}", created_at=at))
    edit(store, "customer-1", untold=(ADDED,))
    page = store.customers.page(limit=10, position=None)
    assert [each.customer_id for each in page.items] == ["customer-2", "customer-1", "customer-0"]


def test_who_is_being_erased_is_found_all_the_same(store):
    rich_customer(store, "5.00")
    edit(store, "customer-1", untold=(ADDED,), erasure=Erasure(Erasing.ASKED, "ada", START))
    assert list(store.customers.untold()) == list(store.customers.erasing()) == ["customer-1"]


def test_a_lost_reply_to_an_edit_that_has_something_to_tell_is_no_failure(store):
    before = rich_customer(store, "5.00")
    if store.client is not None:
        store.lose_replies(1)
    store.customers.edit(replace(before, untold=(ADDED,)), version=before.version)
    assert store.customers.get("customer-1").untold == (ADDED,)
