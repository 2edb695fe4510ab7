"""What the provider knows an attempt by: the payout's id, and the attempt's number.

Written nowhere else: two spellings of one name would be two payments. Refuses to take for ours what
only looks like it.
"""

from __future__ import annotations

import re

_OURS = re.compile("(.{36})-([1-9][0-9]{0,4})", re.DOTALL)


def unique_reference(transaction_id: str, attempt: int) -> str:
    """The reference of an attempt; attempts are counted from 1."""
    return f"{transaction_id}-{attempt}"


def parse_reference(reference: str) -> tuple[str, int] | None:
    """Payout id and attempt of a unique reference; `None` where it is not one of ours."""
    found = _OURS.fullmatch(reference)
    return (found[1], int(found[2])) if found else None
