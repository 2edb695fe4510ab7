"""What must hold of steps before any store writes them, whoever made them: else it is a defect."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from chalicelib.domain import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.payout import Step


def refuse_unsound(steps: Sequence[Step]) -> None:
    """Refuse what is not a chain of consecutive, balanced steps of one payout.

    Raises:
        ValueError: it is not; steps that change nothing are not steps to write.
    """
    if not steps:
        raise ValueError("no step to write")
    if any(later.before != earlier.after for earlier, later in pairwise(steps)):
        raise ValueError("the steps do not follow each other")
    for step in steps:
        version, intent = (step.before.version, step.before.intent) if step.before else (0, None)
        if step.after.version != version + 1:
            raise ValueError("a step leads to the next version")
        if intent is not None and step.after.intent != intent:
            raise ValueError("a step leaves the intent as it is")
        if not ledger.balanced(step.postings):
            raise ValueError("the postings of a step sum to zero")
