"""The cents of account checks among the account's debits: each by one check, and to the cent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.account_check import CheckStatus, begin
from chalicelib.domain.account_day import Stranger
from chalicelib.domain.check_debits import explained
from chalicelib.domain.money import Money
from tests.fakes.clock import START

DAY = date(2026, 3, 2)
MIDNIGHT = START.replace(hour=13)  # of the Sydney day
MINUTE = timedelta(minutes=1)


def a_check(name="check-1", at=START, fee=110, status=CheckStatus.STARTED):
    check = begin("d-1", name, at=at, by="operator", lasts=72 * 60 * MINUTE)
    return replace(check, status=status, fee=None if fee is None else Money(fee))


def debit(cents, name="1", on=DAY, credit=0, reference=""):
    return Stranger(name, cents, credit, reference, on)


def test_cent_and_fee_under_one_name_are_the_checks():
    assert explained([debit(111)], [a_check()]) == {debit(111)}


def test_cent_and_fee_may_have_names_of_their_own():
    both = [debit(110, "2"), debit(1, "1")]
    assert explained(both, [a_check()]) == set(both)


def test_where_fees_are_taken_elsewhere_the_cent_is_all():
    assert explained([debit(1)], [a_check()]) == {debit(1)}
    assert explained([debit(1)], [a_check(fee=0)]) == {debit(1)}


def test_a_fee_alone_is_no_checks():
    assert explained([debit(110)], [a_check()]) == set()


@pytest.mark.parametrize(
    "other",
    [
        debit(112), debit(110), debit(0, credit=111), debit(111, credit=1),
        debit(111, on=DAY + timedelta(days=1)), debit(111, on=DAY - timedelta(days=1)),
    ],
)  # fmt: skip
def test_another_amount_or_date_is_not_explained(other):
    assert explained([other], [a_check()]) == set()


def test_a_check_explains_one_debit():
    twice = [debit(111, "1"), debit(111, "2")]
    assert explained(twice, [a_check()]) == {twice[0]}
    two = [a_check(), a_check("check-2", START + MINUTE)]
    assert explained(twice, two) == set(twice)
    assert explained([*twice, debit(111, "3")], two) == set(twice)


def test_the_one_that_bears_the_checks_name_comes_first():
    named = debit(111, "2", reference="check-1")
    assert explained([debit(111, "1"), named], [a_check()]) == {named}


@pytest.mark.parametrize("status", [CheckStatus.UNCLEAR, CheckStatus.STARTING, CheckStatus.FAILED])
def test_a_start_in_doubt_or_refused_explains_nothing(status):
    found = explained([debit(111), debit(1)], [a_check(fee=None, status=status)])
    assert found == set()


@pytest.mark.parametrize(("before", "days"), [(MINUTE, 1), (-MINUTE, -1)])
def test_near_midnight_the_provider_may_date_it_otherwise(before, days):
    last = DAY if days > 0 else DAY + timedelta(days=1)
    near = debit(111, on=last + timedelta(days=days))
    assert explained([near], [a_check(at=MIDNIGHT - before)]) == {near}
    assert explained([near], [a_check(at=MIDNIGHT - 6 * before)]) == set()


def test_nothing_is_explained_by_nothing():
    assert explained([], [a_check()]) == set()
    assert explained([debit(111)], []) == set()
