"""Events become plain values and come back the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.events import (
    ALL,
    Event,
    News,
)
from chalicelib.domain.facts import event_from, facts
from chalicelib.domain.money import Money
from tests.domain.making import AMOUNT, NOW, event, field_names

moments = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone itself)
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 (the same)
    timezones=st.just(UTC),
)
money = st.integers(-(10**14), 10**14).map(Money)


def _values(hint: Any) -> st.SearchStrategy:
    if hint is datetime:
        return moments
    if hint is Money:
        return money
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    if get_args(hint):
        return st.one_of(*map(_values, get_args(hint)))
    return {
        str: st.text(max_size=8), int: st.integers(1, 999), bool: st.booleans(),
        type(None): st.none(),
    }[hint]  # fmt: skip


def _events(kind: type[Event]) -> st.SearchStrategy[Event]:
    return st.builds(kind, **{name: _values(hint) for name, hint in get_type_hints(kind).items()})


any_event = st.sampled_from(ALL).flatmap(_events)


def _all_kinds(kind: type[Event] = Event) -> set[type[Event]]:
    return {kind}.union(*map(_all_kinds, kind.__subclasses__()))


def test_every_kind_of_event_is_known_to_the_store():
    # Dataclasses with slots leave the class that they were made from behind: compare names.
    names = {kind.__name__ for kind in _all_kinds()} - {"Event", "News"}
    assert names == {kind.__name__ for kind in ALL}
    assert len(ALL) == len(names)


@given(any_event)
def test_an_event_told_as_plain_values_is_the_same_event(told):
    again = event_from(facts(told))
    assert again == told
    for name in field_names(type(told)):
        # A text that is equal to a doubt is not one.
        assert type(getattr(again, name)) is type(getattr(told, name))


@given(any_event)
def test_facts_survive_json(told):
    assert event_from(json.loads(json.dumps(facts(told)))) == told


@given(any_event)
def test_facts_tell_every_field_and_no_float(told):
    plain = facts(told)
    # The file of what went in none is not told: what is stored without it has to prove itself.
    unsaid = {"file_id"} if isinstance(told, News) and not told.file_id else set()
    assert plain.keys() == {"event", *field_names(type(told))} - unsaid
    assert plain["event"] == type(told).__name__
    assert {type(value) for value in plain.values()} <= {str, int, bool, type(None)}


@given(any_event, any_event)
def test_different_events_tell_different_facts(one, other):
    assert (facts(one) == facts(other)) is (one == other)


@pytest.mark.parametrize("kind", ALL)
def test_a_field_that_a_later_version_added_is_left_out(kind):
    told = event(kind)
    assert event_from({**facts(told), "added_later": "x"}) == told


@pytest.mark.parametrize("kind", [kind for kind in ALL if "amount" in field_names(kind)])
def test_an_amount_that_was_not_told_stays_untold(kind):
    untold, told = facts(event(kind)), facts(event(kind, amount=AMOUNT))
    assert event_from(untold) == event(kind, amount=None)
    assert event_from(told) == event(kind, amount=AMOUNT)


def test_an_event_of_no_name_of_ours_is_refused():
    with pytest.raises(KeyError):
        event_from({"event": "Vanished", "at": NOW.isoformat(), "by": "x"})


def test_a_time_told_in_another_zone_is_the_same_moment():
    sydney = NOW.astimezone(timezone(timedelta(hours=11)))
    told = facts(event(ALL[0]))
    assert event_from({**told, "at": sydney.isoformat()}).at == NOW


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, News)])
def test_news_names_its_attempt(kind):
    without = facts(event(kind))
    del without["attempt"]
    with pytest.raises(TypeError):
        event_from(without)
