"""Plain values as DynamoDB keeps them: exact decimals, instants that sort as text, bytes.

Refuses floats and times without a zone; knows nothing of payouts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Row = dict[str, Any]
Item = dict[str, "AttributeValueTypeDef"]

_DOLLAR = Decimal(1)
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def to_item(row: Mapping[str, Any]) -> Item:
    """A row in DynamoDB's types; what is `None` or empty text is left out (on the first level)."""
    kept = {name: value for name, value in row.items() if value is not None and value != ""}
    return {name: _serialize(value) for name, value in kept.items()}


def from_item(item: Mapping[str, Any]) -> Row:
    """The row that was stored; numbers are `Decimal`."""
    return {name: _deserialize(value) for name, value in item.items()}


def in_expression(row: Mapping[str, Any]) -> Item:
    """Values of an expression, `:name` → value: nothing is left out."""
    return {f":{name}": _serialize(value) for name, value in row.items()}


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with all six decimals: text that sorts as time does.

    Raises:
        ValueError: the time has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The aware UTC time of an `instant`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def perhaps_instant(when: datetime | None) -> str | None:
    """An instant, where there is one."""
    return None if when is None else instant(when)


def perhaps_moment(text: str | None) -> datetime | None:
    """The time of an instant, where there is one."""
    return None if text is None else moment(text)


def number(amount: Money) -> Decimal:
    """Dollars as DynamoDB writes them back: exact, and without zeros at the end.

    So a request is the same however often it is made, also to an engine that keeps what it stored.
    """
    shortest = amount.decimal.normalize()
    return shortest.quantize(_DOLLAR) if shortest == shortest.to_integral_value() else shortest


def perhaps_number(amount: Money | None) -> Decimal | None:
    """Dollars, where there is an amount."""
    return None if amount is None else number(amount)


def perhaps_money(dollars: Decimal | None) -> Money | None:
    """The amount of stored dollars, where there are any."""
    return None if dollars is None else Money.exactly(dollars)


def binary(value: Binary | bytes) -> bytes:
    """The bytes of a stored value."""
    return value if isinstance(value, bytes) else bytes(value.value)  # type: ignore[attr-defined]
