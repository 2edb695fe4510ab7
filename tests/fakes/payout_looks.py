"""Payouts in memory, as lists and writers look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import seems_fit
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.detour import may_turn
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.patience import attention
from chalicelib.domain.wire import claims as sends
from chalicelib.ports import PayoutFilter, Recorded, Sketch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step


def pays(steps: Sequence[Step]) -> bool:
    first = steps[0].before is None
    return first or sends(steps)


def read_by(payout: Payout) -> tuple[int, str, int]:
    """What a writer must have seen."""
    return payout.version, payout.status, payout.revision


def recorded_of(step: Step) -> Recorded:
    return Recorded(
        sequence=step.after.version,
        event=step.event,
        status=str(step.after.status),
        postings=step.postings,
        previous_hash=step.before.last_hash if step.before else "",
        hash=step.after.last_hash,
    )


def sketch_of(payout: Payout) -> Sketch:
    intent = payout.intent
    return Sketch(
        payout.transaction_id, payout.status, intent.amount, intent.created_at,
        in_line=waits_for_funds(payout), rail=payout.rail, customer_id=intent.customer_id,
        may_turn=may_turn(intent.fallbacks, intent.asked),
        by_bank=seems_fit(
            intent.method, payout.status, payout.attempt, payout.sends, dict(payout.filed),
            held=payout.held is not None,
        ),
        sent_once_at=payout.sent_at if payout.sends == 1 else None,
    )  # fmt: skip


def by_age(sketches: Iterable[Sketch]) -> list[Sketch]:
    return sorted(sketches, key=lambda each: (each.created_at, each.transaction_id))


def matches(payout: Payout, wanted: PayoutFilter) -> bool:
    return (
        wanted.first <= sydney_date(payout.intent.created_at) <= wanted.last
        and wanted.customer_id in {"", payout.intent.customer_id}
        and (not wanted.statuses or payout.status in wanted.statuses)
    )


def place_of(payout: Payout) -> tuple[str, str]:
    at = payout.intent.created_at.isoformat(timespec="microseconds")
    return at, payout.transaction_id


def turn_of(payout: Payout) -> tuple[str, str]:
    at, own = place_of(payout)
    return f"{int(bool(attention(payout)))} {at}", own
