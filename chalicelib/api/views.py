"""From domain values to answers: the API's names, amounts as text, moments in UTC, absent as null.

Shows destinations masked, for it never sees them otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.api import assessments, reasons, shapes, words
from chalicelib.api.times import rfc3339
from chalicelib.domain.branch import Branch
from chalicelib.domain.breaker import waits_for_rail
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.detour import route_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.expected import approve_within, expected_arrival
from chalicelib.domain.money import CURRENCY
from chalicelib.domain.patience import HELD, attention
from chalicelib.domain.payout import CANCELLABLE, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.reasons import explain

if TYPE_CHECKING:
    from datetime import date, datetime

    from chalicelib.domain.breaker import Board
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import SealedDestination
    from chalicelib.domain.expected import Deadline
    from chalicelib.domain.hold import Hold
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.resolution import Proposal
    from chalicelib.domain.ways import Arrival, Route


def destination(sealed: SealedDestination) -> shapes.DestinationView:
    """A destination, masked."""
    return shapes.DestinationView(**_masked(sealed))


def own_destination(sealed: SealedDestination, customer: Customer) -> shapes.OwnDestinationView:
    """A customer's destination, masked."""
    chosen = customer.default(sealed.method)
    standing = customer.standing(sealed.destination_id)
    branch = standing.branch or Branch()
    return shapes.OwnDestinationView(
        **_masked(sealed), default=chosen == sealed, bank=branch.bank or None,
        branch=branch.name or None, warnings=[each.value for each in branch.warnings],
        verified=standing.verified,
    )  # fmt: skip


def destination_of(who: Customer, destination_id: str) -> shapes.OwnDestinationView:
    """One of a customer's destinations.

    Raises:
        NotFound: it is not theirs (any more).
    """
    sealed = who.destination(destination_id)
    if sealed is None:
        raise NotFound("destination")
    return own_destination(sealed, who)


def customer(who: Customer) -> shapes.CustomerView:
    """A customer with their balance and masked destinations."""
    return shapes.CustomerView(
        customer_id=who.customer_id, customer_name=who.name or None, email=who.email or None,
        available_balance=str(who.available), currency=CURRENCY,
        payout_destinations=[own_destination(each, who) for each in who.destinations],
        stopped=who.stopped or None, legal_hold=who.held,
        erasure=who.erasure.stage.value if who.erasure else None,
        created_at=rfc3339(who.created_at), updated_at=rfc3339(who.updated_at),
    )  # fmt: skip


class Now(Protocol):
    """A clock to look at."""

    def now(self) -> datetime: ...  # noqa: D102 (the name says it)


class Circuits(Protocol):
    """What is known of the circuits."""

    def board(self) -> Board: ...  # noqa: D102 (the name says it)


class Terms(Protocol):
    """What decides when a payment goes out and should be there, and when it is final."""

    @property
    def calendar(self) -> Calendar: ...  # noqa: D102 (the name says it)
    @property
    def patience(self) -> Patience: ...  # noqa: D102
    @property
    def clock(self) -> Now: ...  # noqa: D102
    @property
    def breaker(self) -> Circuits: ...  # noqa: D102


def payout(it: Payout, terms: Terms) -> shapes.PayoutView:
    """A payout as it is now."""
    until, sent_at, now = dishonour_until(it, terms), _sent_to_a_batch(it), terms.clock.now()
    own = terms.calendar.of(it)
    return shapes.PayoutView(
        transaction_id=it.transaction_id, uniqueReference=it.unique_reference,
        customer_id=it.intent.customer_id, amount=str(it.intent.amount), currency=CURRENCY,
        status=it.status.shown,
        waits_for=_waits_for(it),
        message=words.message(it, until, _tried_from(it, terms)),
        payout_method=it.intent.method.value, rail=it.rail.value,
        route=route(route_of(it)),
        destination=destination(it.intent.destination),
        reference=it.intent.reference or None, description=it.intent.description or None,
        monoova_transaction_id=it.monoova_transaction_id,
        fee=None if it.fee is None else str(it.fee),
        returned_amount=None if it.came_back is None else str(it.came_back),
        leaves_on=own.leaves_on(sent_at).isoformat() if sent_at else None,
        expected_by=own.expected_by(sent_at).isoformat() if sent_at and until else None,
        final_unless_dishonoured_by=until.isoformat() if until else None,
        expected_arrival=arrival(expected_arrival(it, now, terms.calendar)),
        approve_within=deadline(approve_within(it, now, terms.calendar)),
        cancellable=it.status in CANCELLABLE, attention=attention(it) or None,
        held=_hold(it.held), proposal=_proposal(it.proposal), approval=assessments.approval(it),
        assessment=assessments.view(it.intent.assessment) if it.intent.assessment else None,
        error_code=it.error_code or None, error_message=it.error_message or None,
        explanation=reasons.explanation(explain(it)),
        redraft_of=next(iter(it.intent.redraft_of), None), redrafted_as=it.redrafted_as or None,
        created_by=it.intent.created_by,
        created_at=rfc3339(it.intent.created_at), updated_at=rfc3339(it.updated_at),
    )  # fmt: skip


