"""Other rules of risk tried on payouts that were decided before: what would have become of them.

By what each payout keeps of its assessment, and nothing else. A payout that was blocked was never
made, so it is in no history, and in no trial.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain import decision, risk
from chalicelib.domain.risk import Risk

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.assessment import Assessment
    from chalicelib.domain.policy import RiskRules

# Sydney dates that one trial may go back.
MOST_DAYS = 31


@dataclass(slots=True)
class Trial:
    """How many payouts were looked at, and of how many a judgement (was, would be) is known."""

    rules: RiskRules
    seen: int = 0
    judged: Counter[tuple[Risk, Risk]] = field(default_factory=Counter)

    def look_at(self, assessment: Assessment | None) -> None:
        """Judge a payout anew; one without an assessment is only seen."""
        self.seen += 1
        if assessment is not None:
            self.judged[was(assessment), would_be(assessment, self.rules)] += 1

    @property
    def assessed(self) -> int:
        """How many kept what they can be judged by."""
        return self.judged.total()

    def were(self, what: Risk) -> int:
        """How many were judged so then."""
        return sum(count for (then, _), count in self.judged.items() if then is what)

    def would_be(self, what: Risk) -> int:
        """How many these rules judge so."""
        return sum(count for (_, now), count in self.judged.items() if now is what)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it, over Sydney dates; `complete` unless time or the bound ran out first."""

    trial: Trial
    first: date
    last: date
    complete: bool


def was(assessment: Assessment) -> Risk:
    """What followed from the score then, by the rules of then."""
    return Risk.REVIEW if decision.RISK in assessment.why else Risk.ALLOWED


def would_be(assessment: Assessment, rules: RiskRules) -> Risk:
    """What follows from the same signals by these rules."""
    return risk.judge(risk.score(assessment.signals, rules), rules)
