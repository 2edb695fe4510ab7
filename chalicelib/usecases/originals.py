"""Ask once more about what a redraft replaces, before the same money goes out a second time.

The provider's refusal was believed when it was heard, and the money given back. Here both look-ups
have to lack every attempt of it. Decides nothing about the redraft: what is found is heard by its
original, and where nobody can be asked the redraft is not sent now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt, PayoutError, SignInRefused
from chalicelib.domain.events import Hindrance
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.domain.redraft import REDRAFTABLE
from chalicelib.usecases.ask import find
from chalicelib.usecases.hear import existing, hear_or_alarm

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts, Provider

# What was refused and booked all the same is in the account by then, whatever days lie between.
BOOKED_WITHIN = timedelta(days=4)


def doubt_of_originals(
    redraft: Payout,
    *,
    by: str,
    payouts: Payouts,
    provider: Provider,
    clock: Clock,
    time_left: Callable[[], float],
) -> Hindrance | None:
    """Why a redraft may not go out now; `None` for one that may, and for any other payout.

    Whoever holds the claim asks: what is found later than that is a dispute, as ever.
    """
    try:
        for transaction_id in redraft.intent.redraft_of:
            original = _asked_about(
                existing(payouts, transaction_id), by=by, payouts=payouts, provider=provider,
                clock=clock, time_left=time_left,
            )  # fmt: skip
            if original.status not in REDRAFTABLE or original.needs_person == CONTRADICTION:
                return Hindrance.ORIGINAL_IN_DOUBT
    except SignInRefused:
        return Hindrance.SIGN_IN_REFUSED
    except (PayoutError, Corrupt):
        return Hindrance.ORIGINAL_IN_DOUBT
    return None


def asks_first(redraft: Payout, *, payouts: Payouts) -> bool:
    """Whether the provider has to be asked before it goes out, by whatever way.

    Raises:
        NotFound, Corrupt, StoreUnavailable: what it replaces could not be read.
    """
    return any(_refused(existing(payouts, each)) for each in redraft.intent.redraft_of)


def _refused(original: Payout) -> tuple[int, ...]:
    """The attempts of which only the provider's word is that they are dead, where it failed."""
    if original.status is not Status.FAILED:
        return ()
    return tuple(each for each in range(1, original.attempt + 1) if not original.file_of(each))


def _asked_about(
    original: Payout,
    *,
    by: str,
    payouts: Payouts,
    provider: Provider,
    clock: Clock,
    time_left: Callable[[], float],
) -> Payout:
    """The original after what the provider knows of its attempts; those of bank files it cannot.

    Raises:
        ProviderUnavailable: it could not be asked.
    """
    until = sydney_date((original.sent_at or original.intent.created_at) + BOOKED_WITHIN)
    for number in _refused(original):
        news = find(
            replace(original, attempt=number), provider=provider, clock=clock,
            time_left=time_left, until=until,
        )  # fmt: skip
        if news is not None:
            original = hear_or_alarm(original, news, by=by, payouts=payouts, clock=clock)
    return original
