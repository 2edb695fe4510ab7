"""Repair the gaps: read what the provider says it told us, ask again for what we do not have.

Runs at most every ten minutes, wherever the poller runs, and stops early rather than late. What it
remembers is a hint: a webhook that is told twice is heard once. Never fails the poller's own run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import days, start_of, sydney_date
from chalicelib.domain.errors import PayoutError, ProviderUnavailable, SignInRefused
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.repair import (
    GRACE,
    SKEW,
    Asked,
    Bulletin,
    Ending,
    Judgement,
    judge,
    received_from,
)
from chalicelib.domain.subscriptions import is_ours, known

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from chalicelib.ports import Bulletins, Clock, Findings, Gate, Repairs, Run

# Days before today that are read, at the most.
FARTHEST = 3
# Lines of the report in one call, and webhooks asked for in one run.
TAKE = 1000
MOST = 200
# Seconds that one call may take, and below which none is begun.
LONGEST = 10.0
LEAST = 5.0
OUT_OF_REACH = "out_of_reach"


class _Means:
    """What a run works with, and what it counts."""

    def __init__(
        self,
        bulletins: Bulletins,
        repairs: Repairs,
        findings: Findings,
        clock: Clock,
        time_left: Callable[[], float],
    ) -> None:
        self.bulletins = bulletins
        self.repairs = repairs
        self.findings = findings
        self.clock = clock
        self.time_left = time_left
        self.told: Counter[str] = Counter()


def repair(
    *,
    base: str,
    bulletins: Bulletins,
    repairs: Repairs,
    findings: Findings,
    gate: Gate,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """One run, if it is due; counts what it did, and under its code what went wrong.

    `base` is the service's own address; where it is empty our webhooks are known by their path.
    """
    means = _Means(bulletins, repairs, findings, clock, time_left)
    told = means.told
    try:
        if time_left() >= LEAST and not gate.closed():
            run = repairs.begin(clock.now())
            if run is not None:
                _run(run, base, means)
    except PayoutError as error:
        told[f"repair_{error.code}"] += 1
    except Exception:  # noqa: BLE001 (the payouts' own run must not suffer by it)
        told["repair_defect"] += 1
    return +told


def _run(run: Run, base: str, means: _Means) -> None:
    earliest = start_of(sydney_date(run.began_at) - timedelta(days=FARTHEST))
    since = max(run.since or earliest, earliest)
    _tell_of_days_beyond(run, since, means)
    lines = _read(days(sydney_date(since), sydney_date(run.began_at)), means)
    if lines is None:
        return
    ours = [
        each
        for each in lines
        if known(each.event)
        and is_ours(each.url, known(each.event), base)
        and (each.latest is None or each.latest >= since)
    ]
    judged = _judged(run, ours, since, means)
    for asked in judged.over:
        _end(asked, run, means)
    judged.ask.sort(key=lambda each: (each[0].told_at or since, each[0].webhook_id))
    _ask(judged, run, means)
    still_open = [*judged.waiting, *(each for each, _ in judged.ask)]
    # A clock of ours that is ahead must not count what the provider has not told yet.
    accounted = min([run.began_at - GRACE - SKEW, *(each.told_at or since for each in still_open)])
    means.repairs.finish(run, since=max(since, accounted), keeps_id=judged.keeps_id)


def _tell_of_days_beyond(run: Run, since: datetime, means: _Means) -> None:
    """Days that no run has read and none will read: a person has to."""
    if run.since is None:
        return
    for day in days(sydney_date(run.since), sydney_date(since) - timedelta(days=1)):
        finding = Finding(Kind.WEBHOOK_MISSING, f"report#{day}", run.began_at, OUT_OF_REACH)
        means.told["days_out_of_reach"] += means.findings.open(finding)


def _read(wanted: Sequence[date], means: _Means) -> list[Bulletin] | None:
    """Every line of those days' reports; `None` where one could not be read, and is next time."""
    lines: list[Bulletin] = []
    for day in wanted:
        skip = 0
        while True:
            if means.time_left() < LEAST:
                means.told["report_unread"] += 1
                return None
            try:
                part = means.bulletins.report(
                    day, skip=skip, take=TAKE, within=min(means.time_left(), LONGEST)
                )
            except ProviderUnavailable as error:
                means.told["report_unread"] += 1
                means.told[error.code] += isinstance(error, SignInRefused)
                return None
            lines += part.bulletins
            means.told["report_lines_unread"] += part.unread
            skip += TAKE
            if part.length < TAKE:
                break
    return lines


def _judged(run: Run, ours: list[Bulletin], since: datetime, means: _Means) -> Judgement:
    still_open = means.repairs.open()
    if not ours and not still_open:
        return Judgement(keeps_id=run.keeps_id)
    told = [each.told_at or since for each in ours]
    told += [each.latest or since for each in still_open.values()]
    seen = means.repairs.seen(received_from(min(told)), run.began_at + SKEW)
    missing = [each.webhook_id for each in ours if each.webhook_id not in seen]
    asked = {**means.repairs.asked(missing), **still_open}
    return judge(ours, seen=seen, asked=asked, now=run.began_at, keeps_id=run.keeps_id)


def _end(asked: Asked, run: Run, means: _Means) -> None:
    """Keep how it ended; what cannot be had is a person's, and is that first."""
    if asked.ending is Ending.GIVEN_UP:
        finding = Finding(Kind.WEBHOOK_MISSING, asked.webhook_id, run.began_at, asked.event)
        means.told["webhooks_missing"] += means.findings.open(finding)
    if means.repairs.end(asked) and asked.ending is Ending.HEALED:
        means.told["healed"] += 1


def _ask(judged: Judgement, run: Run, means: _Means) -> None:
    """Ask for each, the oldest first, as far as number and time allow; counted before it is done.

    So one may have been asked for less often than was counted, and never more often.
    """
    for told, before in judged.ask[:MOST]:
        if means.time_left() < LEAST:
            means.told["left_for_next_time"] += 1
            return
        asked = Asked(
            told.webhook_id, known(told.event), before + 1, means.clock.now(), run.began_at,
            was_sent=told.sent, latest=told.latest,
        )  # fmt: skip
        if not means.repairs.ask(asked):
            continue
        try:
            refused = means.bulletins.resend(
                told.webhook_id, within=min(means.time_left(), LONGEST)
            )
        except ProviderUnavailable as error:
            means.told[error.code] += 1
            return
        means.told["resend_refused" if refused else "asked_again"] += 1
        if not refused:
            means.repairs.took(replace(asked, taken=True))
