"""What the bodies of the provider's webhooks have in common: names, texts, amounts, why not.

Field names are compared in lower case, for their casing has drifted. Refuses to guess an amount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova.reading import LONGEST_REFERENCE
from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.money import CURRENCY, Money

if TYPE_CHECKING:
    from collections.abc import Sequence

# The fields of a body, by their names in lower case.
Fields = dict[str, Any]
BY = "monoova:webhook"

NOT_UNDERSTOOD = "not_understood"
UNKNOWN_REFERENCE = "unknown_reference"
OTHER_EVENT = "other_event"
UNKNOWN_STATUS = "unknown_status"
NO_MONEY = "no_money"
OTHER_CURRENCY = "other_currency"
OTHER_THAN_NAMED = "other_event_than_its_address"


def lowered(body: object) -> Fields:
    """The fields of an object by their names in lower case; none where it is no object."""
    if not isinstance(body, dict):
        return {}
    return {name.lower(): value for name, value in body.items()}


def details(body: object, named: str) -> Sequence[object]:
    """The lines under a name, of one object or of each of a list; `None` for one without any.

    A list without that name could be another event's: its items are no lines.
    """
    found: list[object] = []
    for item in body if isinstance(body, list) else [body]:
        within = lowered(item).get(named)
        found += within if isinstance(within, list) else [None]
    return found


def word(told: Fields, named: str) -> str:
    """A word of the provider's own, such as a status, in lower case."""
    return exact_json.text(told.get(named), 64).lower()


def shown(told: Fields, named: str) -> str:
    """A reference as it may be stored and shown."""
    return exact_json.printable(told.get(named), LONGEST_REFERENCE)


def amount(value: object) -> Money | str:
    """A positive amount, or why it is none."""
    try:
        told = Money.exactly(value.strip() if isinstance(value, str) else value)
    except InvalidAmount:
        return NOT_UNDERSTOOD
    if told.cents < 0:
        return NOT_UNDERSTOOD
    return told or NO_MONEY


def amount_or_none(told: Fields) -> Money | str | None:
    """The amount, why it is none, or `None` where it is not told."""
    return None if told.get("amount") is None else amount(told["amount"])


def in_our_currency(told: Fields) -> bool:
    """Whether it is told in our currency, or in none."""
    currency = told.get("currency")
    return currency is None or exact_json.text(currency, 8).upper() == CURRENCY
