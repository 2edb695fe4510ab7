"""The approvers' desk, as the use cases need it: what waits there, and what each has agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.ports.store import Page


class Desk(Protocol):
    """What waits for a second person. Lists may lag behind by a moment: read again, then decide."""

    def day(self, by: str) -> ApproverDay:
        """What somebody has agreed to; it changes only with what they agree to."""
        ...

    def credits(self, *, limit: int, position: Mapping[str, str] | None) -> Page[CreditRequest]:
        """Credits that wait to be agreed to, the oldest first."""
        ...

    def credits_of(self, customer_id: str) -> Iterator[str]:
        """The ids of a customer's credits that wait to be agreed to, also of unreadable ones."""
        ...

    def credit(self, credit_id: str) -> CreditRequest | None:
        """What was asked for under that id, however it ended (consistent)."""
        ...

    def ask(self, request: CreditRequest) -> None:
        """Keep what is asked for; the same again is no failure.

        Raises:
            Stale: something was asked for under that id before.
            StoreUnavailable: whether it is kept is not known; again is safe.
        """
        ...

    def end(self, request: CreditRequest) -> None:
        """Keep the end of what was asked for, and gave no money; the same again is no failure.

        Raises:
            Stale: it is not as it was read, one version before.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...
