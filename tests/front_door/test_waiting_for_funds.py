"""The provider has no money for a payout: it waits, and goes out by itself when money arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.front_door.town import Town


def test_a_payout_without_funds_waits_and_goes_out_when_money_arrives(town: Town):
    customer = town.credited("300.00", ["Jo Citizen"])
    balance = town.control.totals().balance
    town.control.debit(str(balance))  # somebody took it; our customers are owed it all the same
    first = town.pay(customer, "Jo Citizen", "100.00")
    second = town.pay(customer, "Jo Citizen", "100.00")
    for made in (first, second):
        now = town.payout(made)
        assert (now["status"], now["waits_for"]) == ("Queued", "funds")
    assert town.balance(customer) == 100

    for _ in range(3):
        town.pass_time(600)
    assert town.payout(first)["status"] == "Queued"
    assert town.control.totals().executions == ()

    town.control.receive("150.00", description="not enough for both")
    town.until(
        lambda: town.payout(first)["status"] == "Completed", "the older one to be paid",
        step=town.minutes_pass(),
    )  # fmt: skip
    assert town.payout(second)["status"] == "Queued"

    town.control.receive("150.00", description="enough for the other")
    town.until(
        lambda: town.payout(second)["status"] == "Completed", "the younger one to be paid",
        step=town.minutes_pass(),
    )  # fmt: skip
    executed = [each.unique_reference for each in town.control.totals().executions]
    assert executed == [town.payout(made)["uniqueReference"] for made in (first, second)]
    assert town.balance(customer) == 100
