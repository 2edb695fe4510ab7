"""The approvers' desk: what waits for a second person, and what they say to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import approvals as shapes
from chalicelib.api import credit as credit_views
from chalicelib.api import schemas, views
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.shapes import PayoutView
from chalicelib.domain.approval import MAKER
from chalicelib.entrance import door
from chalicelib.usecases import credit
from chalicelib.usecases.approve import Word, approve, decline
from chalicelib.usecases.desk import NO_ADMIN, Person, credit_seen_by, payout_seen_by, person
from chalicelib.usecases.hear import existing
from chalicelib.usecases.policies import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.policy_change import Overview, Proposal
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)
Position = dict[str, str]
_PAYOUTS, _CREDITS = "payouts", "credits"


@door("GET /approvals", Listing, shapes.DeskPage)
def list_approvals(call: Call[Listing], w: World) -> Reply:
    """List what waits for a second person, with all that they need to decide."""
    who = person(call.by, frozenset(call.roles), desk=w.desk)
    policies = show(policies=w.policies, default=w.default_policy)
    items = _proposed(policies.proposal, who) if call.position is None else []
    (name, here), room = _place(call.position), call.said.limit
    if name == _PAYOUTS:
        some = w.payouts.awaiting_approval(limit=room, position=here)
        seen = (payout_seen_by(who, each, payouts=w.payouts, clock=w.clock) for each in some.items)
        items += [shapes.payout(each, w) for each in seen if each]
        if some.position is not None:
            return call.page(items, _position(_PAYOUTS, some.position))
        here, room = None, room - len(some.items)
    return _credits(call, w, who, policies, items, room, here)


def _payout(_: Call[S], w: World, transaction_id: str) -> Reply:
    return Reply(views.payout(existing(w.payouts, transaction_id), w))


def _credit(_: Call[S], w: World, credit_id: str) -> Reply:
    return Reply(credit_views.asked(credit.existing_request(w.desk, credit_id)))


@door("POST /approvals/{transaction_id}/approve", shapes.Consent, PayoutView, key=Key.REQUIRED,
      again=_payout)  # fmt: skip
def approve_payout(call: Call[shapes.Consent], w: World, transaction_id: str) -> Reply:
    """Agree to a payout as it was seen; the last one who has to sends it."""
    done = approve(
        transaction_id, _word(call, call.said.reason, call.said.seen), payouts=w.payouts,
        desk=w.desk, provider=w.provider, vault=w.vault, clock=w.clock, time_left=call.time_left,
    )  # fmt: skip
    return Reply(views.payout(done.payout, w), replayed=done.replayed)


@door("POST /approvals/{transaction_id}/decline", schemas.Why, PayoutView, key=Key.REQUIRED,
      again=_payout)  # fmt: skip
def decline_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Say no to a payout: its money goes back to the balance."""
    word = _word(call, call.said.reason)
    return Reply(views.payout(decline(transaction_id, word, payouts=w.payouts, clock=w.clock), w))


@door("POST /approvals/credits/{credit_id}/approve", shapes.Consent, credit_views.CreditView,
      key=Key.REQUIRED, again=_credit)  # fmt: skip
def approve_credit(call: Call[shapes.Consent], w: World, credit_id: str) -> Reply:
    """Agree to a credit as it was seen: it is given with that."""
    done = credit.agree(
        credit_id, _word(call, call.said.reason, call.said.seen),
        policy=show(policies=w.policies, default=w.default_policy).current, treasury=w.treasury,
        customers=w.customers, desk=w.desk, clock=w.clock,
    )  # fmt: skip
    return Reply(credit_views.asked(done.request), replayed=done.replayed)


@door("POST /approvals/credits/{credit_id}/decline", schemas.Why, credit_views.CreditView,
      key=Key.REQUIRED, again=_credit)  # fmt: skip
def decline_credit(call: Call[schemas.Why], w: World, credit_id: str) -> Reply:
    """Say no to a credit, or withdraw one's own."""
    word = _word(call, call.said.reason)
    done = credit.decline(credit_id, word, desk=w.desk, clock=w.clock)
    return Reply(credit_views.asked(done.request), replayed=done.replayed)


def _word(call: Call[S], reason: str | None, seen: str = "") -> Word:
    return Word(call.by, frozenset(call.roles), call.request_id, seen, reason or "")


def _proposed(proposal: Proposal | None, who: Person) -> list[shapes.DeskView]:
    """What is proposed of the policy: before all others, and beyond the limit."""
    if proposal is None:
        return []
    own = MAKER if proposal.proposed.by == who.by else ""
    return [shapes.policy(proposal, own or ("" if "admin" in who.roles else NO_ADMIN))]


def _credits(
    call: Call[Listing],
    w: World,
    who: Person,
    policies: Overview,
    items: list[shapes.DeskView],
    room: int,
    here: Position | None,
) -> Reply:
    """What is left of the page: credits."""
    if room < 1:
        return call.page(items, _position(_CREDITS, {}))
    some = w.desk.credits(limit=room, position=here)
    seen = (
        credit_seen_by(who, each, policies.current, customers=w.customers, clock=w.clock)
        for each in some.items
    )
    items += [shapes.credit(each) for each in seen if each]
    rest = None if some.position is None else _position(_CREDITS, some.position)
    return call.page(items, rest)


def _position(name: str, place: Mapping[str, str]) -> Position:
    """A place in one of the two lists as a position in both; the stores name their own keys."""
    return {"list": name, **{f"at {key}": value for key, value in place.items()}}


def _place(position: Mapping[str, str] | None) -> tuple[str, Position | None]:
    """The other way round; without a place, a list begins."""
    if position is None:
        return _PAYOUTS, None
    place = {key[3:]: value for key, value in position.items() if key != "list"}
    return position["list"], place or None
