"""What the archive holds of payouts: who is ripe, lines that come back as they were, small rows."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.archive import (
    archived,
    is_ripe,
    last_ripe_day,
    manifest,
    manifest_of,
    name_of,
    read,
    refuse_gaps,
    shrunk,
    written,
)
from chalicelib.domain.asked import differing, digested
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import (
    ALL,
    Accepted,
    Confirmed,
    Escalated,
    Event,
    Requested,
    Returned,
    Started,
    StartedAgain,
)
from chalicelib.domain.intent import Drawn
from chalicelib.domain.payout import LIFECYCLE, OPEN, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.recorded import Recorded
from chalicelib.domain.soundness import refuse_more
from tests.domain.making import FEE, ID, NOW, OTHER, event, in_status, intent

TODAY = date(2026, 3, 2)
ASKED = (("customer_id", "customer-1"), ("amount", "100.00"), ("reference", "For Jo Citizen"))
TOLD = {
    "reference": "For Jo Citizen", "description": "Jo's rent", "remitter_name": "Example Pty Ltd",
    "asked": ASKED,
}  # fmt: skip
LIFE = [event(Started), event(Accepted, fee=FEE), event(Confirmed)]


def lived(*events, **changed):
    """A payout and its steps."""
    steps = [begin(intent(**{"transaction_id": ID, **TOLD, **changed}), by="olive")]
    for each in events or LIFE:
        steps.append(advance(steps[-1].after, each))
    return steps[-1].after, [recorded(each) for each in steps]


def recorded(step):
    before = step.before.last_hash if step.before else ""
    return Recorded(
        step.after.version, step.event, str(step.after.status), step.postings, before,
        step.after.last_hash,
    )  # fmt: skip


def object_of(*lives, day=TODAY):
    lines = [archived(*life) for life in lives]
    content = written(lines)
    return name_of(day, content), content, lines


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN - {Status.DISPUTED}))
def test_a_payout_that_has_ended_is_ripe_once_it_has_rested(status):
    payout = in_status(status)
    on = payout.updated_at.astimezone(UTC).date()  # noon in Sydney is the same date
    assert is_ripe(payout, on)
    assert not is_ripe(payout, on - timedelta(days=1))


@pytest.mark.parametrize("status", sorted(OPEN | {Status.DISPUTED}))
def test_what_is_open_or_disputed_is_never_ripe(status):
    assert not is_ripe(in_status(status), date.max)


def test_what_waits_for_a_person_is_never_ripe():
    payout, _ = lived()
    assert is_ripe(payout, date.max)
    alarmed = advance(payout, event(Escalated, why="look at it")).after
    assert not is_ripe(alarmed, date.max)


def test_what_was_thought_of_a_payout_is_archived_with_it_and_stays_with_the_small_one():
    thought = Assessment(3, 60, (("velocity", 100),), 1, ("risk",), repeats=ID)
    drawn = (Drawn("day#operator#olive#2026-03-02", OTHER, 1),)
    payout, steps = lived(assessment=thought, drawn=drawn)
    name, content, (line,) = object_of((payout, steps))
    assert line.state["assessment"] == thought.plain
    assert read(name, content) == [line]
    small = shrunk(payout, name)
    assert (small.intent.assessment, small.intent.drawn) == (thought, drawn)
    assert small.intent.digest == payout.intent.digest
    assert "assessment" not in archived(*lived()).state


def test_by_which_rail_each_attempt_went_is_archived_where_it_turned():
    payout, steps = lived()
    assert "turns" not in archived(payout, steps).state
    turned = replace(payout, turns=((2, Rail.DIRECT_ENTRY),))
    name, content, (line,) = object_of((turned, steps))
    assert line.state["turns"] == [[2, "DirectEntry"]]
    assert read(name, content) == [line]


def test_in_which_file_an_attempt_went_is_archived():
    payout, steps = lived()
    assert "filed" not in archived(payout, steps).state
    _, _, (line,) = object_of((replace(payout, filed=((2, "file-1"),)), steps))
    assert line.state["filed"] == [[2, "file-1"]]


def test_a_day_of_rest_ends_with_the_sydney_day():
    late = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # midnight in Sydney, of the third
    assert last_ripe_day(late, 90) == date(2026, 3, 3) - timedelta(days=90)
    assert last_ripe_day(late - timedelta(microseconds=1), 90) == date(2025, 12, 2)
    payout = replace(lived()[0], updated_at=late)
    assert not is_ripe(payout, date(2026, 3, 2))
    assert is_ripe(payout, date(2026, 3, 3))


def test_what_is_archived_is_ripe_again_only_with_another_step():
    payout, _ = lived()
    small = shrunk(payout, "an-object")
    assert not is_ripe(small, date.max)
    assert is_ripe(advance(small, event(Returned)).after, date.max)


def test_lines_come_back_as_they_were_with_every_kind_of_event():
    payout, steps = lived()
    for kind in ALL:
        another = replace(steps[0], sequence=len(steps) + 1, event=event(kind))
        steps.append(replace(another, previous_hash=steps[-1].hash))
    name, content, lines = object_of((payout, steps))
    assert read(name, content) == lines
    assert lines[0].steps == tuple(steps)
    assert lines[0].steps[0].postings


def test_one_payouts_line_is_found_among_others_even_where_they_speak_of_it():
    second = "f" + ID[1:]
    speaking = lived(transaction_id=second, created_by=f"whoever made {ID}")
    name, content, lines = object_of(lived(), speaking)
    assert read(name, content, of=ID) == lines[:1]
    assert read(name, content, of=second) == lines[1:]
    assert read(name, content, of=ID[::-1]) == []


def test_the_same_lines_are_the_same_bytes_and_other_lines_are_another_object():
    name, content, lines = object_of(lived())
    assert written(lines) == content
    other = object_of(lived(), lived(transaction_id=ID[::-1]))
    assert other[0] != name
    assert name == f"payouts/2026-03-02/{hashlib.sha256(content).hexdigest()}.jsonl.gz"


def test_no_object_is_read_that_is_not_what_its_name_says():
    name, content, _ = object_of(lived())
    other = gzip.compress(gzip.decompress(content).replace(b"olive", b"mallo"), mtime=0)
    for found in (None, b"", other, content[:-1]):
        with pytest.raises(Corrupt):
            read(name, found)


def test_nothing_that_a_person_is_known_by_goes_into_the_archive():
    payout, steps = lived()
    _, content, _ = object_of((payout, steps))
    text = gzip.decompress(content).decode()
    for secret in ("Jo", "Example Pty", "sealed"):
        assert secret not in text
    line = json.loads(text, parse_float=Decimal)
    assert line["state"]["masked"] == payout.intent.destination.masked
    assert line["state"]["amount"] == payout.intent.amount.cents
    digest = hashlib.sha256(payout.intent.destination.ciphertext).hexdigest()
    assert line["state"]["ciphertext_digest"] == digest
    assert line["state"]["intent_digest"] == payout.intent.digest
    assert line["state"]["fee"] == FEE.cents
    assert line["state"]["came_back"] is None


def test_a_payout_that_was_never_sent_has_a_line_too():
    _, _, (line,) = object_of((in_status(Status.CANCELLED), _steps_of(Status.CANCELLED)))
    assert line.state["sent_at"] is None
    assert line.state["fee"] is None


def _steps_of(status):
    payout = in_status(status)
    last = Recorded(payout.version, LIFE[0], str(status), (), "a", payout.last_hash)
    earlier = [
        replace(last, sequence=number, hash="a", previous_hash="a")
        for number in range(1, payout.version)
    ]
    return [*earlier, last]


def test_only_steps_that_no_object_holds_are_in_the_line():
    payout, steps = lived()
    late = advance(shrunk(payout, "an-object"), event(Returned))
    line = archived(late.after, [*steps, recorded(late)])
    assert line.steps == (recorded(late),)
    assert archived(late.after, [recorded(late)]) == line
    with pytest.raises(Corrupt):
        archived(late.after, steps)


@pytest.mark.parametrize("lost", range(len(LIFE) + 1))
def test_a_payout_that_has_lost_a_step_is_not_archived(lost):
    payout, steps = lived()
    with pytest.raises(Corrupt):
        archived(payout, [*steps[:lost], *steps[lost + 1 :]])


@pytest.mark.parametrize("at", range(1, len(LIFE) + 1))
def test_steps_that_are_not_linked_are_refused(at):
    payout, steps = lived()
    steps[at] = replace(steps[at], previous_hash="0" * 64)
    with pytest.raises(Corrupt):
        refuse_gaps(payout, steps)


def test_steps_that_do_not_lead_to_the_payout_are_refused_and_later_ones_are_not():
    payout, steps = lived()
    refuse_gaps(payout, steps)
    with pytest.raises(Corrupt):
        refuse_gaps(replace(payout, last_hash="0" * 64), steps)
    with pytest.raises(Corrupt):
        refuse_gaps(payout, [])
    late = advance(payout, event(Returned))
    refuse_gaps(payout, [*steps, recorded(late)])


def test_a_manifest_says_what_the_object_holds():
    second = "f" + ID[1:]
    name, content, lines = object_of(lived(), lived(transaction_id=second))
    assert manifest_of(name) == name.replace(".jsonl.gz", ".manifest.json")
    assert json.loads(manifest(name, content, lines), parse_float=Decimal) == {
        "form": 1, "object": name, "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content), "payouts": 2, "steps": 8, "first": ID, "last": second,
        "ids_sha256": hashlib.sha256(f"{ID}\n{second}".encode()).hexdigest(),
    }  # fmt: skip


def test_a_small_payout_has_nothing_that_could_be_sent_and_keeps_its_digest():
    payout, _ = lived()
    small = shrunk(payout, "an-object")
    assert small.intent.destination.ciphertext == b""
    assert small.intent.digest == payout.intent.digest
    assert (small.archives, small.archived, small.revision) == (("an-object",), 4, 1)
    assert "Jo" not in repr(small.intent.asked)
    kept = (small.intent.reference, small.intent.description, small.intent.amount)
    assert kept == (payout.intent.reference, payout.intent.description, payout.intent.amount)
    refuse_more(payout, small)


def test_a_small_payout_can_become_small_again_after_late_news():
    payout, _ = lived()
    late = advance(shrunk(payout, "first"), event(Returned)).after
    again = shrunk(late, "second")
    assert again.archives == ("first", "second")
    assert again.archived == again.version == 5
    assert again.intent == late.intent
    refuse_more(late, again)


def test_late_news_continues_the_chain_as_if_nothing_had_been_archived():
    payout, _ = lived()
    late, early = (
        advance(each, event(Returned)).after for each in (shrunk(payout, "first"), payout)
    )
    assert late.last_hash == early.last_hash
    assert late.status is Status.RETURNED


def test_nothing_that_has_ended_ever_becomes_sendable():
    reached = set(Status) - OPEN
    while more := {after for at in reached for after in LIFECYCLE[at].values()} - reached:
        reached |= more
    assert not reached & OPEN
    sending: set[type[Event]] = {Started, StartedAgain, Requested}
    for status in reached:
        assert not sending & LIFECYCLE[status].keys()


OTHERWISE: dict[str, Any] = {
    "version": 9, "status": Status.FAILED, "last_hash": "0" * 64, "came_back": OTHER, "fee": OTHER,
    "revision": 0, "archives": (), "archived": 0, "error_message": "another",
    "updated_at": NOW + timedelta(days=1), "attempt": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_payout_that_says_less_says_nothing_else(name):
    before = replace(shrunk(lived()[0], "first"), archived=3)
    after = shrunk(before, "second")
    refuse_more(before, after)
    with pytest.raises(ValueError, match=r"saying less|stays archived"):
        refuse_more(before, replace(after, **{name: OTHERWISE[name]}))


@pytest.mark.parametrize(
    "changed",
    [{"reference": "another"}, {"amount": OTHER}, {"customer_id": "customer-2"},
     {"kept_digest": "0" * 64}, {"kept_digest": ""}, {"created_by": "max"}],
    ids=lambda changed: str(next(iter(changed))),
)  # fmt: skip
def test_an_intent_that_says_less_says_nothing_else(changed):
    payout, _ = lived()
    small = shrunk(payout, "first")
    with pytest.raises(ValueError, match="saying less"):
        refuse_more(payout, replace(small, intent=replace(small.intent, **changed)))


def test_texts_may_go():
    payout, _ = lived()
    small = shrunk(payout, "first")
    bare = replace(small.intent, reference="", description="", remitter_name="", asked=())
    refuse_more(payout, replace(small, intent=bare))


def test_a_destination_is_emptied_or_stays_as_it_is():
    payout, _ = lived()
    small = shrunk(payout, "first")
    other = replace(small.intent.destination, ciphertext=b"other")
    with pytest.raises(ValueError, match="saying less"):
        refuse_more(payout, replace(small, intent=replace(small.intent, destination=other)))


def test_a_replay_is_told_from_another_request_by_digests_alone():
    small = digested(ID, ASKED)
    assert digested(ID, small) == small
    for kept in (ASKED, small):
        assert differing(ID, kept, ASKED) == []
        told = [("customer_id", "customer-1"), ("amount", "1.00"), ("reference", "")]
        assert differing(ID, kept, told) == ["amount", "reference"]
        # What a version before did not know was not asked for.
        assert differing(ID, kept, [*ASKED, ("colour", "")]) == []
        assert differing(ID, kept, [*ASKED, ("colour", "blue")]) == ["colour"]


def test_no_value_passes_for_a_digest_and_no_digest_serves_another_field_or_payout():
    small = dict(digested(ID, ASKED))
    assert differing(ID, small.items(), [("reference", small["#reference"])]) == ["reference"]
    moved = (("#amount", small["#reference"]),)
    assert differing(ID, moved, [("amount", "For Jo Citizen")]) == ["amount"]
    assert differing(ID[::-1], small.items(), ASKED) == [name for name, _ in ASKED]
