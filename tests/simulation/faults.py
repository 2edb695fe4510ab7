"""What can befall a call of our code to a neighbour, and who decides that it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Fault(StrEnum):
    """What befalls one call. A call that is lost, or late, ends in a time-out of ours."""

    NONE = "goes well"
    CRASH_BEFORE = "our process dies before it"
    CRASH_AFTER = "our process dies after it"
    NOT_CONNECTED = "no connection can be made"
    LOSE_REQUEST = "the request is lost"
    LOSE_REPLY = "the reply is lost"
    LATE = "the request arrives after our time-out"
    THROTTLE = "it is throttled"
    CONFLICT = "it meets a conflict, or an error of the service"
    DOUBLE = "the request arrives twice"
    LAG = "an index shows what was before"
    PARTIAL = "part of the answer has to be asked for again"
    SKEW_AHEAD = "our clock jumps ten minutes ahead"
    SKEW_BACK = "our clock jumps ten minutes back"
    OUT_OF_TIME = "our process runs out of time before it"
    OUT_OF_TIME_AFTER = "our process runs out of time after it"


class Kind(StrEnum):
    """Whom a call goes to, and whether it changes anything there."""

    READ = "read"
    INDEX = "index"
    BATCH = "batch"
    WRITE = "write"
    PAY = "pay"
    ASK = "ask"
    QUEUE = "queue"
    SECRET = "secret"
    VAULT = "vault"
    KEEP = "keep"
    FETCH = "fetch"
    SIGN = "sign"
    TELL = "tell"


_ALWAYS = (
    Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.NOT_CONNECTED, Fault.LOSE_REQUEST,
    Fault.LOSE_REPLY, Fault.SKEW_AHEAD, Fault.SKEW_BACK, Fault.OUT_OF_TIME,
    Fault.OUT_OF_TIME_AFTER,
)  # fmt: skip
# What can befall a call of each kind. A request to pay is doubled only where the provider refuses
# repeats: against a network that doubles a request there is no other remedy.
CAN: dict[Kind, tuple[Fault, ...]] = {
    Kind.READ: (*_ALWAYS, Fault.THROTTLE),
    Kind.BATCH: (*_ALWAYS, Fault.THROTTLE, Fault.PARTIAL),
    Kind.INDEX: (*_ALWAYS, Fault.THROTTLE, Fault.LAG),
    Kind.WRITE: (*_ALWAYS, Fault.THROTTLE, Fault.CONFLICT, Fault.LATE, Fault.DOUBLE),
    Kind.PAY: (*_ALWAYS, Fault.THROTTLE, Fault.CONFLICT, Fault.LATE, Fault.DOUBLE),
    Kind.ASK: (*_ALWAYS, Fault.THROTTLE, Fault.CONFLICT),
    Kind.QUEUE: (*_ALWAYS, Fault.THROTTLE, Fault.LATE, Fault.DOUBLE),
    Kind.SECRET: (*_ALWAYS, Fault.THROTTLE),
    Kind.VAULT: (*_ALWAYS, Fault.THROTTLE),
    Kind.KEEP: (*_ALWAYS, Fault.THROTTLE, Fault.CONFLICT, Fault.LATE, Fault.DOUBLE),
    Kind.FETCH: (*_ALWAYS, Fault.THROTTLE),
    Kind.SIGN: (*_ALWAYS, Fault.THROTTLE),
    Kind.TELL: (*_ALWAYS, Fault.THROTTLE, Fault.LATE, Fault.DOUBLE),
}


class Fate(Protocol):
    """Decides what befalls each call, and everything else that is left to chance.

    While it is `calm` nothing does.
    """

    chance: Random
    calm: bool

    def befalls(self, kind: Kind, name: str) -> Fault:
        """What befalls the next call."""
        ...

    def latency(self) -> float:
        """Seconds that a way takes; where it takes none nobody else gets a turn."""
        ...

    def flight(self, longest: float) -> float:
        """Seconds that a late request is under way beyond our time-out."""
        ...

    def shows(self) -> bool:
        """Whether an index that lags shows a row."""
        ...

    def pick(self, many: int) -> int:
        """Which of so many looks a fault has, from 0."""
        ...

    @property
    def can_happen(self) -> Collection[Fault]:
        """What may befall any call."""
        ...


@dataclass
class RandomFate:
    """A fault in so many calls, as the seed will have it; `calm` ends them all.

    Requests to pay have a rate of their own, for they are few, and all is about them. `faults` are
    those of the week: few at a time go deeper than all at once.
    """

    chance: Random
    rate: float
    pay_rate: float
    faults: frozenset[Fault]
    doubles_payments: bool
    calm: bool = False

    def __post_init__(self) -> None:
        """What is left for each kind of call, and how often."""
        # A poll looks into eight buckets: at the full rate hardly one would come any further.
        self._rates = {Kind.PAY: self.pay_rate, Kind.INDEX: self.rate / 8}
        self._can = {
            kind: tuple(fault for fault in can if fault in self.faults) for kind, can in CAN.items()
        }
        if not self.doubles_payments:
            pays = self._can[Kind.PAY]
            self._can[Kind.PAY] = tuple(fault for fault in pays if fault is not Fault.DOUBLE)

    def befalls(self, kind: Kind, name: str) -> Fault:  # noqa: ARG002 (a protocol)
        """Any fault that the kind can meet, with equal chances."""
        if self.calm:
            return Fault.NONE
        if self.chance.random() >= self._rates.get(kind, self.rate):
            return Fault.NONE
        can = self._can[kind]
        return self.chance.choice(can) if can else Fault.NONE

    def latency(self) -> float:
        """None at all, milliseconds, or so long that others overtake."""
        if self.calm:
            return 0.0
        roll = self.chance.random()
        if roll < 0.5:
            return 0.0
        return 0.004 if roll < 0.85 else 0.05 if roll < 0.94 else 0.7 if roll < 0.99 else 2.4

    def flight(self, longest: float) -> float:
        """From a second to as long as can be."""
        return self.chance.choice([1.0, 20.0, 70.0, longest * 0.5, longest])

    def shows(self) -> bool:
        """Every other row."""
        return self.chance.random() < 0.5

    def pick(self, many: int) -> int:
        """Any of them."""
        return self.chance.randrange(many)

    @property
    def can_happen(self) -> Collection[Fault]:
        """Those of the week."""
        return self.faults


@dataclass
class PlannedFate:
    """Exactly these faults, by the number of the call, from 0. Keeps what it was asked."""

    plan: dict[int, Fault] = field(default_factory=dict)
    way: float = 0.0
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 (no secret)
    asked: list[tuple[Kind, str]] = field(default_factory=list)
    calm: bool = False
    # For a past that did not go well: what requests to pay meet, and whether writes are throttled.
    pays: Callable[[], Fault] | None = None
    throttles: bool = False

    def befalls(self, kind: Kind, name: str) -> Fault:
        """What is planned for this call."""
        if self.calm:
            return Fault.NONE
        if self.pays is not None:
            return self.pays() if kind is Kind.PAY else Fault.NONE
        if self.throttles:
            return Fault.THROTTLE if kind is Kind.WRITE else Fault.NONE
        number = len(self.asked)
        self.asked.append((kind, name))
        return self.plan.get(number, Fault.NONE)

    def latency(self) -> float:
        """Always the same; without any, everything happens one after the other."""
        return 0.0 if self.calm else self.way

    def flight(self, longest: float) -> float:
        """As long as can be."""
        return longest

    def shows(self) -> bool:
        """None at all."""
        return False

    def pick(self, many: int) -> int:  # noqa: ARG002 (a protocol)
        """Always the same."""
        return 0

    @property
    def can_happen(self) -> Collection[Fault]:
        """Those of the plan."""
        return self.plan.values()
