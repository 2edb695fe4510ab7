"""One payout that does not simply agree: read it by its key, hear what is news, find what differs.

Nothing is decided on the index's row. What its life allows is heard, in the night's name; what it
does not allow is a finding, and before a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import start_of, sydney_date
from chalicelib.domain.comparison import (
    MIDNIGHT,
    Judgement,
    judge,
    missing_here,
    status_differs,
)
from chalicelib.domain.comparison_of_account import names_of, return_missing, return_unclear
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import Accepted, Escalated, Rejected, Returned, Started, StartedAgain
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import movement_id
from chalicelib.domain.night import sighting_of
from chalicelib.domain.night_news import BY
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.account_day import Attempt, Reading
    from chalicelib.domain.night import Difference
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Findings, Payouts, Receipts, Workbench
    from chalicelib.usecases.figures import Figures

# News may come in two parts, as the end and then its fee; more would go round and round.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """What holding a day takes. `began` is when its reading began."""

    reading: Reading
    began: datetime
    payouts: Payouts
    receipts: Receipts
    findings: Findings
    clock: Clock
    workbench: Workbench
    figures: Figures

    def find(self, difference: Difference) -> None:
        """Keep a difference as a finding, and count it.

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        finding = Finding(
            kind=difference.kind, subject=difference.subject, found_at=self.clock.now(),
            amount=difference.amount, reference=difference.reference, ours=difference.ours,
            theirs=difference.theirs,
        )  # fmt: skip
        self.figures.found(finding.finding_id, self.findings.find(finding))


def settle_pair(payout_id: str, attempts: Sequence[Attempt], desk: Desk) -> None:
    """Read one payout, and act on what it and the provider's side of it come to.

    Raises:
        StoreUnavailable: it may or may not be heard or found; again is safe.
    """
    payout = desk.payouts.get(payout_id)
    if payout is None:
        missing = missing_here(attempts, desk.reading.day) if attempts else None
        if missing is not None:
            desk.find(missing)
        return
    if payout.updated_at > desk.began:
        # Whatever it heard meanwhile, the provider's side of it was read before.
        desk.figures.counts["in_flight"] += 1
        return
    if payout.file_id and not attempts:
        return  # it went by the bank: the provider's account shows nothing of it
    attempts = _with_return(payout, attempts, desk.workbench)
    after, judgement = _heard(payout, attempts, desk)
    if after != payout and after.needs_person in {"", payout.needs_person}:
        desk.figures.counts["healed"] += 1
    differences = judgement.differences or _lost_return(after, attempts, desk)
    if _may_be_dated_before(after, differences, desk):
        differences = ()
    for difference in differences:
        desk.find(difference)
    agrees = not differences and not judgement.waits
    desk.figures.count(sighting_of(after), attempts, desk.reading, agrees=agrees)


def _heard(payout: Payout, attempts: Sequence[Attempt], desk: Desk) -> tuple[Payout, Judgement]:
    """The payout once all news is heard, and what differs then."""
    rounds = 0
    while True:
        judgement = judge(payout, attempts, desk.reading, desk.clock.now())
        before = payout
        try:
            for event in judgement.events:
                if isinstance(event, Returned) and _was_paid_twice(payout, event, desk):
                    return payout, Judgement(
                        differences=_returned_too(payout, event, attempts, desk)
                    )
                payout = hear(payout, event, payouts=desk.payouts).payout
        except Contradiction as contradiction:
            alarm = Escalated(at=desk.clock.now(), by=BY, why=contradiction.code)
            return hear(payout, alarm, payouts=desk.payouts).payout, status_differs(
                payout, attempts
            )
        if not judgement.events:
            return payout, judgement
        rounds += 1
        if payout == before or rounds == ROUNDS:
            return payout, status_differs(payout, attempts)


def _was_paid_twice(payout: Payout, told: Returned, desk: Desk) -> bool:
    """Whether what comes back may be a second debit that was found before, and not the payment."""
    twice = Finding(Kind.PAID_TWICE, payout.unique_reference, told.at).finding_id
    return told.amount is not None and desk.findings.get(twice) is not None


def _returned_too(
    payout: Payout, told: Returned, attempts: Sequence[Attempt], desk: Desk
) -> tuple[Difference, ...]:
    """The difference on the day of the credit: which of the two it is, a person has to say."""
    tonight = any(each.back_on == desk.reading.day for each in attempts)
    return (return_unclear(payout, told.amount),) if tonight and told.amount else ()


def _with_return(
    payout: Payout, attempts: Sequence[Attempt], workbench: Workbench
) -> Sequence[Attempt]:
    """The attempts, with what came back under the return's own name only."""
    if not payout.return_id:
        return attempts
    back = workbench.credited(movement_id(payout.return_id)).cents
    return [
        replace(each, back=each.back + back) if each.number == payout.attempt else each
        for each in attempts
    ]


def _may_be_dated_before(payout: Payout, differences: Sequence[Difference], desk: Desk) -> bool:
    """Whether what is missing was sent first on a date that was not read.

    One that was sent again may have been executed at its first sending: the night of its last one
    reads that date too, but not the night after, which judges once more what has changed since.
    """
    if payout.sends < 2 or not any(each.kind is Kind.MISSING_THERE for each in differences):
        return False
    sent = (
        each.event.at for each in desk.payouts.steps(payout.transaction_id)
        if isinstance(each.event, (Started, StartedAgain))
    )  # fmt: skip
    return min(sent) < start_of(desk.reading.first) + MIDNIGHT


def _lost_return(payout: Payout, attempts: Sequence[Attempt], desk: Desk) -> tuple[Difference, ...]:
    """The difference where a return was heard on the day, and the account shows nothing of it."""
    if payout.status is Status.REJECTED and not attempts:
        return _lost_rejection(payout, desk)
    if payout.came_back is None or any(each.back or each.debits for each in attempts):
        return ()
    if payout.return_id and desk.workbench.credited(movement_id(payout.return_id)):
        return ()
    day = desk.reading.day
    heard = (
        each.event for each in desk.payouts.steps(payout.transaction_id)
        if isinstance(each.event, Returned)
    )  # fmt: skip
    first = next(heard, None)
    if first is None or sydney_date(first.at) != day or _shown_before(payout, first, desk):
        return ()
    return (return_missing(payout),)


def _lost_rejection(payout: Payout, desk: Desk) -> tuple[Difference, ...]:
    """The same for a rejection days later: what it had taken when it was accepted is to come back.

    What a night has heard, it has read in the account, or has looked for there.
    """
    events = (each.event for each in desk.payouts.steps(payout.transaction_id))
    since = dropwhile(lambda event: not isinstance(event, Accepted), events)
    told = next((event for event in since if isinstance(event, Rejected)), None)
    lost = told is not None and told.by != BY and sydney_date(told.at) == desk.reading.day
    return (return_missing(payout),) if lost else ()


def _shown_before(payout: Payout, told: Returned, desk: Desk) -> bool:
    """Whether a return that was told late is one that the account has shown on an earlier date.

    Another night read it there and said so, or found a credit that it could not explain yet, or it
    was told in time as money received.
    """
    if told.by == BY and told.amount is not None:
        return True
    if not payout.return_id:
        return False
    name, back = movement_id(payout.return_id), payout.came_back
    banked = (desk.receipts.get(each) for each in names_of(name))
    if any(each is not None and each.amount == back for each in banked):
        return True
    credit = desk.findings.get(Finding(Kind.UNEXPLAINED_CREDIT, name, told.at).finding_id)
    return credit is not None and credit.amount == back
