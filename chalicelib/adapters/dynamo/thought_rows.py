"""What was thought of a payout, what it drew and who agreed, as parts of its row, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.values import Row, instant, moment, number
from chalicelib.domain.approval import Approval
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.intent import Drawn
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence


def assessment_row(it: Assessment | None) -> Row | None:
    """An assessment as a map; nothing where there was none."""
    if it is None:
        return None
    return {
        "policy_version": it.policy_version, "score": it.score,
        "signals": [list(each) for each in it.signals], "needs": it.needs, "why": list(it.why),
        "name_check": it.name_check, "tier": it.tier, "repeats": it.repeats,
        "checked_as": it.checked_as, "registered_name": it.registered_name,
    }  # fmt: skip


def assessment_from(row: Row | None) -> Assessment | None:
    """The assessment of a map."""
    if row is None:
        return None
    return Assessment(
        policy_version=int(row["policy_version"]),
        score=int(row["score"]),
        signals=tuple((name, int(strength)) for name, strength in row["signals"]),
        needs=int(row["needs"]),
        why=tuple(row["why"]),
        name_check=row["name_check"],
        tier=row["tier"],
        repeats=row["repeats"],
        checked_as=row["checked_as"],
        registered_name=row["registered_name"],
    )


def drawn_row(drawn: Drawn) -> list[Any]:
    """What was taken of one allowance: key, dollars, count."""
    return [drawn.key, number(drawn.amount), drawn.count]


def drawn_from(told: Sequence[Any]) -> Drawn:
    """What was taken of one allowance."""
    key, amount, count = told
    return Drawn(key, Money.exactly(amount), int(count))


def approval_row(approval: Approval) -> Row:
    """Somebody's word as a map."""
    return {"by": approval.by, "at": instant(approval.at), "seen": approval.seen}


def approval_from(row: Row) -> Approval:
    """Somebody's word."""
    return Approval(row["by"], moment(row["at"]), row["seen"])
