"""How fast one principal may ask: a token bucket as one number, the time when it is full again.

Whole milliseconds; the time is the caller's. (The generic cell rate algorithm.) Keeps nothing: a
bucket's time is read and written by whoever has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.refusals import TooFast

if TYPE_CHECKING:
    from chalicelib.domain.policy import RateRules

MINUTE = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a principal's bucket, to be taken at `now`.

    `interval` is what a token costs, `tolerance` how far ahead of now the bucket's time may be once
    the token is taken, `seen` what it was when it was read (0: never used). All in milliseconds,
    the times since 1970, UTC.
    """

    by: str
    now: int
    interval: int
    tolerance: int
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to a principal: of `limit` at once, `window` seconds fill an empty bucket.

    `reset` is in how many seconds the bucket is full again.
    """

    limit: int
    window: int
    remaining: int
    reset: int


def token(by: str, now: datetime, rules: RateRules, seen: int) -> Token:
    """The next token of a bucket; what does not come out even makes it slower, never faster."""
    interval = -(-MINUTE // rules.per_minute)
    return Token(by, (now - _EPOCH) // _MILLISECOND, interval, interval * rules.burst, seen)


def wait(it: Token) -> int:
    """Milliseconds until the token can be taken; 0: it can be now."""
    return max(0, _level(it) + it.interval - it.tolerance - it.now)


def after(it: Token) -> int:
    """The bucket's time once the token is taken."""
    return _level(it) + it.interval


def left(it: Token) -> tuple[int, int]:
    """How many more may follow at once, and in how many seconds the bucket is full again.

    Of the bucket after this token, or as it is where the token cannot be taken.
    """
    level = _level(it) if wait(it) else after(it)
    return max(0, it.now + it.tolerance - level) // it.interval, _seconds(level - it.now)


def quota(it: Token) -> Quota:
    """All of that, for the one who asks."""
    return Quota(it.tolerance // it.interval, _seconds(it.tolerance), *left(it))


def check(it: Token) -> None:
    """Pass, or not.

    Raises:
        TooFast: there is no token now.
    """
    if waits := wait(it):
        known = quota(it)
        raise TooFast(waits, limit=known.limit, window=known.window, reset=known.reset)


def _level(it: Token) -> int:
    """When the bucket is full again, before this token.

    A time that is further ahead than a full bucket and a minute's difference between clocks was
    reckoned by other rules: nobody waits for those.
    """
    return max(it.now, it.seen) if it.seen <= it.now + it.tolerance + MINUTE else it.now


def _seconds(milliseconds: int) -> int:
    return -(-milliseconds // 1000)
