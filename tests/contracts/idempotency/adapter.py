"""What an API must offer to be put to the twelve cases: a few calls, and some hooks to its world.

The words here are neutral: an adapter translates an API's own. What it cannot stage it says so by
raising `NotStaged`; it never pretends.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import timedelta

FIRST, SECOND = "first", "second"  # two principals, each allowed to ask for payouts


class NotStaged(Exception):
    """The world cannot be brought into that state here; the message says why."""


class Outcome(StrEnum):
    """What an answer says of a payout; `NONE` where it tells of none."""

    PAID = "paid"
    FAILED = "failed"  # and nothing left: rejected, cancelled, given back count, too
    OPEN = "open"  # neither is known yet
    NONE = "none"


class NextCall(StrEnum):
    """What happens to the API's next request to pay at its provider."""

    TIMES_OUT = "times out"  # not executed, never answered
    LOSES_REPLY = "loses its reply"  # executed, never answered
    IS_REFUSED = "is refused"  # definitely not executed, and the answer says so
    IS_SLOW = "is slow"  # executed, and answered about a second later


@dataclass(frozen=True)
class Order:
    """A payout to ask for. No other order of a run has this amount: executions are known by it."""

    cents: int


@dataclass(frozen=True)
class Answer:
    """An API's answer. `status` is that of HTTP, 0 where the connection broke before there was one.

    `payout` is the id of the payout that it tells of, empty where it tells of none.
    """

    status: int
    payout: str = ""
    outcome: Outcome = Outcome.NONE

    @property
    def is_success(self) -> bool:
        """Whether it tells of a payout instead of refusing."""
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Whether it says no, on purpose."""
        return 400 <= self.status < 500


class PayoutApi(Protocol):
    """One API with its world: its provider, its clock, its processes."""

    def create(self, key: str, order: Order, principal: str = FIRST) -> Answer:
        """Ask for a payout under an idempotency key. Never raises for what the API answers."""
        ...

    def read(self, payout: str) -> Answer:
        """Ask what a payout is now."""
        ...

    def other_route(self, key: str) -> Answer:
        """Use a key as `FIRST` on another operation that takes keys."""
        ...

    def executions(self, order: Order) -> int:
        """How often the provider executed a payment of that amount since this run began."""
        ...

    def next_call(self, happens: NextCall) -> None:
        """Let this happen to the next request to pay, and only to that one."""
        ...

    def crash_between_store_and_send(self, key: str, order: Order) -> None:
        """Ask for a payout as `FIRST`; the process dies once it is stored, before it is sent.

        On return the API is up again. Where it stores nothing before it sends, it dies when the
        one is done and the other is not.
        """
        ...

    def advance(self, span: timedelta) -> None:
        """Let time go by, for the API and for its provider."""
        ...

    def settle(self, payout: str) -> Answer:
        """Let pass what the API needs to learn how a payout ended; what it is then."""
        ...
