"""Attest a Sydney day: where each payout that changed on it had come to, signed for, once for ever.

The leaves are written chunk by chunk, and after each the night's position is saved: whoever goes on
takes up the tree where it was. What lies in the archive is never written again: a second run, or a
second runner, finds the attestation and takes its root. Refuses to sign a day that is not over, to
leave out the night before while that is still to come, and to put a night between two others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import attestation as form
from chalicelib.domain.attestation import Attestation, Chunk, Filed, Sealed
from chalicelib.domain.calendar import start_of, sydney_date
from chalicelib.domain.errors import Conflict, Corrupt
from chalicelib.domain.gathering import Gathering
from chalicelib.domain.night import Reconciliation, Stage
from chalicelib.usecases.leaves import OutOfTime, leaves_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from chalicelib.ports import Archive, Changes, Clock, Nights, Payouts, Signer

# Longer than a step takes to be written, whoever makes it.
SETTLES = timedelta(minutes=15)
# Seconds: below it nothing more is begun.
LEAST = 10
# Leaves of a chunk: some 1.2 MB compressed.
CHUNK = 16_384
_DAY = timedelta(days=1)


def attest(
    night: Reconciliation, *, changes: Changes, payouts: Payouts, nights: Nights,
    archive: Archive, signer: Signer, clock: Clock, time_left: Callable[[], float],
    save: Callable[[Reconciliation], Reconciliation], chunk: int = CHUNK,
) -> Reconciliation:  # fmt: skip
    """Bring a night through this stage, or as far as time allows; what is returned is saved.

    `save` keeps a checkpoint and gives the night as it is then stored. A night that is still at
    this stage afterwards is to be brought here again: time was short, or it has to wait.

    Raises:
        ArchiveUnavailable, VaultUnavailable, StoreUnavailable: again is safe.
        Stale: somebody else has this night (says `save`).
        Corrupt: what lies under the attestation's name is none of that date.
    """
    now = clock.now()
    if (raw := archive.get(form.name_of(night.day))) is not None:
        return save(_done(night, _known(night.day, raw)))
    if now < start_of(night.day + _DAY) + SETTLES:
        return night
    place = _place(night.day, archive, now)
    if place.is_taken:
        return save(_done(night, None))
    if not place.follows_eve and nights.agenda().awaits(night.day - _DAY):
        return night

    def hurry() -> None:
        if time_left() < LEAST:
            raise OutOfTime

    gathered = Gathering.parse(night.position)
    try:
        while not gathered.whole:
            some = leaves_after(gathered.after, night.day, now=now, most=chunk,
                                changes=changes, payouts=payouts, hurry=hurry)  # fmt: skip
            gathered = _keep(gathered, some.leaves, some.until, night.day, archive)
            night = save(replace(night, position=gathered.text()))
        hurry()
    except OutOfTime:
        return night
    return save(_done(night, _sign(night, gathered, place, archive, signer, now)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a night stands among the attested ones: `before` is the latest earlier one.

    `is_taken`: a later one is attested already, and could not name this one any more.
    """

    before: Filed | None
    follows_eve: bool = False
    is_taken: bool = False


def _place(day: date, archive: Archive, now: datetime) -> _Place:
    eve = archive.get(form.name_of(day - _DAY))
    if eve is not None and day == sydney_date(now) - _DAY:
        return _Place(_filed(form.name_of(day - _DAY), eve), follows_eve=True)
    known = sorted(filter(None, map(form.day_of, archive.names(form.FOLDER))))
    earlier = [each for each in known if each < day]
    if not earlier:
        return _Place(None, is_taken=bool(known))
    name = form.name_of(earlier[-1])
    return _Place(
        _filed(name, archive.get(name) or b""),
        follows_eve=earlier[-1] == day - _DAY, is_taken=known[-1] > day,
    )  # fmt: skip


def _keep(
    gathered: Gathering, leaves: list[form.Leaf], until: str, day: date, archive: Archive
) -> Gathering:
    """One chunk more, in the archive before it is counted on; none where no leaf was found."""
    after, whole = until, not until
    if not leaves:
        return replace(gathered, after=after, whole=whole)
    content = form.packed(leaves)
    name = form.chunk_name(day, len(gathered.chunks), content)
    kept = archive.put(name, content, kind=form.LEAVES)
    chunks, tree = gathered.with_chunk(Chunk(name, kept.sha256, len(leaves)), leaves)
    return Gathering(chunks, tree, after, whole)


def _sign(
    night: Reconciliation, gathered: Gathering, place: _Place,
    archive: Archive, signer: Signer, now: datetime,
) -> Attestation:  # fmt: skip
    """Sign and keep it; where somebody else was faster, it is theirs that counts."""
    key = signer.public_key()
    made = _document(night, gathered, place, _reports(place, archive), key, now)
    signed = signer.sign(made.digest)
    if signed.algorithm != form.ALGORITHM:
        raise Corrupt(f"a signature by {signed.algorithm}")
    archive.put(form.key_name(made.key), key, kind=form.KEY)
    try:
        archive.put(form.name_of(night.day), Sealed(made, signed.signature).raw, kind=form.JSON)
    except Conflict:
        return _known(night.day, archive.get(form.name_of(night.day)) or b"")
    return made


def _document(
    night: Reconciliation, gathered: Gathering, place: _Place, reports: tuple[Filed, ...],
    key: bytes, now: datetime,
) -> Attestation:  # fmt: skip
    return Attestation(
        day=night.day, run=night.run, made_at=now, key=form.fingerprint_of(key),
        root=gathered.root, leaves=gathered.leaves, chunks=gathered.chunks,
        before=place.before, reports=reports, counts=night.counts, sums=night.sums,
        findings=len(set(night.findings)), findings_digest=form.findings_digest(night.findings),
        unexplained=night.unexplained, opening=night.opening, closing=night.closing,
    )  # fmt: skip


def _reports(place: _Place, archive: Archive) -> tuple[Filed, ...]:
    """The reports of the night before: written after its attestation, so this one holds them."""
    if place.before is None:
        return ()
    folder = place.before.name.rpartition("/")[0]
    names = archive.names(f"{folder}/report-")
    return tuple(_filed(name, archive.get(name) or b"") for name in names)


def _filed(name: str, content: bytes) -> Filed:
    return Filed(name, hashlib.sha256(content).hexdigest())


def _known(day: date, raw: bytes) -> Attestation:
    """The attestation that is there already, whoever made it."""
    found = Sealed.parse(raw).attestation
    if found.day != day:
        raise Corrupt("an attestation of another date")
    return found


def _done(night: Reconciliation, made: Attestation | None) -> Reconciliation:
    """The night after this stage; without an attestation where its place is taken."""
    counts = {**night.counts, "attested": made.leaves if made else 0}
    root = made.root if made else ""
    return replace(night, stage=Stage.REPORTED, position="", root=root, counts=counts)
