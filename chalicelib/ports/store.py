"""The store, as the use cases need it: payouts, customers, the treasury.

Reads are consistent unless a method says otherwise; writes are whole or not at all, and raise
`StoreUnavailable` where nobody can say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.claims import Claims
    from chalicelib.domain.credit_request import Consent
    from chalicelib.domain.customer import Customer, Funds
    from chalicelib.domain.funding import Credit, Entry, Receipt
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.payout import Payout, Status
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.recorded import Recorded
    from chalicelib.domain.settlement import Settlement
    from chalicelib.domain.step import Step
    from chalicelib.ports.opening import Opening, Question

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where it goes on: `position` is `None` at its end.

    `unreadable` are the keys of what belongs there and cannot be read; it is in no `items`.
    """

    items: Sequence[T]
    position: Mapping[str, str] | None = None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """An open payout as its index shows it: enough for sums, too little to act upon.

    `may_turn` where it was asked for so that another rail may be gone by while its own is down,
    `by_bank` where it looks as if it could go into a bank file. `sent_once_at` is when it was sent;
    of what was sent again, or by a bank file, it is not told.
    """

    transaction_id: str
    status: Status
    amount: Money
    created_at: datetime
    in_line: bool
    rail: Rail | None = None
    customer_id: str = ""
    may_turn: bool = False
    by_bank: bool = False
    sent_once_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PayoutFilter:
    """Which payouts to list: one customer's or all, between two Sydney dates, newest first."""

    first: date
    last: date
    customer_id: str = ""
    statuses: frozenset[Status] = frozenset()


class Payouts(Protocol):
    """The payouts and their steps."""

    def opening(self, question: Question) -> Opening:
        """Everything that deciding on a new payout takes: one call."""
        ...

    def get(self, transaction_id: str) -> Payout | None:
        """The payout as it is now."""
        ...

    def write(
        self, *steps: Step, notice: Notice | None = None, claims: Claims | None = None
    ) -> Payout:
        """Write consecutive steps of one payout, their postings and a notice: one transaction.

        With the first step go its claims. What an end gives back of the allowances, and that a
        payment has arrived at a destination, goes with the steps that say so. A write whose own
        reply was lost is recognised by reading back, and is no failure.

        Raises:
            Stale: somebody wrote another step first, or the payout exists already, or what a claim
                rests on is not as it was read, or not enough is left of it.
            Paused: ... and a pause is in force of what the steps claim for sending.
            InsufficientFunds: the available balance would become negative.
            Conflict: the customer is stopped, gone or being forgotten (first step only).
            StoreUnavailable: whether it was written is not known.
        """
        ...

    def steps(self, transaction_id: str) -> Sequence[Recorded]:
        """The audit trail, oldest first."""
        ...

    def shrink(self, before: Payout, after: Payout) -> None:
        """Put a payout that says less in the place of the one that was read; no step is made.

        `after` is `before` with its `revision` one higher; whoever writes a step on top of
        `before` meets `Stale` from then on, and reads again.

        Raises:
            Stale: it is not as it was read.
            ValueError: it says something else, not less.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def expire_steps(self, transaction_id: str, steps: Sequence[Recorded], *, at: datetime) -> None:
        """Let steps go once `at` is past; only those of a payout that says where they lie.

        A step that has a time to go already keeps it, and one that is gone is no failure.

        Raises:
            Stale: the payout is not there, or is not archived as far as that.
            Corrupt: a step is not what is stored.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of open payouts that are due, the longest due first; may lag: read them again.

        Those that wait for funds, or for a rail, are not among them: they stand in lines of their
        own. Nor are those that sit a pause out.
        """
        ...

    def sitting_out(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that sit a pause out, the oldest first; may lag: read them again."""
        ...

    def in_line(self) -> Iterator[Sketch]:
        """Payouts that wait for funds, the oldest first; may lag: read them again."""
        ...

    def stranded(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that wait for it, or the sign-in, the oldest first; may lag.

        Who waits for another rail is not looked through one by one: a long queue hides nobody.
        """
        ...

    def count_stranded(self, most: int) -> int:
        """How many those are, counted up to `most`; may lag."""
        ...

    def open_work(self) -> Iterator[Sketch]:
        """Every payout that is due some time, or queued and held: the line first; may lag.

        Read page by page as it is used; what else waits for a person alone is not in it.
        """
        ...

    def note_shortage(self, *, at: datetime) -> None:
        """Have openings tell from now on that payouts wait for funds.

        Raises:
            StoreUnavailable: whether it was noted is not known; nothing rests on it.
        """
        ...

    def page(
        self, wanted: PayoutFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Payout]:
        """Payouts, newest first; may lag behind by a moment."""
        ...

    def awaiting_approval(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for others to agree, the oldest first; may lag behind by a moment.

        Those that are before a person for another reason, too, come after all others.
        """
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
        """Store all of a customer but key and age; never the balance.

        Raises:
            Stale: its version is no longer `version`.
        """
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Customer]:
        """Customers, newest first; may lag behind by a moment."""
        ...

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that are customers' now."""
        ...

    def erasing(self) -> Iterator[str]:
        """Ids of those whose erasure is asked for and not certified yet; may lag."""
        ...

    def sharing(self, place: str) -> frozenset[str]:
        """Ids of those who are paid at a place, as it is known by (consistent)."""
        ...

    def share(self, place: str, customer_id: str) -> frozenset[str]:
        """Name a customer as one of those, once, unless very many are; all who are named then.

        Raises:
            StoreUnavailable: whether it is done is not known; again is safe.
        """
        ...

    def unshare(self, place: str, customer_id: str) -> None:
        """Name a customer no longer as one of those.

        Raises:
            StoreUnavailable: whether it is done is not known; again is safe.
        """
        ...

    def untold(self) -> Iterator[str]:
        """Ids of those who have not been told of a change, the longest waiting first; may lag."""
        ...


class Treasury(Protocol):
    """The funds that are nobody's yet, and what came in and went out of them."""

    def funds(self) -> Funds:
        """The funds as they are now; empty at the very beginning."""
        ...

    def write(
        self,
        *entries: Entry,
        notice: Notice | None = None,
        settlement: Settlement | None = None,
        consent: Consent | None = None,
    ) -> None:
        """Write consecutive entries, causes, the funds and credited balances: one transaction.

        With them a notice, the settlement whose rows they allocate, and a second admin's consent:
        as they are then, one version after the stored ones. A receipt is refused that a payout has
        heard as its return.

        Raises:
            Stale: the funds, the settlement or what was consented to changed since they were read,
                or a cause exists already, or the receipt is a return (`came_back`).
            NotFound: the credited customer does not exist.
            CustomerErased: they are being forgotten, and it is a credit by hand.
            StoreUnavailable: whether it was written is not known; writing it again is safe.
        """
        ...

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before."""
        ...

    def received(self, receipt_id: str) -> Money | None:
        """What was received before under that id."""
        ...

    def came_back(self, receipt: Receipt) -> bool:
        """Whether a payout has heard just that money, by id and amount, as its return."""
        ...
