"""Verify one night against what is stored now: its signature, its link, its leaves, its payouts.

The first page reads all leaves and so proves the root; every page then holds some payouts against
what the night signed for, until its time is over. What does not fit is a finding of this question,
not an error: it is told in the answer. Nothing is written and nothing is repaired.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.attestation import fingerprint_of, name_of
from chalicelib.domain.chain import link_of
from chalicelib.domain.errors import Corrupt, NotFound
from chalicelib.domain.verification import (
    Attested,
    Broken,
    Standing,
    Verdict,
    check_link,
    check_payout,
    check_signature,
    chunk_of,
    leaves_of,
    opened,
)
from chalicelib.usecases.trail import trail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chalicelib.domain.attestation import Leaf, Sealed
    from chalicelib.domain.verification import Verifies
    from chalicelib.ports import Archive, Nights, Payouts, Signer

# Seconds that answering may take: what is left below it is not begun.
LEAST = 3


def verify(
    day: date, *, limit: int, position: Mapping[str, str] | None, payouts: Payouts,
    archive: Archive, nights: Nights, signer: Signer, verifies: Verifies,
    time_left: Callable[[], float],
) -> Verdict:  # fmt: skip
    """Verify a night with the key that signs now, and some of its payouts.

    Raises:
        NotFound: that night is not attested.
        ArchiveUnavailable, StoreUnavailable, VaultUnavailable: it could not be looked at.
    """
    raw = archive.get(name_of(day))
    if raw is None:
        if not any(each.root for each in nights.runs(day)):
            raise NotFound("attestation")
        gone = Broken(name_of(day), "the attestation was removed: the night's run says its root")
        return Verdict(None, 0, gone, None)
    sealed, checked = None, 0
    number, skipped = (int((position or {}).get(name, "0")) for name in ("chunk", "leaf"))
    try:
        sealed = _proven(name_of(day), raw, archive, signer, verifies)
        if position is None:
            for _ in leaves_of(sealed, archive.get):
                pass
        while number < len(sealed.attestation.chunks):
            for leaf in islice(chunk_of(sealed, number, archive.get), skipped, None):
                if checked == limit or time_left() < LEAST:
                    going_on = {"chunk": str(number), "leaf": str(skipped)}
                    return Verdict(sealed.attestation, checked, None, going_on)
                _check(leaf, day, payouts, archive)
                checked, skipped = checked + 1, skipped + 1
            number, skipped = number + 1, 0
    except Broken as broken:
        return Verdict(sealed.attestation if sealed else None, checked, broken, None)
    return Verdict(sealed.attestation, checked, None, None)


def _proven(name: str, raw: bytes, archive: Archive, signer: Signer, verifies: Verifies) -> Sealed:
    """The attestation, with its signature and the one that it follows."""
    sealed = opened(name, raw)
    key = signer.public_key()
    check_signature(sealed, key, verifies=verifies, trusted={fingerprint_of(key)})
    filed = sealed.attestation.before
    # One that says that it is the first is asked whether there is none before it after all.
    eve = filed.name if filed else name_of(sealed.attestation.day - timedelta(days=1))
    found = archive.get(eve)
    check_link(sealed, None if found is None else opened(eve, found))
    return sealed


def _check(leaf: Leaf, day: date, payouts: Payouts, archive: Archive) -> None:
    """Hold a payout against its leaf; its row is read before its steps, which only grow."""
    transaction_id = leaf.transaction_id
    try:
        row = payouts.get(transaction_id)
        if row is None:
            standing, steps = None, payouts.steps(transaction_id)
        else:
            intent = row.intent
            standing = Standing(row.version, row.last_hash, intent.customer_id, intent.amount.cents)
            steps = trail(row, payouts=payouts, archive=archive)
    except Corrupt as corrupt:
        raise Broken(f"payout {transaction_id}", f"it cannot be read: {corrupt}") from corrupt
    check_payout(transaction_id, [Attested(day, leaf)], standing, [link_of(each) for each in steps])
