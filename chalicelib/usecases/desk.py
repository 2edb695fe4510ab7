"""What waits on the approvers' desk, as one of them sees it, and whether they may agree to it.

Decides nothing: whoever agrees is asked everything anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.approval import agreed, lapsed, why_not, why_not_there
from chalicelib.domain.credit_request import seen_of_credit
from chalicelib.domain.desk import WaitingCredit, WaitingPayout
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    CustomerStopped,
)
from chalicelib.domain.payout import Status
from chalicelib.domain.refusals import ApprovalLapsed, ApproverLimit
from chalicelib.usecases.approve import look

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy import Policy
    from chalicelib.ports import Clock, Customers, Desk, Payouts

ADMIN, NO_ADMIN = "admin", "no_admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks, and what they have agreed to of late."""

    by: str
    roles: frozenset[str]
    day: ApproverDay


def person(by: str, roles: frozenset[str], *, desk: Desk) -> Person:
    """Who looks at the desk."""
    return Person(by, roles, desk.day(by))


def payout_seen_by(
    who: Person, listed: Payout, *, payouts: Payouts, clock: Clock
) -> WaitingPayout | None:
    """A payout of the list as it is now; `None` where it does not wait any more."""
    try:
        now = look(listed, payouts=payouts, clock=clock)
    except Conflict:
        return None
    payout, intent = now.payout, now.payout.intent
    if payout.status is not Status.AWAITING_APPROVAL:
        return None
    policy = now.opening.policy
    own = why_not(who.by, who.roles, intent.created_by, agreed(payout, now.seen.digest))
    why = (
        own
        or why_not_there(who.by, now.seen, now.customer)
        or _of_customer(now.customer)
        or _of_time(payout.lapses_at, clock.now())
        or _of_limit(who, intent.amount, policy, clock.now())
    )
    return WaitingPayout(payout, now.customer, now.seen, now.proven, why)


def credit_seen_by(
    who: Person, listed: CreditRequest, policy: Policy, *, customers: Customers, clock: Clock
) -> WaitingCredit | None:
    """A credit of the list; `None` where nobody is there to have it any more."""
    credit = listed.credit
    customer = customers.get(credit.customer_id)
    if customer is None:
        return None
    own = why_not(who.by, who.roles, credit.created_by)
    why = (
        own
        or ("" if ADMIN in who.roles else NO_ADMIN)
        or (CustomerErased.code if customer.erasure is not None else "")
        or _of_time(listed.lapses_at, clock.now())
        or _of_limit(who, credit.amount, policy, clock.now())
    )
    return WaitingCredit(listed, customer, seen_of_credit(listed, customer, policy), why)


def _of_customer(customer: Customer) -> str:
    if customer.erasure is not None:
        return CustomerErased.code
    return CustomerStopped.code if customer.stopped else ""


def _of_time(lapses_at: datetime | None, now: datetime) -> str:
    return ApprovalLapsed.code if lapsed(lapses_at, now) else ""


def _of_limit(who: Person, amount: Money, policy: Policy, now: datetime) -> str:
    more = who.day.more(amount, now, policy.approvals.approver_day)
    return ApproverLimit.code if more is None else ""
