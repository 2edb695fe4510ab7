"""Uses of idempotency keys: a row of the control table for each, which stays for ever.

One conditional write claims a key, or finds who has it; another one says that its action was
carried out. A claim that was never finished goes to the next try of the same request. A key whose
action was refused keeps a row that says nothing any more: anybody may claim it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, in_expression, instant, moment, to_item
from chalicelib.domain.errors import Corrupt
from chalicelib.ports.keys import Use

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.session import Session

KEY = "key"
RELEASED = "released"
_FREE = "attribute_not_exists(#key)"
_OURS = "(#mark = :mark OR #mark = :released)"


class DynamoKeys:
    """The port `Keys` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def claim(self, use: Use) -> Use | None:
        """Store that it is about to be acted, or find the use that is in the way."""
        try:
            self._put(_row(use), f"{_FREE} OR (#done = :no AND {_OURS})", mark=use.mark, no=False)
        except Refused as refused:
            return _use(refused.found[ROW])
        return None

    def finish(self, use: Use) -> None:
        """Store that the action was carried out."""
        # Released by a try beside it, it may be claimed by another request since: that has it now.
        with suppress(Refused):
            self._put(_row(replace(use, done=True)), f"{_FREE} OR {_OURS}", mark=use.mark)

    def release(self, use: Use) -> None:
        """Forget a claim, if it is still this one."""
        row = {"key": _key(use), "mark": RELEASED, "done": False}
        with suppress(Refused):
            self._put(row, "#claim = :claim AND #done = :no", claim=use.claim_id, no=False)

    def _put(self, row: Row, condition: str, **values: object) -> None:
        if ":released" in condition:
            values["released"] = RELEASED
        names = {"#key": "key", "#mark": "mark", "#done": "done", "#claim": "claim_id"}
        self._session.call(
            self._session.client.put_item,
            TableName=self._table,
            Item=to_item(row),
            ConditionExpression=condition,
            ExpressionAttributeNames={n: name for n, name in names.items() if n in condition},
            ExpressionAttributeValues=in_expression(values),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _key(use: Use) -> str:
    return f"{KEY}#{use.key_id}"


def _row(use: Use) -> Row:
    return {
        "key": _key(use),
        "key_id": use.key_id,
        "operation": use.operation,
        "by": use.by,
        "fields": dict(use.fields),
        "mark": use.mark,
        "claim_id": use.claim_id,
        "claimed_at": instant(use.at),
        "done": use.done,
    }


def _use(row: Row | None) -> Use:
    with understood("a use of an idempotency key cannot be read"):
        found = row or {}
        use = Use(
            found["key_id"], found["operation"], found["by"], dict(found["fields"]),
            found["claim_id"], moment(found["claimed_at"]), found["done"],
        )  # fmt: skip
        sound = use.mark == found["mark"]
    if not sound:
        raise Corrupt("a use of an idempotency key is not what was stored")
    return use
