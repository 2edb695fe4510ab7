"""The rail is the attempt's: each goes, and is heard, by its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import Accepted, Confirmed, Started
from chalicelib.domain.night import sighting_of
from chalicelib.domain.patience import Patience
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.domain.making import NOW, begun, event, hear_all, in_status
from tests.domain.test_patience import CALENDAR

TURNED = ((2, Rail.DIRECT_ENTRY),)


def turned(*events):
    """A payout that goes by NPP first, and by Direct Entry as its second attempt."""
    return hear_all(replace(begun(), attempt=2, turns=TURNED), events)


def test_what_never_turned_goes_as_it_was_asked_for():
    for rail in Rail:
        payout = begun(rail)
        assert (payout.rail, payout.rail_of(1), payout.rail_of(7)) == (rail, rail, rail)


def test_each_attempt_has_its_own_rail():
    payout = replace(begun(), attempt=4, turns=((2, Rail.DIRECT_ENTRY), (4, Rail.NPP)))
    went = [payout.rail_of(number) for number in (1, 2, 3, 4, 5)]
    npp, direct = Rail.NPP, Rail.DIRECT_ENTRY
    assert went == [npp, direct, direct, npp, npp]
    assert payout.rail is npp


def test_a_turned_attempt_that_is_called_complete_is_only_sent():
    payout = turned(event(Started), event(Confirmed, attempt=2))
    assert payout.status is Status.PENDING
    assert sighting_of(payout).rail is Rail.DIRECT_ENTRY


def test_late_good_news_of_the_first_attempt_is_heard_by_its_own_rail():
    payout = turned(event(Confirmed, attempt=1))
    assert (payout.status, payout.attempt, payout.rail) == (Status.COMPLETED, 1, Rail.NPP)


def test_late_news_of_a_first_direct_credit_is_no_completion():
    back = replace(begun(Rail.DIRECT_ENTRY), attempt=2, turns=((2, Rail.NPP),))
    payout = hear_all(back, [event(Confirmed, attempt=1)])
    assert (payout.status, payout.rail) == (Status.PENDING, Rail.DIRECT_ENTRY)


@pytest.mark.parametrize("news", [Accepted, Confirmed])
def test_good_news_of_the_first_attempt_while_the_second_lives_is_a_contradiction(news):
    for alive in ([], [event(Accepted, attempt=2)]):
        with pytest.raises(Contradiction, match="dead"):
            advance(turned(event(Started), *alive), event(news, attempt=1))


def test_the_window_of_a_turned_payout_is_that_of_its_present_rail():
    patience = Patience()
    sent = turned(event(Started), event(Accepted, attempt=2))
    assert patience.due(sent, CALENDAR) == CALENDAR.window_closes(NOW, patience.window_days)
    soon = patience.due(in_status(Status.PENDING), CALENDAR)
    assert soon is not None
    assert soon < NOW + timedelta(hours=1)
    much_later = NOW + timedelta(days=3)
    assert patience.escalation(sent, much_later) == ""
    assert patience.escalation(in_status(Status.PENDING), much_later) == "open_too_long"
