"""Having the provider tell us every event: look, apply, and apply again."""

from contextlib import suppress
from typing import Any

import pytest

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.told_tokens import DynamoTokens
from chalicelib.domain.errors import Conflict, ProviderUnavailable, SignInRefused
from chalicelib.domain.subscriptions import EVENTS, Gap, Subscription, target
from chalicelib.usecases.subscribe import apply, look
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.store import MemoryStore
from tests.fakes.subscriptions import BASE, FakeSubscriptions


class Desk:
    """An operator who looks and applies."""

    def __init__(self):
        self.clock = FakeClock()
        self.provider = FakeSubscriptions(self.clock)
        self.gate = MemoryStore(self.clock).gate
        dynamo, tables = simulated_tables()
        session = Session(dynamo, sleep=self.clock.advance)  # type: ignore[arg-type]
        self.tokens: Any = DynamoTokens(session, tables.control)
        self.seconds_left = 24.0
        self.spent_by_call = 0.0

    def _time_left(self):
        return self.seconds_left - self.spent_by_call * sum(self.provider.calls.values())

    def _ports(self):
        return {
            "subscriptions": self.provider, "tokens": self.tokens, "gate": self.gate,
            "time_left": self._time_left,
        }  # fmt: skip

    def look(self, base=BASE):
        return look(base=base, **self._ports())

    def apply(self, *delete, base=BASE):
        return apply(base=base, delete=delete, clock=self.clock, **self._ports())

    def gaps(self):
        return {line.event: line.gaps for line in self.look() if line.gaps}


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def whole(desk):
    """All is as it should be."""
    desk.apply()
    desk.provider.calls.clear()
    return desk


def made(applied):
    return [(each.event, each.what) for each in applied.changes if not each.failure]


def failed(applied):
    return {each.event: each.failure for each in applied.changes if each.failure}


def test_where_there_is_nothing_every_event_is_subscribed(desk):
    assert set(desk.gaps().values()) == {(Gap.MISSING,)}
    applied = desk.apply()
    assert made(applied) == [(event, "created") for event in EVENTS]
    assert desk.gaps() == {}
    urls = {each.event: each.url for each in desk.provider.present.values()}
    assert urls == {event: target(BASE, event) for event in EVENTS}


def test_looking_changes_nothing(desk):
    desk.look()
    assert desk.provider.calls == {"list": 1}


def test_applying_again_changes_nothing(whole):
    assert whole.apply().changes == ()
    assert whole.provider.calls == {"list": 1}


def test_only_what_differs_is_changed(whole):
    there = whole.provider.present
    there["2"] = Subscription("2", EVENTS[1], "https://other.example.com/x", True, "by hand")
    there["3"] = Subscription("3", EVENTS[2], target(BASE, EVENTS[2]), False, "by hand")
    del there["4"]
    assert set(made(whole.apply())) == {
        (EVENTS[1], "updated"), (EVENTS[2], "updated"), (EVENTS[3], "created"),
    }  # fmt: skip
    assert whole.gaps() == {}


def test_a_new_token_is_told_to_every_subscription_once(whole):
    whole.provider.token = "token-2"
    assert set(whole.gaps().values()) == {(Gap.OTHER_TOKEN,)}
    assert len(made(whole.apply())) == 12
    assert set(whole.provider.tokens.values()) == {"token-2"}
    assert whole.apply().changes == ()


def test_a_change_that_fails_costs_only_itself_and_is_made_the_next_time(desk):
    desk.provider.fail["create"] = [ProviderUnavailable("HTTP 500")]
    desk.provider.refuse[EVENTS[5]] = "InvalidTargetUrl"
    applied = desk.apply()
    assert failed(applied) == {EVENTS[0]: "provider_unavailable", EVENTS[5]: "InvalidTargetUrl"}
    assert len(made(applied)) == 10
    desk.provider.refuse.clear()
    assert made(desk.apply()) == [(EVENTS[0], "created"), (EVENTS[5], "created")]
    assert desk.gaps() == {}


