"""Wake the schedules that are due: each occurrence becomes one payout, or goes before a person.

The payout's id follows from schedule and number, and it is created only while the schedule still
is as it was read: whoever crashes, races or comes late, an occurrence is paid once at most. All
rules are asked anew, as of the day. Nothing is made up for silently: what was refused, or not woken
in time, is recorded and becomes a finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.claims import Woken
from chalicelib.domain.errors import (
    Corrupt,
    CustomerErased,
    CustomerStopped,
    NotFound,
    PayoutError,
    RuleBroken,
)
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.schedule import Result, advanced, forgotten, is_missed, may_wait, put_off
from chalicelib.usecases.consider import Asking
from chalicelib.usecases.explain import explain
from chalicelib.usecases.request import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.order import Limits
    from chalicelib.domain.schedule import Schedule
    from chalicelib.ports import Clock, Findings, Payouts, Provider, Schedules, Vault

# Seconds that one payout may need at the worst: with less left, none is begun.
RESERVE = 25.0
# Schedules of one run; more are due again at once.
MOST = 500
WAKER = "waker"


@dataclass(frozen=True, slots=True)
class Means:
    """What waking takes. `grace` is how many business days late an occurrence may still be paid."""

    schedules: Schedules
    payouts: Payouts
    findings: Findings
    provider: Provider
    vault: Vault
    clock: Clock
    calendar: Calendar
    limits: Limits
    grace: int


def wake(means: Means, *, time_left: Callable[[], float]) -> Counter[str]:
    """One run; counts what became of each schedule that was due."""
    told: Counter[str] = Counter()
    for schedule_id in list(islice(means.schedules.due(means.clock.now()), MOST)):
        if time_left() < RESERVE:
            told["left_for_next_time"] += 1
            continue
        told[_attended(schedule_id, means, time_left)] += 1
    return told


def _attended(schedule_id: str, means: Means, time_left: Callable[[], float]) -> str:
    """What became of it; whatever fails costs this one only, and is tried again until too late."""
    try:
        return _attend(schedule_id, means, time_left)
    except PayoutError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 (whatever it was, it costs this schedule only)
        code = "corrupt" if isinstance(error, Corrupt) else "defect"
        return _told_of(schedule_id, code, means)


def _told_of(schedule_id: str, code: str, means: Means) -> str:
    """Put a schedule before a person that nobody can wake."""
    found = Finding(Kind.SCHEDULE_STUCK, schedule_id, means.clock.now(), detail=code)
    try:
        means.findings.open(found)
    except PayoutError as error:
        return error.code
    return code


def _attend(schedule_id: str, means: Means, time_left: Callable[[], float]) -> str:
    schedule, now = means.schedules.get(schedule_id), means.clock.now()
    if schedule is None or not schedule.is_due(now):
        return "not_due"
    if means.payouts.get(schedule.transaction_id(schedule.next.number)) is not None:
        return _made(schedule, means)
    if is_missed(schedule, now, means.grace, means.calendar):
        return _not_made(schedule, Result.MISSED, ("missed",), means)
    try:
        _placed(schedule, means, time_left)
    except (NotFound, CustomerErased, CustomerStopped) as refused:
        gone = isinstance(refused, CustomerErased) and refused.final
        return _not_made(schedule, Result.REFUSED, (refused.code,), means, gone=gone)
    except RuleBroken as broken:
        codes = tuple(dict.fromkeys(fault.code for fault in broken.faults))
        return _not_made(schedule, Result.REFUSED, codes, means)
    return _made(schedule, means)


def _placed(schedule: Schedule, means: Means, time_left: Callable[[], float]) -> None:
    """The occurrence's payout: asked for as by the maker, now, under all of today's rules."""
    number = schedule.next.number
    asking = Asking(
        schedule.transaction_id(number), schedule.created_by, schedule.drafted,
        woken=Woken(schedule.schedule_id, schedule.version), own=schedule.own,
    )  # fmt: skip
    place(
        schedule.order, asking, request_id=_name(schedule), limits=means.limits,
        payouts=means.payouts, provider=means.provider, vault=means.vault, clock=means.clock,
        time_left=time_left,
    )  # fmt: skip


def _made(schedule: Schedule, means: Means) -> str:
    """Record that there is a payout, whoever made it, and go on."""
    now = means.clock.now()
    # A run that was cut off may have thought otherwise.
    explain(
        (Kind.OCCURRENCE_UNPAID,), _name(schedule), reason="made", by=WAKER,
        findings=means.findings, clock=means.clock,
    )  # fmt: skip
    after = advanced(schedule, (), means.calendar, at=now)
    means.schedules.write(after, waking=schedule.waking(Result.MADE, now))
    return "made"


def _not_made(
    schedule: Schedule, result: Result, codes: Sequence[str], means: Means, *, gone: bool = False
) -> str:
    """Put it before a person first, then record it and go on, or wait; or try again today.

    Where the customer is `gone`, it ends and forgets.
    """
    now = means.clock.now()
    if may_wait(schedule, codes, now):
        means.schedules.write(put_off(schedule, now))
        return "put_off"
    means.findings.open(
        Finding(
            Kind.OCCURRENCE_UNPAID, _name(schedule), now, detail=",".join(codes),
            amount=schedule.order.amount, reference=schedule.schedule_id,
        )
    )  # fmt: skip
    lasting = codes if result is Result.REFUSED else ()
    after = (
        forgotten(schedule, at=now) if gone else advanced(schedule, lasting, means.calendar, at=now)
    )
    means.schedules.write(after, waking=schedule.waking(result, now, codes))
    return str(result)


def _name(schedule: Schedule) -> str:
    return f"{schedule.schedule_id}/{schedule.next.number}"
