"""Australian dollars as whole cents.

Refuses floats, rounding and any amount that is not exact: an amount with a fraction of a cent
is an error to report, never a number to repair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from chalicelib.domain.errors import InvalidAmount

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENCY = "AUD"
# Far above any payout, far below what DynamoDB's 38 digits or a JSON reader could bend.
LARGEST_CENTS = 10**14
_CENT = Decimal("0.01")
_WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole cents; may be negative where it is a posting."""

    cents: int

    @classmethod
    def parse(cls, value: object) -> Money:
        """An amount as people write it: text, `int` or `Decimal`, with at most two decimals.

        Raises:
            InvalidAmount: anything else, `100.000`, `+5`, ` 5`, `"1e2"` and `True` included.
        """
        if isinstance(value, str) and not _WRITTEN.fullmatch(value):
            raise InvalidAmount("is not an amount")
        amount = _decimal(value)
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -2:
            raise InvalidAmount("has more than two decimals")
        return cls.exactly(amount)

    @classmethod
    def exactly(cls, value: object) -> Money:
        """An amount as the provider writes it (`10.0000`, `5`, `"12.5"`): any notation, if exact.

        Raises:
            InvalidAmount: not a number, not finite, too large, or not a whole number of cents.
        """
        amount = _decimal(value)
        # The magnitude is looked at first: scaling 1e400000000 would take the machine with it.
        if amount and not -20 < amount.adjusted() < 15:
            raise InvalidAmount("is too large" if amount.adjusted() > 0 else "is not whole cents")
        # Decimal rounds what it calculates to 28 digits, but compares exactly.
        dollars = amount.quantize(_CENT)
        if dollars != amount:
            raise InvalidAmount("is not whole cents")
        cents = int(dollars.scaleb(2))
        if abs(cents) > LARGEST_CENTS:
            raise InvalidAmount("is too large")
        return cls(cents)

    @property
    def decimal(self) -> Decimal:
        """Dollars with two decimals, exact."""
        return Decimal(self.cents).scaleb(-2)

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d}"

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __bool__(self) -> bool:
        return self.cents != 0


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of an iterable of `Money`; zero where it is empty."""
    return sum(amounts, ZERO)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise InvalidAmount("is not an amount")
    if isinstance(value, str) and (not value.isascii() or len(value) > 40 or "_" in value):
        raise InvalidAmount("is not an amount")
    if isinstance(value, int) and abs(value) > LARGEST_CENTS:
        raise InvalidAmount("is too large")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise InvalidAmount("is not an amount") from None
    if not amount.is_finite():
        raise InvalidAmount("is not a finite amount")
    return amount
