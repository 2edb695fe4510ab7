"""The columns of a credit, which the row of one that was made and of one that waits both have."""

from __future__ import annotations

from chalicelib.adapters.dynamo.values import Row, instant, moment, number
from chalicelib.domain.funding import Credit
from chalicelib.domain.money import Money

MADE = "credit#"


def credit_row(credit: Credit) -> Row:
    """The row of a credit that was made."""
    return {
        "key": MADE + credit.credit_id,
        **credit_columns(credit),
        "agreed_by": credit.agreed_by,
    }


def credit_columns(credit: Credit) -> Row:
    """What is asked for, without who agreed."""
    return {
        "customer_id": credit.customer_id,
        "amount": number(credit.amount),
        "reason": credit.reason,
        "created_at": instant(credit.created_at),
        "created_by": credit.created_by,
        "request_id": credit.request_id,
    }


def credit_from(credit_id: str, row: Row) -> Credit:
    """The credit in a row; to be read where it is said what the row was.

    Raises:
        LookupError, TypeError, ValueError: the row is not what a credit can be.
    """
    return Credit(
        credit_id=credit_id,
        customer_id=row["customer_id"],
        amount=Money.exactly(row["amount"]),
        reason=row.get("reason", ""),
        created_at=moment(row["created_at"]),
        created_by=row["created_by"],
        request_id=row.get("request_id", ""),
        agreed_by=row.get("agreed_by", ""),
    )
