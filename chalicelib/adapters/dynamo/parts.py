"""The parts of a transaction: rows that must be new, rows that must be as read, balances that move.

Each carries its own condition and asks for the row that broke it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.payout_rows import payout_row
from chalicelib.adapters.dynamo.values import in_expression, instant, number, to_item
from chalicelib.adapters.dynamo.wire_rows import PAUSED
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.redraft import REDRAFTABLE
from chalicelib.domain.wire import claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        PutTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step

# What the names of parts begin with that look at what a redraft replaces.
ORIGINAL = "original"


def new_row(table: str, row: Row, *, key: str) -> TransactWriteItemTypeDef:
    """Put a row that must not be there; `key` is the name of its hash key."""
    put: PutTypeDef = {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": f"attribute_not_exists(#{key})",
        "ExpressionAttributeNames": {f"#{key}": key},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Put": put}


def versioned_row(table: str, row: Row, *, version: int) -> TransactWriteItemTypeDef:
    """Put a row in the place of the one that was read at `version`."""
    put: PutTypeDef = {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": in_expression({"version": version}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Put": put}


def payout_part(
    table: str, before: Payout | None, after: Payout, patience: Patience, calendar: Calendar
) -> TransactWriteItemTypeDef:
    """Put a payout: a new one, or in the place of the one that was read."""
    row = payout_row(after, patience, calendar)
    if before is None:
        return new_row(table, row, key="transaction_id")
    values: Row = {"version": before.version, "status": before.status}
    # What was taken away since it was read must not come back with the step.
    less = "attribute_not_exists(revision)"
    if before.revision:
        less, values["revision"] = "revision = :revision", before.revision
    put: PutTypeDef = {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": f"#version = :version AND #status = :status AND {less}",
        "ExpressionAttributeNames": {"#version": "version", "#status": "status"},
        "ExpressionAttributeValues": in_expression(values),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Put": put}


def customer_part(table: str, steps: Sequence[Step]) -> TransactWriteItemTypeDef | None:
    """Move the customer's balance as the steps say, or stop their payouts; `None`: neither.

    A stop is an edit of the profile too: an editor who has not seen it must read again.
    """
    change = total(step.available_change for step in steps)
    stops = any(step.stops_customer for step in steps)
    pays = needs_unstopped(steps)
    key = steps[0].after.intent.customer_id
    if not (change or stops or steps[0].before is None):
        return _may_be_paid(table, key) if pays else None
    conditions = ["attribute_exists(customer_id)"]
    conditions += ["attribute_not_exists(stopped)"] if pays else []
    conditions += [f"attribute_not_exists({PAUSED})"] if claims(steps) else []
    # What was there before they asked to be forgotten goes on; nothing new comes.
    conditions += ["attribute_not_exists(erasing_at)"] if steps[0].before is None else []
    conditions += ["available_balance >= :needed"] if change < ZERO else []
    values: Row = {"change": number(change)}
    values |= {"needed": number(-change)} if change < ZERO else {}
    expression = "ADD available_balance :change"
    if stops:
        last = steps[-1].after
        expression += ", version :one SET stopped = if_not_exists(stopped, :why), updated_at = :now"
        values |= {"one": 1, "why": stopped_by(last), "now": instant(last.updated_at)}
    return _update(table, key, expression, values, " AND ".join(conditions))


def needs_unstopped(steps: Sequence[Step]) -> bool:
    """Whether the steps are what a stopped customer must not have: a new payout, or a sending."""
    return claims(steps) or any(step.before is None for step in steps)


def originals_part(
    table: str, steps: Sequence[Step], written: Step | None
) -> dict[str, TransactWriteItemTypeDef]:
    """That nothing which a redraft is to replace was paid after all; but what is `written` itself.

    Nor contradicted: it may have been. Asked of whatever is, or is about to be, sent.
    """
    own = written.after.transaction_id if written else ""
    before = steps[-1].after.intent.redraft_of if needs_unstopped(steps) else ()
    return {f"{ORIGINAL} {each}": _unpaid(table, each) for each in before if each != own}


def _unpaid(table: str, transaction_id: str) -> TransactWriteItemTypeDef:
    values: Row = {str(status): status for status in sorted(REDRAFTABLE)}
    names = ", ".join(f":{name}" for name in values)
    calm = "(attribute_not_exists(needs_person) OR needs_person <> :contradiction)"
    check: ConditionCheckTypeDef = {
        "TableName": table,
        "Key": to_item({"transaction_id": transaction_id}),
        "ConditionExpression": f"#status IN ({names}) AND {calm}",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": in_expression(values | {"contradiction": CONTRADICTION}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check}


def credit_part(
    table: str, customer_id: str, amount: Money, *, by_hand: bool
) -> TransactWriteItemTypeDef:
    """Add to the balance of a customer who must be there, and by hand not about to be forgotten.

    What an acquirer has sent for them is theirs all the same.
    """
    values = {"change": number(amount)}
    expression = "ADD available_balance :change"
    condition = "attribute_exists(customer_id)"
    condition += " AND attribute_not_exists(erasing_at)" if by_hand else ""
    return _update(table, customer_id, expression, values, condition)


def stopped_by(payout: Payout) -> str:
    """Why a customer's payouts stopped, for people."""
    return f"payout {payout.transaction_id} is disputed"


def _may_be_paid(table: str, customer_id: str) -> TransactWriteItemTypeDef:
    check: ConditionCheckTypeDef = {
        "TableName": table,
        "Key": to_item({"customer_id": customer_id}),
        "ConditionExpression": (
            "attribute_exists(customer_id) AND attribute_not_exists(stopped)"
            f" AND attribute_not_exists({PAUSED})"
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check}


def _update(
    table: str, customer_id: str, expression: str, values: Row, condition: str
) -> TransactWriteItemTypeDef:
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item({"customer_id": customer_id}),
        "UpdateExpression": expression,
        "ExpressionAttributeValues": in_expression(values),
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}
