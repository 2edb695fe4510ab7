"""Returns that are told days after the account has shown them: another night's, and no finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.receipts import State
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import hear
from tests.usecases.comparing import business, line
from tests.usecases.nights import DAY, D
from tests.usecases.world import AMOUNT

NAME = "N00000000055"
LATER = D + 5 * DAY


@pytest.fixture
def world():
    """A payout of D came back on the day after; on a much later one nothing is told of it."""
    world: Any = business()
    payout = world.pay(1)
    world.ledger.tell = lambda told: told if world.clock.now().day < LATER.day else []
    world.now(D + DAY, 12)
    world.payout_id = payout.transaction_id
    return world


def told_late(world, **changed):
    world.now(LATER, 12)
    now = world.payout(world.payout_id)
    told: dict[str, Any] = {"by": "monoova", "amount": AMOUNT, "return_id": NAME} | changed
    event = Returned(at=world.clock.now(), attempt=now.attempt, **told)
    hear(now, event, payouts=world.store.payouts)
    world.now(LATER + DAY, 3)


def credited(world, amount=AMOUNT):
    """The account shows it, under a name of its own."""
    world.ledger.book = lambda lines: [*lines, line("", "55", D + DAY, credit=amount)]
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)


def kinds(world):
    return {each.kind for each in world.found()}


def test_one_that_a_night_could_not_explain_is_that_credit(world):
    credited(world)
    assert kinds(world) == {Kind.UNEXPLAINED_CREDIT}
    told_late(world)
    assert world.compare(LATER).findings == ()


def test_one_of_another_amount_is_not_that_credit(world):
    credited(world, AMOUNT - Money(1))
    told_late(world)
    world.compare(LATER)
    assert kinds(world) == {Kind.UNEXPLAINED_CREDIT, Kind.AMOUNT_DIFFERS}


@pytest.mark.parametrize(("off", "found"), [(0, set()), (1, {Kind.AMOUNT_DIFFERS})])
def test_one_that_was_told_in_time_as_money_received_is_that_receipt(world, off, found):
    received = Receipt(NAME, AMOUNT - Money(off), "NPP", world.clock.now())
    bank(received, treasury=world.store.treasury)
    told_late(world)
    banked = world.store.state.banked[NAME]
    world.store.state.banked[NAME] = replace(banked, state=State.RETURNED)
    world.compare(LATER)
    assert kinds(world) == found


@pytest.mark.parametrize(("amount", "found"), [(AMOUNT, set()), (None, {Kind.AMOUNT_DIFFERS})])
def test_one_that_a_night_read_in_the_account_is_shown_there(world, amount, found):
    told_late(world, by="night", amount=amount, return_id="")
    world.compare(LATER)
    assert kinds(world) == found
