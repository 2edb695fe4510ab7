"""Whether what was attested is still so: signatures, links, roots, and each payout's chain.

Everything is computed anew from what is there, and the first thing that does not fit is named in
plain words. Reads nothing itself and knows no cryptography but SHA-256: whoever asks brings the
bytes, and says whether a signature fits a key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.attestation import Sealed, fingerprint_of, key_name, name_of, unpacked
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.ledger import Place
from chalicelib.domain.merkle import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from chalicelib.domain.attestation import Attestation, Leaf
    from chalicelib.domain.chain import Link

    # Public key (DER), signature, digest.
    Verifies = Callable[[bytes, bytes, bytes], bool]

_DAY = timedelta(days=1)


class Broken(Exception):
    """The first thing that does not fit: where, and what is wrong with it."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payout's own row says that it stands, and what it says was asked for.

    The customer and the amount in cents are held against the first step, where they are told.
    """

    version: int
    hash: str
    customer_id: str = ""
    cents: int | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """A leaf, and the Sydney date that it was signed for."""

    day: date
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of verifying a night: `checked` payouts hold, `broken` is the first that does not.

    `position` is where to go on, `None` where all was looked at or something is broken.
    """

    attestation: Attestation | None
    checked: int
    broken: Broken | None
    position: Mapping[str, str] | None


def opened(name: str, raw: bytes | None) -> Sealed:
    """The attestation of a file.

    Raises:
        Broken: there is none, or it cannot be read, or it is that of another date.
    """
    if raw is None:
        raise Broken(name, "the attestation is missing")
    try:
        sealed = Sealed.parse(raw)
    except Corrupt:
        raise Broken(name, "it is not written as an attestation is: it was changed") from None
    if name_of(sealed.attestation.day) != name:
        raise Broken(name, f"it is the attestation of {sealed.attestation.day}")
    return sealed


def check_signature(
    sealed: Sealed, key: bytes | None, *, verifies: Verifies, trusted: Collection[str] = ()
) -> None:
    """Hold the signature against the public key; where keys are `trusted`, it must be one of them.

    Raises:
        Broken: the key is missing or another, or the signature does not fit.
    """
    signed = sealed.attestation
    name = name_of(signed.day)
    if trusted and signed.key not in trusted:
        raise Broken(name, f"it is signed with a key that is not trusted ({signed.key})")
    if key is None:
        raise Broken(key_name(signed.key), f"the public key is missing that {name} is signed with")
    if fingerprint_of(key) != signed.key:
        raise Broken(key_name(signed.key), "it is not the key of this fingerprint")
    if not verifies(key, sealed.signature, signed.digest):
        raise Broken(name, "the signature does not fit: it was changed after it was signed")


def check_link(sealed: Sealed, before: Sealed | None, gaps: Collection[date] = ()) -> None:
    """Hold an attestation against the latest earlier one that there is.

    `gaps` are dates whose missing nights are known.

    Raises:
        Broken: it follows another one, or a changed one, or nights are missing between them.
    """
    signed, name = sealed.attestation, name_of(sealed.attestation.day)
    if before is None:
        if signed.before is not None:
            raise Broken(signed.before.name, f"the attestation is missing that {name} follows")
        return
    filed = before.filed
    if signed.before is None:
        raise Broken(name, f"it says that it is the first, but there is {filed.name}")
    if signed.before.name != filed.name:
        raise Broken(signed.before.name, f"the attestation is missing that {name} follows")
    if signed.before.sha256 != filed.sha256:
        raise Broken(filed.name, f"it is not the one that {name} follows: one was exchanged")
    missing = before.attestation.day + _DAY
    if missing != signed.day and signed.day not in gaps:
        raise Broken(name_of(missing), f"this night was never attested: {name} says so itself")


def check_reports(sealed: Sealed, hashes: Mapping[str, str]) -> None:
    """Hold the reports of the night before, by their SHA-256, against what was signed.

    Raises:
        Broken: one is missing, or is another.
    """
    for report in sealed.attestation.reports:
        if report.name not in hashes:
            raise Broken(report.name, "the report is missing")
        if hashes[report.name] != report.sha256:
            raise Broken(report.name, "the report is not what was signed for the night after")


def leaves_of(sealed: Sealed, read: Callable[[str], bytes | None]) -> Iterator[Leaf]:
    """The leaves that were signed for, by ascending id; the root is checked at their end.

    Raises:
        Broken: a chunk is missing or changed, or the root is not theirs.
    """
    signed, tree, last = sealed.attestation, Tree(), ""
    for number, chunk in enumerate(signed.chunks):
        for leaf in chunk_of(sealed, number, read):
            if leaf.transaction_id <= last:
                raise Broken(chunk.name, f"payout {leaf.transaction_id} is out of order")
            tree.add(leaf.line)
            last = leaf.transaction_id
            yield leaf
    if (tree.count, tree.root) != (signed.leaves, signed.root):
        raise Broken(name_of(signed.day), "its root is not that of its leaves")


