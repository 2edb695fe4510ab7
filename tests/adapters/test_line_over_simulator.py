"""The line over the simulator: a real client, real refusals for want of funds, money that arrives.

The store is the one in memory; what was paid is told by the simulator's own books.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.switches import Switches
from tests.adapters.test_monoova_against_simulator import Service
from tests.usecases.world import World, order

FEE = 10  # cents, of a payment to a bank account
JO = (
    BankAccount.parse("062-000", "12345678", "Jo Citizen"),
    PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen"),
)


def town_of(simulator, reserve):
    """A business whose provider is the simulator."""
    service = Service(simulator)
    town = World()
    town.clock.set(service.clock.now())
    town.ports["provider"] = service.monoova
    town.rules = FloatRules(reserve=reserve, fee=Money(FEE))
    town.register(destinations=JO)
    town.deposit()
    town.credit()
    return town


@pytest.fixture(params=[False, True], ids=["reference stays free", "reference used up"])
def simulator(request):
    switches = Switches(refused_uses_reference=request.param)
    with serve(Options(seed=7, opening=100_00, switches=switches)) as running:
        yield running


def ask(town, dollars):
    town.clock.advance(1)
    wanted = order(amount=Money(dollars * 100))
    return town.request(wanted, key=f"a key of some length {dollars}").payout


def paid(simulator):
    """Dollars in the order in which they were executed; nothing more than once."""
    executions = simulator.control.books()["executions"]
    assert all(each["executed_count"] == 1 for each in executions)
    assert len({each["uniqueReference"][:36] for each in executions}) == len(executions)
    return [int(Decimal(each["amount"])) for each in executions]


def available(town):
    return town.ports["provider"].financials(within=20).available


def test_of_three_the_first_goes_and_the_others_go_in_turn_when_money_arrives(simulator):
    town = town_of(simulator, reserve=Money(500))
    first, second, third = (ask(town, dollars) for dollars in (60, 50, 30))
    assert first.status in {Status.PENDING, Status.COMPLETED}
    assert (second.status, second.hindrance, second.attempt) == (Status.QUEUED, "funds", 2)
    assert (third.status, third.hindrance, third.attempt) == (Status.QUEUED, "funds", 1)
    assert paid(simulator) == [60]

    town.poll_after(60)
    assert paid(simulator) == [60]

    simulator.control.receive("15.00")  # the fifty fit, but not above the reserve
    town.poll_after(60)
    assert paid(simulator) == [60]

    simulator.control.receive("0.30")
    town.poll_after(60)
    assert paid(simulator) == [60, 50]
    assert available(town) == Money(510)

    simulator.control.receive("100.00")
    town.poll_after(60)
    assert paid(simulator) == [60, 50, 30]
    assert available(town) == Money(510 + 10_000 - 3_000 - FEE)
    town.poll_after(60)
    town.poll_after(60)
    assert paid(simulator) == [60, 50, 30]
    assert {payout.status for payout in town.payouts} == {Status.COMPLETED}
    assert town.store.state.outlook.short_since is None
    assert ask(town, 1).status is not Status.QUEUED


def test_a_large_one_is_not_overtaken_for_ever(simulator):
    town = town_of(simulator, reserve=Money(0))
    ask(town, 300)
    for dollars in (1, 2, 3):
        ask(town, dollars)
    for _ in range(5):
        simulator.control.receive("20.00")
        town.poll_after(60)
    assert paid(simulator) == []
    simulator.control.receive("110.00")
    town.poll_after(60)
    assert paid(simulator) == [300, 1, 2, 3]
