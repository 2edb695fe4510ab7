"""An example of every answer, made by the same views from invented values.

So an example has the shape of the real thing because it is one; tests hold it against the schema.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.api import (
    account_checks,
    approvals,
    attention,
    bank_files,
    correspondence,
    credit,
    dead_letters,
    erasure,
    findings,
    funding,
    health,
    lives,
    money,
    pauses,
    policies,
    previews,
    problems,
    provider,
    rails,
    reasons,
    reconciliations,
    schedules,
    settlements,
    shapes,
    stories,
    verification,
    views,
    words,
)
from chalicelib.api.body import BodyTooLarge, UnsupportedMediaType
from chalicelib.api.freshness import SignInAgain
from chalicelib.api.identity import Unidentified
from chalicelib.api.times import rfc3339
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.breaker import Board
from chalicelib.domain.calendar import WEEKENDS, Calendar, sydney_date
from chalicelib.domain.customer import Customer, Funds
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.errors import (
    Fault,
    Forbidden,
    InsufficientFunds,
    InvalidRequest,
    NotAuthentic,
    NotFound,
    NotPossible,
    PayoutError,
    StoreUnavailable,
)
from chalicelib.domain.events import Accepted, Confirmed, Started
from chalicelib.domain.funding import Credit
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter
from chalicelib.domain.patience import Patience
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import TooFast
from chalicelib.domain.ways import Route
from chalicelib.ports import Recorded

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.api.operation import Operation
    from chalicelib.domain.step import Step

KEY = "b7c1f0de-52c4-4a53-9f0e-8f4f8f2f6d11"
CAPTURED = {
    "customer_id": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77",
    "transaction_id": "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20",
    "file_id": "5b1f0b7a-3c2e-8a4d-b5e6-7f8091a2b3c4",
    "destination_id": "4be0643f-1d98-873b-97cd-ca98a65347dd",
    "schedule_id": "5a7e9c1b-3d2f-8b4a-96c8-0e1f2a3b4c5d",
    "settlement_id": "0f2c6b7e-1f0a-8d43-9c55-7a1e2d3c4b5a",
    "credit_id": "7c1d2e3f-4a5b-8c6d-9e7f-8a9b0c1d2e3f",
    "notice_id": "9d1f0b7a-3c2e-8a4d-b5e6-7f8091a2b3c4",
    "finding_id": "c4b3a291-807f-8e6d-a5b4-c3d2e1f00a9b",
    "letter_id": "3b6a2f6e-0c1d-8e2f-9a4b-5c6d7e8f9a0b",
    "event_name": "NppPaymentStatus",
    "pause_id": pauses.EXAMPLE_ID,
    "rail": "npp",
    "date": "2026-07-03",
}
_AT = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
_BY = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
_REQUEST = "8d0a7c52-5a0e-4a53-8a51-3b7d1f0c9e11"
_DESTINATION = SealedDestination(
    CAPTURED["destination_id"], PayoutMethod.PAY_ID, "Email", "j***@e***.com", "J*** C***", b""
)
_CUSTOMER = Customer(
    CAPTURED["customer_id"], "Jo Citizen", "jo@example.com", _AT, _AT,
    destinations=(_DESTINATION,), defaults=((PayoutMethod.PAY_ID, _DESTINATION.destination_id),),
    available=Money(25_000),
)  # fmt: skip


_PARKED = ParkedLetter(
    f"NppReturn#7#{'0' * 32}",
    DeadLetter("NppReturn", "7", b"", _AT, "contradiction", 9,
               reference=f"{CAPTURED['transaction_id']}-1"),
    _AT,
)  # fmt: skip


class _Clock(NamedTuple):
    at: datetime

    def now(self) -> datetime:
        return self.at


class _Closed(NamedTuple):
    known: Board = Board()

    def board(self) -> Board:
        return self.known


class _Terms(NamedTuple):
    calendar: Calendar
    patience: Patience
    clock: _Clock
    breaker: _Closed = _Closed()


_TERMS = _Terms(WEEKENDS, Patience(), _Clock(_AT))


def of(shape: type[BaseModel]) -> list[dict[str, Any]]:
    """Examples of an answer, as JSON."""
    return [each.model_dump(by_alias=True, serialize_as_any=True) for each in _all()[shape]]


def shapes_shown() -> frozenset[type[BaseModel]]:
    """The answers that there are examples of."""
    return frozenset(_all())


def problem(status: int, operation: Operation) -> dict[str, Any]:
    """An example of the problem that an operation answers with this status."""
    error = _error(status, operation)
    made = problems.problem(error, request_id=_REQUEST, at=_AT)
    return made.model_dump(by_alias=True)


@cache
def _all() -> dict[type[BaseModel], list[BaseModel]]:
    taken, paid = _steps()
    payout, customer = _payout(taken[-1]), views.customer(_CUSTOMER)
    done = lives.with_timeline(
        paid[-1].after, _payout(paid[-1]), [_recorded(step) for step in paid]
    )
    given = Credit(KEY, _CUSTOMER.customer_id, Money(25_000), "Settlement of 3 July.", _AT, _BY)
    own = views.own_destination(_DESTINATION, _CUSTOMER)
    notice = attention.AttentionView(
        kind="notice", why="notice_parked", words=words.sentence("notice_parked"),
        since=rfc3339(_AT), payout=None,
        notice=views.parked(_PARKED), finding=None,
    )  # fmt: skip
    return {
        health.HealthView: [health.HealthView(status="ok")],
        health.DeepHealthView: [health.DeepHealthView(status="ok", checks={"store": "ok"})],
        shapes.Document: [shapes.Document({"openapi": "3.1.0"})],
        shapes.Received: [shapes.Received(status="received")],
        shapes.CustomerView: [customer],
        shapes.CustomerPage: [shapes.CustomerPage(data=[customer], next_cursor=None)],
        shapes.OwnDestinationView: [own],
        shapes.DestinationPage: [shapes.DestinationPage(data=[own], next_cursor=None)],
        shapes.PayoutView: [payout],
        shapes.PayoutPage: [shapes.PayoutPage(data=[payout], next_cursor=None)],
        lives.PayoutWithTimeline: [done],
        previews.PreviewView: [
            previews.PreviewView(
                allowed=True,
                status="Pending",
                waits_for=None,
                amount=payout.amount,
                rail=payout.rail,
                route=payout.route,
                expected_arrival=payout.expected_arrival,
                destination=payout.destination,
                assessment=payout.assessment,
                limits_left=[
                    previews.LimitLeftView(whose="customer", amount="4900.00", payouts=19)
                ],
                errors=[],
                stopped=None,
            )
        ],
        attention.AttentionPage: [attention.AttentionPage(data=[notice], next_cursor=None)],
        credit.CreditView: [credit.given(given)],
        credit.FundsView: [credit.funds(Funds(received=Money(100_000), unallocated=Money(75_000)))],
        **account_checks.examples(),
        **bank_files.examples(),
        **approvals.examples(_TERMS),
        **dead_letters.examples(),
        **stories.examples(),
        **erasure.examples(),
        **findings.examples(),
        **correspondence.examples(),
        **schedules.examples(),
        **settlements.examples(),
        **money.examples(),
        **funding.examples(),
        **pauses.examples(),
        **policies.examples(),
        **provider.examples(),
        **rails.examples(),
        **reconciliations.examples(),
        **reasons.examples(),
        **verification.examples(),
        shapes.SignInView: [shapes.SignInView(provider_sign_in="open")],
    }


def _steps() -> tuple[list[Step], list[Step]]:
    """A payout that the provider took, and the same one when it was paid."""
    intent = Intent(
        CAPTURED["transaction_id"], _CUSTOMER.customer_id, Money(10_000), Rail.NPP, _DESTINATION,
        _AT, _BY, reference="INV-1042", remitter_name="Example Pty Ltd",
        route=Route("NPP PayID: as usual, arrives within seconds", Money(11), sydney_date(_AT)),
    )  # fmt: skip
    steps = [begin(intent, by=_BY, request_id=_REQUEST)]
    for event in (
        Started(at=_AT, by=_BY, request_id=_REQUEST, claim_id=KEY),
        Accepted(
            at=_AT + timedelta(seconds=1), by="provider", attempt=1,
            monoova_transaction_id="100537784", fee=Money(11),
        ),
        Confirmed(at=_AT + timedelta(seconds=9), by="webhook", attempt=1),
    ):  # fmt: skip
        steps.append(advance(steps[-1].after, event))
    return steps[:-1], steps


def _payout(step: Step) -> shapes.PayoutView:
    return views.payout(step.after, _TERMS)


def _recorded(step: Step) -> Recorded:
    after = step.after
    return Recorded(
        after.version, step.event, str(after.status), step.postings, "", after.last_hash
    )


def _error(status: int, operation: Operation) -> Exception:
    place = "/amount" if operation.body is not None else "limit"
    missing = Fault(place, "missing", "is required")
    if operation.body is settlements.NewSettlement:
        missing = settlements.A_FAULT
    thing = CAPTURED_THINGS.get(operation.captured[-1] if operation.captured else "", "customer")
    errors: dict[int, PayoutError] = {
        400: InvalidRequest([missing]),
        401: NotAuthentic("The token is not the one that was agreed.")
        if operation.path.startswith("/webhooks")
        else SignInAgain(600)
        if operation.access.fresh
        else Unidentified("An ID token is needed in the Authorization header."),
        403: Forbidden("This needs one of the roles admin, operator."),
        404: NotFound(thing),
        409: NotPossible("Completed", "cancelled"),
        413: BodyTooLarge("A body has at most 2097152 bytes."),
        415: UnsupportedMediaType("The body must be sent with Content-Type: application/json."),
        422: InsufficientFunds(),
        429: TooFast(1_400, limit=300, window=30, reset=30),
        503: StoreUnavailable("The store does not answer."),
    }
    return errors.get(status, RuntimeError())


CAPTURED_THINGS = {
    "customer_id": "customer", "transaction_id": "payout", "destination_id": "destination",
    "notice_id": "notice", "credit_id": "credit", "finding_id": "finding",
    "letter_id": "dead letter", "settlement_id": "settlement",
    "schedule_id": "schedule", "pause_id": "pause", "file_id": "bank file",
    "date": "reconciliation", "rail": "rail",
}  # fmt: skip