def chunk_of(sealed: Sealed, number: int, read: Callable[[str], bytes | None]) -> Iterator[Leaf]:
    """The leaves of one chunk, counted from 0.

    Raises:
        Broken: it is missing or changed.
    """
    chunk = sealed.attestation.chunks[number]
    raw = read(chunk.name)
    if raw is None:
        raise Broken(chunk.name, "the leaves are missing")
    if hashlib.sha256(raw).hexdigest() != chunk.sha256:
        raise Broken(chunk.name, "the leaves are not what was signed for: they were changed")
    count = 0
    try:
        for leaf in unpacked(raw):
            yield leaf
            count += 1
    except Corrupt:
        raise Broken(chunk.name, "the leaves cannot be read") from None
    if count != chunk.leaves:
        raise Broken(chunk.name, "it does not hold as many leaves as were signed for")


def check_payout(
    transaction_id: str,
    attested: Sequence[Attested],
    standing: Standing | None,
    links: Sequence[Link],
) -> int:
    """Hold a payout's steps, oldest first, against each other and against what was attested.

    `attested` are its leaves by ascending date; one at least. Returns the sequence up to which the
    steps are attested: what comes after it, nobody has signed for yet.

    Raises:
        Broken: the first step that is missing or changed, or the payout itself.
    """
    payout, last = f"payout {transaction_id}", attested[-1]
    if not links:
        raise Broken(payout, f"it was removed: {last.day} attests its step {last.leaf.sequence}")
    _check_chain(payout, links)
    dates = _dates(payout, links)
    for each in attested:
        _check_leaf(payout, each, links, dates)
    if standing is None:
        raise Broken(payout, "its row was removed; its steps are there")
    if standing.version < last.leaf.sequence:
        told = f"{last.day} attests its step {last.leaf.sequence}"
        raise Broken(payout, f"its row was set back to step {standing.version}: {told}")
    if standing.version > len(links):
        raise Broken(f"{payout}, step {len(links) + 1}", "it is missing: the row is further on")
    if links[standing.version - 1].hash != standing.hash:
        raise Broken(payout, f"its row does not follow from its step {standing.version}")
    if standing.cents is not None and not _asked_for(standing, links[0]):
        raise Broken(payout, "its row was changed: its first step has another amount or customer")
    return last.leaf.sequence


def _asked_for(standing: Standing, first: Link) -> bool:
    """Whether the first step sets aside just what the row says."""
    return sorted(first.moved) == sorted([
        (str(Place.AVAILABLE), standing.customer_id, -(standing.cents or 0)),
        (str(Place.HELD), standing.customer_id, standing.cents or 0),
    ])  # fmt: skip


def _check_chain(payout: str, links: Sequence[Link]) -> None:
    previous = ""
    for sequence, link in enumerate(links, 1):
        step = f"{payout}, step {sequence}"
        if link.sequence != sequence:
            raise Broken(step, f"it is missing: step {link.sequence} stands in its place")
        if link.previous_hash != previous:
            raise Broken(step, "it does not follow from the step before: one was exchanged")
        if link.proof != link.hash:
            raise Broken(step, "its hash is not that of what it says: it was changed")
        previous = link.hash


def _check_leaf(
    payout: str, attested: Attested, links: Sequence[Link], dates: Sequence[date]
) -> None:
    day, sequence = attested.day, attested.leaf.sequence
    step = f"{payout}, step {sequence}"
    if not 0 < sequence <= len(links):
        raise Broken(step, f"it is missing: {day} attests it, and the steps end at {len(links)}")
    if links[sequence - 1].hash != attested.leaf.hash:
        raise Broken(step, f"it is not the one that {day} attests: the chain was rewritten")
    if dates[sequence - 1] != day:
        raise Broken(step, f"it is of {dates[sequence - 1]}, and attested for {day}")


def _dates(payout: str, links: Sequence[Link]) -> list[date]:
    """The Sydney date of each step; what was told late falls on the day of the step before."""
    dates: list[date] = []
    for link in links:
        try:
            told = sydney_date(datetime.fromisoformat(str(link.told["at"])))
        except (KeyError, ValueError):
            raise Broken(f"{payout}, step {link.sequence}", "it does not say when it was") from None
        dates.append(max([told, *dates[-1:]]))
    return dates
