"""The life of an account check: one cent with a code, and what the account's owner makes of it.

What follows from what is one table. A check costs the business money, so it is stored before it is
begun, and one whose beginning is in doubt is never begun again: it has to lapse first. Keeps of a
registered name the verdict and the mask only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch
from chalicelib.domain.refusals import CheckNotOpen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# What is sent, and what the provider's rules are for the codes that come back.
AMOUNT = Money(1)
MOST_TRIES = 3
LOCKED_FOR = timedelta(hours=1)


class CheckStatus(StrEnum):
    """Where a check is in its life."""

    STARTING = "Starting"  # stored; whether the cent has left is not known yet
    STARTED = "Started"  # the cent has left: the code is waited for
    LOCKED = "Locked"  # as many wrong codes as there may be: an hour's rest
    UNCLEAR = "Unclear"  # the answer to the start was lost, and with it the way to go on
    UNSENT = "Unsent"  # it certainly never went out
    VERIFIED = "Verified"  # the right code came back
    FAILED = "Failed"  # the provider refused it, or does not know it any more
    EXPIRED = "Expired"  # its time was over first


class Heard(StrEnum):
    """What happens to a check."""

    SENT = "sent"
    REFUSED = "refused"  # by the provider: nothing left
    NOT_SENT = "not_sent"
    IN_DOUBT = "in_doubt"
    TRIED = "tried"  # a code is about to be asked about
    TRIED_LAST = "tried_last"  # ... and there is none left after it
    RIGHT = "right"
    WRONG = "wrong"
    BLOCKED = "blocked"  # the provider takes no more codes for a while
    NOT_ASKED = "not_asked"  # the code was certainly never asked about
    NOT_ANSWERED = "not_answered"
    LOST = "lost"  # the provider does not know the check


S, H = CheckStatus, Heard
# What may be heard when, and where it leads. A code's answer can come after another's.
FOLLOWS: Mapping[CheckStatus, Mapping[Heard, CheckStatus]] = {
    S.STARTING: {
        H.SENT: S.STARTED, H.REFUSED: S.FAILED, H.NOT_SENT: S.UNSENT, H.IN_DOUBT: S.UNCLEAR,
    },
    S.STARTED: {
        H.TRIED: S.STARTED, H.TRIED_LAST: S.LOCKED, H.RIGHT: S.VERIFIED, H.WRONG: S.STARTED,
        H.BLOCKED: S.LOCKED, H.NOT_ASKED: S.STARTED, H.NOT_ANSWERED: S.STARTED, H.LOST: S.FAILED,
    },
    S.LOCKED: {
        H.RIGHT: S.VERIFIED, H.WRONG: S.LOCKED, H.BLOCKED: S.LOCKED, H.NOT_ASKED: S.STARTED,
        H.NOT_ANSWERED: S.LOCKED, H.LOST: S.FAILED,
    },
    S.VERIFIED: {
        H.RIGHT: S.VERIFIED, H.WRONG: S.VERIFIED, H.BLOCKED: S.VERIFIED,
        H.NOT_ASKED: S.VERIFIED, H.NOT_ANSWERED: S.VERIFIED, H.LOST: S.VERIFIED,
    },
    S.FAILED: {
        # The provider knew it after all.
        H.RIGHT: S.VERIFIED, H.WRONG: S.FAILED, H.BLOCKED: S.FAILED, H.NOT_ASKED: S.FAILED,
        H.NOT_ANSWERED: S.FAILED, H.LOST: S.FAILED,
    },
    S.UNCLEAR: {},
    S.UNSENT: {},
    S.EXPIRED: {},
}  # fmt: skip
# Those that lapse when their time is over; until then there is no other check.
UNDER_WAY = frozenset({S.STARTING, S.STARTED, S.LOCKED, S.UNCLEAR})
_ENDS = frozenset({S.VERIFIED, S.FAILED, S.UNSENT})


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """A check of a destination, as far as deciding and people need it.

    `identifier` is what the provider knows it by. `match` and the masked `owner` are of the name
    that a PayID is registered to. `attempts` counts codes since the start or the last lock;
    `fee` is what it cost beside the cent, GST included; `reason` is the provider's code of a
    refusal.
    """

    destination_id: str
    identifier: str
    status: CheckStatus
    started_at: datetime
    started_by: str
    expires_at: datetime
    match: NameMatch = NameMatch.UNKNOWN
    owner: str = ""
    attempts: int = 0
    locked_until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    fee: Money | None = None
    reason: str = ""

    @property
    def verified(self) -> bool:
        """Whether the right code came back, and the registered name is not somebody else's."""
        return self.status is S.VERIFIED and self.match is not NameMatch.NO_MATCH

    @property
    def tries_left(self) -> int:
        """How many codes may be tried now."""
        return MOST_TRIES - self.attempts if self.status is S.STARTED else 0


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check as it is kept: whose it is, and the provider's secret that goes with its code."""

    check: AccountCheck
    customer_id: str
    token: str = field(default="", repr=False)
    version: int = 1


def identifier_of(destination_id: str, key: str) -> str:
    """What the check of a request is called: the same for the same key, whenever it comes."""
    return derived_id("account check", f"{destination_id}/{key}")


def begin(
    destination_id: str, identifier: str, *, at: datetime, by: str, lasts: timedelta
) -> AccountCheck:
    """A check that is about to be sent."""
    return AccountCheck(destination_id, identifier, S.STARTING, at, by, at + lasts)


def as_of(check: AccountCheck, now: datetime) -> AccountCheck:
    """The check as it is at a moment: locks end, and times are over, by themselves."""
    if check.status in UNDER_WAY and now >= check.expires_at:
        return replace(check, status=S.EXPIRED, locked_until=None, ended_at=check.expires_at)
    if check.locked_until is not None and now >= check.locked_until:
        return replace(check, status=S.STARTED, attempts=0, locked_until=None)
    return check


def may_begin(check: AccountCheck | None, now: datetime) -> bool:
    """Whether another check may be begun: no cent is under way, and none came back."""
    return check is None or as_of(check, now).status in {S.EXPIRED, S.FAILED, S.UNSENT}


def tried(check: AccountCheck, *, at: datetime) -> AccountCheck:
    """The check with one more code counted, before it is asked about.

    Counted before, so that no crash and no crowd tries more codes than there may be.

    Raises:
        CheckNotOpen: no code can be taken now.
    """
    now = as_of(check, at)
    last = now.attempts + 1 >= MOST_TRIES
    after = follow(now, H.TRIED_LAST if last else H.TRIED, at=at)
    return replace(after, attempts=now.attempts + 1)


def follow(
    check: AccountCheck, heard: Heard, *, at: datetime, by: str = "", reason: str = ""
) -> AccountCheck:
    """The check after something was heard.

    Raises:
        CheckNotOpen: that cannot be heard of it.
    """
    status = FOLLOWS[check.status].get(heard)
    if status is None:
        raise CheckNotOpen(f"A check that is {check.status} takes no code.")
    attempts, locked_until = check.attempts, check.locked_until
    if heard is H.NOT_ASKED:
        attempts = max(attempts - 1, 0)
    if heard in {H.TRIED_LAST, H.BLOCKED}:
        locked_until = at + LOCKED_FOR
    if status is not S.LOCKED:
        locked_until = None
    after = replace(check, status=status, attempts=attempts, locked_until=locked_until)
    if status in _ENDS and check.status is not status:
        return replace(after, ended_at=at, ended_by=by, reason=reason)
    return after
