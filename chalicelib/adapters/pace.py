"""Buckets of tokens in the memory of this process: no call to anybody, and forgotten with it.

So several processes together let more through than one: what must be exact is counted in the
store. Holds a bounded number of principals; who has not asked for longest is forgotten first, which
can only give somebody more than their due.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from chalicelib.domain import rate

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.policy import RateRules
    from chalicelib.domain.rate import Token

# Principals that are remembered: more than a business has.
MOST = 4_096


class Buckets:
    """The `Pace` port."""

    def __init__(self, rules: RateRules, *, most: int = MOST) -> None:
        self._rules = rules
        self._most = most
        self._times: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def take(self, by: str, at: datetime) -> Token:
        """Take a token out of a principal's bucket.

        Raises:
            TooFast: it is empty. Nothing is taken.
        """
        with self._lock:
            token = rate.token(by, at, self._rules, self._times.get(by, 0))
            rate.check(token)
            self._times[by] = rate.after(token)
            self._times.move_to_end(by)
            if len(self._times) > self._most:
                self._times.popitem(last=False)
        return token
