"""Resolving findings: once, with a reason, by whoever was first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, NotFound, Stale, StoreUnavailable
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from tests.usecases.world import World


@pytest.fixture
def world():
    return World()


@pytest.fixture
def finding(world):
    found = Finding(Kind.RECEIPT_UNKNOWN, "N7", world.clock.now(), amount=Money(5))
    assert world.store.findings.open(found)
    return found


def stored(world, finding):
    return world.store.state.findings[finding.finding_id]


def test_a_finding_ends_with_who_when_and_why(world, finding):
    world.clock.advance(60)
    ended = world.resolve_finding(finding.finding_id, by="anna", reason="It was ours.")
    assert ended == replace(
        finding, resolved_at=world.clock.now(), resolved_by="anna", reason="It was ours."
    )
    assert stored(world, finding) == ended
    assert not ended.is_open


def test_the_same_again_changes_nothing(world, finding):
    ended = world.resolve_finding(finding.finding_id)
    world.clock.advance(60)
    assert world.resolve_finding(finding.finding_id) == ended
    assert stored(world, finding) == ended


@pytest.mark.parametrize("other", [{"by": "olive"}, {"reason": "Another."}])
def test_what_is_resolved_is_not_resolved_otherwise(world, finding, other):
    ended = world.resolve_finding(finding.finding_id)
    with pytest.raises(Conflict):
        world.resolve_finding(finding.finding_id, **other)
    assert stored(world, finding) == ended


def test_of_two_at_once_one_resolves_it(world, finding):
    world.once("findings", "resolve", lambda: world.resolve_finding(finding.finding_id, by="anna"))
    with pytest.raises(Stale):
        world.resolve_finding(finding.finding_id, by="olive")
    assert stored(world, finding).resolved_by == "anna"


def test_a_lost_reply_is_made_good_by_the_same_again(world, finding):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.resolve_finding(finding.finding_id)
    ended = stored(world, finding)
    world.clock.advance(60)
    assert world.resolve_finding(finding.finding_id) == ended


def test_what_is_not_there_cannot_be_resolved(world):
    with pytest.raises(NotFound):
        world.resolve_finding("nothing")
