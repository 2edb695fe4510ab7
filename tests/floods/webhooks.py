"""The webhooks of a flood: news of payouts, money that comes in, and poison among them.

All in the provider's own shapes, by number, so that a seed gives the same flood.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from tests.fuzz.bodies import PAYEE, RECEIVED

if TYPE_CHECKING:
    from random import Random

POISON = ("status", "amount", "attempt", "rubbish")


@dataclass(frozen=True)
class Hook:
    """A webhook: what it does to which payout, or how many cents it brings; or poison."""

    number: int
    event_name: str
    raw: bytes
    transaction_id: str = ""
    cents: int = 0
    is_poison: bool = False

    @property
    def webhook_id(self) -> str:
        """The provider's."""
        return str(1000 + self.number)


def payout_id(seed: int, number: int) -> str:
    """The payout that a number is about."""
    return derived_id("payout", f"flood {seed}/{number}")


def status_of(own: str, **told: Any) -> bytes:
    """A body of `NppPaymentStatus` about the first attempt of a payout."""
    body = PAYEE | {
        "TransactionDate": "2026-03-02T00:00:00", "UniqueReference": f"{own}-1",
        "TransactionId": 1234567, "Status": "Payment Successful", "Amount": 1.00,
        "RejectionDateTime": None, "RejectionReasonDescription": None,
        "RejectionTransactionId": None,
    }  # fmt: skip
    return json.dumps(body | told).encode()


def hook(seed: int, number: int, chance: Random, *, poison: bool) -> Hook:
    """The webhook of a number."""
    own = payout_id(seed, number)
    if poison:
        return _poison(number, own, chance.choice(POISON))
    if chance.random() < 0.2:
        cents = chance.randrange(1, 10_000)
        told = {"TransactionId": f"N{number:011d}", "Amount": f"{cents / 100:.4f}"}
        raw = json.dumps(RECEIVED | told).encode()
        return Hook(number, "NPPReceivePayment", raw, cents=cents)
    return Hook(number, "NppPaymentStatus", status_of(own), own)


def _poison(number: int, own: str, kind: str) -> Hook:
    """What can never be applied: no such status, amount or attempt; no JSON at all."""
    raw = {
        "status": status_of(own, Status="Payment Perhaps"),
        "amount": status_of(own, Amount="1.005"),
        "attempt": status_of(own, UniqueReference=f"{own}-5"),
        "rubbish": f'{{"UniqueReference": "{own}-1", '.encode(),
    }[kind]
    return Hook(number, "NppPaymentStatus", raw, own, is_poison=True)
