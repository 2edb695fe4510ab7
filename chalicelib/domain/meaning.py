"""What a reason means to people: the shape of every line of the tables of reasons.

A meaning is words. Nothing that is decided about a payout may rest on one; `reasons.py` says who
may look at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Turn(StrEnum):
    """Who has to do something next."""

    CUSTOMER = "customer"
    STAFF = "staff"
    PROVIDER = "provider"
    NOBODY = "nobody"  # it goes on, or is over, by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One reason in plain words, under a name of our own.

    `what` and `ask` (of the customer; empty where there is nothing to ask) are for staff, `say` may
    be sent to the customer as it is. `may_retry`: the same once more, unchanged, may go well.
    `other_rail_safe`: so may the other rail. Both only of a payout that is proved to have ended.
    """

    name: str
    what: str
    turn: Turn
    say: str
    ask: str = ""
    may_retry: bool = False
    other_rail_safe: bool = False
