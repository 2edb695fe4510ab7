"""One write of the DynamoDB in memory before it is done, and the errors where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tests.fakes.dynamo_values import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fakes.dynamo_expressions import Asked
    from tests.fakes.dynamo_tables import Item, Key, Table
    from tests.fakes.dynamo_values import Value


@dataclass(slots=True)
class Part:
    """A write that is ready: `after` is `None` where it only looks."""

    table: Table
    key: Key
    before: Item | None
    after: Item | None
    holds: bool
    tells: bool
    defect: str = ""


def update(part: Part, wanted: Asked, before: Item, values: Mapping[str, Value]) -> None:
    for name in wanted.changed:
        if name in part.table.key_names:
            raise Malformed(f"Cannot update attribute {name}. This attribute is part of the key")
    after = dict(before)
    try:
        for change in wanted.change:
            change(before, after, values)
        part.table.check_indexes(after)
        part.after = after
    except Malformed as bad:
        part.defect = str(bad)


def cancelled(parts: Sequence[Part]) -> ClientError:
    reasons = [_reason(part) for part in parts]
    codes = ", ".join(reason["Code"] for reason in reasons)
    told = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    return refusal(
        "TransactWriteItems", "TransactionCanceledException", f"{told} [{codes}]",
        CancellationReasons=reasons,
    )  # fmt: skip


def _reason(part: Part) -> dict[str, Any]:
    if part.defect:
        return {"Code": "ValidationError", "Message": part.defect}
    if part.holds:
        return {"Code": "None"}
    found = {"Item": dict(part.before)} if part.tells and part.before is not None else {}
    return {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", **found}


def refusal(operation: str, code: str, message: str, **more: Any) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400},
        "message": message,
        **more,
    }
    return ClientError(response, operation)
