"""A night's report: kept once, told once, and never for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import ArchiveUnavailable, QueueUnavailable, StoreUnavailable
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation
from chalicelib.usecases.report import MOST_OLDER, gathered, write_report
from tests.fakes.archive import MemoryArchive
from tests.fakes.clock import START, FakeClock
from tests.fakes.signer import FakeHerald
from tests.fakes.store import MemoryStore

MD, CSV, TXT = (f"nights/2026-03-01/report-run-2.{end}" for end in ("md", "csv", "txt"))


class Bureau:
    """All that a report needs."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.findings = MemoryStore(self.clock).findings
        self.archive = MemoryArchive()
        self.herald = FakeHerald()
        self.night = Reconciliation(date(2026, 3, 1), 2, START, sums={"paid": Money(700)})

    def find(self, subject: str, kind: Kind = Kind.FEE_DIFFERS) -> Finding:
        """A finding of this night."""
        found = self.older(subject, kind)
        self.night = replace(self.night, findings=(*self.night.findings, found.finding_id))
        return found

    def older(self, subject: str, kind: Kind = Kind.FEE_DIFFERS) -> Finding:
        """A finding of another night."""
        found = Finding(kind, subject, self.clock.now())
        assert self.findings.open(found)
        return found

    def write(self) -> bool:
        return write_report(
            self.night, findings=self.findings, archive=self.archive, herald=self.herald,
            clock=self.clock,
        )  # fmt: skip


@pytest.fixture
def bureau():
    return Bureau()


def test_it_is_kept_for_people_and_for_spreadsheets_and_told_in_short(bureau):
    bureau.find("T1")
    assert bureau.write() is True
    objects = bureau.archive.objects
    assert sorted(objects) == [CSV, MD, TXT]
    assert bureau.archive.kinds == {
        MD: "text/markdown; charset=utf-8", CSV: "text/csv; charset=utf-8",
        TXT: "text/plain; charset=utf-8",
    }  # fmt: skip
    assert b"# Payouts of 2026-03-01, run 2" in objects[MD]
    assert b'"figure","paid","","7.00"' in objects[CSV]
    ((about, text),) = bureau.herald.told
    assert about == "Payouts 2026-03-01 (run 2): 1 finding, unexplained 0.00 AUD"
    assert text.encode() == objects[TXT]
    assert "Paid: 7.00 AUD" in text


def test_a_second_writing_changes_nothing_and_tells_nobody(bureau):
    found = bureau.find("T1")
    bureau.write()
    before = dict(bureau.archive.objects)
    bureau.findings.write(replace(found, assigned_to="anna"))
    bureau.clock.advance(timedelta(days=9))
    assert bureau.write() is True
    assert bureau.archive.objects == before
    assert len(bureau.herald.told) == 1


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_reply_of_the_archive_is_made_good_although_findings_changed(bureau, lost):
    found = bureau.find("T1")
    bureau.archive.lost_replies = lost
    for number in range(lost):
        with pytest.raises(ArchiveUnavailable):
            bureau.write()
        bureau.clock.advance(timedelta(days=2))
        kept = bureau.findings.get(found.finding_id)
        bureau.findings.write(replace(kept, assigned_to=f"anna-{number}"))
    first = bureau.archive.objects[MD]
    assert bureau.write() is True
    assert bureau.archive.objects[MD] == first
    assert b"anna" not in first
    assert len(bureau.herald.told) == 1


def test_it_is_told_again_where_it_is_not_known_whether_it_was(bureau):
    class Losing(FakeHerald):
        def tell(self, subject: str, text: str) -> None:
            super().tell(subject, text)
            if len(self.told) == 1:
                raise QueueUnavailable("The reply was lost.")

    bureau.herald = Losing()
    assert bureau.write() is True
    assert len(bureau.herald.told) == 2


def test_that_nobody_can_be_told_does_not_fail_the_night_and_is_made_up_for(bureau):
    bureau.herald.down = True
    assert bureau.write() is False
    assert sorted(bureau.archive.objects) == [CSV, MD]
    bureau.herald.down = False
    assert bureau.write() is True
    assert bureau.write() is True
    assert len(bureau.herald.told) == 1


def test_what_was_told_is_not_told_again_because_that_could_not_be_noted(bureau):
    class Full(MemoryArchive):
        def put(self, name, content, *, kind):
            if name == TXT:
                raise ArchiveUnavailable("The archive is down.")
            return super().put(name, content, kind=kind)

    bureau.archive = Full()
    assert bureau.write() is True
    assert len(bureau.herald.told) == 1


def test_nothing_is_told_before_it_is_kept(bureau):
    bureau.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        bureau.write()
    assert bureau.herald.told == []


def test_nothing_is_written_while_the_findings_cannot_be_read(bureau):
    bureau.find("T1")
    bureau.findings._state.down = True
    with pytest.raises(StoreUnavailable):
        bureau.write()
    assert bureau.archive.objects == {}
    assert bureau.herald.told == []


def test_findings_come_by_owner_and_kind_and_older_ones_apart(bureau):
    a, b = bureau.find("b"), bureau.find("a")
    c = bureau.find("z", Kind.BALANCE_DIFFERS)
    d = bureau.find("a", Kind.STATUS_DIFFERS)
    old = bureau.older("old")
    gone = bureau.older("gone")
    bureau.findings.resolve(replace(gone, resolved_at=START, resolved_by="anna", reason="known"))
    report = gathered(bureau.night, findings=bureau.findings, clock=bureau.clock)
    assert report.found == (c, b, a, d)
    assert report.older == (old,)
    assert (report.lost, report.has_more) == ((), False)


def test_of_many_older_ones_some_are_repeated_and_what_is_lost_is_named(bureau):
    for number in range(MOST_OLDER + 1):
        bureau.older(f"T{number}")
    bureau.night = replace(bureau.night, findings=("nothing",))
    report = gathered(bureau.night, findings=bureau.findings, clock=bureau.clock)
    assert len(report.older) == MOST_OLDER
    assert report.has_more
    assert report.lost == ("nothing",)
