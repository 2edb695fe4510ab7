"""What `Nights` promises: runs by number and version, each written by one, and one agenda."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.night_rows import CHUNK, key_of, night_row
from chalicelib.adapters.dynamo.nights import DynamoNights
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import Corrupt, Invalid, Stale, StoreUnavailable
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation, Stage
from tests.contracts.kept import DYNAMOS, STORES, dynamo_kept, memory_kept
from tests.contracts.paging import everything
from tests.contracts.stores import NOBODY, client_of
from tests.fakes import dynamo_template
from tests.fakes.clock import START
from tests.fakes.nights import MemoryNights

DATE = date(2026, 7, 3)
DAY = timedelta(days=1)


@pytest.fixture(params=STORES)
def kept(request):
    if request.param == "memory":
        yield memory_kept(MemoryNights)
        return
    with dynamo_kept(DynamoNights, request) as those:
        yield those


@pytest.fixture(params=DYNAMOS)
def dynamo_only(request):
    with dynamo_kept(DynamoNights, request) as those:
        yield those


def a_night(day=DATE, run=1, **changed):
    return Reconciliation(day, run, START + (day - DATE) + timedelta(minutes=run), **changed)


def found(count):
    return tuple(derived_id("finding", f"{number}") for number in range(count))


def whole_night(**changed):
    return replace(
        a_night(
            stage=Stage.REPORTED, position="a place", counts={"payouts": 3, "agreed": 2},
            sums={"paid": Money(100_010), "fees": Money(-7)}, findings=found(2),
            opening=Money(5), closing=Money(-10), unexplained=Money(15), root="0f" * 32,
            ended_at=START + DAY, started_by="ada", held_until=START + DAY,
        ),
        **changed,
    )  # fmt: skip


def test_a_date_without_a_run_has_none(kept):
    assert kept.port.get(DATE) is None
    assert kept.port.get(DATE, 1) is None
    assert list(kept.port.runs(DATE)) == []


def test_everything_that_a_night_knows_is_kept(kept):
    empty = {each.name for each in fields(Reconciliation) if not getattr(whole_night(), each.name)}
    assert empty == set(), "a new field is to be stored, and tried here"
    kept.port.save(whole_night())
    assert kept.port.get(DATE) == whole_night()
    assert kept.port.get(DATE, 1) == whole_night()


def test_a_night_of_nothing_yet_is_kept_as_it_is(kept):
    kept.port.save(a_night())
    assert kept.port.get(DATE) == a_night()


def test_each_saving_takes_the_place_of_the_version_before_it_and_of_no_other(kept):
    kept.port.save(a_night())
    second = a_night(stage=Stage.COMPARED, version=2)
    kept.port.save(second)
    for late in (a_night(), second, a_night(version=4), a_night(day=DATE + DAY, version=2)):
        with pytest.raises(Stale):
            kept.port.save(late)
    assert kept.port.get(DATE) == second
    assert kept.port.get(DATE + DAY) is None


def test_of_two_who_save_the_same_version_one_has_it(kept):
    for _ in range(2):
        night = kept.port.get(DATE)
        version = night.version + 1 if night else 1
        kept.port.save(a_night(position="mine", version=version))
        with pytest.raises(Stale):
            kept.port.save(a_night(position="theirs", version=version))
        assert kept.port.get(DATE).position == "mine"


def test_the_runs_of_a_date_follow_each_other_and_the_latest_is_the_last(kept):
    runs = []
    for run in range(1, 8):
        runs.append(a_night(run=run, stage=Stage.DONE))
        kept.port.save(runs[-1])
        assert kept.port.get(DATE) == runs[-1]
        assert list(kept.port.runs(DATE)) == runs
    kept.port.save(a_night(DATE + DAY))
    assert kept.port.get(DATE, 3) == runs[2]
    assert kept.port.get(DATE, 8) is None


def test_the_list_has_every_run_once_the_newest_first(kept):
    nights = [a_night(DATE + ahead * DAY, run) for ahead in range(4) for run in (1, 2)]
    for night in nights:
        kept.port.save(night)
    for limit in (1, 3, 8):
        assert everything(kept.port.page, limit) == list(reversed(nights))
    with pytest.raises(Invalid):
        kept.port.page(limit=1, position={"x": "y"})


def test_the_agenda_is_empty_at_first_and_then_as_it_was_arranged(kept):
    assert kept.port.agenda() == Agenda()
    arranged = Agenda(through=DATE, again=frozenset({DATE - DAY, DATE - 9 * DAY}))
    kept.port.arrange(arranged)
    assert kept.port.agenda() == replace(arranged, version=1)
    kept.port.arrange(Agenda(version=1))
    assert kept.port.agenda() == Agenda(version=2)


def test_an_agenda_that_somebody_else_has_arranged_is_not_overwritten(kept):
    read = kept.port.agenda()
    kept.port.arrange(read.asked(DATE))
    with pytest.raises(Stale):
        kept.port.arrange(read.asked(DATE - DAY))
    assert kept.port.agenda().again == {DATE}


def test_who_got_no_reply_to_a_saving_is_told_of_no_lost_race(dynamo_only):
    dynamo_only.lose_replies(1)
    dynamo_only.port.save(whole_night())
    dynamo_only.lose_replies(1)
    dynamo_only.port.save(whole_night(version=2))
    dynamo_only.lose_replies(1)
    dynamo_only.port.arrange(Agenda(through=DATE))
    assert dynamo_only.port.get(DATE) == whole_night(version=2)
    assert dynamo_only.port.agenda().through == DATE


def test_who_got_no_reply_takes_nobody_elses_equal_writing_for_their_own(dynamo_only):
    night = whole_night(version=2)
    dynamo_only.port.save(whole_night())
    dynamo_only.port.save(night)
    dynamo_only.lose_replies(1)
    with pytest.raises(Stale):
        dynamo_only.port.save(night)


def test_a_night_that_found_very_much_is_kept_with_all_of_it(dynamo_only):
    ids = found(2 * CHUNK + 5)
    night = a_night(findings=ids)
    dynamo_only.port.save(night)
    assert dynamo_only.port.get(DATE) == night
    assert dynamo_only.port.page(limit=5, position=None).items == [night]
    more = a_night(findings=(*ids, derived_id("finding", "one more")), version=2)
    dynamo_only.port.save(more)
    assert dynamo_only.port.get(DATE, 1) == more
    # What it held until then is no more of its row than the keys.
    row = to_item(night_row(more, [{"key": "a"}]))
    assert len(str(row)) < 2000


def put(kept, **changed):
    """Change the row of the night behind the port's back."""
    key = to_item(key_of(DATE, 1))
    row = from_item(kept.client.get_item(TableName=kept.table, Key=key)["Item"]) | changed
    kept.client.put_item(TableName=kept.table, Item=to_item(row))


