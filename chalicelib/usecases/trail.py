"""All steps of a payout's life, wherever they are kept: those in the archive, then the table's.

Never a shortened life: where the archive does not answer, or does not hold what it should, there is
no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.archive import read, refuse_gaps
from chalicelib.domain.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.recorded import Recorded
    from chalicelib.ports import Archive, Payouts


def trail(payout: Payout, *, payouts: Payouts, archive: Archive) -> Sequence[Recorded]:
    """Every step that is kept of it, oldest first, with no claim that none is missing.

    Raises:
        ArchiveUnavailable, StoreUnavailable: some may be there that could not be read.
        Corrupt: an object is not there or not whole, or holds a step otherwise than the table.
    """
    kept: dict[int, Recorded] = {}
    for step in (*_in_archive(payout, archive), *payouts.steps(payout.transaction_id)):
        if kept.setdefault(step.sequence, step) != step:
            raise Corrupt(f"step {step.sequence} of payout {payout.transaction_id}")
    return [kept[sequence] for sequence in sorted(kept)]


def timeline(payout: Payout, *, payouts: Payouts, archive: Archive) -> Sequence[Recorded]:
    """Every step of it from the first on, for people to see.

    Raises:
        ArchiveUnavailable, StoreUnavailable: it could not be read whole.
        Corrupt: as above, or a step of an archived payout is missing.
    """
    steps = trail(payout, payouts=payouts, archive=archive)
    if payout.archives:
        refuse_gaps(payout, steps)
    return steps


def _in_archive(payout: Payout, archive: Archive) -> Iterator[Recorded]:
    for name in payout.archives:
        for line in read(name, archive.get(name), of=payout.transaction_id):
            yield from line.steps
