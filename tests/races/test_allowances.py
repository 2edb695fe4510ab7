"""A day's allowances under many writers: never above the limit, and all of it can be used."""

from __future__ import annotations

import pytest

from chalicelib.domain import allowance
from chalicelib.domain.money import Money, total
from chalicelib.domain.policy import MANY, NO_LIMIT, DayLimit
from tests.contracts.making import TODAY, a_question, dollars, rich_customer
from tests.contracts.stores import dynamo_store
from tests.races.allowances import Race, run

PROCESSES, THREADS = 3, 2
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def endpoint(ministack):
    return ministack.environment["AWS_ENDPOINT_URL"]


def tables_of(store):
    assert store.tables is not None
    return store.tables


def held(store):
    """What the business's rows of the date hold, those of all shards together."""
    spent = store.payouts.opening(a_question(by="nobody")).spent
    business = [spent[key] for key in allowance.keys("", "", TODAY)[2:] if key in spent]
    assert len(business) > 1
    return total(each.amount for each in business), sum(each.count for each in business)


def test_the_whole_of_a_days_amount_is_drawn_by_several_processes_and_not_a_cent_more(endpoint):
    limit = dollars("30.00")
    with dynamo_store(endpoint) as store:
        rich_customer(store, "1000.00")
        race = Race(endpoint, tables_of(store), DayLimit(limit, MANY), 70)
        made = run(race, threads=THREADS, processes=PROCESSES)
        # 42 times 0.70 are 29.40, and no payout of 0.70 fits into what is left.
        assert len(made) == 42
        assert held(store) == (Money(42 * 70), 42)
        for payout in made:
            assert store.payouts.get(payout.transaction_id) == payout


def test_the_whole_of_a_days_count_is_drawn_by_several_processes_and_not_one_more(endpoint):
    with dynamo_store(endpoint) as store:
        rich_customer(store, "1000.00")
        race = Race(endpoint, tables_of(store), DayLimit(NO_LIMIT, 30), 70)
        assert len(run(race, threads=THREADS, processes=PROCESSES)) == 30
        assert held(store) == (Money(30 * 70), 30)


def test_what_is_given_back_meanwhile_is_drawn_again_and_the_rows_hold_what_is_used(endpoint):
    with dynamo_store(endpoint) as store:
        rich_customer(store, "1000.00")
        race = Race(endpoint, tables_of(store), DayLimit(dollars("20.00"), MANY), 70, fails=3)
        made = run(race, threads=THREADS, processes=PROCESSES)
        used = allowance.expected(made)
        spent = store.payouts.opening(a_question(by="nobody")).spent
        business = set(allowance.keys("", "", TODAY)[2:])
        assert {key: spent[key] for key in spent.keys() & business} == {
            key: each for key, each in used.items() if key in business
        }
        assert dollars("0.00") < held(store)[0] <= dollars("20.00")
        assert len(made) > 28
