"""A customer as a row of the customers table, and back.

`stopped` is absent while payouts go on, so that a condition need not look into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.payout_rows import destination_from, destination_row
from chalicelib.adapters.dynamo.values import Row, instant, moment, number
from chalicelib.domain.customer import Customer
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Corrupt, InvalidAmount
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

# The one value that the index of all customers goes by.
LISTING = "customers"


def customer_row(customer: Customer) -> Row:
    """The row of a customer, balance and all."""
    return profile_row(customer) | {
        "customer_id": customer.customer_id,
        "created_at": instant(customer.created_at),
        "version": customer.version,
        "available_balance": number(customer.available),
        "stopped": customer.stopped,
        "listing": LISTING,
    }


def profile_row(customer: Customer) -> Row:
    """What an edit sets: neither key nor age, neither version nor balance nor stop."""
    return {
        "customer_name": customer.name,
        "email": customer.email,
        "updated_at": instant(customer.updated_at),
        "payout_destinations": [destination_row(each) for each in customer.destinations],
        "default_destinations": [[str(method), name] for method, name in customer.defaults],
    }


def customer_from(row: Mapping[str, object]) -> Customer:
    """The customer of a row.

    Raises:
        Corrupt: the row is not what a customer can be.
    """
    try:
        return _customer(dict(row))
    except (KeyError, ValueError, TypeError, InvalidAmount) as error:
        raise Corrupt(f"the row of customer {row.get('customer_id')}") from error


def _customer(row: Row) -> Customer:
    return Customer(
        customer_id=row["customer_id"],
        name=row.get("customer_name", ""),
        email=row.get("email", ""),
        created_at=moment(row["created_at"]),
        updated_at=moment(row["updated_at"]),
        version=int(row["version"]),
        destinations=tuple(destination_from(each) for each in row["payout_destinations"]),
        defaults=tuple(
            (PayoutMethod(method), name) for method, name in row["default_destinations"]
        ),
        available=Money.exactly(row["available_balance"]),
        stopped=row.get("stopped", ""),
    )
