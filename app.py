"""Every way in, and what each comes to: the map of the system.

A route names who may use it, what it takes and what it gives; the use case does the rest. What
holds for every route is `chalicelib/api/doors.py`'s, who is connected to whom `wiring.py`'s.
"""

from __future__ import annotations

import os

from chalice.app import Chalice, CognitoUserPoolAuthorizer, Rate

from chalicelib.api import docs, health, openapi, pages, schemas, shapes, views
from chalicelib.api.attention import waiting
from chalicelib.api.doors import Doors
from chalicelib.api.filters import Listing, PayoutListing
from chalicelib.api.identity import ADMINS, APPROVERS, MAKERS, PROPOSERS, PUBLIC, READERS
from chalicelib.api.operation import HTML, Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.api.triggers import TimeLeft, on_queue, on_schedule, unreadable
from chalicelib.api.webhooks import Delivery, webhook
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identifiers import derived_id
from chalicelib.ports import PayoutFilter
from chalicelib.usecases import customers, resolve
from chalicelib.usecases.cancel import cancel
from chalicelib.usecases.fund import give_credit
from chalicelib.usecases.hear import existing
from chalicelib.usecases.poll import poll as look_after
from chalicelib.usecases.receive import notice_key, receive
from chalicelib.usecases.reprocess import reprocess as hear_again
from chalicelib.usecases.request import Order, request
from chalicelib.wiring import World, wire

# Chalice writes AWS_EXECUTION_ENV, by which settings.py knows Lambda: into a copy, then.
app = Chalice(app_name="payouts", configure_logs=False, env=dict(os.environ))
# References, so that nothing is meant but what deploys with it.
USER_POOL = {"Fn::GetAtt": ["UserPool", "Arn"]}
DEAD_LETTERS = {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}
signed_in = CognitoUserPoolAuthorizer("people", [USER_POOL])  # type: ignore[list-item] # no text
door = Doors(app, signed_in, wire)


# For everybody.
@door("GET /health", PUBLIC, Nothing, shapes.HealthView)
def healthy(_: Call[Nothing], __: World) -> Reply:
    """Say that it answers; it asks nobody else."""
    return Reply(shapes.HealthView(status="ok"))


@door("GET /openapi.json", PUBLIC, Nothing, shapes.Document)
def show_document(_: Call[Nothing], __: World) -> Reply:
    """Show this document."""
    return Reply(openapi.text(door.map))


@door("GET /docs", PUBLIC, Nothing, None, media_type=HTML)
def show_docs(_: Call[Nothing], __: World) -> Reply:
    """Show this document as a page to read."""
    return Reply(docs.page(openapi.document(door.map)), headers=docs.HEADERS)


@webhook(door, "/webhooks/monoova", "/webhooks/monoova/{event_name}")
def monoova_webhook(delivery: Delivery, w: World) -> str:
    """Take a webhook of the provider's in."""
    return receive(
        delivery.raw, event_name=delivery.event_name, headers=delivery.headers,
        request_id=delivery.request_id, inbox=w.inbox, payouts=w.payouts, treasury=w.treasury,
        notices=w.notices, dead_letters=w.dead_letters, clock=w.clock,
    )  # fmt: skip


# For whoever may look.
@door("GET /health/deep", READERS, Nothing, shapes.DeepHealthView)
def healthy_throughout(call: Call[Nothing], w: World) -> Reply:
    """Say whether everything that it needs answers, too."""
    within = call.time_left()
    return Reply(health.checked(w.gate, w.vault, w.provider, w.dead_letters, within=within))


@door("GET /customers", READERS, Listing, shapes.CustomerPage)
def list_customers(call: Call[Listing], w: World) -> Reply:
    """List customers, newest first."""
    some = w.customers.page(limit=call.said.limit, position=call.position)
    return call.page([views.customer(each) for each in some.items], some.position)


@door("GET /customers/{customer_id}", READERS, Nothing, shapes.CustomerView)
def show_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Show a customer."""
    return Reply(views.customer(customers.existing(w.customers, customer_id)))


@door("GET /customers/{customer_id}/destinations", READERS, Nothing, shapes.DestinationPage)
def list_destinations(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """List a customer's destinations, masked."""
    customer = views.customer(customers.existing(w.customers, customer_id))
    return Reply(shapes.DestinationPage(data=customer.payout_destinations, next_cursor=None))


