"""What this process knows of the circuits, and what it tells the others of them.

What goes well is counted in memory alone, and told only while somebody has seen trouble: a healthy
payout costs no call. Refuses to let any trouble of its own, a defect too, get in the way of a
payout: what became of it is told here before it is stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import (
    OF_RAIL,
    PROVIDER,
    WITHIN,
    Board,
    Circuit,
    Sign,
    State,
    concerned,
    sign_of,
    slot_of,
)
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import News
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Circuits, Clock

# How long what was read is believed, and between two tellings of what went well.
REMEMBERED = timedelta(seconds=5)
TELLS_EVERY = timedelta(seconds=5)
# How often a change is tried again because somebody else changed the circuit first.
TRIES = 12


class Breaker:
    """The circuits, as this process last saw them."""

    def __init__(self, circuits: Circuits, *, clock: Clock) -> None:
        self._circuits = circuits
        self._clock = clock
        self._board = Board()
        self._read_at: datetime | None = None
        self._good: defaultdict[str, Counter[datetime]] = defaultdict(Counter)
        self._told_at: dict[str, datetime] = {}
        # The circuits that this process tries, and by which payout: nobody else may give them back.
        self._tried: dict[str, str] = {}

    def saw(self, board: Board) -> None:
        """Somebody has just read them."""
        self._board, self._read_at = board, self._clock.now()

    def board(self, *, fresh: bool = False) -> Board:
        """The circuits as they were a few seconds ago at most, where the store answers."""
        known, now = self._read_at, self._clock.now()
        if fresh or known is None or not known <= now <= known + REMEMBERED:
            with suppress(Exception):
                self.saw(self._circuits.board())
        return self._board

    def heard(self, payout: Payout, news: News) -> None:
        """Count the end of a request to pay; whatever goes wrong with that is nobody's trouble."""
        sign = sign_of(news)
        if sign is None:
            return
        now, rail = self._clock.now(), payout.rail
        for name in (PROVIDER, OF_RAIL[rail]):
            tries = self._board.of(name).probe == payout.transaction_id
            if tries or name in concerned(news, rail):
                self._count(name, sign, payout.transaction_id, now, at_once=tries)

    def admits(self, payout: Payout) -> bool:
        """Whether the payout may be sent now: as the only one, where a circuit is half open.

        Whoever is let through alone tells by what becomes of it, or is `given_back`.
        """
        now, ways = self._clock.now(), self.board().on_the_way(payout.rail)
        if any(each.state(now) is State.OPEN for each in ways):
            return False
        own = payout.transaction_id
        return all(
            each.state(now) is State.CLOSED or self._tries(each.name, own, now) for each in ways
        )

    def give_back(self, payout: Payout) -> None:
        """Let another one try, if this process was to by this one, and nothing was heard of it."""
        own = payout.transaction_id
        for name in [name for name, tried in self._tried.items() if tried == own]:
            del self._tried[name]
            self._changed(name, lambda it: it.given_back(own))

    def _tries(self, name: str, own: str, now: datetime) -> bool:
        """Whether this process tries a half-open circuit by that payout: it alone, among all."""
        if self._tried.get(name) == own:
            return True
        if self._changed(name, lambda it: it.probed_by(own, now)) is None:
            return False
        self._tried[name] = own
        return True

    def _count(self, name: str, sign: Sign, own: str, now: datetime, *, at_once: bool) -> None:
        good = self._good[name]
        if sign is Sign.GOOD:
            good[slot_of(now)] += 1
            if not at_once and not self._tells(name, now):
                return
        for at in [each for each in good if each <= now - WITHIN]:
            del good[at]
        if self._changed(name, lambda it: it.heard(sign, own, now, good)) is not None:
            good.clear()

    def _tells(self, name: str, now: datetime) -> bool:
        """Whether others should know what went well, and it is time to say so again."""
        circuit, told_at = self._board.of(name), self._told_at.get(name)
        if circuit.tripped or not circuit.is_troubled(now):
            return False
        if told_at is not None and told_at <= now < told_at + TELLS_EVERY:
            return False
        self._told_at[name] = now
        return True

    def _changed(self, name: str, how: Callable[[Circuit], Circuit | None]) -> Circuit | None:
        """The circuit once it is changed so, for all; `None` where it is not to be, or cannot."""
        with suppress(Exception):
            for _ in range(TRIES):
                before = self._board.of(name)
                after = how(before)
                if after is None or after == before:
                    return after
                try:
                    after = self._circuits.keep(before, after)
                except Stale:
                    self.saw(self._circuits.board())
                    continue
                self._board = self._board.put(after)
                return after
        return None
