"""Destroy what is personal of one payout: of its row, its webhooks, its dead letters.

The row last, so that a row without anything personal says that the rest is done. Reads each thing
by its key before it decides, and writes only where something is left to destroy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.erasure import (
    forgotten_letter,
    forgotten_payout,
    letter_remembers,
    may_be_forgotten,
    remembers,
)
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.references import unique_reference
from chalicelib.ports import NoticeFilter, PayoutFilter, ScheduleFilter
from chalicelib.usecases.schedules import forget_schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.payout import Payout, Status
    from chalicelib.ports import (
        AccountChecks,
        Clock,
        Desk,
        Notices,
        Page,
        ParkedLetters,
        Payouts,
        Schedules,
    )

# Before anything that this service ever paid.
_FIRST = date(2000, 1, 1)
_PAGE = 100


class Forgot(NamedTuple):
    """Whether all of it is destroyed (else it has to wait), and how many things were just now."""

    done: bool
    destroyed: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Where what is personal of a payout lies."""

    payouts: Payouts
    notices: Notices
    parked: ParkedLetters
    desk: Desk
    checks: AccountChecks
    schedules: Schedules
    clock: Clock

    def of_customer(
        self, customer_id: str, statuses: frozenset[Status] = frozenset()
    ) -> Iterator[Payout]:
        """A customer's payouts as an index lists them: it may lag, so read each again."""
        last = sydney_date(self.clock.now()) + timedelta(days=1)
        wanted = PayoutFilter(_FIRST, last, customer_id, statuses)
        position: Mapping[str, str] | None = None
        while True:
            page = self.payouts.page(wanted, limit=_PAGE, position=position)
            _refuse_unreadable(page)
            yield from page.items
            position = page.position
            if position is None:
                return

    def forget_more(self, customer_id: str) -> int:
        """Destroy what is of no payout: of account checks and schedules; how many there were.

        Schedules end with it. What an index does not show yet, the next round does.
        """
        destroyed = self.checks.forget(customer_id)
        position: Mapping[str, str] | None = None
        while True:
            page = self.schedules.page(ScheduleFilter(customer_id), limit=_PAGE, position=position)
            _refuse_unreadable(page)
            for listed in page.items:
                destroyed += forget_schedule(
                    listed.schedule_id, schedules=self.schedules, clock=self.clock
                )
            position = page.position
            if position is None:
                return destroyed

    def open_letters(self) -> Iterator[ParkedLetter]:
        """Every dead letter that waits for a person, as it is listed."""
        position: Mapping[str, str] | None = None
        while True:
            page = self.parked.page(resolved=False, limit=_PAGE, position=position)
            yield from page.items
            position = page.position
            if position is None:
                return

    def forget(self, transaction_id: str) -> Forgot:
        """Destroy what is personal of a payout.

        It waits while it is open, and while a dead letter about it is before a person.

        Raises:
            Stale: it has heard something meanwhile: it has to be looked at again.
            StoreUnavailable: whether all of it was written is not known; again is safe.
        """
        payout = self.payouts.get(transaction_id)
        if payout is None:
            return Forgot(done=True)
        if not may_be_forgotten(payout):
            return Forgot(done=False)
        forgot = self._forget_webhooks(payout)
        if not forgot.done or not remembers(payout):
            return forgot
        self.payouts.shrink(payout, forgotten_payout(payout))
        return Forgot(done=True, destroyed=forgot.destroyed + 1)

    def _forget_webhooks(self, payout: Payout) -> Forgot:
        done, destroyed = True, 0
        for attempt in range(1, payout.attempt + 1):
            for notice_id, key in self._webhooks(unique_reference(payout.transaction_id, attempt)):
                letter = self._forget_letter(key)
                done = done and letter.done
                destroyed += letter.destroyed
                if letter.done:
                    destroyed += self.notices.forget(notice_id)
        return Forgot(done, destroyed)

    def _webhooks(self, reference: str) -> Iterator[tuple[str, str]]:
        """Ids and keys of the webhooks about a reference: of wholes, where it is a line of one."""
        position: Mapping[str, str] | None = None
        while True:
            page = self.notices.page(
                NoticeFilter(reference=reference), limit=_PAGE, position=position
            )
            _refuse_unreadable(page)
            for listed in page.items:
                whole = self.notices.get(listed.part_of) if listed.part_of else listed
                if whole is not None:
                    yield whole.notice_id, whole.key
            position = page.position
            if position is None:
                return

    def _forget_letter(self, key: str) -> Forgot:
        """Destroy the dead letter of a webhook, once a person has decided on it."""
        letter = self.parked.get(derived_id("dead letter", key))
        if letter is None or not letter_remembers(letter):
            return Forgot(done=True)
        if letter.is_open:
            return Forgot(done=False)
        self.parked.put(forgotten_letter(letter))
        return Forgot(done=True, destroyed=1)


def _refuse_unreadable(page: Page[Any]) -> None:
    """What cannot be read may hold what is to be destroyed: nothing is certified before."""
    if page.unreadable:
        raise Corrupt(f"rows of {', '.join(page.unreadable)}")
