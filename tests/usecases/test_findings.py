"""Working on findings: assigned, commented on, resolved once with a reason by whoever was first."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from chalicelib.domain.errors import Conflict, NotFound, Stale, StoreUnavailable
from chalicelib.domain.findings import Deed, Entry, Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.usecases.explain import explain_receipt
from chalicelib.usecases.findings import TRIES, assign, comment
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
    with pytest.raises(Conflict):
        world.resolve_finding(finding.finding_id, by="olive")
    assert stored(world, finding).resolved_by == "anna"


def test_what_is_resolved_while_somebody_comments_keeps_the_comment(world, finding):
    world.once("findings", "resolve", lambda: say(world, finding, "Wait.", by="olive"))
    ended = world.resolve_finding(finding.finding_id, by="anna")
    assert stored(world, finding) == ended
    assert [each.text for each in ended.comments] == ["Wait."]


def test_a_lost_reply_is_made_good_by_the_same_again(world, finding):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.resolve_finding(finding.finding_id)
    ended = stored(world, finding)
    world.clock.advance(60)
    assert world.resolve_finding(finding.finding_id) == ended


def give(world, finding, to="paul", by="anna"):
    return assign(
        finding.finding_id, to=to, by=by, findings=world.ports["findings"], clock=world.clock
    )


def say(world, finding, text="The bank looks.", by="anna"):
    return comment(
        finding.finding_id, text=text, by=by, findings=world.ports["findings"], clock=world.clock
    )


@pytest.mark.parametrize(
    "work", [give, say, lambda world, finding: world.resolve_finding(finding.finding_id)]
)
def test_what_is_not_there_cannot_be_worked_on(world, work):
    with pytest.raises(NotFound):
        work(world, Finding(Kind.RECEIPT_UNKNOWN, "nothing", world.clock.now()))
    assert world.store.state.findings == {}


def test_a_finding_is_handed_on_and_taken_away_and_remembers_it(world, finding):
    assert give(world, finding).assigned_to == "paul"
    world.clock.advance(60)
    given = give(world, finding, to="", by="olive")
    assert stored(world, finding) == given
    assert given.assigned_to == ""
    assert [(each.deed, each.by, each.text) for each in given.history] == [
        ("assigned", "anna", "paul"), ("assigned", "olive", ""),
    ]  # fmt: skip


def test_a_comment_is_kept_with_who_wrote_it_when(world, finding):
    world.clock.advance(60)
    told = say(world, finding)
    assert stored(world, finding) == told
    assert told.comments == (
        Entry(world.clock.now(), "anna", Deed.COMMENTED, "The bank looks."),
    )  # fmt: skip


@pytest.mark.parametrize("work", [give, say])
def test_the_same_work_again_writes_nothing(world, finding, work):
    done = work(world, finding)
    world.clock.advance(60)
    counted = world.meanwhile("findings")
    assert work(world, finding) == done
    assert "write" not in counted.calls
    assert stored(world, finding).version == 1


@pytest.mark.parametrize("work", [give, say])
def test_work_whose_reply_was_lost_is_not_done_twice(world, finding, work):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        work(world, finding)
    done = stored(world, finding)
    assert work(world, finding) == done
    assert stored(world, finding).version == 1


def test_of_two_who_work_at_once_none_is_lost(world, finding):
    world.once("findings", "write", lambda: give(world, finding))
    world.clock.advance(60)
    told = say(world, finding)
    assert told.assigned_to == "paul"
    assert [each.deed for each in told.history] == [Deed.ASSIGNED, Deed.COMMENTED]


def test_who_is_always_too_late_is_told_so(world, finding):
    numbers = count()

    def meanwhile(*_: object) -> None:
        say(plain, finding, f"no. {next(numbers)}", by="olive")

    plain = World()
    plain.ports["findings"] = world.store.findings
    world.meanwhile("findings", write=meanwhile)
    with pytest.raises(Stale):
        say(world, finding)
    assert next(numbers) == TRIES
    assert all(each.by == "olive" for each in stored(world, finding).history)


def test_an_explained_finding_is_resolved_although_somebody_comments_on_it(world, finding):
    world.once("findings", "resolve", lambda: say(world, finding))
    explain_receipt("N7", reason="matched", findings=world.ports["findings"], clock=world.clock)
    assert stored(world, finding).reason == "matched"
    assert stored(world, finding).comments


def test_neither_a_comment_nor_a_reason_is_ever_printed(world, finding):
    say(world, finding, "Jo Citizen called")
    ended = world.resolve_finding(finding.finding_id, reason="Jo Citizen paid")
    assert "Citizen" not in repr(ended)
    assert "Citizen" not in str(ended.history)
