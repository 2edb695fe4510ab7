"""Which payouts leave a rail that is down, and for which one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.breaker import OF_RAIL, PROVIDER, REST, Board, Circuit
from chalicelib.domain.detour import around, left_for_others, next_rail, route_of
from chalicelib.domain.errors import NotPossible
from chalicelib.domain.events import (
    Confirmed,
    Delayed,
    Escalated,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Rerouted,
    Started,
)
from chalicelib.domain.order import candidates
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Route, choose
from tests.domain.making import FEE, NOW, begun, event, hear_all
from tests.domain.test_ways import ACCOUNT, MONDAY, NOON, PAYID, order

NPP, DIRECT = Rail.NPP, Rail.DIRECT_ENTRY
SOON, THEN = timedelta(seconds=1), timedelta(seconds=90)


def down(*names, at=NOW):
    circuits = {name: Circuit(name).opened("breaker", "told", at) for name in names}
    return Board(circuits)


NPP_DOWN, DIRECT_DOWN = down(OF_RAIL[NPP]), down(OF_RAIL[DIRECT])
ALL_DOWN = down(PROVIDER)
WAITS = event(Delayed, reason=Hindrance.RAIL_DOWN)


def waiting(*events, rail=NPP, fallbacks=(DIRECT,), **changed):
    return hear_all(begun(rail, fallbacks=fallbacks, **changed), [*events, WAITS])


def test_what_waits_for_a_rail_that_is_down_goes_by_the_next():
    assert next_rail(waiting(), NPP_DOWN, NOW + SOON, ()) is DIRECT
    assert next_rail(waiting(rail=DIRECT, fallbacks=(NPP,)), DIRECT_DOWN, NOW + SOON, ()) is NPP


@pytest.mark.parametrize("board", [Board(), DIRECT_DOWN, ALL_DOWN,
                                   down(OF_RAIL[NPP], OF_RAIL[DIRECT])])  # fmt: skip
def test_it_stays_where_its_rail_is_not_down_or_the_other_one_is_too(board):
    assert next_rail(waiting(), board, NOW + SOON, ()) is None


def test_while_its_rail_is_tried_again_it_stays_to_be_tried():
    assert next_rail(waiting(), NPP_DOWN, NOW + REST + SOON, ()) is None


@pytest.mark.parametrize("payout", [
    waiting(fallbacks=()),
    waiting(asked=(("urgency", "urgent"),)),
    waiting(asked=(("strategy", "fastest"),)),
    waiting(event(Escalated)),
    replace(waiting(), sends=1),
    begun(fallbacks=(DIRECT,)),
    hear_all(begun(fallbacks=(DIRECT,)), [event(Delayed, reason=Hindrance.SIGN_IN_REFUSED)]),
], ids=["named", "urgent", "fastest", "before a person", "sent", "not waiting",
        "waiting for the sign-in"])  # fmt: skip
def test_nothing_else_is_moved(payout):
    assert next_rail(payout, NPP_DOWN, NOW + SOON, ()) is None


def test_a_rail_is_left_only_for_one_that_is_there():
    assert left_for_others(NPP_DOWN, NOW + SOON, ()) == {NPP}
    assert left_for_others(DIRECT_DOWN, NOW + SOON, ()) == {DIRECT}
    for board in (Board(), ALL_DOWN, down(OF_RAIL[NPP], OF_RAIL[DIRECT])):
        assert left_for_others(board, NOW + SOON, ()) == frozenset()
    assert left_for_others(NPP_DOWN, NOW + THEN, ()) == frozenset()


def test_it_keeps_its_attempt_and_waits_for_nothing_more():
    after = advance(waiting(), event(Rerouted)).after
    assert (after.status, after.attempt, after.rail) == (Status.QUEUED, 1, DIRECT)
    assert (after.hindrance, after.delays, after.turns) == ("", 0, ((1, DIRECT),))
    assert hear_all(after, [event(Started), event(Confirmed)]).status is Status.PENDING


def test_what_turned_away_before_is_heard_by_its_own_rail_after_a_detour_of_the_next():
    both = replace(waiting(), attempt=2)
    after = advance(both, event(Rerouted)).after
    assert [after.rail_of(each) for each in (1, 2)] == [NPP, DIRECT]


def test_under_a_reference_that_may_have_left_it_goes_by_no_other_rail():
    with pytest.raises(NotPossible):
        advance(replace(waiting(), sends=1), event(Rerouted))


def test_it_is_rerouted_to_no_rail_that_it_may_not_go_by():
    for payout in (waiting(fallbacks=()), advance(waiting(), event(Rerouted)).after):
        with pytest.raises(NotPossible):
            advance(payout, event(Rerouted))


def test_never_sent_or_short_of_funds_on_a_detour_it_stays_there():
    sending = hear_all(waiting(), [event(Rerouted), event(Started)])
    assert advance(sending, event(NeverSent)).after.rail is DIRECT
    short = advance(sending, event(OutOfFunds)).after
    assert (short.attempt, short.rail) == (2, DIRECT)
    refused = advance(sending, event(Refused)).after
    assert refused.status is Status.FAILED


def test_a_payout_that_turned_says_so_where_it_says_why():
    route = Route("NPP bank account: as usual, arrives within seconds", FEE, NOW.date())
    straight = waiting(route=route)
    assert route_of(straight) == route
    turned = route_of(advance(straight, event(Rerouted)).after)
    assert turned == replace(route, reason="Direct Entry: it could not go by NPP bank account")
    assert route_of(advance(waiting(), event(Rerouted)).after) is None


def chosen(board, to=ACCOUNT, paused=(), **asked):
    wanted = order(method=to.method, **asked)
    ways = candidates(wanted, to, NOON)
    return around(choose(wanted.wish(None), ways), ways, board, MONDAY + SOON, paused)


def test_a_rail_that_is_paused_is_no_way_around():
    assert next_rail(waiting(), NPP_DOWN, NOW + SOON, {DIRECT}) is None
    assert next_rail(waiting(), NPP_DOWN, NOW + SOON, {NPP}) is DIRECT
    assert left_for_others(NPP_DOWN, NOW + SOON, {DIRECT}) == frozenset()
    board = down(OF_RAIL[NPP], at=MONDAY)
    assert chosen(board, paused={DIRECT}).rail is NPP
    assert chosen(board, paused={NPP}).rail is DIRECT


def test_a_new_payout_takes_the_next_rail_at_once_and_says_why():
    since = datetime(2026, 4, 27, 1, 59, 30, tzinfo=UTC)
    choice = chosen(down(OF_RAIL[NPP], at=MONDAY))
    assert (choice.rail, choice.others) == (DIRECT, (NPP,))
    assert choice.route.reason == "Direct Entry: NPP is down since 12:00, arrives Tue 28 Apr"
    by_hand = Circuit(OF_RAIL[NPP]).opened_by_hand("ada", "told", since)
    assert "since 11:59" in chosen(Board({by_hand.name: by_hand})).route.reason


@pytest.mark.parametrize(("board", "asked"), [
    (Board(), {}), (down(OF_RAIL[DIRECT], at=MONDAY), {}), (down(PROVIDER, at=MONDAY), {}),
    (down(OF_RAIL[NPP], at=MONDAY - THEN), {}),
    (down(OF_RAIL[NPP], at=MONDAY), {"rail": NPP}),
    (down(OF_RAIL[NPP], at=MONDAY), {"reference": "INV-1042"}),
    (down(OF_RAIL[NPP], at=MONDAY), {"to": PAYID}),
], ids=["all well", "another is down", "nobody is there", "being tried", "named", "a reference",
        "PayID"])  # fmt: skip
def test_else_it_goes_as_it_would(board, asked):
    assert chosen(board, **asked) == chosen(Board(), **asked)
    assert chosen(board, **asked).rail is NPP
