"""One function for all news: from a payout and an event to the step that follows.

Looks the pair up in `LIFECYCLE`, posts what the change of place demands, remembers what the event
tells, and chains the step to the one before. Refuses what the table does not hold, and news that
cannot be true together with what is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.chain import chained, moved_by
from chalicelib.domain.errors import Contradiction, NotPossible
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Confirmed,
    Event,
    FileCleared,
    Filed,
    FileDoubted,
    Lapsed,
    LetGo,
    News,
    Redrafted,
    Refused,
    Released,
    Requested,
    Rerouted,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
)
from chalicelib.domain.facts import facts
from chalicelib.domain.fallback import turned_away, untried
from chalicelib.domain.ledger import Place, Posting
from chalicelib.domain.mark import Mark
from chalicelib.domain.memory import CONTRADICTION, comes_back, remember
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import LIFECYCLE, UNSENT, WHERE, Payout, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.redraft import refuse_redraft
from chalicelib.domain.step import Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.intent import Intent
    from chalicelib.domain.money import Money


def begin(intent: Intent, *, by: str, request_id: str = "") -> Step:
    """The first step: the payout is asked for and its money held."""
    event = Requested(at=intent.created_at, by=by, request_id=request_id, digest=intent.digest)
    postings = ledger.move(intent.amount, Place.AVAILABLE, Place.HELD, intent.customer_id)
    after = Payout(intent, Status.QUEUED, 1, _chain("", event, postings), intent.created_at)
    return Step(None, event, after, postings)


def advance(payout: Payout, event: Event) -> Step:
    """The step that follows from an event, by the table.

    Raises:
        NotPossible: a person asks for what the payout's life does not allow now.
        AlreadyRedrafted, BeforeAPerson: it is not paid once more.
        Contradiction: news that cannot be true together with what is known.
    """
    told = event
    _refuse_other_way(payout, told)
    if isinstance(told, News) and told.attempt != payout.attempt:
        return _advance_by_other_attempt(payout, told)
    event = _as_heard_on(payout, told)
    status = LIFECYCLE[payout.status].get(type(event))
    if status is None:
        if isinstance(event, News):
            raise Contradiction(payout.status.shown, _word(event), "its life has no such turn")
        raise NotPossible(payout.status.shown, _word(event))
    _refuse_held(payout, event)
    _refuse_unagreed(payout, event)
    if isinstance(event, Redrafted):
        refuse_redraft(payout, event.redraft)
    _refuse_other_rails(payout, event)
    status = _or_disputed(payout, told, status)
    postings = _postings(payout, event, status)
    after = remember(event, payout, status)
    if after == payout:
        return Step(payout, event, payout, ())
    link = _chain(payout.last_hash, event, postings)
    at = max(event.at, payout.updated_at)
    after = replace(
        after, version=payout.version + 1, last_hash=link, updated_at=at, eve=_eve(payout, at)
    )
    return Step(payout, event, after, postings)


def replay(intent: Intent, events: Iterable[Event]) -> Payout:
    """The payout that the events of its steps lead to."""
    payout: Payout | None = None
    for event in events:
        if payout is None:
            payout = begin(intent, by=event.by, request_id=event.request_id).after
        else:
            payout = advance(payout, event).after
    if payout is None:
        raise ValueError("a payout has at least one step")
    return payout


def _refuse_other_way(payout: Payout, event: Event) -> None:
    """What is in a bank file is known to the bank alone, and what is not, to the provider."""
    if isinstance(event, News) and event.file_id != payout.file_of(event.attempt):
        raise Contradiction(payout.status.shown, _word(event), "it did not go that way")
    if isinstance(event, LetGo) and event.file_id != payout.file_id:
        raise NotPossible(payout.status.shown, _word(event))
    if (
        isinstance(event, (FileDoubted, FileCleared))
        and event.file_id not in dict(payout.filed).values()
    ):
        raise NotPossible(payout.status.shown, _word(event))
    if isinstance(event, Filed) and (payout.sends or payout.needs_person == CONTRADICTION):
        raise NotPossible(payout.status.shown, _word(event))


def _as_heard_on(payout: Payout, event: Event) -> Event:
    """What the provider's word means on the rail that it went by.

    A direct credit is called complete at once: that only means that it was sent. A refusal of the
    only sending may mean no more than that it has to go by another rail.
    """
    if isinstance(event, Refused) and payout.status is Status.SENDING:
        return turned_away(payout, event)
    if payout.rail is Rail.DIRECT_ENTRY and isinstance(event, Confirmed):
        return Accepted(
            at=event.at, by=event.by, request_id=event.request_id, attempt=event.attempt,
            monoova_transaction_id=event.monoova_transaction_id, fee=event.fee,
            file_id=event.file_id,
        )  # fmt: skip
    return event


def _advance_by_other_attempt(payout: Payout, event: News) -> Step:
    """News of an attempt that is dead, or of one that never was.

    Two people said so, or the provider itself, which refused it for want of funds or on its rail.
    """
    if event.attempt > payout.attempt or event.attempt < 1:
        raise Contradiction(payout.status.shown, _word(event), "there is no such attempt")
    if not isinstance(event, (Accepted, Confirmed, Returned)):
        return Step(payout, event, payout, ())  # it is dead, as is known
    if payout.status in UNSENT | {Status.FAILED, Status.DECLINED, Status.CANCELLED}:
        # The later attempt never left, so it is as if this were the present one.
        step = advance(replace(payout, attempt=event.attempt), event)
        return replace(step, before=payout) if step.changes else Step(payout, event, payout, ())
    if payout.status in {Status.REJECTED, Status.RETURNED} and not isinstance(event, Returned):
        # The later attempt came back to the balance, and the payee has been paid all the same.
        given_back = replace(
            payout, attempt=event.attempt, status=Status.FAILED, came_back=None, error_code=""
        )
        return replace(advance(given_back, event), before=payout)
    raise Contradiction(
        payout.status.shown, _word(event), "an attempt known to be dead was executed"
    )


def _refuse_held(payout: Payout, event: Event) -> None:
    """Nobody sends what a person keeps back, neither for the first time nor once more."""
    if payout.held is not None and isinstance(event, (Started, StartedAgain, Filed)):
        raise NotPossible(payout.status.shown, _word(event))


def _refuse_unagreed(payout: Payout, event: Event) -> None:
    """Nobody agrees to a payout of their own, or too late; too few do not release it.

    While a contradiction stands, neither agreeing nor waiting ends what people have to look at.
    """
    maker, until = payout.intent.created_by, payout.lapses_at
    calm = payout.needs_person != CONTRADICTION
    match event:
        case ApprovalAsked(needs=needs):
            fine = needs > 0
        case Approved(by=who, needs=needs, at=at):
            fine = needs > 0 and who != maker and until is not None and at < until
        case Released():
            given = payout.approvals
            others = {each.by for each in given} - {maker}
            same = len({each.seen for each in given}) == 1
            fine = calm and same and len(others) >= max(payout.needs, 1)
        case Lapsed(at=at) if payout.status is Status.AWAITING_APPROVAL:
            fine = calm and until is not None and at >= until
        case _:
            fine = True
    if not fine:
        raise NotPossible(payout.status.shown, _word(event))


def _refuse_other_rails(payout: Payout, event: Event) -> None:
    """It goes by no rail but those that it may still go by."""
    match event:
        case TurnedAway(rail=rail) if payout.status is Status.SENDING:
            fine = rail in untried(payout)
        case Rerouted(rail=rail):
            # Under its reference nothing may have left by another rail.
            fine = rail in untried(payout) and not payout.sends
        case _:
            fine = True
    if not fine:
        raise NotPossible(payout.status.shown, _word(event))


def _or_disputed(payout: Payout, event: Event, status: Status) -> Status:
    """A return of another amount than was paid is for a person to understand."""
    if isinstance(event, Returned) and "" not in {event.return_id, payout.return_id}:
        _refuse_second_return(payout, event)
    told: Money | None = getattr(event, "amount", None)
    if told is None or told == payout.intent.amount:
        return status
    if not isinstance(event, Returned) or told <= ZERO:
        raise Contradiction(payout.status.shown, _word(event), "of another amount")
    if status is Status.RETURNED and payout.status is not Status.RETURNED:
        return Status.DISPUTED
    if payout.status is Status.DISPUTED and payout.came_back in {None, told}:
        return status
    raise Contradiction(payout.status.shown, _word(event), "of another amount")


def _eve(payout: Payout, at: datetime) -> Mark | None:
    """The last step before the Sydney date of the one that is made now."""
    last = sydney_date(payout.updated_at)
    if last == sydney_date(at):
        return payout.eve
    return Mark(last, payout.version, payout.last_hash)


def _refuse_second_return(payout: Payout, event: Returned) -> None:
    if event.return_id != payout.return_id:
        raise Contradiction(payout.status.shown, _word(event), "a second time")


def _postings(payout: Payout, event: Event, status: Status) -> tuple[Posting, ...]:
    """What moves: between the places of the two statuses, plus a fee heard for the first time."""
    amount, customer = payout.intent.amount, payout.intent.customer_id
    fee = getattr(event, "fee", None)
    charged = ledger.charge(fee) if fee is not None and payout.fee is None else ()
    if status is not Status.DISPUTED:
        return ledger.move(amount, WHERE[payout.status], WHERE[status], customer) + charged
    back = comes_back(payout, event)
    moved = ledger.move(back or ZERO, Place.PAID, Place.SUSPENSE, customer)
    if payout.status is Status.DISPUTED:
        return moved + charged
    # Money given back to the customer stays theirs: suspense stands in for what left.
    source = WHERE[payout.status]
    if source is Place.AVAILABLE:
        source = Place.SUSPENSE
        moved = ledger.move(payout.came_back or ZERO, Place.PAID, Place.SUSPENSE, customer)
    return ledger.move(amount, source, Place.PAID, customer) + moved + charged


def _word(event: Event) -> str:
    name = type(event).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _chain(previous: str, event: Event, postings: tuple[Posting, ...]) -> str:
    return chained(previous, facts(event), moved_by(postings))
