"""Every way in: the routes by area (`areas.py`), the queue, the schedules. The map of the system.

A route names who may use it, what it takes and what it gives; the use case does the rest. What
holds for every route is `chalicelib/api/doors.py`'s, who is connected to whom `wiring.py`'s.
"""

from __future__ import annotations

import os

from chalice.app import Rate

from chalicelib.api import log
from chalicelib.api.triggers import TimeLeft, on_queue, on_schedule, unreadable
from chalicelib.areas import open_all
from chalicelib.domain.errors import Invalid
from chalicelib.front import app
from chalicelib.invocation import goes_back_to
from chalicelib.wiring import wire

# ruff: noqa: PLC0415 (a function that is called needs its own use cases, and no others)

__all__ = ["app", "door", "keep", "night", "poll", "reprocess", "wake"]
DEAD_LETTERS = {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}

if not os.environ.get("LAMBDA_TASK_ROOT"):
    # Chalice's commands look at all routes at once; on Lambda a request opens those of its path.
    from chalicelib.entrance import door

    open_all()


# When nobody asks.
@on_queue(app, DEAD_LETTERS)
def reprocess(message: str) -> str:
    """Hear a dead letter again; what is none of ours waits for a person, not in the way."""
    from chalicelib.usecases.dead_letters import park
    from chalicelib.usecases.reprocess import reprocess as hear_again

    w = wire()
    try:
        letter = w.letter_from(message)
    except Invalid:
        letter = unreadable(message, at=w.clock.now())
        park(letter, parked=w.parked, at=letter.received_at)
        return "parked"
    goes_back_to(letter.request_id)
    return hear_again(
        letter, most=w.settings.max_redrives, inbox=w.inbox, payouts=w.payouts,
        treasury=w.treasury, notices=w.notices, findings=w.findings, parked=w.parked,
        dead_letters=w.dead_letters, clock=w.clock,
    )  # fmt: skip


@on_schedule(app, Rate(1, unit=Rate.MINUTES))
def poll(time_left: TimeLeft) -> dict[str, int]:
    """Look after every open payout that is due; at times, after webhooks that were missed."""
    from chalicelib.routes import bank_files
    from chalicelib.usecases.bank_file import work as make_files
    from chalicelib.usecases.credit import lapse_credits
    from chalicelib.usecases.gauge import gauge
    from chalicelib.usecases.learn_costs import learn_costs
    from chalicelib.usecases.learn_limit import learn_limit
    from chalicelib.usecases.poll import poll as look_after
    from chalicelib.usecases.repair import repair
    from chalicelib.usecases.settle import settle

    w = wire()
    # First: a run that the provider keeps waiting ends with no time to look.
    stands = gauge(
        payouts=w.payouts, findings=w.findings, parked=w.parked, nights=w.nights,
        circuits=w.circuits, liquidity=w.liquidity, gate=w.gate, rules=w.float_rules,
        clock=w.clock, night_hour=w.settings.night_hour, lull=w.lull, time_left=time_left,
    )  # fmt: skip
    if stands:
        log.gauges(stands.figures, stands.circuits)
    told = look_after(
        payouts=w.payouts, provider=w.provider, bank=w.bank, vault=w.vault, gate=w.gate,
        breaker=w.breaker,
        liquidity=w.liquidity, pauses=w.pauses, rules=w.float_rules, clock=w.clock,
        calendar=w.calendar,
        patience=w.patience, time_left=time_left,
    )  # fmt: skip
    told += make_files(means=bank_files.means_of(w, time_left))
    told += lapse_credits(desk=w.desk, clock=w.clock, time_left=time_left)
    told += settle(
        receipts=w.receipts, settlements=w.settlements, treasury=w.treasury, findings=w.findings,
        clock=w.clock, time_left=time_left,
    )  # fmt: skip
    told += repair(
        base=w.settings.webhook_url or "", bulletins=w.subscriptions, repairs=w.repairs,
        findings=w.findings, gate=w.gate, clock=w.clock, time_left=time_left,
    )  # fmt: skip
    told += learn_limit(
        provider=w.provider, gate=w.gate, liquidity=w.liquidity, clock=w.clock, time_left=time_left
    )
    told += learn_costs(
        payouts=w.payouts, liquidity=w.liquidity, clock=w.clock, time_left=time_left
    )
    if told["healed"]:
        log.gauges({"WebhooksHealed": told["healed"]}, {})
    return dict(told)


@on_schedule(app, Rate(1, unit=Rate.MINUTES))
def wake(time_left: TimeLeft) -> dict[str, int]:
    """Make the payouts that are scheduled for now, apart from the poller: neither waits."""
    from chalicelib.usecases.wake import Means
    from chalicelib.usecases.wake import wake as wake_due

    w = wire()
    means = Means(
        schedules=w.schedules, payouts=w.payouts, findings=w.findings, provider=w.provider,
        vault=w.vault, clock=w.clock, calendar=w.calendar, limits=w.limits,
        grace=w.settings.schedule_grace_days,
    )  # fmt: skip
    return dict(wake_due(means, time_left=time_left))


@on_schedule(app, Rate(5, unit=Rate.MINUTES))
def night(time_left: TimeLeft) -> dict[str, int]:
    """Hold the Sydney day that is over against the provider's books, once it is time."""
    from chalicelib.routes import reconciliations
    from chalicelib.usecases.night import work

    w = wire()
    means = reconciliations.means_of(w)
    return dict(work(hour=w.settings.night_hour, means=means, time_left=time_left))


@on_schedule(app, Rate(1, unit=Rate.HOURS))
def keep(time_left: TimeLeft) -> dict[str, int]:
    """Forget who asked for it, tell who was not told, archive what has rested, look over all."""
    from chalicelib.routes import customers
    from chalicelib.usecases.archive import sweep
    from chalicelib.usecases.erase import erase_on
    from chalicelib.usecases.keep_erased import keep_erased
    from chalicelib.usecases.look_over import look_over
    from chalicelib.usecases.tell import tell

    w = wire()
    told = erase_on(
        customers=w.customers, payouts=w.payouts, notices=w.notices, parked=w.parked, desk=w.desk,
        checks=w.account_checks, schedules=w.schedules, archive=w.archive, clock=w.clock,
        time_left=lambda: time_left() / 2,
    )  # fmt: skip
    told += keep_erased(
        customers=w.customers, payouts=w.payouts, notices=w.notices, parked=w.parked, desk=w.desk,
        checks=w.account_checks, schedules=w.schedules, findings=w.findings, archive=w.archive,
        rounds=w.rounds, clock=w.clock, time_left=lambda: time_left() / 2,
    )  # fmt: skip
    told += tell(customers.telling(w), time_left=lambda: time_left() / 2)
    told += sweep(
        payouts=w.payouts, changes=w.changes, archive=w.archive, sweeps=w.sweeps,
        after_days=w.settings.archive_after_days, clock=w.clock, time_left=time_left,
    )  # fmt: skip
    told += look_over(
        schedules=w.schedules, findings=w.findings, rounds=w.rounds, clock=w.clock,
        time_left=time_left,
    )  # fmt: skip
    return dict(told)


if os.environ.get("PAYOUTS_LOCAL"):
    from local.chalice_local import install

    install()
