"""Many schedules of one side, counted; and what a payout costs where nothing goes wrong."""

from __future__ import annotations

import statistics
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING, Protocol

from freezegun import freeze_time

from bench.client import Told, Wish
from bench.ours import OurSide
from bench.powertools import PowertoolsSide, Variant
from tests.fakes.clock import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from bench.bank import Kind
    from bench.client import Ended

    Moved = Callable[[datetime], object]

OURS = "ours"


class Side(Protocol):
    """Whoever pays."""

    def run(self, seed: int, kind: Kind, one_in: int) -> Ended:
        """One schedule."""
        ...

    def warm(self) -> Callable[[Wish], object]:
        """Pay one wish after the other in one world in which nothing goes wrong."""
        ...


@dataclass
class Count:
    """What came of the schedules of one side at one kind of provider."""

    schedules: int = 0
    wanted: int = 0
    once: int = 0
    twice: int = 0  # two times or more
    never: int = 0  # though wanted
    refused: int = 0  # not wanted by the provider, and rightly never executed
    failed_but_paid: int = 0
    paid_but_not: int = 0
    unknown: int = 0  # the client does not know in the end
    unknown_and_paid: int = 0
    waiting: int = 0  # open after 26 hours
    person: int = 0
    store_calls: int = 0
    payments: int = 0
    questions: int = 0
    poller_calls: int = 0

    def add(self, ended: Ended) -> None:
        """One more."""
        paid = ended.executions > 0
        self.schedules += 1
        self.wanted += ended.wanted
        self.once += ended.wanted and ended.executions == 1
        self.twice += ended.executions > 1
        self.never += ended.wanted and not paid
        self.refused += not ended.wanted and not paid
        self.failed_but_paid += ended.told is Told.FAILED and paid
        self.paid_but_not += ended.told is Told.PAID and not paid
        self.unknown += ended.told is Told.NOTHING
        self.unknown_and_paid += ended.told is Told.NOTHING and paid
        self.waiting += ended.told is Told.OPEN
        self.person += ended.person
        self.store_calls += ended.store_calls
        self.payments += ended.payments
        self.questions += ended.questions
        self.poller_calls += ended.poller_calls


@dataclass
class Cost:
    """Microseconds of this machine's processor for a payout without a fault, each repetition's."""

    micros: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the repetitions."""
        return statistics.median(self.micros)


def side_of(name: str, moved: Moved | None = None) -> Side:
    """Ours, or a variant of the other's; `moved` tells the clock that the other looks at."""
    return OurSide() if name == OURS else PowertoolsSide(Variant[name], moved)


def counted(name: str, kind: Kind, seeds: Iterable[int], one_in: int) -> Count:
    """What comes of the schedules of these seeds."""
    count = Count()
    with _clock_of(name) as moved:
        side = side_of(name, moved)
        for seed in seeds:
            count.add(side.run(seed, kind, one_in))
    return count


def cost(name: str, payouts: int, repetitions: int) -> Cost:
    """What a payout takes, one after the other in a warm process, where nothing goes wrong."""
    found, pay = Cost(), side_of(name).warm()
    for repetition in range(repetitions + 1):
        wishes = [Wish.of(repetition * payouts + number) for number in range(payouts)]
        began = process_time()
        for wish in wishes:
            pay(wish)
        found.micros.append((process_time() - began) / payouts * 1e6)
    del found.micros[0]  # the first one warms up
    return found


@contextmanager
def _clock_of(name: str) -> Iterator[Moved | None]:
    """The library looks at the machine's clock: for it that one stands still and is moved."""
    if name == OURS:
        yield None
        return
    with freeze_time(START) as frozen:
        yield frozen.move_to
