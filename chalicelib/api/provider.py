"""What is asked and said of the provider's subscriptions: never a token, only whether it fits.

An address is shown without user, query and fragment: somebody else's may carry a secret there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.api.schemas import Said
from chalicelib.api.schemas import shown as offered
from chalicelib.api.shapes import Shape, SignInView
from chalicelib.domain.subscriptions import (
    EVENTS,
    Applied,
    Change,
    Gap,
    Line,
    Subscription,
    target,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.ports import Gate

SubscriptionId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]
TokenState = Literal["current", "other", "unknown"]


class Application(Said):
    """What to do beside putting right what differs: nothing, or deleting these subscriptions."""

    model_config = ConfigDict(json_schema_extra=offered({}, {"delete": ["12"]}))

    delete: Annotated[list[SubscriptionId], Field(default_factory=list, max_length=50)]


class SubscriptionView(Shape):
    """An event's subscription beside what is wanted. What there is none of is null."""

    event: str
    wanted_url: str | None
    subscription_id: str | None
    url: str | None
    on: bool | None
    token: TokenState | None = Field(
        description="Whether it was told the current token; unknown where it was not told here."
    )
    differences: list[str]


class SubscriptionsView(Shape):
    """All subscriptions; `whole` where applying would change nothing."""

    data: list[SubscriptionView]
    whole: bool


class ChangeView(Shape):
    """A change that was tried; `failure` is the code of why it was not made."""

    event: str
    subscription_id: str | None
    change: Literal["created", "updated", "deleted"]
    failure: str | None


class AppliedView(SubscriptionsView):
    """How the subscriptions stand after the changes."""

    changed: list[ChangeView]
    failed: list[ChangeView]


def sign_in(gate: Gate) -> SignInView:
    """Whether calls to the provider may go out."""
    return SignInView(provider_sign_in="closed" if gate.closed() else "open")


def subscriptions(lines: Sequence[Line]) -> SubscriptionsView:
    """The answer about all subscriptions."""
    return SubscriptionsView(data=[_line(line) for line in lines], whole=_is_whole(lines))


def applied(told: Applied) -> AppliedView:
    """The answer about what was changed."""
    return AppliedView(
        data=[_line(line) for line in told.lines],
        whole=_is_whole(told.lines),
        changed=[_change(each) for each in told.changes if not each.failure],
        failed=[_change(each) for each in told.changes if each.failure],
    )


def _is_whole(lines: Sequence[Line]) -> bool:
    return not any(line.is_curable for line in lines)


def _line(line: Line) -> SubscriptionView:
    there = line.subscription
    return SubscriptionView(
        event=line.event,
        wanted_url=line.wanted_url or None,
        subscription_id=there.subscription_id if there else None,
        url=shown(there.url) if there else None,
        on=there.on if there else None,
        token=_token(line),
        differences=[str(gap) for gap in line.gaps],
    )


def _token(line: Line) -> TokenState | None:
    if line.subscription is None or not line.wanted_url:
        return None
    if Gap.TOKEN_UNKNOWN in line.gaps:
        return "unknown"
    return "other" if Gap.OTHER_TOKEN in line.gaps else "current"


def _change(change: Change) -> ChangeView:
    return ChangeView.model_validate(
        {
            "event": change.event,
            "subscription_id": change.subscription_id or None,
            "change": change.what,
            "failure": change.failure or None,
        }
    )


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else f"{host}{parts.path}"


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """Answers from invented values: all is well but for one event that somebody else has."""
    base = "https://payouts.example.com"
    lines = [
        Line(event, target(base, event),
             Subscription(str(number), event, target(base, event), on=True), ())
        for number, event in enumerate(EVENTS, start=1)
    ]  # fmt: skip
    foreign = Subscription("5", EVENTS[4], "https://hooks.example.com/in?key=fake", on=False)
    gaps = (Gap.OTHER_URL, Gap.TOKEN_UNKNOWN, Gap.OFF)
    before = [*lines[:4], Line(EVENTS[4], target(base, EVENTS[4]), foreign, gaps), *lines[5:]]
    change = Change(EVENTS[4], "5", "updated")
    return {
        SubscriptionsView: [subscriptions(before)],
        AppliedView: [applied(Applied((change,), tuple(lines)))],
    }
