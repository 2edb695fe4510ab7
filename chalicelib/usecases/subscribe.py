"""Have the provider tell us every event, where and with which token we want: look, then apply.

Each change is made by itself and may be made again, so whatever stops it, applying once more goes
on. Refuses to delete what it was not asked to delete by its id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, PayoutError, SignInRefused
from chalicelib.domain.subscriptions import (
    CREATED,
    DELETED,
    UPDATED,
    Applied,
    Change,
    Line,
    Outcome,
    Token,
    Verdict,
    compare,
    target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain.subscriptions import Subscription
    from chalicelib.ports import Clock, Gate, Subscriptions, Tokens

# Seconds that one call may take, and below which none is begun.
LONGEST = 8.0
LEAST = 2.0
# Seconds kept back for seeing how things stand after the changes.
RESERVE = 4
NO_TIME = "no_time"


def look(
    *,
    base: str,
    subscriptions: Subscriptions,
    tokens: Tokens,
    gate: Gate,
    time_left: Callable[[], float],
) -> tuple[Line, ...]:
    """What the provider has beside what is wanted; `base` is the service's own address.

    Raises:
        Conflict: there is no such address: the subscriptions are not managed from here.
        Unavailable: the provider, the token or our memory could not be read, or its sign-in is
            shut, and then nobody was asked.
    """
    if not base:
        raise Conflict("WEBHOOK_URL is not set: the subscriptions are not managed from here.")
    if gate.closed():
        raise SignInRefused("The provider refused our key; no call goes out.")
    mark = subscriptions.mark()
    present = subscriptions.list(within=min(time_left(), LONGEST))
    return compare(base, mark, present, tokens.told([each.subscription_id for each in present]))


def apply(
    *,
    base: str,
    delete: Sequence[str] = (),
    subscriptions: Subscriptions,
    tokens: Tokens,
    gate: Gate,
    clock: Clock,
    time_left: Callable[[], float],
) -> Applied:
    """Put right what differs, and delete the subscriptions of these ids, and no others.

    Raises:
        Conflict: as `look`; nothing was changed.
        Unavailable: before anything was changed, or the end could not be seen; again goes on.
    """
    before = look(
        base=base, subscriptions=subscriptions, tokens=tokens, gate=gate, time_left=time_left
    )
    mark = subscriptions.mark()
    changes: list[Change] = []
    for change in _wanted(before, delete):
        stopped = changes[-1].failure if changes else ""
        if stopped in {SignInRefused.code, NO_TIME}:
            changes.append(replace(change, failure=stopped))
        elif time_left() < LEAST + RESERVE:
            changes.append(replace(change, failure=NO_TIME))
        else:
            changes.append(_made(change, target(base, change.event), subscriptions, time_left))
    if not any(not change.failure for change in changes):
        return Applied(tuple(changes), before)
    present = subscriptions.list(within=min(time_left(), LONGEST))
    _remember(changes, present, mark, tokens, clock)
    told = tokens.told([each.subscription_id for each in present])
    return Applied(tuple(changes), compare(base, mark, present, told))


def _wanted(lines: Sequence[Line], delete: Sequence[str]) -> list[Change]:
    """What has to be done, deletions last; a failed change costs only itself."""
    cures, deletions = [], []
    for line in lines:
        there = line.subscription.subscription_id if line.subscription else ""
        if there and there in delete:
            deletions.append(Change(line.event, there, DELETED))
        elif line.is_curable:
            cures.append(Change(line.event, there, UPDATED if there else CREATED))
    return cures + deletions


def _made(
    change: Change, url: str, subscriptions: Subscriptions, time_left: Callable[[], float]
) -> Change:
    """Make a change; where creating finds a subscription after all, that one is changed."""
    try:
        outcome = _call(change, url, subscriptions, min(time_left() - RESERVE, LONGEST))
        if outcome.verdict is Verdict.EXISTS and outcome.subscription_id:
            change = replace(change, what=UPDATED, subscription_id=outcome.subscription_id)
            outcome = _call(change, url, subscriptions, min(time_left() - RESERVE, LONGEST))
    except PayoutError as error:
        return replace(change, failure=error.code)
    failure = "" if outcome.verdict is Verdict.TAKEN else outcome.code or str(outcome.verdict)
    named = change.subscription_id or outcome.subscription_id
    return replace(change, subscription_id=named, failure=failure)


def _call(change: Change, url: str, subscriptions: Subscriptions, within: float) -> Outcome:
    if change.what == DELETED:
        return subscriptions.delete(change.subscription_id, within=within)
    if change.what == UPDATED:
        return subscriptions.update(change.subscription_id, change.event, url, within=within)
    return subscriptions.create(change.event, url, within=within)


def _remember(
    changes: Sequence[Change],
    present: Sequence[Subscription],
    mark: str,
    tokens: Tokens,
    clock: Clock,
) -> None:
    """Remember what the changed ones were told, and the provider's own time of the change."""
    told = {
        change.subscription_id
        for change in changes
        if not change.failure and change.what != DELETED
    }
    for each in present:
        if each.subscription_id in told:
            token = Token(mark, each.changed_at)
            tokens.remember(each.subscription_id, token, at=clock.now())
