"""Reads the bodies of our own endpoints and collects everything that is wrong with them.

Refuses unknown fields: a misspelt fault that quietly does nothing would make a test lie.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from local.monoova.answers import ControlRefused
from local.monoova.shapes import NotJson, cents, cents_of_text, read_json

LONGEST = Decimal(100 * 365 * 86400)


def read_form(body: bytes) -> "Form":
    """The JSON object of a control request; an empty body is an empty object.

    Raises:
        ControlRefused: not a JSON object.
    """
    try:
        value = read_json(body) if body.strip() else {}
    except NotJson as error:
        raise ControlRefused([{"field": "", "problem": str(error)}]) from error
    if not isinstance(value, dict):
        raise ControlRefused([{"field": "", "problem": "must be a JSON object"}])
    return Form(value)


@dataclass
class Form:
    """Asked for one field after the other, then finished: that raises when anything was wrong."""

    fields: Mapping[str, object]
    within: str = ""
    asked: set[str] = field(default_factory=set)
    errors: list[dict[str, str]] = field(default_factory=list)

    def wrong(self, name: str, problem: str) -> None:
        """Notes that a field is wrong."""
        self.errors.append({"field": f"{self.within}{name}", "problem": problem})

    def get(self, name: str) -> object:
        """The field as it came, or None."""
        self.asked.add(name)
        return self.fields.get(name)

    def text(self, name: str, *, required: bool = False, among: Collection[str] = ()) -> str | None:
        """A text, perhaps one of a few."""
        value = self.get(name)
        if value is None:
            if required:
                self.wrong(name, "is required")
            return None
        if not isinstance(value, str) or not value:
            self.wrong(name, "must be a text")
        elif among and value not in among:
            self.wrong(name, f"must be one of {', '.join(sorted(among))}")
        else:
            return value
        return None

    def money(self, name: str, *, required: bool = False) -> int | None:
        """A positive amount, as text or as a number, in whole cents."""
        value = self.get(name)
        if value is None and not required:
            return None
        amount = cents_of_text(value) if isinstance(value, str) else cents(value)
        if amount is None or amount <= 0:
            self.wrong(name, "must be a positive amount with at most two decimals")
            return None
        return amount

    def seconds(self, name: str, *, required: bool = False) -> Decimal | None:
        """A number of seconds, not negative."""
        value = self.get(name)
        if value is None and not required:
            return None
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if not number or not 0 <= Decimal(str(value)) <= LONGEST:
            self.wrong(name, "must be a number of seconds, not negative")
            return None
        return Decimal(str(value))

    def whole(self, name: str, *, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(name, f"must be a whole number from {least} to {most}")
            return None
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, "must be true or false")
            return default
        return value

    def part(self, name: str) -> "Form":
        """An object inside this one; its errors are collected here."""
        value = self.get(name)
        if value is not None and not isinstance(value, dict):
            self.wrong(name, "must be an object")
        inside = value if isinstance(value, dict) else {}
        return Form(inside, within=f"{self.within}{name}.", errors=self.errors)

    def unknown(self) -> None:
        """Notes every field that nobody asked for."""
        for name in self.fields.keys() - self.asked:
            self.wrong(name, "is not known here")

    def finish(self) -> None:
        """Raises when anything was wrong.

        Raises:
            ControlRefused: with all of it.
        """
        self.unknown()
        if self.errors:
            raise ControlRefused(self.errors)
