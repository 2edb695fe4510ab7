"""Our books as they are written, row by row, and what must be true of them after every write.

Reads the stored rows themselves, not through our adapters: what watches must not share a mistake
with what it watches. The table of a payout's life is taken from the domain, for it is the rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.domain.ledger import OUTSIDE, Place
from chalicelib.domain.payout import LIFECYCLE, OPEN, WHERE, Status
from tests.simulation.allowances import Allowances
from tests.simulation.tills import Tills

if TYPE_CHECKING:
    from tests.simulation.story import Silence

Row = Mapping[str, Any]
_BY_NAME = {
    status: {kind.__name__: after for kind, after in row.items()}
    for status, row in LIFECYCLE.items()
}
# The only ways out of an end. News of an attempt that came before may end it so, too.
WAYS_OUT = {
    Status.COMPLETED: {Status.RETURNED, Status.DISPUTED},
    Status.RETURNED: {Status.DISPUTED},
    Status.REJECTED: {Status.DISPUTED},
    Status.FAILED: {Status.DISPUTED},
    Status.DECLINED: {Status.DISPUTED},
    Status.CANCELLED: {Status.DISPUTED},
    Status.DISPUTED: set[Status](),
}
# What may change of a payout without a step.
_LESS = {
    "destination", "reference", "description", "remitter_name", "asked", "error_message",
    "intent_digest", "archives", "archived", "revision",
}  # fmt: skip


# What the version before, which does not know it, forgets with whatever it writes.
FORGOTTEN = {"route", "fallbacks", "redrafted_as"}


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Life:
    """A payout as its rows tell it. `moved` is in cents, by place."""

    status: Status
    version: int
    last_hash: str
    cents: int
    customer_id: str
    open_until: str
    waits: bool
    row: Row
    moved: Counter[Place] = field(default_factory=Counter)

    @property
    def maker(self) -> str:
        """Who asked for it."""
        return str(self.row.get("created_by", self.row.get("redrafted_by"))["S"])


class Books:
    """What all rows add up to. `broken` is told of whatever must not be."""

    def __init__(
        self, tables: Mapping[str, str], broken: Callable[[Broken], None], story: Silence
    ) -> None:
        self._tables = {name: short for short, name in tables.items()}
        self._broken = broken
        self._story = story
        # Columns that one of our versions does not know, and drops.
        self.forgets: set[str] = set()
        self.lives: dict[str, Life] = {}
        self.places: Counter[tuple[str, Place]] = Counter()
        self.heard: Counter[str] = Counter()
        self.stopped: set[str] = set()
        self.tills = Tills(_require, _cents)
        # Told of the rows of the control table that a write has changed.
        self.controls: list[Callable[[list[Any]], None]] = [self.tills.committed]
        self.allowances = Allowances(_require, _cents)
        # Every step that was ever written, of each payout; and how many writes there were.
        self.steps: dict[str, list[Row]] = defaultdict(list)
        self.writes = 0
        # Told of each step of a payout, and of each payout that a write has changed.
        self.stepped: list[Callable[[str, Row, Status, Life | None], None]] = []
        self.watchers: list[Callable[[str, Life], None]] = []

    def committed(self, changes: list[Any]) -> None:
        """A write was done: these rows changed."""
        try:
            self._check(changes)
        except Broken as broken:
            self._broken(broken)

    def total(self, *places: Place) -> int:
        """Cents in some places, over all accounts."""
        return sum(cents for (_, place), cents in self.places.items() if place in places)

    def _check(self, changes: list[Any]) -> None:
        self.writes += 1
        steps: dict[str, list[Row]] = defaultdict(list)
        payouts, others = [], []
        for change in changes:
            table = self._tables[change.table]
            if table == "events" and change.before is not None:
                self._may_go(change)
            elif table == "events":
                steps[change.after["account"]["S"]].append(change.after)
            elif table == "transactions":
                payouts.append(change)
            else:
                others.append((table, change))
        for change in payouts:
            self._payout(change, steps.pop(change.after["transaction_id"]["S"], []))
        for account, rows in steps.items():
            _require(account == "funds", f"{account}: a step without its payout")
            self._post(rows)
        for table, change in others:
            self._other(table, change)
        control = [change for table, change in others if table == "control"]
        for told in self.controls:
            told(control)
        self.allowances.committed(payouts, control)
        if self.places:
            _require(sum(self.places.values()) == 0, "the postings of all places sum to zero")

    def _payout(self, change: Any, rows: list[Row]) -> None:
        row, own = change.after, change.after["transaction_id"]["S"]
        before = self.lives.get(own)
        rows.sort(key=lambda each: int(each["sequence"]["N"]))
        if not rows:
            less = _LESS | self.forgets
            _require(_says_less(change.before, row, less), f"{own}: a change without its step")
        self.steps[own] += rows
        version = before.version if before else 0
        link = before.last_hash if before else ""
        status = before.status if before else None
        for each in rows:
            version += 1
            _require(int(each["sequence"]["N"]) == version, f"{own}: a step is missing")
            _require(each.get("previous_hash", {"S": ""})["S"] == link, f"{own}: chain is torn")
            link, after = each["hash"]["S"], Status(each["status"]["S"])
            event = each["event"]["M"]["event"]["S"]
            self._story.written(own, event, after)
            _lawful(own, status, event, after)
            now = replace(before, status=status) if before and status else None
            for stepped in self.stepped:
                stepped(own, each["event"]["M"], after, now)
            status = after
        _require(int(row["version"]["N"]) == version, f"{own}: a change without its step")
        _require(row["last_hash"]["S"] == link, f"{own}: the row is not its last step's")
        _require(row["status"]["S"] == status, f"{own}: the row says another status than its step")
        life = Life(
            Status(row["status"]["S"]), version, link, _cents(row["amount"]),
            row["customer_id"]["S"], row.get("due_at", {"S": ""})["S"],
            "attention_bucket" in row, row, before.moved if before else Counter(),
        )  # fmt: skip
        self.lives[own] = life
        self._post(rows, life)
        _require(_lies_where_it_should(life), f"{own}: {life.status} with {dict(life.moved)}")
        for watcher in self.watchers:
            watcher(own, life)

    def _may_go(self, change: Any) -> None:
        """A step may be given a time to go, once its payout says where else it lies."""
        row = dict(change.after)
        at = row.pop("expires_at", None)
        was = {name: value for name, value in change.before.items() if name != "expires_at"}
        _require(at is not None and row == was, "a step was written over")
        life = self.lives[row["account"]["S"]]
        held = int(life.row.get("archived", {"N": "0"})["N"])
        _require(int(row["sequence"]["N"]) <= held, "a step may go that no object holds")

    def _post(self, rows: list[Row], life: Life | None = None) -> None:
        for row in rows:
            if "event" in row:
                self.heard[row["event"]["M"]["event"]["S"]] += 1
            for posting in row["postings"]["L"]:
                told = posting["M"]
                place, cents = Place(told["place"]["S"]), _cents(told["amount"])
                self.places[told["account"]["S"], place] += cents
                if life is not None:
                    life.moved[place] += cents
                    ours = place in OUTSIDE | {Place.BUSINESS}
                    account = "house" if ours else life.customer_id
                    _require(told["account"]["S"] == account, f"{place} of somebody else")

    def _other(self, table: str, change: Any) -> None:
        row = change.after
        if table == "customers":
            own = row["customer_id"]["S"]
            balance = _cents(row.get("available_balance", {"N": "0"}))
            posted = self.places[own, Place.AVAILABLE]
            _require(balance == posted, f"{own} has {balance}, by postings {posted}")
            _require(balance >= 0, f"{own} has less than nothing")
            (self.stopped.add if "stopped" in row else self.stopped.discard)(own)
        elif row["key"]["S"] == "funds":
            unallocated, received = _cents(row["unallocated"]), _cents(row["received"])
            _require(unallocated == self.total(Place.UNALLOCATED), "unallocated is its postings")
            _require(received == -self.total(Place.DEPOSITED), "deposited is its postings")
            _require(unallocated >= 0, "less than nothing is unallocated")


def _lawful(own: str, before: Status | None, event: str, after: Status) -> None:
    if before is None:
        _require(event == "Requested", f"{own}: begins with {event}")
        return
    if before is after:
        return
    known = _BY_NAME[before].get(event)
    _require(known is not None or after is Status.DISPUTED, f"{own}: {event} in {before}")
    _require(before in OPEN or after in WAYS_OUT[before], f"{own}: {before} was left for {after}")
    if before in OPEN:
        # A direct credit is sent where others are complete; a doubtful end is a dispute.
        _require(after in {known, Status.DISPUTED, Status.PENDING}, f"{own}: {before} to {after}")


def _says_less(before: Row, after: Row, less: set[str]) -> bool:
    """Whether nothing was changed but what an archived or forgotten payout does without."""
    revision = int(before.get("revision", {"N": "0"})["N"]) + 1
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return changed <= less and int(after.get("revision", {"N": "0"})["N"]) == revision


def _lies_where_it_should(life: Life) -> bool:
    """Whether all of it is in the place of its status; what is disputed is in two."""
    inside = {
        place: cents
        for place, cents in life.moved.items()
        if cents and place not in OUTSIDE | {Place.BUSINESS}
    }
    if life.status is Status.DISPUTED:
        return sum(inside.values()) == 0
    place = WHERE[life.status]
    held = {} if place is Place.AVAILABLE else {Place.AVAILABLE: -life.cents, place: life.cents}
    return inside == held


def _cents(number: Mapping[str, str]) -> int:
    cents = Decimal(number["N"]) * 100
    _require(cents == int(cents), "parts of a cent")
    return int(cents)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)
