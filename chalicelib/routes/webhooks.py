"""The provider's way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.webhooks import Delivery, webhook
from chalicelib.entrance import door
from chalicelib.usecases.receive import receive

if TYPE_CHECKING:
    from chalicelib.wiring import World


@webhook(door, "/webhooks/monoova", "/webhooks/monoova/{event_name}")
def monoova_webhook(delivery: Delivery, w: World) -> str:
    """Take a webhook of the provider's in."""
    return receive(
        delivery.raw, event_name=delivery.event_name, headers=delivery.headers,
        request_id=delivery.request_id, inbox=w.inbox, payouts=w.payouts, treasury=w.treasury,
        notices=w.notices, findings=w.findings, dead_letters=w.dead_letters, clock=w.clock,
    )  # fmt: skip
