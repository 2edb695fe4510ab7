"""The approvers' desk in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.approver_day import ApproverDay
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryDesk:
    """The port `Desk`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def day(self, by: str) -> ApproverDay:
        """What somebody has agreed to."""
        with self._state.reading():
            return self._state.approver_days.get(by) or ApproverDay(by)

    def credits(self, *, limit: int, position: Mapping[str, str] | None) -> Page[CreditRequest]:
        """Credits that wait to be agreed to, the oldest first."""
        return paged(self._waiting(), _age, name="credits", limit=limit, position=position)

    def credits_of(self, customer_id: str) -> Iterator[str]:
        """The ids of a customer's credits that wait to be agreed to."""
        waiting = (each for each in self._waiting() if each.credit.customer_id == customer_id)
        return (each.credit_id for each in waiting)

    def credit(self, credit_id: str) -> CreditRequest | None:
        """What was asked for under that id."""
        with self._state.reading():
            return self._state.credit_requests.get(credit_id)

    def ask(self, request: CreditRequest) -> None:
        """Keep what is asked for; the same again is no failure."""
        self._put(request)

    def end(self, request: CreditRequest) -> None:
        """Keep the end of what was asked for; the same again is no failure."""
        self._put(request)

    def _put(self, request: CreditRequest) -> None:
        with self._state.writing():
            if self._state.credit_requests.get(request.credit_id) == request:
                return
            self._state.check_next(request)
            self._state.credit_requests[request.credit_id] = request

    def _waiting(self) -> list[CreditRequest]:
        with self._state.reading():
            return [each for each in self._state.credit_requests.values() if each.waits]


def _age(request: CreditRequest) -> tuple[str, str]:
    at = request.credit.created_at.isoformat(timespec="microseconds")
    return at, request.credit_id
