"""Customers with money and payees, made over HTTP as an operator and an admin would."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from tests.kills.ground import new_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.client import Client
    from tests.kills.ground import Ground

HEARD = 60.0  # seconds in which the webhook of a settlement has to have come


def fund(ground: Ground, door: str, amount: Money) -> None:
    """Money arrives at the provider; wait until we have heard of it."""
    admin = ground.client(door, "admin")
    wanted = _unallocated(admin) + amount
    ground.deposit(amount)
    deadline = time.monotonic() + HEARD
    while _unallocated(admin) < wanted:
        assert time.monotonic() < deadline, "the settlement was not heard of"
        time.sleep(0.05)
    admin.close()


def open_account(
    ground: Ground, door: str, allowance: Money, names: Sequence[str]
) -> list[dict[str, Any]]:
    """A customer with so much of what was funded; an order for each payee, without an amount."""
    operator, admin = ground.client(door, "operator"), ground.client(door, "admin")
    told = {
        "customer_name": "Jo Citizen", "email": "jo@example.com",
        "payout_destinations": [_account(name) for name in names],
    }  # fmt: skip
    made = operator.need(201, "POST", "/customers", told, key=new_key())
    credit = {"amount": str(allowance), "reason": "Share of a settlement"}
    path = f"/customers/{made['customer_id']}/credits"
    admin.need(201, "POST", path, credit, key=new_key())
    operator.close()
    admin.close()
    return [
        {
            "customer_id": made["customer_id"], "payout_method": "BankAccount",
            "destination_id": each["destination_id"],
        }
        for each in made["payout_destinations"]
    ]  # fmt: skip


def _account(name: str) -> dict[str, str]:
    return {
        "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
        "accountName": name,
    }  # fmt: skip


def _unallocated(admin: Client) -> Money:
    return Money.parse(admin.need(200, "GET", "/funds")["unallocated"])
