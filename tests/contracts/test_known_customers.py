"""Which of many ids are customers': all of the question answered, by consistent reads."""

from __future__ import annotations

from datetime import timedelta

from tests.contracts.making import a_customer
from tests.fakes.clock import START


def test_those_that_are_there_are_known_and_nobody_else(store):
    for number in range(3):
        store.customers.add(a_customer(f"customer-{number}"))
    asked = ["customer-0", "customer-2", "customer-9", "customer-0"]
    assert store.customers.known(asked) == {"customer-0", "customer-2"}
    assert store.customers.known([]) == frozenset()


def test_more_are_known_than_one_question_may_ask(store):
    for number in range(130):
        age = START + timedelta(seconds=number)
        store.customers.add(a_customer(f"customer-{number}", created_at=age))
    asked = [f"customer-{number}" for number in range(260)]
    assert store.customers.known(asked) == {f"customer-{number}" for number in range(130)}
