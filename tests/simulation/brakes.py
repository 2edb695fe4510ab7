"""What a pause and a hold promise, held against the rows themselves and the calls that go out.

Reckons by itself what is on the wire and what left it last: from the steps as they are written, not
from the rows that ours are told of it. The order of writes is the truth's, whatever clocks say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import Status
from tests.simulation.books import Broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.books import Life, Row
    from tests.simulation.business import Business

_CLAIMS = {"Started", "StartedAgain", "Filed"}
_WIRE = {Status.SENDING, Status.RESENDING}
# By these nothing was executed, and nobody doubts it.
_NOTHING_LEFT = {"NeverSent", "OutOfFunds", "Refused", "TurnedAway", "LetGo"}
# How much later than it was told something may have left last: two clocks, and slow writes.
BLURRED = 1600.0
# For so long whoever looked before a pause was ended may take it for standing.
OUTDATED = 400.0


@dataclass(frozen=True)
class Passed:
    """An attempt that is on the wire, or was; `at` is when it entered or left, by the truth."""

    reference: str
    rail: str
    customer_id: str
    at: float


class Brakes:
    """Knows of all pauses and holds as they are stored, and of whatever is sent."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self.pauses: dict[str, Row] = {}
        self.held: set[str] = set()
        self.told: Counter[str] = Counter()
        self._events: dict[str, list[str]] = {}
        self._wire: dict[str, Passed] = {}
        self._left: list[Passed] = []
        self._ended_at: dict[str, float] = {}
        # What each pause last answered that it is still sending.
        self._listed: dict[str, set[str]] = {}
        books = business.books
        books.stepped.append(self._hear)
        books.watchers.append(self._written)
        books.controls.append(self._stored)
        business.callers.append(self._begins)
        business.standing.apart = self.keeps

    def standing(self) -> list[str]:
        """The pauses that nobody has ended."""
        return [own for own, row in self.pauses.items() if "ended" not in row]

    def keeps(self, own: str, life: Life) -> bool:
        """Whether a pause or a hold keeps a payout, or may seem to somebody who looked before."""
        now = self._business.timeline.now
        paused = any(
            _covers(row, life.row["rail"]["S"], life.customer_id)
            for pause, row in self.pauses.items()
            if now <= self._ended_at.get(pause, now) + OUTDATED
        )
        return own in self.held or paused

    def answered(self, shown: Any) -> None:
        """Somebody was told of a pause, and of what it can prove.

        Raises:
            Broken: it is not so.
        """
        pause, proof = shown.pause, shown.proof
        row = self.pauses.get(pause.pause_id)
        if row is None:
            raise Broken(f"the pause {pause.pause_id} was answered, and is not stored")
        if not pause.is_in_force:
            if proof.final:
                raise Broken(f"the pause {pause.pause_id} is not in force, and its proof is final")
            return
        if "in_force_at" not in row:
            raise Broken(f"the pause {pause.pause_id} is said to be in force")
        if "ended" in row:
            return  # meanwhile
        listed = {each.reference for each in proof.sendings}
        if unlisted := self._within(row, self._wire.values()) - listed:
            raise Broken(f"{sorted(unlisted)} are being sent, and the pause tells of {listed}")
        if proof.final == bool(listed):
            raise Broken(f"the proof is final: {proof.final}, with {listed}")
        self._listed[pause.pause_id] = listed
        self.told["proofs"] += 1
        if proof.final:
            self.told["final proofs"] += 1
            self._is_last(row, proof.last)

    def _is_last(self, row: Row, last: Any) -> None:
        left = [each for each in self._left if _covers(row, each.rail, each.customer_id)]
        if last is None:
            if left:
                raise Broken(f"nothing ever left, says a proof; {left[-1].reference} did")
            return
        found = [each.at for each in left if each.reference == last.reference]
        if not found:
            raise Broken(f"{last.reference} left last, says a proof, and it never did")
        if max(found) < left[-1].at - BLURRED:
            raise Broken(f"{last.reference} left last, says a proof: {left[-1].reference} did")
        known = self._business.executions_of(last.reference.rpartition("-")[0])
        if last.certain and not any(each.reference == last.reference for each in known):
            raise Broken(f"{last.reference} was certainly executed, says a proof, and it was not")

    def _within(self, row: Row, passed: Any) -> set[str]:
        return {each.reference for each in passed if _covers(row, each.rail, each.customer_id)}

    # What is written, and what goes out.

    def _hear(self, own: str, facts: Row, _after: Status, _before: Life | None) -> None:
        self._events.setdefault(own, []).append(facts["event"]["S"])

    def _written(self, own: str, life: Life) -> None:
        """A payout was written.

        Raises:
            Broken: it was claimed while it was held, or within the scope of a pause.
        """
        events, now = self._events.pop(own, []), self._business.timeline.now
        rail, on_wire = life.row["rail"]["S"], life.status in _WIRE
        if _CLAIMS.intersection(events):
            if own in self.held:
                raise Broken(f"{own} was claimed, and it is held")
            for pause, row in self.pauses.items():
                if _in_force(row) and _covers(row, rail, life.customer_id):
                    raise Broken(f"{own} was claimed, and the pause {pause} is in force")
            reference = f"{own}-{life.row['attempt']['N']}"
            self._wire[own] = Passed(reference, rail, life.customer_id, now)
        was = None if on_wire else self._wire.pop(own, None)
        if was and events[-1] not in _NOTHING_LEFT:
            self._left.append(replace(was, at=now))
        if "held" in life.row and own not in self.held:
            self.told["payouts held"] += 1
        (self.held.add if "held" in life.row else self.held.discard)(own)

    def _stored(self, changes: Sequence[Any]) -> None:
        for change in changes:
            kind, _, own = change.after["key"]["S"].partition("#")
            if kind != "pause":
                continue
            self.pauses[own] = change.after
            if "ended" in change.after:
                self._ended_at.setdefault(own, self._business.timeline.now)

    def _begins(self, reference: str) -> None:
        """A request to pay begins."""
        life = self._business.books.lives[reference[:36]]
        if reference[:36] in self.held and life.status is Status.QUEUED:
            self._business.break_with(Broken(f"{reference} is sent, and held"))
        for own, listed in self._listed.items():
            row = self.pauses[own]
            covered = _covers(row, life.row["rail"]["S"], life.customer_id)
            if _in_force(row) and covered and reference not in listed:
                told = f"{reference} is sent, and the pause {own} told of {sorted(listed)}"
                self._business.break_with(Broken(told))


def _in_force(row: Row) -> bool:
    return "in_force_at" in row and "ended" not in row


def _covers(row: Row, rail: str, customer_id: str) -> bool:
    match row["kind"]["S"]:
        case "rail":
            return bool(row["rail"]["S"] == rail)
        case "customer":
            return bool(row["customer_id"]["S"] == customer_id)
        case kind:
            return bool(kind == "everything")
