"""Receipts and movements as rows of the control table, and the parts of transactions upon them.

A movement is one row for one transaction id of the provider's, whoever wrote it first: a payout
that heard it as its return, or a receipt banked under it. So the two cannot miss each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import in_expression, instant, moment, number, to_item
from chalicelib.domain.events import Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt, movement_id
from chalicelib.domain.money import Money
from chalicelib.domain.receipts import Banked, Movement, Stage, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.funding import TakenBack
    from chalicelib.domain.step import Step

RECEIPT, MOVEMENT = "receipt#", "movement#"
# The partition of returns that are to be followed.
TO_FOLLOW = "return#heard"
# Receipts of a version that did not say so are open.
IS_OPEN = "attribute_exists(#key) AND (attribute_not_exists(#state) OR #state = :open)"


def listing_of(state: State) -> str:
    """The partition of the index in which receipts of a state are listed."""
    return f"{RECEIPT}{state}"


def receipt_row(receipt: Receipt) -> Row:
    """The row of a receipt that is banked now."""
    return {
        "key": f"{RECEIPT}{receipt.receipt_id}",
        "amount": number(receipt.amount),
        "rail": receipt.rail,
        "received_at": instant(receipt.received_at),
        "reference": receipt.reference,
        "state": str(State.OPEN),
        "listing": listing_of(State.OPEN),
        "listed_at": instant(receipt.received_at),
    }


def banked_from(row: Row) -> Banked:
    """The receipt of a row.

    Raises:
        Corrupt: the row is not what a receipt can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return _banked(row)


def _banked(row: Row) -> Banked:
    receipt = Receipt(
        receipt_id=row["key"].removeprefix(RECEIPT),
        amount=Money.exactly(row["amount"]),
        rail=row["rail"],
        received_at=moment(row["received_at"]),
        reference=row.get("reference", ""),
    )
    return Banked(
        receipt,
        state=State(row.get("state", State.OPEN)),
        settlement_id=row.get("settlement_id", ""),
        noted=frozenset(Kind(each) for each in row.get("noted", ())),
        matched_by=row.get("matched_by", ""),
        closed_by=row.get("closed_by", ""),
        reason=row.get("reason", ""),
    )


def change_of_receipt(
    table: str, receipt_id: str, changed: Row, condition: str = IS_OPEN, **values: object
) -> UpdateTypeDef:
    """An update that sets attributes of a receipt that is open, or as the condition says."""
    held = {"open": str(State.OPEN)} if condition is IS_OPEN else {}
    return {
        "TableName": table,
        "Key": to_item({"key": f"{RECEIPT}{receipt_id}"}),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in changed),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in {*changed, "key", "state"}},
        "ExpressionAttributeValues": in_expression({**changed, **held, **values}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def movement_from(row: Row) -> Movement | None:
    """The return of a row; `None` where only receipts are.

    Raises:
        Corrupt: the row is not what a return can be.
    """
    if "transaction_id" not in row:
        return None
    with understood(f"the row of {row.get('key')}"):
        return _movement(row)


def _movement(row: Row) -> Movement:
    banked = sorted(name for name in row if name.startswith(RECEIPT))
    return Movement(
        movement_id=row["key"].removeprefix(MOVEMENT),
        transaction_id=row["transaction_id"],
        amount=Money.exactly(row["amount"]),
        receipts=tuple((name.removeprefix(RECEIPT), Money.exactly(row[name])) for name in banked),
        stage=Stage(row["stage"]),
    )


def arrival_part(table: str, receipt: Receipt) -> TransactWriteItemTypeDef:
    """Name a receipt in its movement, unless a payout has heard just that money as its return."""
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item({"key": MOVEMENT + movement_id(receipt.receipt_id)}),
        "UpdateExpression": "SET #receipt = :amount",
        "ConditionExpression": "attribute_not_exists(transaction_id) OR amount <> :amount",
        "ExpressionAttributeNames": {"#receipt": RECEIPT + receipt.receipt_id},
        "ExpressionAttributeValues": in_expression({"amount": number(receipt.amount)}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}


def return_parts(table: str, steps: Sequence[Step]) -> dict[str, TransactWriteItemTypeDef]:
    """Name a payout in the movement of each return that its steps hear by an id.

    Written with the step that hears it, so that it is there if and only if the payout has the
    money. Whoever named it first stays; it refuses nothing.
    """
    parts: dict[str, TransactWriteItemTypeDef] = {}
    for step in steps:
        event = step.event
        if not isinstance(event, Returned) or not event.return_id:
            continue
        row = {
            "transaction_id": step.after.transaction_id,
            "amount": number(event.amount or step.after.intent.amount),
            "stage": str(Stage.HEARD),
            "listing": TO_FOLLOW,
            "listed_at": instant(event.at),
        }
        told = ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in row)
        name = movement_id(event.return_id)
        update: UpdateTypeDef = {
            "TableName": table,
            "Key": to_item({"key": MOVEMENT + name}),
            "UpdateExpression": f"SET {told}",
            "ExpressionAttributeNames": {f"#{name}": name for name in row},
            "ExpressionAttributeValues": in_expression(row),
        }
        parts[f"return {name}"] = {"Update": update}
    return parts


def taken_parts(table: str, back: TakenBack) -> dict[str, TransactWriteItemTypeDef]:
    """End a receipt that was a return, and say so in its movement: each once."""
    changed = {"state": str(State.RETURNED), "listing": listing_of(State.RETURNED)}
    receipt = change_of_receipt(
        table, back.receipt_id, changed,
        "attribute_exists(#key) AND (attribute_not_exists(#state) OR #state <> :state)",
    )  # fmt: skip
    movement = stage_update(table, back.return_id, Stage.HEARD, Stage.TAKEN)
    return {"receipt": {"Update": receipt}, "movement": {"Update": movement}}


def stage_update(table: str, name: str, before: Stage, after: Stage) -> UpdateTypeDef:
    """An update of how far a return has been followed; once it is done it is not listed."""
    return {
        "TableName": table,
        "Key": to_item({"key": MOVEMENT + name}),
        "UpdateExpression": "SET #stage = :after" + " REMOVE listing" * (after is Stage.DONE),
        "ConditionExpression": "#stage = :before",
        "ExpressionAttributeNames": {"#stage": "stage"},
        "ExpressionAttributeValues": in_expression({"before": str(before), "after": str(after)}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
