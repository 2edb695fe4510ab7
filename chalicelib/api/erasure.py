"""Legal holds and erasures, as the API tells them: who, when, why, and what is waited for.

Tells nothing of the person: after an erasure there is nothing left to tell.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel

from chalicelib.api.shapes import Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.customer import Customer, Erasing, Erasure, Hold
from chalicelib.domain.erasure import certificate_name
from chalicelib.domain.errors import Fault


class HoldEntryView(Shape):
    """A legal hold that was placed, or lifted. The reason is destroyed with the customer's data."""

    placed: bool
    by: str
    at: Moment
    reason: str | None


class HoldsView(Shape):
    """Whether a legal hold is set, and what was done about it, the oldest first."""

    customer_id: str
    legal_hold: bool
    history: list[HoldEntryView]


class ObstacleView(Shape):
    """What an erasure waits for."""

    code: str
    detail: str


class CertificateView(Shape):
    """The archive's object that says what was erased and when, and its SHA-256."""

    name: str
    sha256: str


class ErasureView(Shape):
    """How far the erasure of a customer has come; with a certificate it is done."""

    customer_id: str
    stage: Literal["asked", "erasing", "erased"]
    asked_by: str
    asked_at: Moment
    reason: str | None
    waits_for: list[ObstacleView]
    erased_at: Moment | None
    erased_payouts: int | None
    erased_destinations: int | None
    certificate: CertificateView | None


def holds(who: Customer) -> HoldsView:
    """A customer's legal holds."""
    return HoldsView(
        customer_id=who.customer_id,
        legal_hold=who.held,
        history=[
            HoldEntryView(
                placed=each.placed, by=each.by, at=rfc3339(each.at), reason=each.reason or None
            )
            for each in who.holds
        ],
    )


def erasure(who: str, asked: Erasure, waits_for: Sequence[Fault]) -> ErasureView:
    """A customer's erasure, and what it waits for."""
    ended = asked.erased_at is not None
    return ErasureView(
        customer_id=who,
        stage=asked.stage.value,
        asked_by=asked.by,
        asked_at=rfc3339(asked.asked_at),
        reason=asked.reason or None,
        waits_for=[ObstacleView(code=each.code, detail=each.detail) for each in waits_for],
        erased_at=rfc3339(asked.erased_at) if asked.erased_at else None,
        erased_payouts=asked.payouts if ended else None,
        erased_destinations=asked.destinations if ended else None,
        certificate=CertificateView(name=certificate_name(who), sha256=asked.certificate)
        if asked.certificate
        else None,
    )


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """Examples of these answers, for the document."""
    at, by = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC), "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    hold = Hold(placed=True, by=by, at=at, reason="Court order 17 of 2 July.")
    asked = Erasure(Erasing.ASKED, by, at, "Asked for in writing on 1 July.")
    done = Erasure(
        Erasing.ERASED, by, at, asked.reason, erased_at=at, payouts=2, destinations=1,
        certificate="5f" * 32,
    )  # fmt: skip
    who = Customer(
        "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77", "", "", at, at, holds=(hold,), erasure=done
    )
    waits = Fault("", "open_payouts", "1: 0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20")
    return {
        HoldsView: [holds(who)],
        ErasureView: [
            erasure(who.customer_id, done, []),
            erasure(who.customer_id, asked, [waits]),
        ],
    }
