"""The business's policy: read, proposed, agreed to by somebody else, and tried before that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import log, pages
from chalicelib.api import policies as shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door
from chalicelib.usecases.policies import agree, dismiss, propose, show
from chalicelib.usecases.try_policy import try_rules

if TYPE_CHECKING:
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


def as_it_is(_: Call[S], w: World) -> Reply:
    """The policy in force, and what is proposed."""
    return Reply(shapes.overview(show(policies=w.policies, default=w.default_policy)))


@door("GET /policies", Nothing, shapes.PolicyView)
def show_policy(call: Call[Nothing], w: World) -> Reply:
    """Show the policy in force, and what is proposed."""
    return as_it_is(call, w)


@door("GET /policies/history", Listing, shapes.PolicyChangePage)
def list_policy_changes(call: Call[Listing], w: World) -> Reply:
    """List what was ever proposed and how it ended, newest first."""
    some = pages.some(
        lambda place: w.policies.history(limit=call.said.limit, position=place), call.position
    )
    return call.page([shapes.change(each) for each in some.items], some.position)


@door("PUT /policies", shapes.NewPolicy, shapes.PolicyView, 202, key=Key.REQUIRED,
      again=as_it_is)  # fmt: skip
def propose_policy(call: Call[shapes.NewPolicy], w: World) -> Reply:
    """Propose a whole policy, for another admin to agree to."""
    made = propose(
        call.said.wanted(), reason=call.said.reason, by=call.by, request_id=call.request_id,
        default=w.default_policy, policies=w.policies, clock=w.clock,
    )  # fmt: skip
    return _done("policy_proposed", made.proposal.digest, call, w, replayed=made.replayed)


@door("POST /policies/agree", shapes.PolicyAgreement, shapes.PolicyView, key=Key.REQUIRED,
      again=as_it_is)  # fmt: skip
def agree_to_policy(call: Call[shapes.PolicyAgreement], w: World) -> Reply:
    """Put in force what somebody else has proposed, as it was read."""
    ended = agree(
        call.said.digest, by=call.by, request_id=call.request_id, policies=w.policies,
        clock=w.clock,
    )  # fmt: skip
    return _done("policy_agreed", call.said.digest, call, w, replayed=ended.replayed)


@door("POST /policies/dismiss", shapes.PolicyDismissal, shapes.PolicyView, key=Key.REQUIRED,
      again=as_it_is)  # fmt: skip
def dismiss_policy(call: Call[shapes.PolicyDismissal], w: World) -> Reply:
    """Take away what is proposed; nothing changes."""
    ended = dismiss(
        call.said.digest, reason=call.said.reason, by=call.by, request_id=call.request_id,
        policies=w.policies, clock=w.clock,
    )  # fmt: skip
    return _done("policy_dismissed", call.said.digest, call, w, replayed=ended.replayed)


@door("POST /policies/preview", shapes.NewTrial, shapes.TrialView)
def preview_policy(call: Call[shapes.NewTrial], w: World) -> Reply:
    """Try other rules of risk on the payouts of the last days; nothing changes."""
    tried = try_rules(
        call.said.rules(), days=call.said.days, payouts=w.payouts, clock=w.clock,
        time_left=call.time_left,
    )  # fmt: skip
    return Reply(shapes.trial(tried))


def _done(deed: str, digest: str, call: Call[S], w: World, *, replayed: bool) -> Reply:
    """How things are then, and a line of who did what: never what they wrote."""
    log.deed(deed, {"request_id": call.request_id, "digest": digest, "principal": call.by})
    return replace(as_it_is(call, w), replayed=replayed)
