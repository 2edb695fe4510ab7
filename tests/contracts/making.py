"""Made-up customers, intents and steps, as short as a test needs them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.customer import Customer
from chalicelib.domain.destination import PayIdType, PayoutMethod, SealedDestination
from chalicelib.domain.events import Accepted, Confirmed, Refused, Rejected, Started
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Credit, Receipt, credit, receive
from chalicelib.domain.intent import Drawn, Intent
from chalicelib.domain.money import Money
from chalicelib.domain.notices import Notice
from chalicelib.domain.rails import Rail
from chalicelib.ports import Question
from tests.fakes.clock import START

if TYPE_CHECKING:
    from datetime import date, datetime

    from chalicelib.domain.allowance import Draw
    from chalicelib.domain.events import Event
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step
    from tests.contracts.stores import Store

OPERATOR = "operator-1"
TODAY = sydney_date(START)


def dollars(text: str) -> Money:
    return Money.parse(text)


def sealed(destination_id: str = "destination-1") -> SealedDestination:
    return SealedDestination(
        destination_id=destination_id,
        method=PayoutMethod.PAY_ID,
        kind=PayIdType.EMAIL,
        masked="j***@e***.com",
        masked_name="J*** C***",
        ciphertext=hashlib.sha256(destination_id.encode()).digest() + b"\x00\xff",
    )


def a_customer(customer_id: str = "customer-1", *, created_at: datetime = START) -> Customer:
    return Customer(
        customer_id=customer_id,
        name="Jo Citizen",
        email="jo@example.com",
        created_at=created_at,
        updated_at=created_at,
        destinations=(sealed(), sealed("destination-2")),
        defaults=((PayoutMethod.PAY_ID, "destination-1"),),
    )


def an_intent(
    amount: str = "10.00",
    *,
    customer_id: str = "customer-1",
    transaction_id: str = "",
    at: datetime = START,
    rail: Rail = Rail.NPP,
) -> Intent:
    return Intent(
        transaction_id=transaction_id or str(uuid4()),
        customer_id=customer_id,
        amount=dollars(amount),
        rail=rail,
        destination=sealed(),
        created_at=at,
        created_by=OPERATOR,
        reference="INV 7",
        description="Refund é",
        remitter_name="",
        asked=(("customer_id", customer_id), ("amount", amount), ("rail", "")),
    )


def a_question(
    transaction_id: str = "any",
    *,
    customer_id: str = "customer-1",
    by: str = OPERATOR,
    day: date = TODAY,
    twin: str = "twin-1",
) -> Question:
    return Question(transaction_id, customer_id, by, day, twin)


def drawing(intent: Intent, *draws: Draw) -> Intent:
    """The intent of a payout that knows what it draws."""
    return replace(intent, drawn=tuple(Drawn(each.key, each.amount, each.count) for each in draws))


def begun(intent: Intent) -> Step:
    return begin(intent, by=OPERATOR, request_id="request-1")


def claim(payout: Payout, at: datetime | None = None) -> Step:
    when = at or payout.intent.created_at
    return advance(payout, Started(at=when, by="sender", claim_id=str(uuid4())))


def claimed(intent: Intent) -> tuple[Step, Step]:
    first = begun(intent)
    return first, claim(first.after)


def hear(store: Store, payout: Payout, *events: Event) -> Payout:
    """Advance and write, event by event."""
    for event in events:
        payout = store.payouts.write(advance(payout, event))
    return payout


def stop(store: Store, why: str = "asked by the bank") -> None:
    """Stop the customer's payouts, or let them go on: `""`."""
    customer = store.customers.get("customer-1")
    assert customer is not None
    store.customers.edit(replace(customer, stopped=why), version=customer.version)


def rich_customer(
    store: Store, balance: str = "100.00", customer_id: str = "customer-1"
) -> Customer:
    """Store a customer and give them a balance the way money really comes in."""
    store.customers.add(a_customer(customer_id, created_at=store.clock.now()))
    amount = dollars(balance)
    if amount:
        receipt = Receipt(str(uuid4()), amount, "NPP", store.clock.now())
        store.treasury.write(receive(store.treasury.funds(), receipt))
        given = a_credit(balance, customer_id=customer_id)
        store.treasury.write(credit(store.treasury.funds(), given))
    customer = store.customers.get(customer_id)
    assert customer is not None
    return customer


def a_credit(amount: str, *, customer_id: str = "customer-1", credit_id: str = "") -> Credit:
    return Credit(
        credit_id=credit_id or str(uuid4()),
        customer_id=customer_id,
        amount=dollars(amount),
        reason="Settlement of March",
        created_at=START,
        created_by="admin-1",
        request_id="request-2",
    )


def a_notice(key: str = "NppPaymentStatus#1#abc") -> Notice:
    return Notice(
        key=key,
        event_name="NppPaymentStatus",
        webhook_id="1",
        received_at=START,
        raw=b'{"Status": "Payment Successful"}' * 20,
        reference="x-1",
        outcome="heard",
    )


def a_finding(subject: str = "x-1", *, at: datetime = START, **told: Any) -> Finding:
    kind = Kind.UNKNOWN_PAYOUT
    return Finding(kind, subject, at, "Returned", dollars("7.00"), reference="x-1", **told)


def ended(
    finding: Finding, *, by: str = "anna", reason: str = "seen", at: datetime = START
) -> Finding:
    return replace(finding, resolved_at=at, resolved_by=by, reason=reason)


def accepted(at: datetime = START, attempt: int = 1, **more) -> Accepted:
    return Accepted(at=at, by="provider", attempt=attempt, **more)


def confirmed(at: datetime = START, attempt: int = 1, **more) -> Confirmed:
    return Confirmed(at=at, by="provider", attempt=attempt, **more)


def refused(at: datetime = START, attempt: int = 1) -> Refused:
    return Refused(at=at, by="provider", attempt=attempt, refusal="InvalidMAccount")


def rejected(at: datetime = START, attempt: int = 1) -> Rejected:
    return Rejected(at=at, by="provider", attempt=attempt, reason="closed")


def balance(store: Store, customer_id: str = "customer-1") -> Money:
    customer = store.customers.get(customer_id)
    assert customer is not None
    return customer.available
