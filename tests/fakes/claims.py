"""What payouts claim and give back, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import allowance, rate
from chalicelib.domain.allowance import NOTHING, Spent
from chalicelib.domain.errors import Stale
from chalicelib.domain.habits import Habits, after, by_rail, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.claims import Claims
    from chalicelib.domain.intent import Drawn, Intent
    from chalicelib.domain.rate import Token
    from chalicelib.domain.step import Step
    from chalicelib.domain.twins import Twin
    from tests.fakes.state import State


def refuse_broken(state: State, claims: Claims | None) -> None:
    """Refuse claims that do not hold any more, whichever it is."""
    if claims is None:
        return
    for draw in claims.draws:
        had = state.spent.get(draw.key, NOTHING)
        if had.amount + draw.amount > draw.most or had.count + draw.count > draw.most_count:
            raise Stale("Not enough is left of an allowance.")
    if claims.twin and _latest(state, claims.twin.key) != _named(claims.before_it):
        raise Stale("Another payout of its kind came first.")
    if claims.token and not _may_take(claims.token, state.paces.get(claims.token.by)):
        raise Stale("The bucket is not as it was read.")
    if claims.desk:
        state.check_day(claims.desk)
    if claims.woken:
        schedule = state.schedules.get(claims.woken.schedule_id)
        if schedule is None or schedule.version != claims.woken.version:
            raise Stale("The schedule is not as it was read.")


def take(state: State, steps: Sequence[Step], claims: Claims | None) -> None:
    """Take what is claimed, give back what is not used, remember what has arrived."""
    intent = steps[-1].after.intent
    if claims is not None:
        _add(state, claims.draws)
        if claims.twin is not None:
            state.twins[claims.twin.key] = claims.twin
        if claims.habits is not None:
            _remember(state, claims.habits, intent)
        if claims.token is not None:
            own = claims.token.by
            state.paces[own] = _level(claims.token, state.paces.get(own, 0)) + claims.token.interval
        if claims.desk is not None:
            state.approver_days[claims.desk.by] = claims.desk
    _add(state, allowance.given_back(steps))
    if any(step.arrives for step in steps):
        habits = state.habits.get(intent.customer_id, Habits())
        proven = habits.proven | {intent.destination.destination_id}
        used = habits.used | {by_rail(steps[-1].after.rail, intent.destination.destination_id)}
        state.habits[intent.customer_id] = replace(habits, proven=proven, used=used)


def _add(state: State, changes: Iterable[allowance.Draw | Drawn]) -> None:
    for each in changes:
        had = state.spent.get(each.key, NOTHING)
        state.spent[each.key] = Spent(had.amount + each.amount, had.count + each.count)


def _remember(state: State, read: Habits, intent: Intent) -> None:
    """Add to what is there by now; of the hours go those that were read and are over."""
    stored = state.habits.get(intent.customer_id, Habits())
    at, amount = intent.created_at, intent.amount
    over = read.hours.keys() - after(read, amount, at).hours.keys()
    hours = {hour: count for hour, count in stored.hours.items() if hour not in over}
    hours[hour_of(at)] = hours.get(hour_of(at), 0) + 1
    state.habits[intent.customer_id] = replace(after(stored, amount, at), hours=hours)


def _may_take(token: Token, stored: int | None) -> bool:
    """Whether the bucket is still on that side of now where it was read, and not too far ahead."""
    latest = token.now + token.tolerance
    if _fills(token):
        return stored is None or stored <= token.now or stored > latest + rate.MINUTE
    return stored is not None and token.now < stored <= latest - token.interval


def _fills(token: Token) -> bool:
    return rate.after(token) - token.interval <= token.now


def _level(token: Token, stored: int) -> int:
    return token.now if _fills(token) else stored


def _latest(state: State, key: str) -> str:
    found = state.twins.get(key)
    return found.transaction_id if found else ""


def _named(twin: Twin | None) -> str:
    return twin.transaction_id if twin else ""
