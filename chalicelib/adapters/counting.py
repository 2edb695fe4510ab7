"""What is measured of payouts: one line for each step that begins, ends or endangers one.

Comes after the step is durable, and can make nothing fail. Ids, codes, cents and seconds: a reason
is one of our own meanings, never the provider's text.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chalicelib import metrics
from chalicelib.domain.events import Requested, Unclear
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.reasons import explain
from chalicelib.json_lines import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.step import Step

LOG = logging.getLogger("payouts.steps")
UNKNOWN = "unknown"
# A person said no, or nobody said yes in time: it was never sent, and nothing went wrong.
CALLED_OFF = frozenset({Status.CANCELLED, Status.DECLINED})


def count(steps: Iterable[Step]) -> None:
    """Write the lines of what was written."""
    for step in steps:
        with suppress(Exception):
            for measured in _measured(step):
                _line(step, measured)


def _line(step: Step, measured: dict[str, Any]) -> None:
    intent = step.after.intent
    fields = {
        "step": type(step.event).__name__, "status": step.after.status.shown,
        "transaction_id": intent.transaction_id, "customer_id": intent.customer_id,
        "cents": intent.amount.cents, "rail": step.after.rail.value, **measured,
    }  # fmt: skip
    tell(LOG, "payout", fields)


def _measured(step: Step) -> Iterator[dict[str, Any]]:
    after, rail = step.after, step.after.rail.value
    was = step.before.status if step.before else None
    if isinstance(step.event, Requested):
        yield metrics.measured({"PayoutsRequested": 1}, Rail=rail)
    if isinstance(step.event, Unclear):
        yield metrics.measured({"PayoutsInDoubt": 1})
    if after.status is was:
        return
    if step.before and was is Status.UNCONFIRMED:
        since = step.before.sent_at or step.before.updated_at
        yield metrics.measured({"TimeInDoubt": int((after.updated_at - since).total_seconds())})
    if after.status in OPEN:
        return
    yield metrics.measured({"PayoutsEnded": 1}, Rail=rail, Outcome=after.status.value)
    if after.status is Status.COMPLETED:
        took = int((after.updated_at - after.intent.created_at).total_seconds())
        arrived = {"PayoutValue": after.intent.amount.cents, "TimeToComplete": took}
        yield metrics.measured({**arrived, "PayoutsFailed": 0}, Rail=rail)
    elif after.status not in CALLED_OFF:
        meaning = explain(after)
        reason = meaning.name if meaning else UNKNOWN
        yield {"reason": reason, **metrics.measured({"PayoutsFailed": 1})}
