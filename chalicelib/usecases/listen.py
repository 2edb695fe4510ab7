"""Listen to what was written, for reasons in words that nobody knows here yet.

Comes after a step is durable, decides nothing, and can make nothing fail: a count is worth no news.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.reasons import unmapped
from chalicelib.domain.vocabulary import masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.step import Step
    from chalicelib.ports import Words


def listen(steps: Iterable[Step], *, words: Words) -> None:
    """Count the texts of written steps that no table of reasons knows, masked."""
    for step in steps:
        with suppress(Exception):
            if text := unmapped(step.event):
                after = step.after
                words.count(masked(text), example=after.transaction_id, at=after.updated_at)
