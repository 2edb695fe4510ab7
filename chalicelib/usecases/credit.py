"""Credits above a limit: one admin asks, another one agrees, and only then the money is given.

Below it they are given at once. Nothing is set aside meanwhile: whether the unallocated money still
covers a credit is seen again when it is agreed to.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.approval import MAKER, lapsed, why_not
from chalicelib.domain.approver_day import beyond_anybody
from chalicelib.domain.credit_request import (
    Consent,
    CreditRequest,
    CreditStage,
    seen_of_credit,
    wants_second,
)
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerErased,
    Forbidden,
    NotFound,
    PayoutError,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.funding import Credit
from chalicelib.domain.funding import credit as credit_entry
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.refusals import ApprovalLapsed, ApproverLimit, SeenChanged
from chalicelib.usecases.edits import existing as existing_customer
from chalicelib.usecases.fund import TRIES, Given, give_credit, same_credit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.money import Money
    from chalicelib.domain.policy import Policy
    from chalicelib.ports import Clock, Customers, Desk, Treasury
    from chalicelib.usecases.approve import Word

# Seconds that one lapse may need, and how many requests are listed at once.
RESERVE, PAGE = 5, 100

ONE_ADMIN = "another admin has to agree, and one"


@dataclass(frozen=True, slots=True)
class Asked:
    """A credit that was asked for as it is now, and whether it was asked for before."""

    request: CreditRequest
    replayed: bool


def ask_for_credit(
    customer_id: str,
    amount: Money,
    *,
    reason: str,
    key: str,
    by: str,
    request_id: str,
    policy: Policy,
    treasury: Treasury,
    customers: Customers,
    desk: Desk,
    clock: Clock,
) -> Given | Asked:
    """Give a credit at once, or keep it until another admin agrees; once for each key.

    Raises:
        NotFound: no such customer.
        CustomerErased: nothing new is done for them.
        RuleBroken: more than is unallocated or than one person may agree to, or the key was used
            for another credit.
        KeyTaken: the key is somebody else's.
        StoreUnavailable: it may or may not be written; the same key is safe to use again.
    """
    now = clock.now()
    credit = Credit(derived_id("credit", key), customer_id, amount, reason, now, by, request_id)
    before = desk.credit(credit.credit_id)
    if before is None and (
        not wants_second(amount, policy) or treasury.credit(credit.credit_id) is not None
    ):
        return give_credit(
            customer_id, amount, reason=reason, key=key, by=by, request_id=request_id,
            treasury=treasury, clock=clock,
        )  # fmt: skip
    if before is None:
        if existing_customer(customers, customer_id).erasure is not None:
            raise CustomerErased
        credit_entry(treasury.funds(), credit)  # or it is refused at once
        if faults := beyond_anybody(amount, policy.approvals.approver_day, ONE_ADMIN):
            raise RuleBroken(faults)
        asked = CreditRequest(credit, now + timedelta(hours=policy.approvals.hours), policy.version)
        try:
            desk.ask(asked)
        except Stale:
            before = existing_request(desk, credit.credit_id)
        else:
            return Asked(asked, replayed=False)
    same_credit(before.credit, credit)
    return Asked(before, replayed=True)


def existing_request(desk: Desk, credit_id: str) -> CreditRequest:
    """What was asked for under that id.

    Raises:
        NotFound: nothing was.
    """
    request = desk.credit(credit_id)
    if request is None:
        raise NotFound("credit")
    return request


def agree(
    credit_id: str,
    word: Word,
    *,
    policy: Policy,
    treasury: Treasury,
    customers: Customers,
    desk: Desk,
    clock: Clock,
) -> Asked:
    """Agree to a credit as it was seen, as another admin: it is given with that, once.

    Raises:
        NotFound: no such request, or no such customer any more.
        Forbidden: its maker, or nobody who may.
        Conflict, ApprovalLapsed: it was decided before, or cannot be any more.
        SeenChanged: it is not as it was seen.
        CustomerErased: nothing new is done for them.
        ApproverLimit: more than one person may agree to within 24 hours.
        RuleBroken: more than is unallocated by now.
        StoreUnavailable: it may or may not be written; again is safe.
    """
    for _ in range(TRIES):
        request = existing_request(desk, credit_id)
        if request.stage is CreditStage.GIVEN and request.decided_by == word.by:
            return Asked(request, replayed=True)
        _refuse(request, word, clock)
        _refuse_unseen(request, word, policy, customers)
        day = _day(request, word, policy, desk, clock)
        now = clock.now()
        given = request.ended(CreditStage.GIVEN, at=now, by=word.by, word=word.reason)
        # Before the look for the credit itself: else it could come in between.
        funds = treasury.funds()
        try:
            if treasury.credit(credit_id) is not None:
                # Given without a second person, when the policy let it be.
                desk.end(given)
            else:
                credit = replace(request.credit, created_at=now, agreed_by=word.by)
                entry = credit_entry(funds, credit)
                treasury.write(entry, consent=Consent(given, day))
        except Stale:
            continue
        return Asked(given, replayed=False)
    raise StoreUnavailable("too many others write the funds")


def decline(credit_id: str, word: Word, *, desk: Desk, clock: Clock) -> Asked:
    """Say no, or withdraw it as its maker; the same person again changes nothing.

    Raises:
        NotFound: no such request.
        Conflict: it was decided before.
        StoreUnavailable: it may or may not be written; again is safe.
    """
    for _ in range(TRIES):
        request = existing_request(desk, credit_id)
        if request.stage is CreditStage.DECLINED and request.decided_by == word.by:
            return Asked(request, replayed=True)
        if not request.waits:
            raise _over(request)
        ended = request.ended(CreditStage.DECLINED, at=clock.now(), by=word.by, word=word.reason)
        try:
            desk.end(ended)
        except Stale:
            continue
        return Asked(ended, replayed=False)
    raise StoreUnavailable("too many others decide at once")


def lapse_credits(*, desk: Desk, clock: Clock, time_left: Callable[[], float]) -> Counter[str]:
    """End what nobody decided in time; counts what did, and what went wrong by its code.

    One's trouble costs only itself, and never what else the same schedule does.
    """
    told: Counter[str] = Counter()
    with _counted(told):
        for listed in _waiting(desk):
            if time_left() < RESERVE:
                told["left_for_next_time"] += 1
                break
            with _counted(told):
                told["credits_lapsed"] += _lapse(listed.credit_id, desk, clock)
    return +told


def _waiting(desk: Desk) -> Iterator[CreditRequest]:
    position: Mapping[str, str] | None = None
    while True:
        page = desk.credits(limit=PAGE, position=position)
        yield from page.items
        position = page.position
        if position is None:
            return


@contextmanager
def _counted(told: Counter[str]) -> Iterator[None]:
    try:
        yield
    except PayoutError as error:
        told[error.code] += 1
    except Corrupt:
        told["corrupt"] += 1


def _lapse(credit_id: str, desk: Desk, clock: Clock) -> bool:
    """End it if it is time; the list may lag."""
    request = desk.credit(credit_id)
    if request is None or not request.waits or not lapsed(request.lapses_at, clock.now()):
        return False
    try:
        desk.end(request.ended(CreditStage.LAPSED, at=clock.now()))
    except Stale:
        return False
    return True


def _refuse(request: CreditRequest, word: Word, clock: Clock) -> None:
    why = why_not(word.by, word.roles, request.credit.created_by)
    if why:
        own = "Another admin than its maker has to agree."
        raise Forbidden(own if why == MAKER else "Only an admin decides.")
    if not request.waits:
        raise _over(request)
    if lapsed(request.lapses_at, clock.now()):
        raise ApprovalLapsed


def _over(request: CreditRequest) -> Conflict:
    return Conflict(f"The credit is {request.stage}: it does not wait to be agreed to any more.")


def _refuse_unseen(
    request: CreditRequest, word: Word, policy: Policy, customers: Customers
) -> None:
    customer = existing_customer(customers, request.credit.customer_id)
    if customer.erasure is not None:
        raise CustomerErased
    if seen_of_credit(request, customer, policy) != word.seen:
        raise SeenChanged


def _day(
    request: CreditRequest, word: Word, policy: Policy, desk: Desk, clock: Clock
) -> ApproverDay:
    most = policy.approvals.approver_day
    day = desk.day(word.by).more(request.credit.amount, clock.now(), most)
    if day is None:
        raise ApproverLimit
    return day