@pytest.mark.parametrize(
    "broken", [{"stage": "asleep"}, {"counts": {"payouts": "x"}}, {"day": None}, {"chunks": ["x"]}]
)
def test_a_row_that_is_no_nights_is_never_taken_for_one(dynamo_only, broken):
    dynamo_only.port.save(whole_night())
    put(dynamo_only, **broken)
    with pytest.raises(Corrupt):
        dynamo_only.port.get(DATE)


def test_findings_that_are_not_those_that_were_kept_are_never_shown(dynamo_only):
    dynamo_only.port.save(a_night(findings=found(CHUNK + 1)))
    key = to_item(key_of(DATE, 1))
    row = from_item(dynamo_only.client.get_item(TableName=dynamo_only.table, Key=key)["Item"])
    changed = {"key": row["chunks"][1], "findings": b"\0" * 16}
    dynamo_only.client.put_item(TableName=dynamo_only.table, Item=to_item(changed))
    with pytest.raises(Corrupt):
        dynamo_only.port.get(DATE)


def test_where_nothing_answers_that_is_said():
    port = DynamoNights(Session(client_of(NOBODY), within=0.05), "control")
    for call in (
        lambda: port.get(DATE), lambda: port.save(a_night()), port.agenda,
        lambda: port.arrange(Agenda()), lambda: port.page(limit=1, position=None),
    ):  # fmt: skip
        with pytest.raises(StoreUnavailable):
            call()


class Counting:
    """A client that counts what it is asked."""

    def __init__(self, client):
        self._client = client
        self.calls = []

    def __getattr__(self, name):
        def call(**request):
            self.calls.append(name)
            return getattr(self._client, name)(**request)

        return call


def test_one_call_reads_the_agenda_and_one_a_date_of_up_to_two_runs():
    dynamo, tables = dynamo_template.simulated_tables()
    counting = Counting(dynamo)
    port = DynamoNights(Session(counting), tables.control)  # type: ignore[arg-type] # as much of it
    port.agenda()
    assert counting.calls == ["get_item"]
    for run in (1, 2):
        port.save(a_night(run=run))
        counting.calls.clear()
        assert len(port.runs(DATE)) == run
        assert counting.calls == ["batch_get_item"]
