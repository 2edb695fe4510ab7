"""What came of verifying a night, as the API tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from chalicelib.api.shapes import Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.attestation import name_of
from chalicelib.domain.verification import Broken, Verdict

if TYPE_CHECKING:
    from pydantic import BaseModel


class BreakView(Shape):
    """The first thing that does not fit: where, and what is wrong with it."""

    where: str
    what: str


class VerificationView(Shape):
    """A night, held against what is stored now.

    `holds` is about what was looked at until now: signature, link to the night before, root, and
    `payouts_checked` of this page. What is signed is null where it cannot be read.
    """

    date: str
    holds: bool
    broken: BreakView | None
    payouts_checked: int
    payouts_attested: int | None
    root: str | None
    key_fingerprint: str | None
    signed_at: Moment | None
    follows: str | None
    next_cursor: str | None


def view(day: date, verdict: Verdict, next_cursor: str | None) -> VerificationView:
    """What came of it."""
    broken, made = verdict.broken, verdict.attestation
    before = made.before if made else None
    return VerificationView(
        date=day.isoformat(), holds=broken is None,
        broken=BreakView(where=broken.where, what=broken.what) if broken else None,
        payouts_checked=verdict.checked, payouts_attested=made.leaves if made else None,
        root=made.root if made else None, key_fingerprint=made.key if made else None,
        signed_at=rfc3339(made.made_at) if made else None,
        follows=before.name if before else None, next_cursor=next_cursor,
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    day, eve = date(2026, 7, 3), date(2026, 7, 2)
    at = datetime(2026, 7, 3, 17, 2, 3, tzinfo=UTC)
    whole = VerificationView(
        date=day.isoformat(), holds=True, broken=None, payouts_checked=2, payouts_attested=2,
        root="5d" * 32, key_fingerprint="0f" * 32, signed_at=rfc3339(at), follows=name_of(eve),
        next_cursor=None,
    )  # fmt: skip
    step = Broken(
        "payout 0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20, step 3",
        "its hash is not that of what it says: it was changed",
    )
    broken = whole.model_copy(
        update={"holds": False, "broken": BreakView(where=step.where, what=step.what),
                "payouts_checked": 1}
    )  # fmt: skip
    return {VerificationView: [whole, broken]}
