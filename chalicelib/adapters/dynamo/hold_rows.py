"""A payout's hold, as columns of its row.

A held payout's row cannot be read by a version that knows nothing of holds, and would send it: one
column that such a version cannot do without, `delays`, lies within `held`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.values import instant, moment
from chalicelib.domain.hold import Hold

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.payout import Payout


def hold_row(payout: Payout) -> Row:
    """The columns of a payout's hold, and how often it was delayed."""
    hold = payout.held
    if hold is None:
        return {"delays": payout.delays}
    kept = {"by": hold.by, "at": instant(hold.at), "reason": hold.reason}
    return {"held": kept | {"delays": payout.delays}}


def hold_from(row: Row) -> Hold | None:
    """The hold of a row."""
    held = row.get("held")
    return Hold(held["by"], moment(held["at"]), held["reason"]) if held else None


def delays_from(row: Row) -> int:
    """How often the payout was delayed."""
    return int((row.get("held") or row)["delays"])
