"""Which Sydney dates a night is still to be run over: each once, the oldest first, none left out.

Goes by dates and Sydney's wall clock, so that an hour that a day has twice, or not at all, neither
doubles a night nor loses one. Knows nothing of how a night is run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import SYDNEY

if TYPE_CHECKING:
    from datetime import date, datetime

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agenda:
    """Every date up to `through` is done; `again` are dates that somebody has asked for besides.

    `through` is `None` before the first night ever. `version` counts its writings.
    """

    through: date | None = None
    again: frozenset[date] = frozenset()
    version: int = 0

    def due(self, now: datetime, *, hour: int) -> list[date]:
        """The dates to go on with: the oldest that is missing, then what was asked for.

        A date is due from `hour` of Sydney's clock on the day after it. The first night ever is
        that of the day before.
        """
        local = now.astimezone(SYDNEY)
        newest = local.date() - (DAY if local.hour >= hour else 2 * DAY)
        if self.through is None:
            first = [newest] if local.hour >= hour else []
        else:
            first = [self.through + DAY] if self.through < newest else []
        return first + sorted(self.again.difference(first))

    def awaits(self, day: date) -> bool:
        """Whether the night of a date is still to come, or to be done again."""
        return day in self.again or (self.through is not None and self.through < day)

    def asked(self, day: date) -> Agenda:
        """The same, with a date that is to be run once more."""
        return replace(self, again=self.again | {day})

    def begun(self, day: date) -> Agenda:
        """The same once the night of a date has begun: the first ever stays due until it is done.

        What somebody asked for out of turn is no beginning.
        """
        if self.through is not None or day in self.again:
            return self
        return replace(self, through=day - DAY)

    def done(self, day: date) -> Agenda:
        """The same after the night of a date; later ones are not done by it.

        What somebody asked for out of turn is no beginning: the nights since would all be due.
        """
        first = self.through is None and day not in self.again
        follows = self.through is not None and day == self.through + DAY
        through = day if first or follows else self.through
        return replace(self, through=through, again=self.again - {day})
