"""A queue of dead letters that gives them back when their delay is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import QueueUnavailable

if TYPE_CHECKING:
    from chalicelib.domain.notices import DeadLetter

MOST_DELAY = 900  # seconds


class FakeDeadLetters:
    """The port `DeadLetters`: `queued` holds letters and their delays, the oldest first."""

    def __init__(self) -> None:
        self.down = False
        self.queued: list[tuple[DeadLetter, int]] = []
        self.put_aside = 0

    def put(self, letter: DeadLetter, *, delay: int) -> None:
        """Queue it; the reference stays behind, for whoever takes it reads it from the body."""
        if self.down:
            raise QueueUnavailable("The queue is down.")
        if not 0 <= delay <= MOST_DELAY:
            raise ValueError("the queue delays by 0 to 900 seconds")
        carried = replace(letter, reference="") if letter.reference else letter
        self.queued.append((carried, delay))

    def check(self) -> None:
        """Be there, or not."""
        if self.down:
            raise QueueUnavailable("The queue is down.")

    def given_up(self) -> int:
        """Messages that failed too often, by a script."""
        self.check()
        return self.put_aside

    def take(self) -> DeadLetter:
        """Take the oldest out, whatever its delay."""
        letter, _ = self.queued.pop(0)
        return letter
