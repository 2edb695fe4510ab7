"""Days on which the provider is out of reach: people want payouts, and admins put them into files.

Some ask twice at once, some with a key that is somebody else's, some while nothing waits.
"""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from tests.simulation.people import SAFE_AGAIN, Wish
from tests.simulation.timeline import HOUR, MINUTE

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from tests.simulation.business import Business
    from tests.simulation.people import People

ADMINS = ("ada", "alex", "amir")
LATERS = (0.0, 5.0, MINUTE, 20 * MINUTE, 3 * HOUR)
TRIES = 5
UNFINISHED = {"Open", "Closed"}


class Exporters:
    """`sealed` is told of each file whose bytes somebody may have now."""

    def __init__(
        self, business: Business, people: People, chance: Random,
        sealed: Callable[[str], None], told: Counter[str],
    ) -> None:  # fmt: skip
        self._business, self._people, self._chance = business, people, chance
        self._timeline = business.timeline
        self._sealed, self.told = sealed, told
        self.at_work = True
        # The key and the maker of each file.
        self._keys: dict[str, tuple[str, str]] = {}
        self._shut = 0

    def plan(self, span: float) -> None:
        """Lay out a week: hours without the provider, and what is wanted in them."""
        chance, at = self._chance, self._timeline.at
        number, self._people.hesitates = 0, 0.9
        for _ in range(chance.choice([1, 1, 2])):
            began = chance.uniform(0.05, 0.75) * span
            lasts = chance.choice([1, 3, 3, 9]) * HOUR
            at(began, partial(self._reach, 1))
            at(began + lasts, partial(self._reach, -1))
            for _ in range(chance.randrange(2, 6)):
                number += 1
                wish = Wish(
                    f"idempotency-key-bank-{number:02d}", "olive",
                    f"customer-{chance.randrange(self._people.customers)}",
                    chance.randrange(100, 4_000), "BankAccount", "",
                )  # fmt: skip
                self._people.want(wish, began + chance.uniform(-0.05, 0.8) * lasts)
            for _ in range(chance.choice([2, 2, 3])):
                at(began + chance.uniform(0.1, 1.02) * lasts, self.export_anew)

    def go_home(self) -> None:
        """Nobody makes files any more, and the provider is there."""
        self.at_work = False
        self._business.provider.unreachable = False

    def go_on(self, file_id: str) -> None:
        """Ask for a file once more that is not made yet."""
        if file_id in self._keys:
            self._export(*self._keys[file_id], 1)

    def _reach(self, by: int) -> None:
        self._shut += by
        self._business.provider.unreachable = self._shut > 0 and self.at_work

    def export_anew(self) -> None:
        """Make a file of what waits."""
        if not self.at_work:
            return
        key, by = f"key-of-a-bank-file-{len(self._keys):03d}", self._chance.choice(ADMINS)
        self._keys[derived_id("bank file", key)] = key, by
        for _ in range(self._chance.choice([1, 1, 1, 2])):
            self._export(key, by, TRIES)
        if self._chance.random() < 0.1:
            self._export(key, "ada" if by != "ada" else "alex", 1)
        if self._chance.random() < 0.15:
            self._timeline.after(self._chance.choice(LATERS), self.export_anew)

    def _export(self, key: str, by: str, tries: int) -> None:
        def ended(told: str, value: Any) -> None:
            self.told[f"exports {told}"] += 1
            unsure = told == "killed" or type(value).__name__ in SAFE_AGAIN
            if unsure or (told == "returned" and value.file.stage in UNFINISHED):
                if tries > 1:
                    again = partial(self._export, key, by, tries - 1)
                    self._timeline.after(self._chance.choice(LATERS), again)
            elif told == "returned" and value.file.stage == "Sealed":
                later = self._chance.choice(LATERS)
                self._timeline.after(later, partial(self._sealed, value.file.file_id))

        deed = methodcaller("export", key=key, by=by)
        self._business.invoke("api", "export", deed, ended)
