"""Calls that are made again where that may help, within the time that is left.

A refused sign-in is never among them. Whether anything was executed is not judged here.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from chalicelib.adapters.monoova.transport import Call, Reply
from chalicelib.domain.answers import Mishap
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.adapters.monoova.signin import SignedIn
    from chalicelib.ports import Clock

# Seconds kept back for storing what was heard.
MARGIN = 0.5
# Seconds before the second, third and fourth time; each varies by a fifth.
PAUSES = (1.0, 2.0, 4.0)
LEAST_TO_ASK = 1.0
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_BROKEN = frozenset({Mishap.NOT_CONNECTED, Mishap.TIMED_OUT, Mishap.CONNECTION_LOST})


class Exchanges:
    """Calls under our key, each made as often as it takes, and may be made."""

    def __init__(
        self,
        signed_in: SignedIn,
        *,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._signed_in = signed_in
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def asked(self, call: Call, within: float) -> Reply:
        """The reply to a question, asked again where that may help.

        Raises:
            ProviderUnavailable: there is none.
        """
        reply = self.all(call, within, least=LEAST_TO_ASK, again=may_ask_again)[-1]
        if reply.http_status == 401 or reply.mishap is Mishap.GATE_CLOSED:
            raise SignInRefused(f"{call.operation}: {reply.detail or 'the key was refused'}.")
        if reply.mishap is not Mishap.NONE:
            raise ProviderUnavailable(f"{call.operation}: {reply.mishap} {reply.detail}".strip())
        return reply

    def all(
        self, call: Call, within: float, *, least: float, again: Callable[[Reply], bool]
    ) -> list[Reply]:
        """Every reply to a call that is made up to four times, as `again` and the time allow."""
        deadline = self._clock.monotonic() + within - MARGIN
        replies: list[Reply] = []
        for pause in (0.0, *PAUSES):
            wait = pause * (0.8 + 0.4 * self._chance())
            if deadline - self._clock.monotonic() - wait < least:
                break
            if wait:
                self._sleep(wait)
            left = deadline - self._clock.monotonic()
            replies.append(self._signed_in.send(call, seconds=left))
            if not again(replies[-1]):
                break
        return replies or [Reply(Mishap.NO_TIME)]


def may_ask_again(reply: Reply) -> bool:
    """Whether the same question may be answered a moment later."""
    return reply.mishap in _BROKEN or reply.http_status in _TRANSIENT
