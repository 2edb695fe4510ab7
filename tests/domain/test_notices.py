"""Notices and findings: what names them, how long they stay, that they print nothing personal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RAW = b'{"RemitterName": "Jo Citizen"}'
FOUND = Finding(Kind.UNKNOWN_PAYOUT, "x-1", AT)
NOTICE = Notice("NppReturn#7#abc", "NppReturn", "7", AT, RAW, "x-1")


def test_neither_a_notice_nor_a_letter_prints_its_body():
    assert "Citizen" not in repr(NOTICE)
    assert "Citizen" not in repr(DeadLetter("NppReturn", "7", RAW, AT, "defect"))


def test_a_notice_has_one_name_by_its_key():
    assert NOTICE.notice_id == Notice("NppReturn#7#abc", "", "", AT, b"").notice_id
    assert NOTICE.notice_id != Notice("NppReturn#8#abc", "NppReturn", "7", AT, RAW).notice_id


def test_what_needs_nobody_goes_after_ninety_days_and_what_needs_somebody_stays():
    assert NOTICE.did("heard").expires_at == AT + timedelta(days=90)
    assert NOTICE.did("contradiction", needed=True).expires_at is None
    assert NOTICE.expires_at is None


def test_a_line_is_a_notice_of_its_own_without_a_body():
    line = NOTICE.line("D1")
    assert (line.reference, line.raw, line.part_of) == ("D1", b"", NOTICE.notice_id)
    assert line.notice_id not in {NOTICE.notice_id, NOTICE.line("D2").notice_id}


@pytest.mark.parametrize(
    "other", [replace(FOUND, kind=Kind.UNFIT_NEWS), replace(FOUND, subject="x-2")]
)
def test_a_finding_is_known_by_its_kind_and_its_subject(other):
    same = replace(FOUND, detail="Returned", amount=Money(1), notice_id="n")
    assert FOUND.finding_id == same.finding_id
    assert FOUND.finding_id != other.finding_id


def test_a_finding_is_open_until_it_has_an_end():
    assert FOUND.is_open
    assert not replace(FOUND, resolved_at=AT).is_open
