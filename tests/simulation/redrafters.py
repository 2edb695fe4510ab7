"""Operators who have paid once more what came back, some of them twice and under other keys.

Whatever they do, of a payout and all that was made of it the provider has paid at most one.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import Status
from chalicelib.domain.redraft import redraft_id
from tests.simulation.books import Broken
from tests.simulation.people import SAFE_AGAIN
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.books import Life
    from tests.simulation.business import Business

_CAME_BACK = {Status.RETURNED, Status.REJECTED, Status.FAILED}
_LATERS = (0.0, 0.01, 5.0, 3 * MINUTE, 5 * HOUR, DAY)
_TRIES = 4


class Redrafters:
    """Told of each payout that a write has changed."""

    name = "redrafters"

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._keys = 0
        self.told: Counter[str] = Counter()
        self.at_work = True
        business.books.watchers.append(self._see)

    def go_home(self) -> None:
        """Nobody asks any more."""
        self.at_work = False

    def end_well(self) -> None:
        """Each redraft is its original's only one, and of all that came of one at most one is paid.

        Raises:
            Broken: it is not so.
        """
        lives = self._business.books.lives
        gone = {own for own in lives if self._is_gone(own)}
        for own, life in lives.items():
            before = [each["S"] for each in life.row.get("redraft_of", {"L": []})["L"]]
            if not before:
                continue
            self.told["redrafts"] += 1
            self.told["redrafts of redrafts"] += len(before) > 1
            self.told["redrafts paid"] += own in gone
            original = lives[before[0]].row
            known = original.get("redrafted_as", {"S": own if self._business.beside else ""})["S"]
            if known != own or own != redraft_id(before[0]):
                raise Broken(f"{own} is a redraft of {before[0]}, which knows another one")
            if len(gone.intersection({own, *before})) > 1:
                raise Broken(f"{own} is paid, and so is what it was to replace")

    def _is_gone(self, own: str) -> bool:
        """Whether it was paid; of what was sworn falsely, nobody could know."""
        made = self._business.executions_of(own)
        return any(each.cents > each.back for each in made) and not self._business.sworn(own)

    def _see(self, own: str, life: Life) -> None:
        chance = self._chance
        idle = not self.at_work or life.status not in _CAME_BACK
        if idle or "redrafted_as" in life.row or chance.random() > 0.5:
            return
        for _ in range(chance.choice([1, 1, 2])):
            self._keys += 1
            key, by = f"key-of-a-redraft-{self._keys:04d}", chance.choice(["olive", "otto"])
            later = partial(self._redraft, own, key, by, _TRIES)
            self._business.timeline.after(chance.choice(_LATERS), later)

    def _redraft(self, own: str, key: str, by: str, tries: int) -> None:
        if not tries or not self.at_work:
            return

        def ended(told: str, value: Any) -> None:
            name = "killed" if told == "killed" else type(value).__name__
            if told == "killed" or name in SAFE_AGAIN:
                again = partial(self._redraft, own, key, by, tries - 1)
                self._business.timeline.after(self._chance.choice(_LATERS), again)
            elif told != "returned":
                self.told[f"redrafts refused: {name}"] += 1

        deed = methodcaller("redraft", own, key=key, by=by)
        self._business.invoke("api", f"redraft {key[-4:]}", deed, ended)
