"""The books of what comes in: receipts, settlements, returns and what is on people's lists.

Reads the rows of the control table as they are written, each time all that one transaction changed.
What the rows of a settlement should give is known from the person who posted it, not from ours.
"""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Row = Mapping[str, Any]

# What may become of a receipt.
_WAYS = {
    "open": {"open", "matched", "closed", "returned"},
    "matched": {"matched", "returned"},
    "closed": {"closed", "returned"},
    "returned": {"returned"},
}
_STAGES = {
    "Expected": {"Expected", "Allocating", "Cancelled"},
    "Allocating": {"Allocating", "Settled"},
    "Settled": set[str](),
    "Cancelled": set[str](),
}
# What the rows of a settlement are credits for.
PURPOSE = "settlement "


@dataclass
class Tills:
    """`expected` are the rows (customer, cents) of each settlement, by its reference.

    `require` is told what has to hold, and what is broken where it does not.
    """

    require: Callable[[bool, str], None]
    cents: Callable[[Row], int]
    expected: dict[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    receipts: dict[str, Row] = field(default_factory=dict)
    settlements: dict[str, Row] = field(default_factory=dict)
    findings: dict[tuple[str, str], Row] = field(default_factory=dict)
    letters: dict[str, Row] = field(default_factory=dict)
    # Digests of the webhooks that are kept, or before a person.
    kept: set[str] = field(default_factory=set)
    # Returns that are still to be followed.
    following: set[str] = field(default_factory=set)
    matched_in: dict[str, str] = field(default_factory=dict)
    allocated: Counter[str] = field(default_factory=Counter)
    arrived: Callable[[], None] = field(default=lambda: None)

    def committed(self, changes: Sequence[Any]) -> None:
        """One transaction changed these rows of the control table."""
        given: dict[str, list[tuple[str, int]]] = {}
        settlements = []
        for change in changes:
            row = change.after
            kind, _, own = row["key"]["S"].partition("#")
            match kind:
                case "receipt":
                    self._receipt(own, change.before, row)
                case "settlement" if "#" not in own:
                    settlements.append((own, row))
                case "credit" if row.get("reason", {"S": ""})["S"].startswith(PURPOSE):
                    reference = row["reason"]["S"].removeprefix(PURPOSE)
                    self.require(change.before is None, "an allocation was written over")
                    told = row["customer_id"]["S"], self.cents(row["amount"])
                    given.setdefault(reference, []).append(told)
                case "movement":
                    (self.following.add if "listing" in row else self.following.discard)(own)
                case "notice":
                    self.kept.add(row.get("notice_key", row["key"])["S"].rsplit("#", 1)[-1])
                case "finding":
                    self.findings[row["kind"]["S"], row["subject"]["S"]] = row
                case "parked":
                    self._letter(own, change.before, row)
        for own, row in settlements:
            self._settlement(own, row, given.pop(row["reference"]["S"], []))
        self.require(not given, f"rows were allocated, and not counted: {sorted(given)}")

    def open_findings(self) -> list[tuple[str, str]]:
        """Kind and subject of those that nobody has resolved."""
        return [key for key, row in self.findings.items() if "resolved_at" not in row]

    def open_receipts(self) -> list[str]:
        """Receipts that nothing explains."""
        return [own for own, row in self.receipts.items() if _state(row) == "open"]

    def open_letters(self) -> list[str]:
        """Dead letters before a person."""
        return [own for own, row in self.letters.items() if "ending" not in row]

    def unattended(self) -> bool:
        """Whether a run over the receipts has anything left to do."""
        stages = {row["stage"]["S"] for row in self.settlements.values()}
        return bool(self.following or stages & {"Expected", "Allocating"})

    def _receipt(self, own: str, before: Row | None, row: Row) -> None:
        state = _state(row)
        if before is None:
            self.require(state == "open", f"receipt {own} begins {state}")
        else:
            self.require(state in _WAYS[_state(before)], f"receipt {own}: {_state(before)} {state}")
            self.require(row["amount"] == before["amount"], f"receipt {own} has another amount")
            was, now = before.get("settlement_id"), row.get("settlement_id")
            self.require(was is None or was == now, f"receipt {own} is matched twice")
        if state == "open" and "state" in row:
            self.require("listing" in row, f"receipt {own} is open, and on nobody's list")
        self.receipts[own] = row
        self.arrived()

    def _settlement(self, own: str, row: Row, given: list[tuple[str, int]]) -> None:
        before, require = self.settlements.get(own), self.require
        reference, stage = row["reference"]["S"], row["stage"]["S"]
        version, rows = int(row["version"]["N"]), int(row["allocated_rows"]["N"])
        names = [each["S"] for each in row["receipts"]["L"]]
        done = int(before["allocated_rows"]["N"]) if before else 0
        require(version == (int(before["version"]["N"]) if before else 0) + 1, f"{own}: a version")
        if before:
            was = before["stage"]["S"]
            require(stage == was or stage in _STAGES[was], f"{reference}: {was} to {stage}")
        wanted = list(self.expected.get(reference, []))
        require(int(row["shares"]["N"]) == len(wanted), f"{reference}: rows are missing")
        require(given == wanted[done:rows], f"{reference}: rows {done} to {rows} gave {given}")
        self.allocated[reference] += len(given)
        require(len(set(names)) == len(names), f"{reference}: a receipt counted twice")
        for name in names:
            require(self.matched_in.setdefault(name, own) == own, f"{name} matched twice")
            receipt = self.receipts.get(name)
            state = receipt.get("settlement_id", {"S": ""})["S"] if receipt else ""
            require(state == own, f"{reference} has {name}, which is not its own")
        came = sum(self.cents(self.receipts[name]["amount"]) for name in names)
        require(came == self.cents(row["received"]), f"{reference}: received is its receipts")
        enough = came >= self.cents(row["amount"])
        require(enough or stage in {"Expected", "Cancelled"}, f"{reference} is {stage} too early")
        require(not rows or enough, f"{reference}: rows before it has come")
        require(stage != "Settled" or rows == len(wanted), f"{reference} ends without its rows")
        require(stage != "Cancelled" or not names, f"{reference} was withdrawn with its money")
        self.settlements[own] = row
        self.arrived()

    def _letter(self, own: str, before: Row | None, row: Row) -> None:
        same = before is None or row["raw"] == before["raw"]
        forgotten = "ending" in row and not zlib.decompress(row["raw"]["B"])
        self.require(same or forgotten, f"letter {own} is another")
        listed = "attention_bucket" in row or "listing" in row
        self.require(listed, f"letter {own} is on nobody's list")
        self.require("ending" in row or "expires_at" not in row, f"letter {own} may be forgotten")
        self.letters[own] = row
        self.kept.add(row.get("notice_key", row["key"])["S"].rsplit("#", 1)[-1])


def _state(row: Row) -> str:
    return str(row["state"]["S"]) if "state" in row else "open"