@pytest.mark.parametrize("how", ["refused", "unknown"])
def test_a_token_that_may_not_have_been_told_is_told_the_next_time(whole, how):
    whole.provider.token = "token-2"
    if how == "refused":
        whole.provider.refuse[EVENTS[0]] = "Exception"
    else:
        whole.provider.fail["update"] = [ProviderUnavailable("HTTP 502")]
    assert set(failed(whole.apply())) == {EVENTS[0]}
    assert whole.gaps() == {EVENTS[0]: (Gap.OTHER_TOKEN,)}
    whole.provider.refuse.clear()
    whole.apply()
    assert whole.gaps() == {}
    assert set(whole.provider.tokens.values()) == {"token-2"}


@pytest.mark.parametrize("cut", range(1, 30))
def test_whatever_call_it_stops_at_applying_again_goes_on(desk, cut):
    calls = desk.provider._called

    def called(name, within):
        calls(name, within)
        if sum(desk.provider.calls.values()) == cut:
            raise KeyboardInterrupt

    desk.provider._called = called
    with suppress(KeyboardInterrupt):
        desk.apply()
    desk.provider._called = calls
    desk.apply()
    assert desk.gaps() == {}
    assert len(desk.provider.present) == 12


def test_a_subscription_that_came_in_the_meantime_is_changed_instead(desk):
    create, first = desk.provider.create, EVENTS[0]

    def late(event, url, *, within):
        if event == first and not desk.provider.present:
            desk.provider.present["77"] = Subscription("77", first, "https://other.example.com",
                                                       False)  # fmt: skip
        return create(event, url, within=within)

    desk.provider.create = late
    assert made(desk.apply())[0] == (first, "updated")
    assert desk.gaps() == {}


def test_nothing_is_deleted_but_what_was_named(whole):
    there = whole.provider.present
    there["20"] = Subscription("20", EVENTS[0], "https://other.example.com/x", True)
    there["21"] = Subscription("21", "SomethingNew", "https://other.example.com/x", True)
    assert whole.apply().changes == ()
    assert made(whole.apply("20")) == [(EVENTS[0], "deleted")]
    assert set(there) - {str(number) for number in range(1, 13)} == {"21"}


def test_what_is_to_be_deleted_is_not_changed_first(whole):
    whole.provider.token = "token-2"
    assert ("NppReturn", "updated") not in made(whole.apply("2"))
    assert whole.gaps() == {"NppReturn": (Gap.MISSING,)}


def test_deleting_what_is_gone_changes_nothing(whole):
    assert whole.apply("20").changes == ()


def test_a_refused_sign_in_stops_all_that_would_follow(desk):
    desk.provider.fail["create"] = [SignInRefused("no")]
    applied = desk.apply()
    assert set(failed(applied).values()) == {"provider_sign_in_refused"}
    assert len(failed(applied)) == 12
    assert desk.provider.calls == {"list": 1, "create": 1}


def test_what_there_is_no_time_for_is_said_and_made_the_next_time(desk):
    desk.spent_by_call = 4.0
    applied = desk.apply()
    assert set(failed(applied).values()) == {"no_time"}
    assert 0 < len(made(applied)) < 12
    desk.spent_by_call = 0.0
    desk.apply()
    assert desk.gaps() == {}


def test_behind_a_closed_gate_nobody_is_asked(desk):
    desk.gate.close()
    for ask in (desk.look, desk.apply):
        with pytest.raises(SignInRefused):
            ask()
    assert desk.provider.calls == {}


def test_without_an_address_nothing_is_managed(desk):
    for ask in (desk.look, desk.apply):
        with pytest.raises(Conflict):
            ask(base="")
    assert desk.provider.calls == {}


def test_a_memory_that_is_lost_has_every_subscription_told_once_more(whole):
    dynamo, tables = simulated_tables()
    session: Any = Session(dynamo, sleep=whole.clock.advance)  # type: ignore[arg-type]
    whole.tokens = DynamoTokens(session, tables.control)
    assert set(whole.gaps().values()) == {(Gap.TOKEN_UNKNOWN,)}
    whole.apply()
    assert whole.gaps() == {}
