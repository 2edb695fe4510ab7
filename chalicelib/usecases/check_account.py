"""Check that a destination is the customer's: start with a cent, and show how far that is.

A start is stored before the cent is sent, and one whose answer is lost is never sent again: it has
to lapse, and a person starts another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.account_check import (
    AccountCheck,
    CheckStatus,
    Heard,
    KeptCheck,
    as_of,
    begin,
    follow,
    identifier_of,
    may_begin,
)
from chalicelib.domain.destination import mask_name
from chalicelib.domain.errors import (
    CustomerErased,
    CustomerStopped,
    KeyTaken,
    ProviderUnavailable,
    Stale,
    Unavailable,
)
from chalicelib.domain.names import compare
from chalicelib.domain.refusals import CheckUnderWay
from chalicelib.usecases.checks import LEAST, RESERVE, TRIES, latest_of, own, told_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import Destination
    from chalicelib.ports import Beginning
    from chalicelib.usecases.checks import Means


@dataclass(frozen=True, slots=True)
class Begun:
    """A check, and whether the key had started it before."""

    check: AccountCheck
    replayed: bool = False


def start(
    customer_id: str, destination_id: str, *, key: str, by: str, means: Means,
    time_left: Callable[[], float],
) -> Begun:  # fmt: skip
    """Start a check of a customer's destination, once for each key.

    Raises:
        NotFound: no such customer or destination.
        KeyTaken: the key is another principal's.
        CheckUnderWay: another check goes on, or was passed.
        Unavailable: nothing was stored or sent.
        CustomerStopped, CustomerErased: nothing is sent to them now.
        ProviderUnavailable: nothing was sent; the same key may try again.
        VaultUnavailable, StoreUnavailable, Stale: the same key finds what became of it.
    """
    customer, sealed = own(customer_id, destination_id, means)
    identifier = identifier_of(destination_id, key)
    before = means.checks.called(destination_id, identifier)
    if before is not None and not _may_send(before, by):
        return Begun(told_of(before, means), replayed=True)
    _refuse_unpayable(customer)
    destination = means.vault.unseal(sealed, customer_id=customer_id)
    if time_left() < LEAST:
        raise Unavailable("There is no time left to send the cent safely.")
    asked = KeptCheck(_new(destination_id, identifier, by, means), customer_id)
    for _ in range(TRIES):
        latest = means.checks.current(destination_id)
        if latest is not None and latest.check.identifier == identifier:
            if not _may_send(latest, by):
                return Begun(told_of(latest, means), replayed=True)
        elif latest is not None:
            _refuse_second(latest, means)
        claimed = _claim(asked, latest, means)
        if claimed is not None:
            return Begun(_send(claimed, destination, customer, means, time_left))
    raise Stale("Too many others check this destination.")


def show(customer_id: str, destination_id: str, *, means: Means) -> AccountCheck:
    """The latest check of a customer's destination, as it is now.

    Raises:
        NotFound: no such customer or destination, or it was never checked.
    """
    own(customer_id, destination_id, means)
    return as_of(latest_of(destination_id, means).check, means.clock.now())


def _refuse_unpayable(customer: Customer) -> None:
    if customer.erasure is not None:
        raise CustomerErased
    if customer.stopped:
        raise CustomerStopped


def _may_send(kept: KeptCheck, by: str) -> bool:
    """Whether a check of the same key is one that was certainly never sent.

    Raises:
        KeyTaken: it is another principal's.
    """
    if kept.check.started_by != by:
        raise KeyTaken("The idempotency key is somebody else's.")
    return kept.check.status is CheckStatus.UNSENT


def _new(destination_id: str, identifier: str, by: str, means: Means) -> AccountCheck:
    return begin(destination_id, identifier, at=means.clock.now(), by=by, lasts=means.lasts)


def _refuse_second(latest: KeptCheck, means: Means) -> None:
    now = means.clock.now()
    if not may_begin(latest.check, now):
        status = as_of(latest.check, now).status
        raise CheckUnderWay(f"The destination has a check that is {status}: there is no other.")


def _claim(asked: KeptCheck, latest: KeptCheck | None, means: Means) -> KeptCheck | None:
    """The check as it is stored before anything is sent; `None` where somebody was faster.

    Only the writer of a claim may send.
    """
    version = latest.version if latest else 0
    try:
        means.checks.write(asked, version=version)
    except Stale:
        return None
    return replace(asked, version=version + 1)


def _send(
    claimed: KeptCheck, destination: Destination, customer: Customer, means: Means,
    time_left: Callable[[], float],
) -> AccountCheck:  # fmt: skip
    """Send the cent of a check that was stored by us, and hear the answer."""
    check = claimed.check
    told = means.verifier.start(
        destination, identifier=check.identifier, within=time_left() - RESERVE
    )
    after = follow(
        check, told.heard, at=means.clock.now(), by=check.started_by, reason=told.reason
    )  # fmt: skip
    if told.heard is Heard.SENT:
        after = _with_owner(replace(after, fee=told.fee), told, customer, means)
    kept = replace(claimed, check=after, token=told.token)
    means.checks.write(kept, version=claimed.version)
    checked = told_of(kept, means)
    if told.heard is Heard.NOT_SENT:
        raise ProviderUnavailable(f"The cent was not sent: {told.reason}.")
    return checked


def _with_owner(
    check: AccountCheck, told: Beginning, customer: Customer, means: Means
) -> AccountCheck:
    """The check with the verdict on the registered name, and its mask.

    It has to be the customer's: the name that came with a destination is whoever's added it.
    """
    if not told.owner:
        return check
    match = compare(customer.name, told.owner, distance=means.distance)
    return replace(check, match=match, owner=mask_name(told.owner))
