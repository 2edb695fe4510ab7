"""The allowances of dates, as their rows tell them, beside what payouts use by their own rows.

Reads rows as they are written, all that one transaction changed at a time, and shares no code with
what it watches: which ends give back is said here once more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = Mapping[str, Any]
    Sum = tuple[int, int]

GIVES_BACK = {"Failed", "Declined", "Cancelled"}
NONE = (0, 0)


@dataclass
class Allowances:
    """Sums are (cents, payouts).

    `require` is told what has to hold, and what is broken where it does not.
    """

    require: Callable[[bool, str], None]
    cents: Callable[[Row], int]
    held: dict[str, Sum] = field(default_factory=lambda: defaultdict(lambda: NONE))
    used: dict[str, Sum] = field(default_factory=lambda: defaultdict(lambda: NONE))
    # What each payout draws, and whether it uses it now.
    _drawn: dict[str, Mapping[str, Sum]] = field(default_factory=dict)
    _uses: dict[str, bool] = field(default_factory=dict)
    given_back: int = 0
    # What a date's customer, operator and business may draw at most; empty where nothing is held.
    most: Mapping[str, Sum] = field(default_factory=dict)
    # By date and whose it is: what came back to payouts that had given it back. It was executed
    # after all, so no limit stops it.
    _again: dict[str, Sum] = field(default_factory=lambda: defaultdict(lambda: NONE))

    def committed(self, payouts: Sequence[Any], control: Sequence[Any]) -> None:
        """One transaction changed these rows of payouts and of the control table."""
        touched = set()
        for change in payouts:
            touched |= self._payout(change.after)
        for change in control:
            key = change.after["key"]["S"]
            if key.startswith("day#"):
                row = change.after
                self.held[key] = self.cents(row["amount"]), int(row["count"]["N"])
                touched.add(key)
        for key in touched:
            held, used = self.held[key], self.used[key]
            self.require(min(held) >= 0, f"{key}: less than nothing is drawn")
            self.require(held == used, f"{key}: {held} is drawn, {used} used")
        for whose in {_whose(key) for key in touched}:
            self._within(whose)

    def _within(self, whose: str) -> None:
        """No more is drawn than a date allows; the business's rows count together."""
        most = self.most.get(whose.split("#")[1])
        if most is None:
            return
        held = [sums for key, sums in self.held.items() if _whose(key) == whose]
        for drawn, again, limit in zip(_sum(held), self._again[whose], most, strict=True):
            self.require(drawn <= limit + again, f"{whose}: {drawn} drawn, of {limit}")

    def _payout(self, row: Row) -> set[str]:
        own = row["transaction_id"]["S"]
        uses = row["status"]["S"] not in GIVES_BACK
        if own not in self._drawn:
            told = [each["L"] for each in row.get("drawn", {"L": []})["L"]]
            self._drawn[own] = {
                key["S"]: (self.cents(amount), int(count["N"])) for key, amount, count in told
            }
        sign = uses - self._uses.get(own, False)
        returns = sign > 0 and own in self._uses
        self._uses[own] = uses
        self.given_back += sign < 0
        for key, (cents, count) in self._drawn[own].items():
            was = self.used[key]
            self.used[key] = was[0] + sign * cents, was[1] + sign * count
            if returns:
                whose = _whose(key)
                self._again[whose] = _sum([self._again[whose], (cents, count)])
        return set(self._drawn[own]) if sign else set()


def _whose(key: str) -> str:
    """A row's key, without the shard that the business's have."""
    return key.rpartition("#")[0] if key.startswith("day#business#") else key


def _sum(sums: Sequence[Sum]) -> Sum:
    return sum(cents for cents, _ in sums), sum(count for _, count in sums)
