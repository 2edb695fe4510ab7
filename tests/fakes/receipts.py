"""Receipts after they were banked, and movements, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Stale
from chalicelib.domain.events import Returned
from chalicelib.domain.funding import movement_id
from chalicelib.domain.receipts import Banked, Movement, Stage, State
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.findings import Kind
    from chalicelib.domain.money import Money
    from chalicelib.domain.settlement import Settlement
    from chalicelib.domain.step import Step
    from chalicelib.ports import Page
    from tests.fakes.state import State as Stored


class MemoryReceipts:
    """The port `Receipts`."""

    def __init__(self, state: Stored) -> None:
        self._state = state

    def get(self, receipt_id: str) -> Banked | None:
        """The receipt as it is now."""
        with self._state.reading():
            return self._state.banked.get(receipt_id)

    def open(self) -> Iterator[Banked]:
        """Receipts that nothing explains yet, the oldest first."""
        return iter(sorted(self._in(State.OPEN), key=_age))

    def page(self, state: State, *, limit: int, position: Mapping[str, str] | None) -> Page[Banked]:
        """Open receipts, the oldest first, or others, the newest first."""
        return paged(
            self._in(state), _age, name=f"receipts {state}", limit=limit, position=position,
            newest_first=state is not State.OPEN,
        )  # fmt: skip

    def of_days(self, first: date, last: date) -> Iterator[Banked]:
        """Receipts that came in on those Sydney dates, whatever became of them."""
        with self._state.reading():
            banked = list(self._state.banked.values())
        found = (each for each in banked if first <= sydney_date(each.receipt.received_at) <= last)
        return iter(sorted(found, key=_age))

    def match(self, banked: Banked, settlement: Settlement) -> None:
        """Match an open receipt with a settlement, both or neither."""
        with self._state.writing():
            now = self._state.banked.get(banked.receipt_id)
            own = settlement.settlement_id
            if now and (now.state, now.settlement_id) == (State.MATCHED, own):
                return
            stored, shares = self._state.settlements.get(own, (None, ()))
            if now is None or now.state is not State.OPEN or stored is None:
                raise Stale("The receipt is not open any more.")
            if stored.version != settlement.version - 1:
                raise Stale("The settlement is not as it was read.")
            said = now.said(by=banked.matched_by, reason=banked.reason)
            self._state.banked[banked.receipt_id] = said.matched(own)
            self._state.settlements[own] = (settlement, shares)

    def note(self, banked: Banked, kind: Kind) -> None:
        """Remember that a finding was opened about an open receipt."""
        self._change(replace(banked, noted=banked.noted | {kind}))

    def close(self, banked: Banked, *, at: datetime) -> None:  # noqa: ARG002 (the port's)
        """Take a receipt off the list; again is no failure."""
        with self._state.reading():
            if self._state.banked.get(banked.receipt_id) == banked:
                return
        self._change(banked)

    def returns(self) -> Iterator[Movement]:
        """Returns that are to be followed."""
        with self._state.reading():
            listed = [each.movement_id for each in self._state.movements.values() if _waits(each)]
        return (found for each in listed if (found := self.movement(each)) is not None)

    def movement(self, movement_id: str) -> Movement | None:
        """The return of that id as it is now."""
        with self._state.reading():
            found = self._state.movements.get(movement_id)
            return found and replace(found, receipts=_of(movement_id, self._state))

    def followed(self, movement: Movement, stage: Stage) -> None:
        """Remember how far a return has been followed."""
        with self._state.writing():
            now = self._state.movements[movement.movement_id]
            if now.stage is not movement.stage:
                raise Stale("The return was followed by somebody else.")
            self._state.movements[movement.movement_id] = replace(now, stage=stage)

    def _in(self, state: State) -> list[Banked]:
        with self._state.reading():
            return [each for each in self._state.banked.values() if each.state is state]

    def _change(self, banked: Banked) -> None:
        with self._state.writing():
            now = self._state.banked.get(banked.receipt_id)
            if now is None or now.state is not State.OPEN:
                raise Stale("The receipt is not open any more.")
            self._state.banked[banked.receipt_id] = banked


def hear_returns(state: Stored, steps: Sequence[Step]) -> None:
    """What a payout's steps leave of the returns that they hear."""
    for step in steps:
        if isinstance(step.event, Returned) and step.event.return_id:
            name = movement_id(step.event.return_id)
            amount = step.event.amount or step.after.intent.amount
            heard = Movement(name, step.after.transaction_id, amount)
            state.movements.setdefault(name, heard)


def _of(name: str, state: Stored) -> tuple[tuple[str, Money], ...]:
    named = sorted(each for each in state.receipts if movement_id(each) == name)
    return tuple((each, state.receipts[each].amount) for each in named)


def _waits(movement: Movement) -> bool:
    return movement.stage is not Stage.DONE


def _age(banked: Banked) -> tuple[str, str]:
    at = banked.receipt.received_at.isoformat(timespec="microseconds")
    return at, banked.receipt_id
