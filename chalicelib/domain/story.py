"""The whole story of one payout: what is kept of it in every table, as one line of time.

Orders what others found, and decides nothing. The steps keep the order in which they were written,
for that is what happened; a clock that was wrong moves none of them before another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from chalicelib.domain.casework import whole_history
from chalicelib.domain.findings import Kind
from chalicelib.domain.references import unique_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.findings import Entry, Finding
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.parked import Ending, ParkedLetter
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.recorded import Recorded

# Findings whose subject is a payout's reference: they are found without a list.
OF_A_PAYOUT = (
    Kind.UNFIT_NEWS, Kind.UNREADABLE_NEWS, Kind.WEBHOOK_MISSING, Kind.MISSING_THERE,
    Kind.AMOUNT_DIFFERS, Kind.STATUS_DIFFERS, Kind.PAID_TWICE, Kind.FEE_DIFFERS,
)  # fmt: skip


class Source(IntEnum):
    """Where a line comes from; of what happened at one moment, the cause comes first."""

    NOTICE = 0
    STEP = 1
    LETTER = 2
    FINDING = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened at a moment (aware UTC): one of the records, and which part of it.

    `part` is an entry of a finding's history or a letter's ending; `None` is the record's own
    beginning.
    """

    at: datetime
    source: Source
    record: Recorded | Notice | ParkedLetter | Finding
    part: Entry | Ending | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A payout with all that is kept of it; `whole` is false where a list was longer than read."""

    payout: Payout
    steps: Sequence[Recorded]
    notices: Sequence[Notice]
    letters: Sequence[ParkedLetter]
    findings: Sequence[Finding]
    whole: bool

    def lines(self) -> Sequence[Line]:
        """Everything in the order in which it happened, the oldest first."""
        others = [*self._notices(), *self._letters(), *self._findings()]
        return sorted([*self._steps(), *others], key=attrgetter("at", "source"))

    def _steps(self) -> Iterator[Line]:
        latest: datetime | None = None
        for step in self.steps:
            latest = max(latest or step.event.at, step.event.at)
            yield Line(latest, Source.STEP, step)

    def _notices(self) -> Iterator[Line]:
        return (Line(each.received_at, Source.NOTICE, each) for each in self.notices)

    def _letters(self) -> Iterator[Line]:
        for letter in self.letters:
            yield Line(letter.parked_at, Source.LETTER, letter)
            ended = (*letter.earlier, *([letter.ending] if letter.ending else []))
            yield from (Line(each.at, Source.LETTER, letter, each) for each in ended)

    def _findings(self) -> Iterator[Line]:
        for finding in self.findings:
            yield Line(finding.found_at, Source.FINDING, finding)
            yield from (
                Line(each.at, Source.FINDING, finding, each) for each in whole_history(finding)
            )


def references(payout: Payout) -> Sequence[str]:
    """The names that the provider may know it by: one for each attempt, and the provider's own."""
    attempts = range(1, payout.attempt + 1)
    ours = [unique_reference(payout.transaction_id, number) for number in attempts]
    return [*ours, *([payout.monoova_transaction_id] if payout.monoova_transaction_id else [])]
