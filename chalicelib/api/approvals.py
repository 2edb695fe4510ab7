"""The approvers' desk at the edge: what waits for a second person, and what they say to it.

One cursor leads through the payouts, then the credits, the oldest of each first; a policy that is
proposed comes before all of them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic import WithJsonSchema as Published

from chalicelib.api import assessments, views
from chalicelib.api.fields import Reason, refusal
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import (
    AmountText,
    ApprovalView,
    ArrivalView,
    AssessmentView,
    DeadlineView,
    DemandView,
    DestinationView,
    GivenView,
    Moment,
    PageView,
    RouteView,
    Shape,
)
from chalicelib.api.times import rfc3339
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.approval import seen_of
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.customer import Customer
from chalicelib.domain.desk import WaitingCredit, WaitingPayout
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.events import ApprovalAsked
from chalicelib.domain.expected import approve_within, expected_arrival
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.policy import DEFAULT
from chalicelib.domain.policy_change import Proposal
from chalicelib.domain.rails import Rail
from chalicelib.domain.standing import Standing

_DIGEST = r"^[0-9a-f]{64}$"
SEEN = "9f" * 32
Digest = Annotated[str, Field(pattern=_DIGEST)]


def _seen(value: object) -> str:
    if not isinstance(value, str) or len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise refusal("invalid_digest", "must be `seen` as it was read on the desk")
    return value


# What only a payout has.
_NO_PAYOUT: dict[str, Any] = dict.fromkeys((
    "rail", "route", "expected_arrival", "approve_within", "reference", "description", "redraft_of",
    "destination", "known", "assessment",
))  # fmt: skip


class Consent(Said):
    """What was seen, as the desk told it; a reason where something is overridden."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"seen": SEEN, "reason": "Two invoices of the same amount."}, {"seen": SEEN}
        )
    )
    seen: Annotated[
        str, PlainValidator(_seen), Published({"type": "string", "pattern": _DIGEST})
    ] = Field(description="The digest of what was seen: any change of that makes it void.")
    reason: Reason | None = Field(
        default=None,
        description="Needed for what looks like a repeat, risky, or shared with others.",
    )


class KnownView(Shape):
    """What is known of a destination. `theirs` is whether the customer still has it.

    `proven` where a payment has arrived there; `changed` where it was added after the registration.
    """

    since: Moment
    added_by: str | None
    changed: bool
    proven: bool
    verified: bool
    name_check: str
    shared_with: int
    theirs: bool


class DeskView(Shape):
    """Something that waits for a second person: what, why, since when, until when.

    `redraft_of` is the payout that came back, and that it is to replace.
    `seen` is the digest to send back to `approve_at`. `may_approve` says whether whoever asks may
    agree to it, `why_not` why not. `expected_arrival` is as if it were agreed to now, and until
    when that has to be for today's batches, `approve_within` says, where it matters.
    """

    kind: Literal["policy", "payout", "credit"]
    id: str
    customer_id: str | None
    customer_name: str | None
    amount: AmountText | None
    currency: str | None
    rail: str | None
    route: RouteView | None
    expected_arrival: ArrivalView | None
    approve_within: DeadlineView | None
    reference: str | None
    description: str | None
    redraft_of: str | None
    destination: DestinationView | None
    known: KnownView | None
    assessment: AssessmentView | None
    why: list[DemandView]
    approval: ApprovalView
    reason: str | None
    created_by: str
    created_at: Moment
    seen: Digest
    approve_at: str
    may_approve: bool
    why_not: DemandView | None


class DeskPage(PageView[DeskView]):
    """Some of what waits."""


