"""What was thought of a payout, for people: the score, the rules that fired, who has to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import words
from chalicelib.api.shapes import (
    ApprovalView,
    AssessmentView,
    DemandView,
    GivenView,
    SignalView,
)
from chalicelib.api.times import rfc3339

if TYPE_CHECKING:
    from chalicelib.domain.assessment import Assessment
    from chalicelib.domain.payout import Payout


def view(it: Assessment) -> AssessmentView:
    """An assessment as it was made."""
    return AssessmentView(
        policy_version=it.policy_version, score=it.score,
        signals=[
            SignalView(rule=rule, words=words.reason(f"risk_{rule}"), strength=strength)
            for rule, strength in it.signals
        ],
        needs=it.needs, why=[demand(code) for code in it.why], tier=it.tier,
        name_check=it.name_check, registered_name=it.registered_name or None,
        checked_as=it.checked_as or None, repeats=it.repeats or None,
    )  # fmt: skip


def approval(it: Payout) -> ApprovalView | None:
    """Who had, or has, to agree; `None` where nobody ever had."""
    if not it.needs:
        return None
    return ApprovalView(
        needs=it.needs, lapses_at=rfc3339(it.lapses_at) if it.lapses_at else None,
        given=[GivenView(by=each.by, at=rfc3339(each.at)) for each in it.approvals],
    )  # fmt: skip


def demand(code: str) -> DemandView:
    """Why other people have to agree."""
    return DemandView(code=code, words=words.reason(code))
