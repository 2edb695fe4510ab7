"""The one who wants to be paid: asks, asks again with the same key after every error, gives up.

The same for all sides. And what came of it: what the provider did against what the client was told.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.bank import Bank
    from bench.faults import BenchClock

# Seconds before the second, third, fourth and fifth time.
PAUSES = (1.0, 5.0, 30.0, 60.0)
UNSOUND_ONE_IN = 8


class Told(StrEnum):
    """What the client knows in the end."""

    PAID = "paid"
    FAILED = "failed"
    OPEN = "open"  # accepted; how it ends it does not know yet
    NOTHING = "nothing"  # errors only, or an answer that says that nobody knows


@dataclass(frozen=True, slots=True)
class Wish:
    """One intent to pay. A payee that is not `sound` is refused by the provider for good."""

    key: str
    cents: int
    sound: bool

    @classmethod
    def of(cls, seed: int) -> Wish:
        """The wish of a schedule."""
        chance = random.Random(f"{seed}/wish")  # noqa: S311 (no secret)
        return cls(
            key=f"bench-key-{seed:012d}", cents=chance.randrange(1_00, 500_00),
            sound=chance.randrange(UNSOUND_ONE_IN) != 0,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of one schedule. `person` says that it waits for one.

    `store_calls` are those of the requests; `poller_calls` those of a poller.
    """

    wanted: bool
    executions: int
    told: Told
    store_calls: int
    payments: int
    questions: int
    poller_calls: int = 0
    person: bool = False


def persist(ask: Callable[[], Told | None], clock: BenchClock) -> Told:
    """Ask until there is an answer other than an error (`None`), five times at most."""
    told = ask()
    for pause in PAUSES:
        if told is not None:
            return told
        clock.advance(pause)
        told = ask()
    return told or Told.NOTHING


def ended(
    wish: Wish, bank: Bank, told: Told, *, store_calls: int, poller_calls: int = 0,
    person: bool = False,
) -> Ended:  # fmt: skip
    """What came of it, by the provider's own books."""
    return Ended(
        wanted=wish.sound, executions=len(bank.executions), told=told, store_calls=store_calls,
        payments=bank.payments, questions=bank.questions, poller_calls=poller_calls,
        person=person,
    )  # fmt: skip
