"""What was thought of a payout, its way, what it drew and who agreed: parts of its row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.values import Row, instant, moment, number
from chalicelib.domain.approval import Approval
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.intent import Drawn
from chalicelib.domain.money import Money
from chalicelib.domain.resolution import Proposal
from chalicelib.domain.ways import Route

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


def route_row(route: Route | None) -> Row | None:
    """Why it goes its way, as a map; none where nobody said."""
    if route is None:
        return None
    arrives_on = route.arrives_on.isoformat()
    return {
        "reason": route.reason, "fee": number(route.fee), "arrives_on": arrives_on,
        "first_use": route.first_use,
    }  # fmt: skip


def route_from(row: Row | None) -> Route | None:
    """The route of a map; of a version before, none."""
    if row is None:
        return None
    arrives_on = date.fromisoformat(row["arrives_on"])
    return Route(row["reason"], Money.exactly(row["fee"]), arrives_on, row.get("first_use", False))


def proposal_row(proposal: Proposal | None) -> Row | None:
    """A proposal as a map; nothing where there is none."""
    if proposal is None:
        return None
    return {
        "verdict": str(proposal.verdict),
        "evidence": proposal.evidence,
        "by": proposal.by,
        "at": instant(proposal.at),
    }


def proposal_from(row: Row | None) -> Proposal | None:
    """The proposal of a map."""
    if row is None:
        return None
    return Proposal(row["verdict"], row["evidence"], row["by"], moment(row["at"]))