def payout(it: WaitingPayout, terms: views.Terms) -> DeskView:
    """A payout that waits."""
    now, intent, at = it.payout, it.payout.intent, it.payout.lapses_at
    today = terms.clock.now()
    given = [each for each in now.approvals if each.seen == it.seen.digest]
    return DeskView(
        kind="payout", id=now.transaction_id, customer_id=intent.customer_id,
        customer_name=it.customer.name or None, amount=str(intent.amount), currency=CURRENCY,
        rail=now.rail.value, route=views.route(intent.route),
        expected_arrival=views.arrival(expected_arrival(now, today, terms.calendar)),
        approve_within=views.deadline(approve_within(now, today, terms.calendar)),
        reference=intent.reference or None,
        description=intent.description or None,
        redraft_of=next(iter(intent.redraft_of), None),
        destination=views.destination(intent.destination), known=_known(it),
        assessment=assessments.view(intent.assessment) if intent.assessment else None,
        why=[assessments.demand(code) for code in it.seen.why],
        approval=ApprovalView(
            needs=it.seen.needs, lapses_at=rfc3339(at) if at else None,
            given=[GivenView(by=each.by, at=rfc3339(each.at)) for each in given],
        ),
        reason=None, created_by=intent.created_by, created_at=rfc3339(intent.created_at),
        seen=it.seen.digest, approve_at=f"/approvals/{now.transaction_id}/approve",
        **_judged(it.why_not),
    )  # fmt: skip


def credit(it: WaitingCredit) -> DeskView:
    """A credit that waits."""
    asked = it.request.credit
    return DeskView(
        kind="credit", id=asked.credit_id, customer_id=asked.customer_id,
        customer_name=it.customer.name or None, amount=str(asked.amount), currency=CURRENCY,
        **_NO_PAYOUT, why=[assessments.demand("credit_amount")],
        approval=ApprovalView(needs=1, lapses_at=rfc3339(it.request.lapses_at), given=[]),
        reason=asked.reason or None, created_by=asked.created_by,
        created_at=rfc3339(asked.created_at), seen=it.seen,
        approve_at=f"/approvals/credits/{asked.credit_id}/approve", **_judged(it.why_not),
    )  # fmt: skip


def policy(it: Proposal, why_not: str) -> DeskView:
    """A policy that is proposed; what it would be, `GET /policies` shows."""
    said = it.proposed
    return DeskView(
        kind="policy", id=str(it.policy.version), customer_id=None, customer_name=None, amount=None,
        currency=None, **_NO_PAYOUT, why=[assessments.demand("policy_change")],
        approval=ApprovalView(needs=1, lapses_at=None, given=[]), reason=said.reason or None,
        created_by=said.by, created_at=rfc3339(said.at), seen=it.digest,
        approve_at="/policies/agree", **_judged(why_not),
    )  # fmt: skip


def _known(waits: WaitingPayout) -> KnownView:
    it = waits.customer.standing(waits.seen.destination_id)
    return KnownView(
        since=rfc3339(it.added_at), added_by=it.added_by or None, changed=it.changed,
        proven=waits.proven, verified=it.verified, name_check=it.name_check, shared_with=it.shared,
        theirs=waits.seen.theirs,
    )  # fmt: skip


def _judged(code: str) -> dict[str, Any]:
    why = assessments.demand(code) if code else None
    return {"may_approve": why is None, "why_not": why}


def examples(terms: views.Terms) -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at, maker = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC), "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    sealed = SealedDestination(
        "4be0643f-1d98-873b-97cd-ca98a65347dd", PayoutMethod.PAY_ID, "Email", "j***@e***.com",
        "J*** C***", b"",
    )  # fmt: skip
    who = Customer(
        "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77", "Jo Citizen", "jo@example.com", at, at,
        destinations=(sealed,),
        standings=(Standing(sealed.destination_id, at, maker, changed=True),),
    )  # fmt: skip
    why = ("amount", "changed_destination")
    thought = Assessment(3, 34, (("changed_destination", 100),), 2, why)
    intent = Intent(
        "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20", who.customer_id, Money(60_000), Rail.NPP, sealed,
        at, maker, reference="INV-1042", assessment=thought,
    )  # fmt: skip
    asked = ApprovalAsked(
        at=at, by=maker, needs=2, why=",".join(why), lapses_at=at + timedelta(hours=72)
    )
    waits = advance(begin(intent, by=maker).after, asked).after
    seen = seen_of(waits, who, replace(DEFAULT, version=3), proven=False)
    view = payout(WaitingPayout(waits, who, seen, proven=False, why_not=""), terms)
    return {DeskPage: [DeskPage(data=[view], next_cursor=None)]}