@door("GET /payouts", READERS, PayoutListing, shapes.PayoutPage)
def list_payouts(call: Call[PayoutListing], w: World) -> Reply:
    """List payouts by customer, status and date, newest first."""
    first, last = call.said.window(sydney_date(w.clock.now()))
    wanted = PayoutFilter(first, last, call.said.customer_id or "", call.said.statuses)
    some = pages.some(
        lambda place: w.payouts.page(wanted, limit=call.said.limit, position=place), call.position
    )
    return call.page([views.payout(each, w) for each in some.items], some.position)


@door("GET /payouts/{transaction_id}", READERS, Nothing, shapes.PayoutWithTimeline)
def show_payout(_: Call[Nothing], w: World, transaction_id: str) -> Reply:
    """Show a payout with every step of its life."""
    payout = views.payout(existing(w.payouts, transaction_id), w)
    return Reply(views.with_timeline(payout, w.payouts.steps(transaction_id)))


@door("GET /attention", READERS, Listing, shapes.AttentionPage)
def list_attention(call: Call[Listing], w: World) -> Reply:
    """List all that waits for a person, and why."""
    some = waiting(w.payouts, w.notices, w.gate, w, limit=call.said.limit, position=call.position)
    return call.page(some.items, some.position)


@door("GET /funds", READERS, Nothing, shapes.FundsView)
def show_funds(_: Call[Nothing], w: World) -> Reply:
    """Show what came in, and what of it is not yet any customer's."""
    return Reply(views.funds(w.treasury.funds()))


# For whoever prepares.
@door("POST /customers", MAKERS, schemas.NewCustomer, shapes.CustomerView, 201, key=Key.OPTIONAL)
def create_customer(call: Call[schemas.NewCustomer], w: World) -> Reply:
    """Register a customer."""
    customer_id = derived_id("customer", call.key)
    registered = customers.register(
        customers.Profile(call.said.customer_name, call.said.email, call.said.destinations()),
        customer_id=customer_id, customers=w.customers, vault=w.vault, clock=w.clock,
        destination_ids=lambda number: derived_id("destination", f"{customer_id}/{number}"),
    )  # fmt: skip
    return Reply(views.customer(registered.customer), replayed=registered.replayed)


@door("PATCH /customers/{customer_id}", MAKERS, schemas.CustomerChange, shapes.CustomerView)
def change_customer(call: Call[schemas.CustomerChange], w: World, customer_id: str) -> Reply:
    """Change a customer's name or e-mail."""
    changed = customers.change(
        customer_id, name=call.said.customer_name, email=call.said.email,
        customers=w.customers, clock=w.clock,
    )  # fmt: skip
    return Reply(views.customer(changed))


@door("POST /customers/{customer_id}/destinations", MAKERS, schemas.NewDestination,
      shapes.OwnDestinationView, 201, key=Key.OPTIONAL, refuses={422})  # fmt: skip
def add_destination(call: Call[schemas.NewDestination], w: World, customer_id: str) -> Reply:
    """Add a destination to a customer."""
    destination_id = derived_id("destination", f"{customer_id}/{call.key}")
    customer = customers.add_destination(
        customer_id, call.said.destination(), destination_id=destination_id,
        customers=w.customers, vault=w.vault, clock=w.clock,
    )  # fmt: skip
    return Reply(views.destination_of(customer, destination_id))


@door("DELETE /customers/{customer_id}/destinations/{destination_id}", MAKERS, Nothing,
      shapes.CustomerView)  # fmt: skip
