"""A provider, or one rail of it, that is away for minutes or hours, so that a queue fills.

Much of what times out meanwhile was executed, or is executed later: an attempt that is alive. It
must go nowhere else, and what waited must go out by itself afterwards.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import Status
from tests.simulation.books import Broken
from tests.simulation.bursts import plan_burst
from tests.simulation.faults import Fault
from tests.simulation.timeline import HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.simulation.bodies import Execution
    from tests.simulation.books import Life, Row
    from tests.simulation.business import Business
    from tests.simulation.people import People

NPP, DIRECT_ENTRY = "NPP", "DirectEntry"
_WAITS = {"rail_down", "sign_in_refused"}
# Reasons for a person that do not keep a payout from being sent.
_HARMLESS = {"", "open_too_long"}
# What becomes of a request to pay by a rail that is slow: most of them are alive.
_SLOW = (Fault.LATE, Fault.LATE, Fault.LOSE_REPLY, Fault.LOSE_REQUEST)


@dataclass(frozen=True)
class Outage:
    """What befalls requests: to pay by one rail, or, where none is named, all there are."""

    faults: tuple[Fault, ...]
    rail: str = ""

    def is_of(self, call: Any) -> bool:
        """Whether it befalls a call."""
        if not self.rail:
            return True
        return call.operation == "execute" and _rail_of(call) == self.rail


_KINDS = (
    Outage((Fault.NOT_CONNECTED,)),
    Outage((Fault.NOT_CONNECTED, Fault.NOT_CONNECTED, Fault.LOSE_REQUEST)),
    Outage(_SLOW, NPP),
    Outage(_SLOW, NPP),
    Outage((Fault.LATE,), NPP),
    Outage((Fault.CONFLICT, Fault.LATE, Fault.LATE), NPP),
    Outage(_SLOW, DIRECT_ENTRY),
)


class Outages:
    """One at a time; each begins and goes on with bursts of payouts."""

    name = "outages"

    def __init__(self, business: Business, people: People, chance: Random) -> None:
        self._business, self._people, self._chance = business, people, chance
        self._now: Outage | None = None
        self._waited: set[str] = set()
        self._turned: set[str] = set()
        self.told: Counter[str] = Counter()
        business.weather = self._befalls
        business.books.watchers.append(self._see)
        business.books.stepped.append(self._hear)
        business.books.controls.append(self._stored)
        self._judge, business.provider.executed = business.provider.executed, self._executed

    def plan(self, span: float) -> None:
        """Lay out a week: one or two, while many ask for payouts."""
        chance, at = self._chance, self._business.timeline.at
        for part in range(chance.choice([1, 1, 1, 2])):
            began = chance.uniform(part * span / 2 + HOUR, part * span / 2 + span * 0.35)
            lasts = chance.choice([4 * MINUTE, 20 * MINUTE, 20 * MINUTE, 2 * HOUR])
            at(began, partial(self._begin, chance.choice(_KINDS)))
            at(began + lasts, partial(self._begin, None))
            self._burst(began, chance.randrange(6, 10), 20.0)
            # While one payout tries, whether it is back.
            for _ in range(2):
                self._burst(began + chance.uniform(70, lasts * 0.8), 3, MINUTE)

    def go_home(self) -> None:
        """It is back."""
        self._now = None

    def end_well(self) -> None:
        """Nobody waits for a rail any more, and what went by another rail went by no other.

        Raises:
            Broken: it is not so.
        """
        books = self._business.books
        gone = {each.life for each in self._business.provider.executions}
        for own in self._waited:
            life = books.lives[own]
            free = life.status is Status.QUEUED and life.customer_id not in books.stopped
            if free and _text(life, "needs_person") in _HARMLESS:
                raise Broken(f"{own} has waited for its rail, and waits on")
            self.told["payouts that waited for a rail"] += 1
            self.told["payouts that waited for a rail and went"] += own in gone
            self.told["payouts that went around a rail"] += own in gone & self._turned

    def _begin(self, outage: Outage | None) -> None:
        self._now = outage
        told = f"{outage.rail or 'all of it'} is away" if outage else "all of it is there"
        self._business.story.tell("monoova", told)

    def _burst(self, moment: float, many: int, within: float) -> None:
        plan_burst(
            self._business, self._people, self._chance, moment=moment, many=many, within=within,
            rails=("", "", "", "", NPP, DIRECT_ENTRY),
        )  # fmt: skip

    def _befalls(self, call: Any) -> Fault | None:
        if self._now is None or self._business.fate.calm or not self._now.is_of(call):
            return None
        self.told["requests during an outage"] += 1
        return self._chance.choice(self._now.faults)

    # What is written, and what the provider does.

    def _see(self, own: str, life: Life) -> None:
        if life.status is Status.QUEUED and _text(life, "hindrance") in _WAITS:
            self._waited.add(own)

    def _hear(self, own: str, facts: Row, _after: Status, _before: Life | None) -> None:
        """A step is being written.

        Raises:
            Broken: it is to go by another rail, and has been executed.
        """
        if facts["event"]["S"] == "Rerouted":
            self._turned.add(own)
            if self._business.provider.of(own):
                raise Broken(f"{own} goes around its rail, and was executed")

    def _executed(self, execution: Execution) -> None:
        self._judge(execution)
        life = self._business.books.lives.get(execution.life)
        if life is None:
            return
        self.told["attempts alive that we were in doubt of"] += life.status is Status.UNCONFIRMED
        turned = execution.life in self._turned and int(life.row["attempt"]["N"]) == 1
        rail = NPP if execution.npp else DIRECT_ENTRY
        if turned and life.row["rail"]["S"] != rail:
            told = f"{execution.reference} was executed by {rail}, and goes around it"
            self._business.break_with(Broken(told))

    def _stored(self, changes: Sequence[Any]) -> None:
        for change in changes:
            kind, _, name = change.after["key"]["S"].partition("#")
            if kind == "circuit":
                was, now = _is_tripped(change.before), _is_tripped(change.after)
                self.told[f"circuits opened: {name}"] += now and not was
                self.told["circuits closed"] += was and not now
                self.told["probes"] += _probe(change.after) not in {"", _probe(change.before)}


def _rail_of(call: Any) -> str:
    asked = json.loads(call.body)["disbursements"][0]
    return DIRECT_ENTRY if asked["disbursementMethod"] == "directCredit" else NPP


def _is_tripped(row: Row | None) -> bool:
    return row is not None and bool(row["tripped"]["BOOL"])


def _probe(row: Row | None) -> str:
    return str((row or {}).get("probe", {"S": ""})["S"])


def _text(life: Life, name: str) -> str:
    return str(life.row.get(name, {"S": ""})["S"])
