"""All that waits for a person, as one list: a closed sign-in, payouts, webhooks that were parked.

One cursor leads through the payouts first, then through the webhooks, the oldest of each first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib.api import views, words
from chalicelib.api.shapes import AttentionView
from chalicelib.api.times import rfc3339
from chalicelib.domain.patience import attention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Gate, Notices, Parked, Payouts

Position = dict[str, str]
_PAYOUTS, _NOTICES = "payouts", "notices"


class Waiting(NamedTuple):
    """Some of what waits, and where it goes on."""

    items: list[AttentionView]
    position: Position | None


def waiting(
    payouts: Payouts,
    notices: Notices,
    gate: Gate,
    terms: views.Terms,
    *,
    limit: int,
    position: Mapping[str, str] | None,
) -> Waiting:
    """A page of all that waits; the sign-in is told on the first one, beyond the limit."""
    items = [_sign_in()] if position is None and gate.closed() else []
    name, here, room = *_place(position), limit
    if name == _PAYOUTS:
        some = payouts.needing_attention(limit=limit, position=here)
        items += [_payout(each, terms) for each in some.items if attention(each)]
        if some.position is not None:
            return Waiting(items, _position(_PAYOUTS, some.position))
        here, room = None, limit - len(some.items)
        if room < 1:
            return Waiting(items, _position(_NOTICES, {}))
    parked = notices.parked(limit=room, position=here)
    items += [_notice(each) for each in parked.items]
    rest = None if parked.position is None else _position(_NOTICES, parked.position)
    return Waiting(items, rest)


def _position(name: str, place: Mapping[str, str]) -> Position:
    """A place in one of the two lists as a position in both; the stores name their own keys."""
    return {"list": name, **{f"at {key}": value for key, value in place.items()}}


def _place(position: Mapping[str, str] | None) -> tuple[str, Position | None]:
    """The other way round; without a place, a list begins."""
    if position is None:
        return _PAYOUTS, None
    place = {key[3:]: value for key, value in position.items() if key != "list"}
    return position["list"], place or None


def _sign_in() -> AttentionView:
    why = "sign_in_refused"
    return AttentionView(
        kind="sign_in", why=why, words=words.sentence(why), since=None, payout=None, notice=None
    )


def _payout(payout: Payout, terms: views.Terms) -> AttentionView:
    why = attention(payout)
    return AttentionView(
        kind="payout", why=why, words=words.sentence(why), since=rfc3339(payout.intent.created_at),
        payout=views.payout(payout, terms), notice=None,
    )  # fmt: skip


def _notice(parked: Parked) -> AttentionView:
    why = "notice_parked"
    return AttentionView(
        kind="notice", why=why, words=words.sentence(why), since=rfc3339(parked.parked_at),
        payout=None, notice=views.parked(parked),
    )  # fmt: skip
