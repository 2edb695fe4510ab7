"""Take in what an authentic webhook says: hear it, line by line, and keep it with what it did.

Each line is applied once, however often it is told; what cannot be applied costs the other lines
nothing. What a person has to understand is opened as a finding before the notice is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Contradiction, NotUnderstood, PayoutError
from chalicelib.domain.events import Confirmed, Escalated, Rejected, Returned
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.notices import Debit, Notice, PayoutNews, Unheard, Unreadable
from chalicelib.domain.payout import Status
from chalicelib.usecases.findings import found_in, hang
from chalicelib.usecases.fund import Outcome, bank
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.events import News
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import DeadLetter, Tiding
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Findings, Notices, Payouts, Treasury

# Findings that a notice can name: more would not go into its row.
MOST_FINDINGS = 2000


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line did: `wrote` says that its notice was written with it."""

    outcome: str
    wrote: bool = False
    finding: Finding | None = None
    trouble: PayoutError | None = None


def take_in(
    letter: DeadLetter,
    tidings: Sequence[Tiding],
    *,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    findings: Findings,
    now: datetime,
) -> str:
    """Apply what an authentic webhook says, for the first or a later time; says what it did.

    A step is of the time at which it is written, however old its webhook: the night of that date
    may have been signed for, and no other one would look at it.

    Raises:
        Contradiction: it cannot be true together with what is known; the payout is before a person.
        NotUnderstood: a part of it is about our money, and cannot be read; the rest is applied.
        StoreUnavailable: it may or may not be applied; again is safe.
    """
    notice, alone = _notice(letter, tidings), len(tidings) == 1
    lines, hanging = list[_Line](), list[str]()
    for tiding in tidings:
        line = _apply(tiding, letter, notice, alone, now, payouts, treasury)
        lines.append(line)
        # Before the notice, and so before anything is acknowledged.
        if line.finding and hang(line.finding, notice, findings=findings, notices=notices):
            hanging.append(line.finding.finding_id)
    outcome = ",".join(sorted({line.outcome for line in lines}))
    if not (alone and lines[0].wrote):
        needed = tuple(dict.fromkeys(hanging))[:MOST_FINDINGS]
        notices.keep(replace(notice.did(outcome, needed=bool(needed)), findings=needed))
    for line in lines:
        if line.trouble:
            raise line.trouble
    return outcome


def _apply(
    tiding: Tiding,
    letter: DeadLetter,
    notice: Notice,
    alone: bool,
    now: datetime,
    payouts: Payouts,
    treasury: Treasury,
) -> _Line:
    """What one line did; a trouble of its own costs the others nothing."""
    own = notice if alone else notice.line(_named(tiding))
    match tiding:
        case PayoutNews():
            return _payout_news(tiding, letter, notice, own, now, payouts)
        case Receipt():
            return _receipt(tiding, notice, own, alone, treasury)
        case Debit(reference=named, amount=amount, state=state):
            found = found_in(notice, Kind.UNEXPECTED_DEBIT, named, detail=state, amount=amount)
            return _Line(state, finding=found)
        case Unreadable(why=why, reference=named):
            found = found_in(notice, Kind.UNREADABLE_NEWS, named, detail=why)
            return _Line(why, finding=found, trouble=NotUnderstood(why))
        case Unheard(why=why, reference=named, foreign=True):
            return _Line(why, finding=found_in(notice, Kind.UNKNOWN_PAYOUT, named, detail=why))
        case _:
            return _Line(tiding.why)


def _payout_news(
    tiding: PayoutNews, letter: DeadLetter, notice: Notice, own: Notice, now: datetime,
    payouts: Payouts,
) -> _Line:  # fmt: skip
    news, word = replace(tiding.news, at=now, request_id=letter.request_id), _word(tiding)
    payout = payouts.get(tiding.transaction_id)
    if payout is None:
        found = found_in(
            notice, Kind.UNKNOWN_PAYOUT, tiding.reference, detail=word, amount=_amount(news)
        )
        return _Line("unknown_reference", finding=found)

    def stamped(after: Payout) -> Notice:
        # A dispute is a person's, and the notice its evidence.
        did = own.did("heard", needed=after.status is Status.DISPUTED)
        return replace(did, transaction_id=after.transaction_id)

    try:
        heard = hear(payout, news, payouts=payouts, notice=stamped)
    except Contradiction as contradiction:
        # Known at once, whatever becomes of the letter: nothing more of the payout is sent.
        alarm = Escalated(at=now, by=news.by, request_id=letter.request_id, why=contradiction.code)
        hear(payout, alarm, payouts=payouts)
        found = found_in(
            notice, Kind.UNFIT_NEWS, tiding.reference, detail=word, amount=_amount(news)
        )
        return _Line(contradiction.code, finding=found, trouble=contradiction)
    return _Line("heard" if heard.changed else "nothing_new", wrote=heard.changed)


def _word(tiding: PayoutNews) -> str:
    return type(tiding.news).__name__


def _amount(news: News) -> Money | None:
    return news.amount if isinstance(news, (Confirmed, Rejected, Returned)) else None


def _receipt(
    receipt: Receipt, notice: Notice, own: Notice, alone: bool, treasury: Treasury
) -> _Line:
    named = receipt.receipt_id
    try:
        became = bank(receipt, treasury=treasury, notice=own.did("received"), doubtful=not alone)
    except Contradiction as contradiction:
        found = found_in(notice, Kind.UNFIT_NEWS, named, detail="Received", amount=receipt.amount)
        return _Line(contradiction.code, finding=found, trouble=contradiction)
    return _Line(str(became), wrote=became is Outcome.RECEIVED)


def reference_of(tidings: Sequence[Tiding]) -> str:
    """What a webhook is about, for a person to look for; empty where it tells nothing.

    Never what a payer wrote with a receipt: that may be personal.
    """
    return next(filter(None, map(_named, tidings)), "")


def _named(tiding: Tiding) -> str:
    return tiding.receipt_id if isinstance(tiding, Receipt) else tiding.reference


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
