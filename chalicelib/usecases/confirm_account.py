"""Confirm an account check with the code that came with the cent.

A code is counted before it is asked about, so that neither a crash nor a crowd tries more of them
than there may be; what was certainly never asked about is given back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.account_check import CheckStatus, Heard, follow, tried
from chalicelib.domain.errors import (
    ProviderUnavailable,
    Stale,
    Unavailable,
)
from chalicelib.domain.refusals import CheckNotOpen, WrongCode
from chalicelib.usecases.checks import LEAST, RESERVE, TRIES, latest_of, own, told_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.account_check import AccountCheck, KeptCheck
    from chalicelib.usecases.checks import Means


def confirm(
    customer_id: str, destination_id: str, code: str, *, by: str, means: Means,
    time_left: Callable[[], float],
) -> AccountCheck:  # fmt: skip
    """Try the code that came with the cent; a check that is passed stays so.

    Raises:
        NotFound: no such customer or destination, or it has no check.
        WrongCode: it is not the code.
        CheckNotOpen: the check takes none, or none for now.
        ProviderUnavailable: whether it is the code is not known; again is safe, but counts.
        StoreUnavailable, Stale: again is safe.
    """
    own(customer_id, destination_id, means)
    kept = latest_of(destination_id, means)
    if kept.check.status is CheckStatus.VERIFIED:
        return told_of(kept, means)
    if time_left() < LEAST:
        raise Unavailable("There is no time left to ask about the code.")
    kept = _changed(kept, lambda check: tried(check, at=means.clock.now()), means)
    judged = means.verifier.confirm(kept.token, code, within=time_left() - RESERVE)
    now = means.clock.now()
    kept = _changed(
        kept, lambda check: follow(check, judged.heard, at=now, by=by, reason=judged.reason), means
    )
    check = told_of(kept, means)
    if check.status is not CheckStatus.VERIFIED:
        _refuse(judged.heard, check)
    return check


def _changed(
    kept: KeptCheck, change: Callable[[AccountCheck], AccountCheck], means: Means
) -> KeptCheck:
    """The check after a change, made again on what is there whenever somebody was faster.

    Raises:
        CheckNotOpen: the change is not possible (any more).
        Stale: another check is the latest now, or too many others change it.
    """
    identifier = kept.check.identifier
    for _ in range(TRIES):
        after = replace(kept, check=change(kept.check))
        if after == kept:
            return kept
        try:
            means.checks.write(after, version=kept.version)
        except Stale:
            kept = latest_of(kept.check.destination_id, means)
            if kept.check.identifier != identifier:
                break
            continue
        return replace(after, version=kept.version + 1)
    raise Stale("The check is not as it was read.")


def _refuse(heard: Heard, check: AccountCheck) -> None:
    """Say why a code did not pass the check.

    Raises:
        WrongCode, CheckNotOpen, ProviderUnavailable: that is why.
    """
    if heard is Heard.WRONG:
        raise WrongCode(check.tries_left)
    if heard in {Heard.BLOCKED, Heard.LOST}:
        raise CheckNotOpen(f"A check that is {check.status} takes no code.")
    raise ProviderUnavailable("Whether it is the code is not known.")
