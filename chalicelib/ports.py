"""What the use cases need from the world. Fakes and adapters keep the same promises.

The stores read consistently unless a method says otherwise, write whole or not at all, and raise
`StoreUnavailable` where they cannot say which. Nothing here knows AWS or HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.customer import Customer, Funds
    from chalicelib.domain.destination import Destination, SealedDestination
    from chalicelib.domain.events import Event, News
    from chalicelib.domain.funding import Credit, Entry
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import DeadLetter, Notice, Tiding
    from chalicelib.domain.payout import Payout, Status, Step


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opening:
    """What deciding on a new payout needs, from one consistent read."""

    customer: Customer | None
    payout: Payout | None
    gate_closed: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as the audit trail keeps it. `hash` proves it and all before it."""

    sequence: int
    event: Event
    status: str
    postings: tuple[Posting, ...]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where it goes on: `position` is `None` at its end."""

    items: Sequence[T]
    position: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PayoutFilter:
    """Which payouts to list: one customer's or all, between two Sydney dates, newest first."""

    first: date
    last: date
    customer_id: str = ""
    statuses: frozenset[Status] = frozenset()


class Payouts(Protocol):
    """The payouts and their steps."""

    def opening(self, transaction_id: str, customer_id: str) -> Opening:
        """Customer, payout of that id if there is one, and the provider's gate: one call."""
        ...

    def get(self, transaction_id: str) -> Payout | None:
        """The payout as it is now."""
        ...

    def write(self, *steps: Step, notice: Notice | None = None) -> Payout:
        """Write consecutive steps of one payout, their postings and a notice: one transaction.

        A write whose own reply was lost is recognised by reading back, and is no failure.

        Raises:
            Stale: somebody wrote another step first, or the payout exists already.
            InsufficientFunds: the available balance would become negative.
            Conflict: the customer is stopped or gone (first step only).
            StoreUnavailable: whether it was written is not known.
        """
        ...

    def steps(self, transaction_id: str) -> Sequence[Recorded]:
        """The audit trail, oldest first."""
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of open payouts that are due, the longest due first; may lag: read them again."""
        ...

    def page(
        self, wanted: PayoutFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Payout]:
        """Payouts, newest first; may lag behind by a moment."""
        ...

    def needing_attention(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for a person, the oldest first; may lag behind by a moment."""
        ...


class Customers(Protocol):
    """The customers."""

    def get(self, customer_id: str) -> Customer | None:
        """The customer as it is now."""
        ...

    def add(self, customer: Customer) -> None:
        """Store a new customer (balance zero).

        Raises:
            Stale: the id is taken.
        """
        ...

    def edit(self, customer: Customer, *, version: int) -> None:
        """Store profile, destinations, defaults and stop of a customer; never the balance.

        Raises:
            Stale: its version is no longer `version`.
        """
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Customer]:
        """Customers, newest first; may lag behind by a moment."""
        ...


class Treasury(Protocol):
    """The funds that are nobody's yet, and what came in and went out of them."""

    def funds(self) -> Funds:
        """The funds as they are now; empty at the very beginning."""
        ...

    def write(self, entry: Entry, *, notice: Notice | None = None) -> None:
        """Write an entry, its cause, the funds, a credited balance and a notice: one transaction.

        Raises:
            Stale: the funds changed since they were read, or the cause exists already.
            NotFound: the credited customer does not exist.
            StoreUnavailable: whether it was written is not known; writing it again is safe.
        """
        ...

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before."""
        ...

    def has_receipt(self, receipt_id: str) -> bool:
        """Whether that money was received before."""
        ...


class Notices(Protocol):
    """Webhooks that were kept, and dead letters parked for a person."""

    def keep(self, notice: Notice) -> bool:
        """Keep a notice that caused no step; whether it is new (a repeat changes nothing)."""
        ...

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        ...

    def park(self, letter: DeadLetter, *, key: str, at: datetime) -> None:
        """Put a dead letter before a person, without limit of time; again is no failure."""
        ...

    def parked(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Parked]:
        """Parked dead letters, the oldest first; may lag behind by a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked dead letter, without its body."""

    key: str
    event_name: str
    error: str
    attempts: int
    reference: str
    parked_at: datetime


class DeadLetters(Protocol):
    """The queue of webhooks that could not be applied yet."""

    def put(self, letter: DeadLetter, *, delay: int) -> None:
        """Queue it, to come back in `delay` seconds (at most 900).

        Raises:
            QueueUnavailable: it is not queued.
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
