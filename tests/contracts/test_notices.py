"""What `Notices` promises of what is kept: found by id, by what it is about, and by its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Invalid
from chalicelib.domain.funding import Receipt, receive
from chalicelib.domain.notices import KEPT, Notice
from chalicelib.ports import NoticeFilter
from tests.contracts.making import (
    a_notice,
    an_intent,
    claimed,
    confirmed,
    dollars,
    rich_customer,
)
from tests.contracts.paging import everything
from tests.fakes.clock import START

TODAY = date(2026, 3, 2)
ALL_OF_IT = Notice(
    "InboundDirectDebit#7#abc", "InboundDirectDebit", "7", START, bytes(range(256)), "D7",
    "debit_pending", "", ("f-1", "f-2"), True, "", None,
)  # fmt: skip


def found(store, limit=3, **wanted):
    page_of = partial(store.notices.page, NoticeFilter(**wanted))
    return [each.key for each in everything(page_of, limit)]


@pytest.mark.parametrize(
    "notice",
    [ALL_OF_IT, a_notice(), a_notice().did("heard"),
     replace(a_notice(), raw=b"", reference="", outcome="", webhook_id="", event_name=""),
     replace(a_notice().did("not_authentic"), authentic=False),
     replace(a_notice().line("D7").did("received"), transaction_id="t-1")],
    ids=["of findings", "heard", "gone soon", "of nothing", "forged", "a line"],
)  # fmt: skip
def test_a_notice_comes_back_as_it_was_kept(store, notice):
    assert store.notices.get(notice.notice_id) is None
    store.notices.keep(notice)
    assert store.notices.get(notice.notice_id) == notice


def test_a_list_leaves_the_bodies_out(store):
    store.notices.keep(ALL_OF_IT)
    for wanted in (NoticeFilter(day=TODAY), NoticeFilter(reference="D7")):
        (shown,) = store.notices.page(wanted, limit=5, position=None).items
        assert shown == replace(ALL_OF_IT, raw=b"")


def test_notices_are_listed_by_sydneys_day_newest_first(store):
    for number in range(7):
        at = START + timedelta(hours=3 * number)
        store.notices.keep(replace(a_notice(f"key-{number}"), received_at=at))
    # Midnight in Sydney is at 13:00 of UTC, twelve hours after the first.
    for limit in (1, 2, 10):
        assert found(store, limit, day=TODAY) == ["key-3", "key-2", "key-1", "key-0"]
        assert found(store, limit, day=date(2026, 3, 3)) == ["key-6", "key-5", "key-4"]
    assert found(store, day=date(2026, 3, 4)) == []


def test_notices_are_listed_by_what_they_are_about_on_any_day_or_on_one(store):
    for number in range(5):
        at = START + timedelta(hours=12 * number)
        about = replace(a_notice(f"key-{number}"), reference="x-7", received_at=at)
        store.notices.keep(about)
        store.notices.keep(replace(about, key=f"other-{number}", reference="x-8"))
    newest_first = [f"key-{number}" for number in (4, 3, 2, 1, 0)]
    assert found(store, 2, reference="x-7") == newest_first
    assert found(store, reference="x-7", day=TODAY) == ["key-0"]
    assert found(store, reference="x-7", day=date(2026, 3, 3)) == ["key-2", "key-1"]
    assert found(store, reference="nothing") == []


def test_a_line_is_found_by_what_it_is_about_and_not_by_its_day(store):
    whole = replace(a_notice("whole"), reference="D1")
    for each in (whole, whole.line("D1"), whole.line("D2")):
        store.notices.keep(each)
    assert found(store, day=TODAY) == ["whole"]
    assert found(store, reference="D2") == ["whole#D2"]
    assert sorted(found(store, reference="D1")) == ["whole", "whole#D1"]


def test_notices_are_told_apart_by_event_and_by_proof(store):
    for event in ("NppReturn", "InboundDirectCredit", ""):
        for authentic in (True, False):
            key = f"{event} {authentic}"
            store.notices.keep(replace(a_notice(key), event_name=event, authentic=authentic))
    both = found(store, day=TODAY, event_name="NppReturn")
    assert sorted(both) == ["NppReturn False", "NppReturn True"]
    assert found(store, day=TODAY, event_name="NppReturn", authentic=True) == ["NppReturn True"]
    assert found(store, day=TODAY, event_name="NppReturn", authentic=False) == ["NppReturn False"]
    assert len(found(store, day=TODAY, authentic=True)) == 3
    assert len(found(store, day=TODAY)) == 6
    assert sorted(found(store, reference="x-1", event_name="NppReturn")) == sorted(both)
    assert len(found(store, reference="x-1", authentic=False)) == 3


def test_a_list_is_that_of_a_reference_or_of_a_day(store):
    with pytest.raises(ValueError, match="reference or of a day"):
        store.notices.page(NoticeFilter(event_name="NppReturn"), limit=1, position=None)


def test_a_position_of_another_list_is_refused(store):
    for number in range(3):
        store.notices.keep(a_notice(f"key-{number}"))
    page = store.notices.page(NoticeFilter(day=TODAY), limit=1, position=None)
    with pytest.raises(Invalid):
        store.notices.page(NoticeFilter(day=date(2026, 3, 4)), limit=1, position=page.position)


def test_a_notice_kept_before_its_step_says_what_it_did_after_all(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    before = replace(a_notice(), outcome="contradiction", findings=("f-1",))
    store.notices.keep(before)
    stamped = replace(a_notice().did("heard"), transaction_id=payout.transaction_id)
    store.payouts.write(advance(payout, confirmed()), notice=stamped)
    assert store.notices.get(before.notice_id) == replace(
        before, outcome="heard", transaction_id=payout.transaction_id
    )


def test_a_notice_kept_before_its_receipt_says_what_it_did_after_all(store):
    store.notices.keep(replace(a_notice(), outcome="contradiction"))
    receipt = Receipt("N1", dollars("1.00"), "NPP", START)
    entry = receive(store.treasury.funds(), receipt)
    store.treasury.write(entry, notice=a_notice().did("received"))
    kept = store.notices.get(a_notice().notice_id)
    assert (kept.outcome, kept.transaction_id) == ("received", "")


def test_a_notice_written_with_its_step_is_whole(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    stamped = replace(a_notice().did("heard"), transaction_id=payout.transaction_id)
    store.payouts.write(advance(payout, confirmed()), notice=stamped)
    assert store.notices.get(stamped.notice_id) == stamped
    assert stamped.expires_at == START + KEPT
