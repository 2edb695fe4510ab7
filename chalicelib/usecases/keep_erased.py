"""Keep forgotten who was forgotten: erase again whatever a restored backup, or late news, brought.

The certificates are the memory of it, for they lie where no backup reaches. A round over all of
them is made once a Sydney day, and goes on where time ran out; `whole` is one without a position.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.erasure import (
    PREFIX,
    customer_of,
    erasure_of,
    forgotten_customer,
    is_forgotten,
)
from chalicelib.domain.errors import Corrupt, PayoutError
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import ZERO
from chalicelib.usecases.destroy import RESERVE, Run, uncounted
from chalicelib.usecases.edits import edited
from chalicelib.usecases.explain import wonder
from chalicelib.usecases.forget import Memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer, Erasure
    from chalicelib.ports import (
        AccountChecks,
        Archive,
        Clock,
        Customers,
        Desk,
        Findings,
        Notices,
        ParkedLetters,
        Payouts,
        Rounds,
        Schedules,
    )

ROUND, OVER = "erased", "~"


class _Run(Run):
    """The ports of one run, its time, and what it has done."""

    def __init__(
        self,
        customers: Customers,
        memory: Memory,
        archive: Archive,
        findings: Findings,
        clock: Clock,
        time_left: Callable[[], float],
    ) -> None:
        super().__init__(customers, memory, archive, clock, time_left)
        self.findings = findings
        self.told: Counter[str] = Counter()


def keep_erased(
    *,
    customers: Customers,
    payouts: Payouts,
    notices: Notices,
    parked: ParkedLetters,
    desk: Desk,
    checks: AccountChecks,
    schedules: Schedules,
    findings: Findings,
    archive: Archive,
    rounds: Rounds,
    clock: Clock,
    time_left: Callable[[], float],
    whole: bool = False,
) -> Counter[str]:
    """Go on with the round over all certificates; counts what was looked at, and what was back.

    Raises:
        ArchiveUnavailable, StoreUnavailable: it goes on next time.
    """
    memory = Memory(payouts, notices, parked, desk, checks, schedules, clock)
    run = _Run(customers, memory, archive, findings, clock, time_left)
    if whole:
        _round("", run)
        return +run.told
    today, before = f"{sydney_date(clock.now()).isoformat()} ", rounds.position(ROUND)
    if before != today + OVER:
        reached = _round(before.partition(" ")[2].removesuffix(OVER), run)
        rounds.move(ROUND, today + reached, was=before)
    return +run.told


def _round(after: str, run: _Run) -> str:
    """Go through the certificates after that one; the last that was looked at, or `OVER`."""
    reached = after
    for name in run.archive.names(PREFIX):
        if name <= after:
            continue
        # One that was cut short is where the next run begins, and has all of its time for it.
        if run.time_left() < RESERVE or (not _looked_at(name, run) and reached != after):
            run.told["erased_left"] += 1
            return reached
        reached = name
    return OVER


def _looked_at(name: str, run: _Run) -> bool:
    """Erase again what a certificate says was erased; whether there was time for all of it.

    One's trouble costs only itself.
    """
    customer_id = customer_of(name)
    try:
        erasure = erasure_of(name, run.archive.get(name))
        _empty_again(customer_id, erasure, run)
        for listed in run.memory.of_customer(customer_id):
            if run.time_left() < RESERVE:
                return False
            forgot = run.memory.forget(listed.transaction_id)
            run.told["erased_waiting"] += not forgot.done
            run.told["erased_again"] += forgot.destroyed
        run.told["erased_looked_at"] += 1
    except PayoutError as error:
        run.told[error.code] += 1
    except Corrupt:
        run.told["corrupt"] += 1
    return True


def _empty_again(customer_id: str, erasure: Erasure, run: _Run) -> None:
    customer = run.customers.get(customer_id)
    if customer is None:
        return
    run.told["erased_again"] += run.memory.forget_more(customer_id)
    if not (customer.erased and is_forgotten(customer)):
        uncounted(customer, run)

        def empty(now: Customer) -> Customer:
            reason = now.erasure.reason if now.erasure else ""
            return forgotten_customer(now, replace(erasure, reason=reason))

        edited(customer_id, empty, customers=run.customers, clock=run.clock)
        run.told["erased_again"] += 1
    if customer.available != ZERO:
        # Money for somebody who is forgotten is a person's; more of it later is another finding.
        subject = f"{customer_id}/{customer.available}"
        wonder(
            Kind.ERASED_CREDITED, subject, customer.available,
            findings=run.findings, clock=run.clock,
        )  # fmt: skip
