"""Gather the whole story of one payout: its steps, and what is kept of it in every other table.

Changes nothing, and never tells a shortened story as a whole one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.findings import finding_id_of
from chalicelib.domain.story import OF_A_PAYOUT, Story, references
from chalicelib.ports import NoticeFilter
from chalicelib.usecases.hear import existing
from chalicelib.usecases.trail import timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.domain.findings import Finding
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.ports import Archive, Findings, Notices, Page, ParkedLetters, Payouts

T = TypeVar("T")
# Pages of a list that are read: of the webhooks about a reference, and of all dead letters.
PAGE, MOST_PAGES = 100, 5


@dataclass(slots=True)
class _Reader:
    """Reads lists to their end, or says that it did not get there."""

    whole: bool = True

    def all_of(self, page: Callable[[Mapping[str, str] | None], Page[T]]) -> Sequence[T]:
        found: list[T] = []
        place: Mapping[str, str] | None = None
        for _ in range(MOST_PAGES):
            some = page(place)
            found += some.items
            place = some.position
            if place is None:
                return found
        self.whole = False
        return found


def story_of(
    transaction_id: str, *, payouts: Payouts, archive: Archive, notices: Notices,
    parked: ParkedLetters, findings: Findings,
) -> Story:  # fmt: skip
    """The story of a payout.

    Raises:
        NotFound: there is no such payout.
        ArchiveUnavailable, StoreUnavailable: it could not be read whole.
        Corrupt: it fails its own proof.
    """
    payout, reader = existing(payouts, transaction_id), _Reader()
    steps = timeline(payout, payouts=payouts, archive=archive)
    known = references(payout)
    heard = [each for name in known for each in _heard_of(name, reader, notices)]
    return Story(
        payout, steps, heard, _parked_of(known, reader, parked),
        _found_of(known, heard, findings), reader.whole,
    )  # fmt: skip


def _heard_of(reference: str, reader: _Reader, notices: Notices) -> Sequence[Notice]:
    wanted = NoticeFilter(reference=reference)
    return reader.all_of(lambda place: notices.page(wanted, limit=PAGE, position=place))


def _parked_of(
    known: Sequence[str], reader: _Reader, parked: ParkedLetters
) -> Sequence[ParkedLetter]:
    letters = [
        *reader.all_of(lambda place: parked.page(resolved=False, limit=PAGE, position=place)),
        *reader.all_of(lambda place: parked.page(resolved=True, limit=PAGE, position=place)),
    ]
    # One that was resolved between the two lists is in both of them: the later one counts.
    mine = {each.letter_id: each for each in letters if each.letter.reference in known}
    return list(mine.values())


def _found_of(
    known: Sequence[str], heard: Sequence[Notice], findings: Findings
) -> Sequence[Finding]:
    ids = [finding_id_of(kind, name) for kind in OF_A_PAYOUT for name in known]
    hung = [finding_id for notice in heard for finding_id in notice.findings]
    found = (findings.get(finding_id) for finding_id in dict.fromkeys([*ids, *hung]))
    return [each for each in found if each is not None]
