"""What people and nights do with a finding, and that it remembers all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.casework import (
    MOST_ASSIGNMENTS,
    MOST_COMMENTS,
    MOST_ENDS,
    MOST_WRITTEN,
    assigned,
    commented,
    reopened,
    resolved,
    whole_history,
)
from chalicelib.domain.errors import Conflict
from chalicelib.domain.findings import Deed, Entry, Finding, Kind
from chalicelib.domain.money import Money
from tests.fakes.clock import START

HOUR = timedelta(hours=1)
FOUND = Finding(
    Kind.AMOUNT_DIFFERS, "T1", START, amount=Money(5), ours="1.00", theirs="2.00", version=3
)


def ended(finding: Finding = FOUND, at=START + HOUR, reason: str = "Seen.") -> Finding:
    return resolved(finding, reason, by="anna", at=at)


def again(at=START + 2 * HOUR, **more) -> Finding:
    return replace(FOUND, found_at=at, version=0, **more)


def test_who_has_a_finding_is_told_once():
    given = assigned(FOUND, "paul", by="anna", at=START)
    assert given == replace(
        FOUND, assigned_to="paul", history=(Entry(START, "anna", Deed.ASSIGNED, "paul"),)
    )
    assert assigned(given, "paul", by="olive", at=START + HOUR) is given


def test_what_is_resolved_is_handed_to_nobody_but_a_repeat_is_no_failure():
    given = assigned(FOUND, "paul", by="anna", at=START)
    with pytest.raises(Conflict, match="resolved"):
        assigned(ended(given), "olive", by="anna", at=START)
    assert assigned(ended(given), "paul", by="anna", at=START) == ended(given)


def test_a_finding_is_handed_round_so_often_and_no_more():
    it = FOUND
    for number in range(MOST_ASSIGNMENTS):
        it = assigned(it, str(number), by="anna", at=START)
    with pytest.raises(Conflict, match="100 times"):
        assigned(it, "paul", by="anna", at=START)


def test_the_same_words_of_the_same_person_are_one_comment():
    told = commented(FOUND, "Asked.", by="anna", at=START)
    assert commented(told, "Asked.", by="anna", at=START + HOUR) is told
    assert len(commented(told, "Asked.", by="olive", at=START).comments) == 2
    assert len(commented(told, "Asked again.", by="anna", at=START).comments) == 2


def test_the_same_words_are_another_comment_once_it_was_opened_again():
    told = commented(FOUND, "Asked.", by="anna", at=START)
    open_again = reopened(ended(told), again())
    more = commented(open_again, "Asked.", by="anna", at=START + 3 * HOUR)
    assert [each.at for each in more.comments] == [START, START + 3 * HOUR]
    assert commented(more, "Asked.", by="anna", at=START + 4 * HOUR) is more


def test_what_is_resolved_may_be_commented_on():
    assert commented(ended(), "Late news.", by="olive", at=START + HOUR).comments


def test_comments_are_so_many_and_no_more():
    it = FOUND
    for number in range(MOST_COMMENTS):
        it = commented(it, str(number), by="anna", at=START)
    assert len(it.comments) == MOST_COMMENTS
    with pytest.raises(Conflict, match="100 comments"):
        commented(it, "One more.", by="anna", at=START)
    assert commented(it, "7", by="anna", at=START) is it


def test_comments_are_no_longer_in_all_than_a_row_has_room_for():
    """Counted in bytes: a letter may be four of them."""
    it = replace(FOUND, history=(Entry(START, "a", Deed.COMMENTED, "x" * (MOST_WRITTEN - 4)),))
    assert commented(it, "\U0001f600", by="anna", at=START).comments
    with pytest.raises(Conflict, match="so many words"):
        commented(it, "\U0001f600.", by="anna", at=START)


def test_a_finding_ends_once_and_the_same_end_again_is_no_failure():
    assert ended() == replace(
        FOUND, resolved_at=START + HOUR, resolved_by="anna", reason="Seen."
    )  # fmt: skip
    assert ended(ended(), at=START + 2 * HOUR) == ended()
    with pytest.raises(Conflict):
        ended(ended(), reason="Other.")
    with pytest.raises(Conflict):
        resolved(ended(), "Seen.", by="olive", at=START)


def test_what_a_night_finds_again_is_open_again_as_it_is_now_and_remembers_how_it_ended():
    before = replace(
        commented(assigned(FOUND, "paul", by="anna", at=START), "Hm.", by="paul", at=START),
        notice_id="n-1",
    )
    after = reopened(ended(before), again(theirs="3.00", detail="x"))
    assert after.is_open
    assert (after.theirs, after.detail, after.reason, after.resolved_by) == ("3.00", "x", "", "")
    assert (after.found_at, after.assigned_to, after.notice_id) == (START, "paul", "n-1")
    assert (after.reopened, after.version) == (1, 3)
    assert after.history == (
        *before.history,
        Entry(START + HOUR, "anna", Deed.RESOLVED, "Seen."),
        Entry(START + 2 * HOUR, "night", Deed.REOPENED),
    )


def test_what_is_open_is_not_opened_again():
    assert reopened(FOUND, again()) is FOUND


def test_what_was_seen_before_it_was_resolved_does_not_open_it_again():
    assert reopened(ended(), again(at=START + HOUR - timedelta(microseconds=1))) == ended()
    assert reopened(ended(), again(at=START + HOUR)).is_open


def test_of_many_ends_the_newest_are_remembered_and_all_are_counted():
    it = commented(FOUND, "First.", by="anna", at=START)
    for number in range(MOST_ENDS + 3):
        at = START + number * HOUR
        it = reopened(ended(it, at=at, reason=str(number)), again(at=at))
    ends = [each.text for each in it.history if each.deed is Deed.RESOLVED]
    assert ends == [str(number) for number in range(3, MOST_ENDS + 3)]
    assert sum(each.deed is Deed.REOPENED for each in it.history) == MOST_ENDS
    assert it.reopened == MOST_ENDS + 3
    assert it.comments[0].text == "First."


def test_its_history_ends_with_how_it_ended():
    assert whole_history(FOUND) == ()
    assert whole_history(ended()) == (Entry(START + HOUR, "anna", Deed.RESOLVED, "Seen."),)


def test_what_is_said_after_the_end_stands_after_it():
    late = commented(ended(), "Paid back.", by="paul", at=START + 2 * HOUR)
    end = Entry(START + HOUR, "anna", Deed.RESOLVED, "Seen.")
    said = Entry(START + 2 * HOUR, "paul", Deed.COMMENTED, "Paid back.")
    assert whole_history(late) == (end, said)
    open_again = reopened(late, again(at=START + 3 * HOUR))
    assert [each.deed for each in open_again.history] == [
        Deed.RESOLVED, Deed.COMMENTED, Deed.REOPENED,
    ]  # fmt: skip
    before = commented(FOUND, "Paid back.", by="paul", at=START)
    assert [each.deed for each in whole_history(ended(before))] == [Deed.COMMENTED, Deed.RESOLVED]
