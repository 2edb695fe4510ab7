"""Forget a customer: first the mark, by which nothing new comes, then the look, then destroy.

Asked for, it waits for what is still open, and can be taken back until it destroys. Killed
anywhere it goes on where it was, by whoever comes next: the same request again, or the schedule.
Money that comes after the mark is the customer's all the same, and goes before a person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.customer import Customer, Erasing, Erasure
from chalicelib.domain.erasure import (
    may_be_forgotten,
    obstacles,
    refuse_naming,
)
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    ErasureRefused,
    Fault,
    NotFound,
    PayoutError,
)
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.references import parse_reference
from chalicelib.usecases.destroy import RESERVE, Run, certified, destroy, emptied
from chalicelib.usecases.edits import edited, existing
from chalicelib.usecases.forget import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.ports import (
        AccountChecks,
        Archive,
        Clock,
        Customers,
        Desk,
        Notices,
        ParkedLetters,
        Payouts,
        Schedules,
    )


@dataclass(frozen=True, slots=True)
class Forgetting:
    """How far it has come, and what it waits for; a certified erasure waits for nothing."""

    customer: Customer
    waits_for: Sequence[Fault] = ()

    @property
    def done(self) -> bool:
        """Whether all is destroyed, and certified."""
        erasure = self.customer.erasure
        return erasure is not None and bool(erasure.certificate)


def erase(
    customer_id: str,
    *,
    reason: str,
    by: str,
    customers: Customers,
    payouts: Payouts,
    notices: Notices,
    parked: ParkedLetters,
    desk: Desk,
    checks: AccountChecks,
    schedules: Schedules,
    archive: Archive,
    clock: Clock,
    time_left: Callable[[], float],
) -> Forgetting:
    """Forget a customer as far as time allows; asked for before, go on with that.

    Raises:
        NotFound: no such customer.
        RuleBroken: the reason names the customer.
        ErasureRefused: all that stands in its way; nothing is changed.
        StoreUnavailable, ArchiveUnavailable: some of it may be done; again goes on.
    """
    memory = Memory(payouts, notices, parked, desk, checks, schedules, clock)
    run = Run(customers, memory, archive, clock, time_left)
    customer = existing(customers, customer_id)
    if customer.erasure is None:
        refuse_naming(reason, customer)
        faults = _obstacles(customer, memory)
        if faults:
            raise ErasureRefused(faults)
        _mark(customer_id, Erasure(Erasing.ASKED, by, clock.now(), reason), run)
        # What came in before the mark was written is seen only now.
        customer = existing(customers, customer_id)
    return _go_on(customer, run)


def take_back(customer_id: str, *, customers: Customers, clock: Clock) -> Customer:
    """Take back an erasure that has destroyed nothing yet; the customer is as before.

    Raises:
        NotFound: no such customer, or nobody has asked for it.
        Conflict: it is too late.
    """

    def edit(customer: Customer) -> Customer:
        if customer.erasure is None:
            raise NotFound("erasure")
        if customer.erasure.stage is not Erasing.ASKED:
            raise Conflict("The customer's data are being destroyed: there is no way back.")
        return replace(customer, erasure=None)

    return edited(customer_id, edit, customers=customers, clock=clock)


def shown(
    customer_id: str,
    *,
    customers: Customers,
    payouts: Payouts,
    notices: Notices,
    parked: ParkedLetters,
    desk: Desk,
    checks: AccountChecks,
    schedules: Schedules,
    clock: Clock,
) -> Forgetting:
    """How far a customer's erasure has come.

    Raises:
        NotFound: no such customer, or nobody has asked for it.
    """
    customer = existing(customers, customer_id)
    if customer.erasure is None:
        raise NotFound("erasure")
    memory = Memory(payouts, notices, parked, desk, checks, schedules, clock)
    return Forgetting(customer, () if customer.erased else _obstacles(customer, memory))


def erase_on(
    *,
    customers: Customers,
    payouts: Payouts,
    notices: Notices,
    parked: ParkedLetters,
    desk: Desk,
    checks: AccountChecks,
    schedules: Schedules,
    archive: Archive,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """Go on with every erasure that was asked for; counts what became of them."""
    told: Counter[str] = Counter()
    memory = Memory(payouts, notices, parked, desk, checks, schedules, clock)
    run = Run(customers, memory, archive, clock, time_left)
    for customer_id in customers.erasing():
        if time_left() < RESERVE:
            told["erasures_left"] += 1
            break
        try:
            done = _go_on(existing(customers, customer_id), run).done
            told["erased" if done else "erasures_waiting"] += 1
        except PayoutError as error:
            told[error.code] += 1
        except Corrupt:
            told["corrupt"] += 1
    return told


def _mark(customer_id: str, erasure: Erasure, run: Run) -> None:
    """From here on nothing new can be asked for. Of two who ask at once, the first one did."""

    def mark(customer: Customer) -> Customer:
        return customer if customer.erasure else replace(customer, erasure=erasure)

    edited(customer_id, mark, customers=run.customers, clock=run.clock)


def _go_on(customer: Customer, run: Run) -> Forgetting:
    """From wherever it is, as far as time allows and nothing stands in the way."""
    erasure = customer.erasure
    if erasure is None or erasure.certificate:
        return Forgetting(customer)
    if erasure.stage is Erasing.ASKED:
        faults = _obstacles(customer, run.memory)
        if faults:
            return Forgetting(customer, faults)
        # On exactly what was looked at: a hold that came meanwhile is seen.
        customer = _written(customer, replace(erasure, stage=Erasing.ERASING), run)
        erasure = customer.erasure or erasure
    if erasure.stage is Erasing.ERASING:
        counted = destroy(customer.customer_id, run)
        if counted is None:
            return Forgetting(customer, _obstacles(customer, run.memory, money=False))
        customer = emptied(customer.customer_id, erasure, counted, run)
        erasure = customer.erasure or erasure
    if run.time_left() < RESERVE:
        return Forgetting(customer)
    return Forgetting(certified(customer.customer_id, erasure, run))


def _obstacles(customer: Customer, memory: Memory, *, money: bool = True) -> list[Fault]:
    """What stands in the way now, payouts and letters read by their keys."""
    told = memory.of_customer(customer.customer_id, OPEN | {Status.DISPUTED})
    seen = (memory.payouts.get(each.transaction_id) for each in told)
    waiting = [each for each in seen if each is not None]
    faults = obstacles(
        customer,
        [each.transaction_id for each in waiting if not may_be_forgotten(each)],
        [each.transaction_id for each in waiting if each.status is Status.DISPUTED],
        _letters(customer.customer_id, memory),
        list(memory.desk.credits_of(customer.customer_id)),
    )
    # Once it destroys, what came in since is no reason to stop.
    late = {"balance_not_zero", "legal_hold", "disputed_payouts", "open_credits"}
    return faults if money else [each for each in faults if each.code not in late]


def _letters(customer_id: str, memory: Memory) -> list[str]:
    """Dead letters before a person that are about the customer's payouts, or may be."""
    found = []
    for letter in memory.open_letters():
        named = parse_reference(letter.letter.reference)
        payout = memory.payouts.get(named[0]) if named else None
        if payout is not None and payout.intent.customer_id == customer_id:
            found.append(letter.letter_id)
    return found


def _written(customer: Customer, erasure: Erasure, run: Run) -> Customer:
    after = replace(
        customer, erasure=erasure, version=customer.version + 1, updated_at=run.clock.now()
    )
    run.customers.edit(after, version=customer.version)
    return after
