"""A night explains the cents of account checks by the checks themselves, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.account_check import CheckStatus, KeptCheck, begin
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import Money
from tests.usecases.checking import LASTS
from tests.usecases.comparing import business, line, next_morning
from tests.usecases.nights import DAY, D

COST = Money(111)


@pytest.fixture
def world():
    """A check was started today; its cent and fee are booked under a name of the provider's."""
    return checked(business())


def checked(world):
    check = begin("destination-1", "check-1", at=world.clock.now(), by="olive", lasts=LASTS)
    answered = replace(check, status=CheckStatus.STARTED, fee=COST - Money(1))
    world.store.account_checks.write(KeptCheck(answered, "customer-1", "a token"), version=0)
    return world


def booked(world, *names):
    world.ledger.book = lambda lines: [*lines, *(line("", name, debit=COST) for name in names)]
    return next_morning(world).compare()


def test_what_a_check_cost_is_explained_and_counted(world):
    night = booked(world, "900001")
    assert world.kinds() == []
    assert night.sums["checked"] == COST
    assert night.unexplained == Money(0)


def test_the_same_debit_a_second_time_is_nobodys(world):
    night = booked(world, "900001", "900002")
    assert world.kinds() == [Kind.UNEXPLAINED_DEBIT]
    assert (night.sums["checked"], night.unexplained) == (COST, COST)


def test_without_a_check_of_those_days_it_is_nobodys(world):
    world.ledger.book = lambda lines: [*lines, line("", "900001", debit=COST)]
    world.store.state.checks_called.clear()
    night = next_morning(world).compare(D)
    assert world.kinds() == [Kind.UNEXPLAINED_DEBIT]
    assert "checked" not in night.sums


@pytest.mark.parametrize(("started", "booked_on"), [((D, 23, 58), D + DAY), ((D + DAY, 0, 2), D)])
def test_what_is_booked_on_the_other_side_of_midnight_is_explained_too(started, booked_on):
    world = checked(business().now(*started))
    world.ledger.book = lambda lines: [*lines, line("", "900001", booked_on, debit=COST)]
    night = world.now(D + 2 * DAY, 3).compare(booked_on)
    assert world.kinds() == []
    assert night.sums["checked"] == COST