def route(it: Route | None) -> shapes.RouteView | None:
    """Why it goes by its rail."""
    if it is None:
        return None
    return shapes.RouteView(
        reason=it.reason,
        expected_fee=str(it.fee),
        planned_for=it.arrives_on.isoformat(),
        first_use=it.first_use,
    )


def arrival(it: Arrival | None) -> shapes.ArrivalView | None:
    """When it should be there."""
    return shapes.ArrivalView(on=it.on.isoformat(), words=it.words) if it else None


def deadline(it: Deadline | None) -> shapes.DeadlineView | None:
    """Until when it has to be agreed to, to leave today."""
    if it is None:
        return None
    return shapes.DeadlineView(at=rfc3339(it.at), minutes=it.minutes, words=it.words)


def parked(it: ParkedLetter) -> shapes.ParkedView:
    """A dead letter that waits for a person."""
    return shapes.ParkedView(
        letter_id=it.letter_id, key=it.key, event_name=it.letter.event_name,
        reference=it.letter.reference or None, error=it.letter.error, attempts=it.letter.attempts,
    )  # fmt: skip


def dishonour_until(it: Payout, terms: Terms) -> date | None:
    """The last Sydney date on which a direct credit that was sent can come back."""
    if it.rail is not Rail.DIRECT_ENTRY or it.status is not Status.PENDING:
        return None
    sent_at = it.sent_at or it.updated_at
    return terms.calendar.of(it).last_day_of_window(sent_at, terms.patience.window_days)


def _tried_from(it: Payout, terms: Terms) -> datetime | None:
    """When a rail that it waits for is tried again; `None` where nobody can say."""
    if not waits_for_rail(it):
        return None
    ways = [each for each in terms.breaker.board().on_the_way(it.rail) if each.tripped]
    tries = [each.next_try for each in ways if each.next_try and not each.by_hand]
    return max(tries) if tries and len(tries) == len(ways) else None


# What certainly left in a batch.
_LEFT = frozenset({Status.PENDING, Status.COMPLETED, Status.RETURNED})


def _sent_to_a_batch(it: Payout) -> datetime | None:
    """When a direct credit that has left, or leaves with the next batch, was sent."""
    return it.sent_at if it.rail is Rail.DIRECT_ENTRY and it.status in _LEFT else None


def _masked(sealed: SealedDestination) -> dict[str, Any]:
    is_account = sealed.method is PayoutMethod.BANK_ACCOUNT
    bsb, _, number = sealed.masked.partition(" ") if is_account else ("", "", "")
    return {
        "destination_id": sealed.destination_id,
        "type": sealed.method.value,
        "payId": None if is_account else sealed.masked,
        "payIdType": sealed.kind or None,
        "bsbNumber": bsb or None,
        "accountNumber": number or None,
        "accountName": sealed.masked_name,
    }


def _waits_for(it: Payout) -> str | None:
    if it.status is not Status.QUEUED:
        return None
    return HELD if it.held else it.hindrance or None


def _hold(hold: Hold | None) -> shapes.HoldView | None:
    if hold is None:
        return None
    return shapes.HoldView(reason=hold.reason, by=hold.by, at=rfc3339(hold.at))


def _proposal(proposal: Proposal | None) -> shapes.ProposalView | None:
    if proposal is None:
        return None
    return shapes.ProposalView(
        verdict=str(proposal.verdict), evidence=proposal.evidence, by=proposal.by,
        at=rfc3339(proposal.at),
    )  # fmt: skip
