"""Receive a webhook: is it the provider's, what does it say, hear it, keep it.

Acknowledged only once it is durable: applied, kept, or in the queue of dead letters. What is not
authentic leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import PayoutError
from chalicelib.domain.funding import Receipt
from chalicelib.domain.notices import DeadLetter, Notice, PayoutNews
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.domain.notices import Tiding
    from chalicelib.ports import Clock, DeadLetters, Inbox, Notices, Payouts, Treasury

# Seconds before a dead letter is heard for the first time again.
FIRST_WAIT = 30


def receive(
    raw: bytes,
    *,
    event_name: str,
    headers: Mapping[str, str],
    request_id: str,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    dead_letters: DeadLetters,
    clock: Clock,
) -> str:
    """Take a webhook in; says what it did. Returning means that it is durable.

    Raises:
        NotAuthentic: nothing was written.
        Unavailable: it is durable nowhere (or its proof could not be checked): ask for it again.
    """
    inbox.authenticate(headers, raw)
    letter = DeadLetter(
        event_name, headers.get("webhookid", "")[:64], raw, clock.now(), "", request_id=request_id
    )
    try:
        return take_in(letter, inbox=inbox, payouts=payouts, treasury=treasury, notices=notices)
    except Exception as error:  # noqa: BLE001 (whatever it was, the provider's word is not lost)
        code = error.code if isinstance(error, PayoutError) else "defect"
        dead_letters.put(replace(letter, error=code), delay=FIRST_WAIT)
        return "dead_lettered"


def take_in(
    letter: DeadLetter, *, inbox: Inbox, payouts: Payouts, treasury: Treasury, notices: Notices
) -> str:
    """Apply an authentic webhook, for the first or a later time; says what it did.

    Raises:
        Contradiction: it cannot be true together with what is known.
        StoreUnavailable: it may or may not be applied; again is safe.
    """
    tidings = inbox.read(letter.event_name, letter.raw, at=letter.received_at)
    notice = _notice(letter, tidings)
    outcomes = []
    kept = False
    for tiding in tidings:
        last = notice if len(tidings) == 1 else None
        if isinstance(tiding, PayoutNews):
            outcome, wrote = _payout_news(tiding, last, payouts)
        elif isinstance(tiding, Receipt):
            outcome, wrote = _receipt(tiding, last, treasury)
        else:
            outcome, wrote = tiding.why, False
        kept = kept or (wrote and last is not None)
        outcomes.append(outcome)
    outcome = ",".join(sorted(set(outcomes)))
    if not kept:
        notices.keep(replace(notice, outcome=outcome))
    return outcome


def _payout_news(tiding: PayoutNews, notice: Notice | None, payouts: Payouts) -> tuple[str, bool]:
    payout = payouts.get(tiding.transaction_id)
    if payout is None:
        return "unknown_reference", False
    stamped = replace(notice, outcome="heard") if notice else None
    heard = hear(payout, tiding.news, payouts=payouts, notice=stamped)
    return ("heard" if heard.changed else "nothing_new"), heard.changed


def _receipt(receipt: Receipt, notice: Notice | None, treasury: Treasury) -> tuple[str, bool]:
    stamped = replace(notice, outcome="received") if notice else None
    new = bank(receipt, treasury=treasury, notice=stamped)
    return ("received" if new else "nothing_new"), new


def _notice(letter: DeadLetter, tidings: Sequence[Tiding]) -> Notice:
    return Notice(
        key=notice_key(letter),
        event_name=letter.event_name,
        webhook_id=letter.webhook_id,
        received_at=letter.received_at,
        raw=letter.raw,
        reference=next((r for r in (getattr(t, "reference", "") for t in tidings) if r), ""),
    )


def notice_key(letter: DeadLetter) -> str:
    """What makes two deliveries the same notice: event, the provider's id, and the content."""
    digest = hashlib.sha256(letter.raw).hexdigest()[:32]
    return f"{letter.event_name or 'bare'}#{letter.webhook_id or '-'}#{digest}"
