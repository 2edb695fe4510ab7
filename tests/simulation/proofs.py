"""What nights signed for, and what the archive holds, held against what was ever written.

The books remember every step as it was written; what proves them must lead to the same hashes.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain import verification
from chalicelib.domain.attestation import fingerprint_of, key_name, name_of
from chalicelib.domain.chain import link_of
from chalicelib.domain.verification import Attested, Standing
from tests.simulation.books import Broken
from tests.simulation.faults import Fault
from tests.simulation.lasting import public_key
from tests.simulation.post import SYDNEY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.business import Business
    from tests.simulation.environment import Environment


def check_proofs(business: Business, *, complete: bool) -> int:
    """Verify all attestations, and the life of every payout; how many leaves there are.

    `complete`: every change of a day must have been signed for, none overlooked.

    Raises:
        Broken: something does not fit.
    """
    attested = _attestations(business)
    lives = _lives(business)
    for own, (payout, steps) in lives.items():
        written = [each["hash"]["S"] for each in business.books.steps[own]]
        if [each.hash for each in steps] != written:
            raise Broken(f"{own}: its steps are not those that were written")
        links = [link_of(each) for each in steps]
        if any(link.proof != link.hash for link in links):
            raise Broken(f"{own}: its steps do not lead to their hashes")
        if leaves := attested.get(own):
            standing = Standing(payout.version, payout.last_hash)
            _fitting(lambda: verification.check_payout(own, leaves, standing, links))  # noqa: B023 (at once)
    if gone := attested.keys() - lives.keys():
        raise Broken(f"{sorted(gone)} were signed for, and are nowhere")
    if complete and Fault.LAG not in business.fate.can_happen:
        _nothing_is_overlooked(business, attested)
    return sum(len(leaves) for leaves in attested.values())


def _attestations(business: Business) -> dict[str, list[Attested]]:
    """All leaves by payout; each attestation held against its key and the one before."""
    objects, attested, before = business.lasting.objects, defaultdict(list), None
    key = objects.get(key_name(fingerprint_of(public_key())))
    for day in attested_days(business):
        sealed = _fitting(lambda: verification.opened(name_of(day), objects[name_of(day)]))  # noqa: B023 (at once)
        hashes = {name: hashlib.sha256(raw).hexdigest() for name, raw in objects.items()}

        def check() -> Sequence[Any]:
            verification.check_signature(sealed, key, verifies=verifies)  # noqa: B023
            verification.check_link(sealed, before)  # noqa: B023
            verification.check_reports(sealed, hashes)  # noqa: B023
            return list(verification.leaves_of(sealed, objects.get))  # noqa: B023

        for leaf in _fitting(check):
            attested[leaf.transaction_id].append(Attested(day, leaf))
        before = sealed
    return attested


def attested_days(business: Business) -> list[date]:
    """The Sydney dates that are signed for, oldest first."""
    names = (name.split("/") for name in business.lasting.objects)
    days = (parts[1] for parts in names if parts[-1] == "attestation.json")
    return [date.fromisoformat(day) for day in sorted(days)]


def _lives(business: Business) -> dict[str, tuple[Any, Sequence[Any]]]:
    """Every payout, and its steps from table and archive, as our code reads them."""
    found: dict[str, tuple[Any, Sequence[Any]]] = {}

    def read(environment: Environment) -> None:
        for own in business.books.lives:
            found[own] = environment.trail(own)

    business.invoke("keep", "read all lives", read)
    return found


def _nothing_is_overlooked(business: Business, attested: dict[str, list[Attested]]) -> None:
    days = set(attested_days(business))
    for own, rows in business.books.steps.items():
        last: dict[date, str] = {}
        on = date.min
        for row in rows:
            told = datetime.fromisoformat(row["event"]["M"]["at"]["S"])
            on = max(on, told.astimezone(SYDNEY).date())
            last[on] = row["hash"]["S"]
        wanted = {day: link for day, link in last.items() if day in days}
        signed = {each.day: each.leaf.hash for each in attested.get(own, [])}
        if wanted != signed:
            raise Broken(f"{own} changed on {sorted(wanted)}, and {sorted(signed)} are signed for")


def readable(objects: dict[str, bytes]) -> str:
    """All objects as one text."""
    return "".join(
        (gzip.decompress(raw) if name.endswith(".gz") else raw).decode(errors="replace")
        for name, raw in objects.items()
    )


def _fitting(check: Callable[[], Any]) -> Any:
    try:
        return check()
    except verification.Broken as broken:
        raise Broken(str(broken)) from broken
