"""Expected settlements in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale
from chalicelib.domain.settlement import Settlement, Share, Stage, with_shares
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemorySettlements:
    """The port `Settlements`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, settlement: Settlement, shares: Sequence[Share]) -> None:
        """Store a new settlement with its rows."""
        numbers = [share.row for share in shares]
        if with_shares(settlement, shares) != settlement or numbers != [*range(1, len(shares) + 1)]:
            raise ValueError("an unsound settlement")
        with self._state.writing():
            if settlement.settlement_id in self._state.settlements:
                raise Stale("The settlement's id is taken.")
            self._state.settlements[settlement.settlement_id] = (settlement, tuple(shares))

    def get(self, settlement_id: str) -> Settlement | None:
        """The settlement as it is now."""
        with self._state.reading():
            found = self._state.settlements.get(settlement_id)
        return found[0] if found else None

    def shares(self, settlement: Settlement, *, first: int, most: int) -> Sequence[Share]:
        """Some of its rows, in order."""
        with self._state.reading():
            _, shares = self._state.settlements[settlement.settlement_id]
        return shares[first - 1 : first - 1 + most]

    def write(self, settlement: Settlement, *, version: int) -> None:
        """Store a change as version + 1."""
        with self._state.writing():
            before, shares = self._state.settlements.get(settlement.settlement_id, (None, ()))
            if before is None or before.version != version:
                raise Stale("The settlement is not as it was read.")
            after = replace(settlement, version=version + 1)
            self._state.settlements[settlement.settlement_id] = (after, shares)

    def open(self) -> Sequence[Settlement]:
        """Every settlement that has not ended, the earliest due first."""
        open_ = [each for each in self._all() if each.stage in {Stage.EXPECTED, Stage.ALLOCATING}]
        return sorted(open_, key=lambda each: (each.due_on, each.created_at))

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Settlement]:
        """All of them, newest first."""
        return paged(
            self._all(), _age, name="settlements", limit=limit, position=position,
            newest_first=True,
        )  # fmt: skip

    def _all(self) -> list[Settlement]:
        with self._state.reading():
            return [settlement for settlement, _ in self._state.settlements.values()]


def _age(settlement: Settlement) -> tuple[str, str]:
    return settlement.created_at.isoformat(timespec="microseconds"), settlement.settlement_id
