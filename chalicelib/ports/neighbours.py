"""Everybody else, as the use cases need them: the provider, the vault, the queue, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.destination import Destination, SealedDestination
    from chalicelib.domain.events import News
    from chalicelib.domain.liquidity import Financials
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import DeadLetter, Tiding
    from chalicelib.domain.payout import Payout


class DeadLetters(Protocol):
    """The queue of webhooks that could not be applied yet."""

    def put(self, letter: DeadLetter, *, delay: int) -> None:
        """Queue it, to come back in `delay` seconds (at most 900).

        Raises:
            QueueUnavailable: it is not queued.
        """
        ...

    def check(self) -> None:
        """Ask the queue whether it is there.

        Raises:
            QueueUnavailable: it does not answer.
        """
        ...

    def given_up(self) -> int:
        """About how many messages failed so often that the queue put them aside.

        Raises:
            QueueUnavailable: it does not answer.
        """
        ...


class Gate(Protocol):
    """The provider's sign-in, shut after a refusal until a person or a long wait opens it."""

    def closed(self) -> bool:
        """Whether no call may go out now (consistent; asks the store)."""
        ...

    def close(self) -> None:
        """Shut it for everybody, after the provider refused our key."""
        ...

    def open(self, *, by: str) -> None:
        """Open it, on a person's word."""
        ...


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """A line of the provider's own ledger of our account; amounts are not negative."""

    reference: str
    transaction_id: str
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Settled:
    """What the provider's statement of a day says of one payment."""

    transaction_id: str
    fee: Money


class Provider(Protocol):
    """Monoova's payments interface. `within` is in seconds: what is left for the whole call."""

    def pay(self, payout: Payout, destination: Destination, *, within: float) -> News:
        """Send the present attempt; whatever happens is an event, never an exception."""
        ...

    def validate(self, payout: Payout, destination: Destination, *, within: float) -> News | None:
        """Ask whether the present attempt would be taken, by the same body; nothing is moved.

        Whatever stands in the way is an event, never an exception; `None` where nothing does.
        """
        ...

    def status(self, payout: Payout, *, within: float) -> News | None:
        """What the provider says of the present attempt; `None` where it does not know it.

        Raises:
            ProviderUnavailable: it could not be asked, which says nothing of the payout.
        """
        ...

    def statuses(self, first: date, last: date, *, within: float) -> Mapping[str, News]:
        """What the provider says of every transaction of those Sydney dates, by our reference.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        ...

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """The account's own lines of those Sydney dates, in its order.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        ...

    def financials(self, *, within: float) -> Financials | None:
        """The account's figures now; `None` where no account is configured to be asked about.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        ...

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """Transaction ids and fees of the successful payments of a Sydney date, by reference.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        ...


class Inbox(Protocol):
    """The provider's webhooks: are they its own, and what do they say."""

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check token and signature; `headers` have lower-case names.

        Raises:
            NotAuthentic: it is not the provider's.
            Unavailable: the provider's key or our token could not be read.
        """
        ...

    def read(self, event_name: str, raw: bytes, *, at: datetime) -> Sequence[Tiding]:
        """What it says; `event_name` is empty on the bare route. Rubbish is `Unheard`, too."""
        ...


class Vault(Protocol):
    """Destinations, sealed so that only their own customer's payout can open them."""

    def place(self, destination: Destination) -> str:
        """What a destination is known by among all customers'; it tells nothing without our key.

        Raises:
            Unavailable: the key could not be read.
        """
        ...

    def seal(
        self, destination: Destination, *, customer_id: str, destination_id: str
    ) -> SealedDestination:
        """Encrypt a destination, bound to customer and id.

        Raises:
            VaultUnavailable: the key service does not answer.
        """
        ...

    def unseal(self, sealed: SealedDestination, *, customer_id: str) -> Destination:
        """Decrypt a destination.

        Raises:
            VaultUnavailable: the key service does not answer.
            Corrupt: tampered with, or sealed for another customer or id.
        """
        ...


class Clock(Protocol):
    """Time, and names that nobody else has."""

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for spans within one process."""
        ...

    def new_id(self) -> str:
        """A name that nobody else will ever make."""
        ...
