"""Receive a webhook: is it the provider's, what does it say, hear it, keep it.

Acknowledged only once it is durable: applied, kept, or in the queue of dead letters. What is not
authentic leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Contradiction, NotUnderstood, PayoutError
from chalicelib.domain.events import Escalated
from chalicelib.domain.funding import Receipt
from chalicelib.domain.notices import DeadLetter, Notice, PayoutNews, Unreadable
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.domain.notices import Tiding
    from chalicelib.ports import Clock, DeadLetters, Inbox, Notices, Payouts, Treasury

# Seconds before a dead letter is heard for the first time again.
FIRST_WAIT = 30
# Lines of one webhook that are applied while the provider waits.
AT_ONCE = 50


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
        tidings = inbox.read(event_name, raw, at=letter.received_at)
        if len(tidings) > AT_ONCE:
            # There may not be time for all of it: durable first, then applied by the reprocessor.
            dead_letters.put(replace(letter, error="many_lines"), delay=0)
            return "queued"
        return take_in(letter, tidings, payouts=payouts, treasury=treasury, notices=notices)
    except Exception as error:  # noqa: BLE001 (whatever it was, the provider's word is not lost)
        dead_letters.put(replace(letter, error=code_of(error)), delay=FIRST_WAIT)
        return "dead_lettered"


def code_of(error: Exception) -> str:
    """Why a letter could not be applied, as a code."""
    return error.code if isinstance(error, PayoutError) else "defect"


def reference_of(tidings: Sequence[Tiding]) -> str:
    """What a webhook is about, for a person to look for; empty where it tells nothing.

    Never what a payer wrote with a receipt: that may be personal.
    """
    named = (each.receipt_id if isinstance(each, Receipt) else each.reference for each in tidings)
    return next(filter(None, named), "")


def take_in(
    letter: DeadLetter,
    tidings: Sequence[Tiding],
    *,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
) -> str:
    """Apply what an authentic webhook says, for the first or a later time; says what it did.

    Raises:
        Contradiction: it cannot be true together with what is known; the payout is before a person.
        NotUnderstood: a part of it is about our money, and cannot be read; the rest is applied.
        StoreUnavailable: it may or may not be applied; again is safe.
    """
    notice = _notice(letter, tidings)
    alone = notice if len(tidings) == 1 else None
    outcomes, troubles = set(), list[PayoutError]()
    kept = False
    for tiding in tidings:
        try:
            outcome, wrote = _apply(tiding, letter, alone, payouts, treasury)
        except (Contradiction, NotUnderstood) as trouble:
            # It costs the other lines nothing.
            troubles.append(trouble)
            known = trouble.why if isinstance(trouble, NotUnderstood) else trouble.code
            outcome, wrote = known, False
        kept = kept or (wrote and alone is not None)
        outcomes.add(outcome)
    outcome = ",".join(sorted(outcomes))
    if not kept:
        notices.keep(replace(notice, outcome=outcome))
    if troubles:
        raise troubles[0]
    return outcome


def _apply(
    tiding: Tiding,
    letter: DeadLetter,
    notice: Notice | None,
    payouts: Payouts,
    treasury: Treasury,
) -> tuple[str, bool]:
    """What one line did, and whether the notice was written with it."""
    if isinstance(tiding, PayoutNews):
        return _payout_news(tiding, letter, notice, payouts)
    if isinstance(tiding, Receipt):
        return _receipt(tiding, notice, treasury)
    if isinstance(tiding, Unreadable):
        raise NotUnderstood(tiding.why)
    return tiding.why, False


def _payout_news(
    tiding: PayoutNews, letter: DeadLetter, notice: Notice | None, payouts: Payouts
) -> tuple[str, bool]:
    payout = payouts.get(tiding.transaction_id)
    if payout is None:
        return "unknown_reference", False
    news = replace(tiding.news, request_id=letter.request_id)
    stamped = replace(notice, outcome="heard") if notice else None
    try:
        heard = hear(payout, news, payouts=payouts, notice=stamped)
    except Contradiction as contradiction:
        # Known at once, whatever becomes of the letter: nothing more of the payout is sent.
        at, by = letter.received_at, news.by
        alarm = Escalated(at=at, by=by, request_id=letter.request_id, why=contradiction.code)
        hear(payout, alarm, payouts=payouts)
        raise
    return ("heard" if heard.changed else "nothing_new"), heard.changed


def _receipt(receipt: Receipt, notice: Notice | None, treasury: Treasury) -> tuple[str, bool]:
    stamped = replace(notice, outcome="received") if notice else None
    new = bank(receipt, treasury=treasury, notice=stamped, doubtful=notice is None)
    return ("received" if new else "nothing_new"), new


def _notice(letter: DeadLetter, tidings: Sequence[Tiding]) -> Notice:
    return Notice(
        key=notice_key(letter),
        event_name=letter.event_name,
        webhook_id=letter.webhook_id,
        received_at=letter.received_at,
        raw=letter.raw,
        reference=reference_of(tidings),
    )


def notice_key(letter: DeadLetter) -> str:
    """What makes two deliveries the same notice: event, the provider's id, and the content."""
    digest = hashlib.sha256(letter.raw).hexdigest()[:32]
    return f"{letter.event_name or 'bare'}#{letter.webhook_id or '-'}#{digest}"
