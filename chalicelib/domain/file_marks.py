"""What a payout remembers of a bank file's doubt: which files alone make it contradicted.

A contradiction of another kind is not the file's to end: it is kept apart, and outlives it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Contradiction

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout


def doubted_by(payout: Payout, file_id: str) -> Payout:
    """The payout once there is word of a file that it went in, and that was given up."""
    otherwise = payout.needs_person == Contradiction.code and not payout.in_doubt
    if otherwise or file_id in payout.in_doubt:
        return payout
    in_doubt = (*payout.in_doubt, file_id)
    return replace(payout, needs_person=Contradiction.code, in_doubt=in_doubt)


def cleared_of(payout: Payout, file_id: str) -> Payout:
    """The payout once two people have found out what became of that file."""
    if file_id not in payout.in_doubt:
        return payout
    rest = tuple(each for each in payout.in_doubt if each != file_id)
    return replace(payout, needs_person=Contradiction.code if rest else "", in_doubt=rest)