def drop_destination(_: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Remove a destination; payouts that were asked for before keep theirs."""
    return Reply(views.customer(customers.remove_destination(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("PUT /customers/{customer_id}/destinations/{destination_id}/default", MAKERS, Nothing,
      shapes.CustomerView)  # fmt: skip
def make_default(_: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Pay this destination where a payout names its method only."""
    return Reply(views.customer(customers.make_default(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("POST /payouts", MAKERS, schemas.NewPayout, shapes.PayoutView, 202,
      key=Key.BY_SETTING, refuses={404, 422})  # fmt: skip
def create_payout(call: Call[schemas.NewPayout], w: World) -> Reply:
    """Pay a customer, once for each Idempotency-Key."""
    said = call.said
    order = Order(
        said.customer_id, said.amount, said.payout_method, said.destination_id or "", said.rail,
        said.reference or "", said.description or "",
    )  # fmt: skip
    placed = request(
        order, key=call.key, by=call.by, request_id=call.request_id, limits=w.limits,
        payouts=w.payouts, provider=w.provider, vault=w.vault, clock=w.clock,
        time_left=call.time_left,
    )  # fmt: skip
    return Reply(views.payout(placed.payout, w), replayed=placed.replayed)


@door("POST /payouts/{transaction_id}/cancel", MAKERS, schemas.Why, shapes.PayoutView)
def cancel_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Cancel a payout that was never sent."""
    return Reply(views.payout(cancel(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


# For two people.
@door("POST /payouts/{transaction_id}/resolution", PROPOSERS, schemas.Resolution, shapes.PayoutView)
def propose_resolution(call: Call[schemas.Resolution], w: World, transaction_id: str) -> Reply:
    """Propose, with evidence, how an unconfirmed payout ends."""
    return Reply(views.payout(resolve.propose(
        transaction_id, verdict=call.said.verdict, evidence=call.said.evidence, by=call.by,
        request_id=call.request_id, payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution/agree", APPROVERS, schemas.Agreement,
      shapes.PayoutView)  # fmt: skip
def agree_to_resolution(call: Call[schemas.Agreement], w: World, transaction_id: str) -> Reply:
    """Carry a proposal out, as somebody else than its author and the payout's."""
    return Reply(views.payout(resolve.agree(
        transaction_id, verdict=call.said.verdict, by=call.by, request_id=call.request_id,
        payouts=w.payouts, provider=w.provider, gate=w.gate, clock=w.clock, patience=w.patience,
        time_left=call.time_left,
    ), w))  # fmt: skip


@door(
    "POST /payouts/{transaction_id}/resolution/dismiss", APPROVERS, schemas.Why, shapes.PayoutView
)
def dismiss_resolution(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Take a proposal away."""
    return Reply(views.payout(resolve.dismiss(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


# For the admin.
@door("POST /customers/{customer_id}/credits", ADMINS, schemas.NewCredit, shapes.CreditView, 201,
      key=Key.REQUIRED, refuses={422})  # fmt: skip
def credit_customer(call: Call[schemas.NewCredit], w: World, customer_id: str) -> Reply:
    """Give a customer money out of the funds that are nobody's yet, once for each key."""
    given = give_credit(
        customer_id, call.said.amount, reason=call.said.reason, key=call.key, by=call.by,
        request_id=call.request_id, treasury=w.treasury, clock=w.clock,
    )  # fmt: skip
    return Reply(views.credit(given.credit), replayed=given.replayed)


@door("POST /customers/{customer_id}/resume", ADMINS, Nothing, shapes.CustomerView)
def resume_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Let a customer be paid again whose payouts were stopped."""
    resumed = customers.resume(customer_id, customers=w.customers, clock=w.clock)
    return Reply(views.customer(resumed))


@door("POST /provider/sign-in/open", ADMINS, Nothing, shapes.SignInView)
def open_sign_in(call: Call[Nothing], w: World) -> Reply:
    """Let calls to the provider go out again, once its key has been put right."""
    w.gate.open(by=call.by)
    return Reply(shapes.SignInView(provider_sign_in="open"))


# When nobody asks.
@on_queue(app, DEAD_LETTERS)
def reprocess(message: str) -> str:
    """Hear a dead letter again; what is none of ours waits for a person, not in the way."""
    w = wire()
    try:
        letter = w.letter_from(message)
    except Invalid:
        letter = unreadable(message, at=w.clock.now())
        w.notices.park(letter, key=notice_key(letter), at=letter.received_at)
        return "parked"
    return hear_again(
        letter, most=w.settings.max_redrives, inbox=w.inbox, payouts=w.payouts,
        treasury=w.treasury, notices=w.notices, dead_letters=w.dead_letters, clock=w.clock,
    )  # fmt: skip


@on_schedule(app, Rate(1, unit=Rate.MINUTES))
def poll(time_left: TimeLeft) -> dict[str, int]:
    """Look after every open payout that is due."""
    w = wire()
    return dict(look_after(
        payouts=w.payouts, provider=w.provider, vault=w.vault, gate=w.gate, clock=w.clock,
        calendar=w.calendar, patience=w.patience, time_left=time_left,
    ))  # fmt: skip


if os.environ.get("PAYOUTS_LOCAL"):
    from local.chalice_local import install

    install()
