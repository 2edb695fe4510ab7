"""What the provider tells and told us, as the use cases need it; and what we remember of both.

`within` is in seconds: what is left for the one call. No call is made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.repair import Asked, Bulletin
    from chalicelib.domain.subscriptions import Outcome, Subscription, Token


class Subscriptions(Protocol):
    """The provider's subscriptions. Whoever creates or changes one tells it the current token."""

    def mark(self) -> str:
        """A mark of the current token, from which nobody can learn the token.

        Raises:
            Unavailable: there is no token, or it could not be read.
        """
        ...

    def list(self, *, within: float) -> Sequence[Subscription]:
        """All that there are.

        Raises:
            ProviderUnavailable: it could not be asked, or answered what is not understood.
        """
        ...

    def create(self, event: str, url: str, *, within: float) -> Outcome:
        """Subscribe an event; where it has a subscription the outcome names that.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        ...

    def update(self, subscription_id: str, event: str, url: str, *, within: float) -> Outcome:
        """Switch a subscription on, to this address, with the current token.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        ...

    def delete(self, subscription_id: str, *, within: float) -> Outcome:
        """End a subscription.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """Some lines of a day's report. `length` counts all that came, `unread` those without an id."""

    bulletins: Sequence[Bulletin]
    length: int
    unread: int = 0


class Bulletins(Protocol):
    """What the provider says that it told us."""

    def report(self, day: date, *, skip: int, take: int, within: float) -> Report:
        """What it told on a Sydney date.

        Raises:
            ProviderUnavailable: it could not be asked, or answered what is not understood.
        """
        ...

    def resend(self, webhook_id: str, *, within: float) -> str:
        """Have it told again; the code of a refusal, empty where it was taken.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        ...


class Tokens(Protocol):
    """What each subscription was told. A hint: without it, each is told the token once more."""

    def told(self, subscription_ids: Collection[str]) -> Mapping[str, Token]:
        """What is remembered of them, by id."""
        ...

    def remember(self, subscription_id: str, token: Token, *, at: datetime) -> None:
        """Remember what one was told; an older memory gives way."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the repair that is now ours. Everything before `since` is accounted for.

    `since` is `None` in the very first.
    """

    began_at: datetime
    since: datetime | None
    keeps_id: bool


class Repairs(Protocol):
    """How far the repair has come, and what it asked for. A hint, on which no money rests."""

    def begin(self, now: datetime) -> Run | None:
        """Take the next run; `None` where it is not due, or somebody else has it."""
        ...

    def finish(self, run: Run, *, since: datetime, keeps_id: bool) -> None:
        """Remember how far a complete run came; an overtaken one leaves nothing."""
        ...

    def seen(self, first: datetime, last: datetime) -> Collection[str]:
        """The provider's ids of what was received between these and is kept or parked; may lag."""
        ...

    def open(self) -> Mapping[str, Asked]:
        """All that were asked for and are still waited for, by id; may lag."""
        ...

    def asked(self, webhook_ids: Collection[str]) -> Mapping[str, Asked]:
        """Those of these that were ever asked for, by id."""
        ...

    def ask(self, asked: Asked) -> bool:
        """Count that it is asked for once more; `False` where somebody else has counted that."""
        ...

    def took(self, asked: Asked) -> bool:
        """Keep that the provider took this asking; `False` where it is not the last any more."""
        ...

    def end(self, asked: Asked) -> bool:
        """Keep how it ended; `False` where it had ended before."""
        ...
