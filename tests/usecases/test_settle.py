"""What has come in is matched with what was expected, by name and to the cent, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import Corrupt, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.receipts import State
from chalicelib.domain.settlement import Stage
from chalicelib.usecases.expect import withdraw
from tests.usecases.till import DUE, STORES, Between, Till

NAME = "N00100000001"


@pytest.fixture(params=STORES)
def till(request):
    till = Till(STORES[request.param]())
    till.register(3)
    return till


def rows(*cents):
    return [(f"customer-{number}", each) for number, each in enumerate(cents, start=1)]


def test_a_receipt_that_names_a_settlement_to_the_cent_becomes_the_customers(till):
    expected = till.expect("FDMS 0042", *rows(100, 200, 300))
    till.bank(600, "Fiserv fdms-0042 March")
    told = till.settle()
    assert till.balances() == {"customer-1": 100, "customer-2": 200, "customer-3": 300}
    assert till.stage(expected) is Stage.SETTLED
    assert till.settlement(expected).receipts == (NAME,)
    assert (till.receipt().state, till.receipt().settlement_id) == (State.MATCHED, expected)
    assert told == {"receipts_matched": 1, "rows_allocated": 3, "settlements_settled": 1}
    assert not till.findings()
    till.check()


def test_a_settlement_without_rows_is_settled_and_its_money_stays_unallocated(till):
    expected = till.expect("FDMS 0042", cents=600)
    till.bank(600, "FDMS 0042")
    till.settle()
    assert till.stage(expected) is Stage.SETTLED
    assert till.unallocated == 600


def test_again_changes_nothing(till):
    till.expect("FDMS 0042", *rows(100))
    till.bank(100, "FDMS 0042")
    till.settle()
    assert not till.settle()
    assert till.balance() == 100


def test_a_credit_says_which_settlement_it_is_of_and_who_expected_it(till):
    expected = till.expect("FDMS 0042", *rows(100))
    till.bank(100, "FDMS 0042")
    till.settle()
    credit = till.store.treasury.credit(till.settlement(expected).credit_id(1))
    assert (credit.reason, credit.created_by) == ("settlement FDMS 0042", "olive")


@pytest.mark.parametrize(
    ("cents", "kind"), [(601, Kind.RECEIPT_OVER), (599, Kind.RECEIPT_UNDER)], ids=str
)
def test_another_amount_is_not_matched_and_a_person_has_to_look(till, cents, kind):
    expected = till.expect("FDMS 0042", *rows(600))
    till.bank(cents, "FDMS 0042")
    assert till.settle()[str(kind)] == 1
    assert till.stage(expected) is Stage.EXPECTED
    assert till.receipt().state is State.OPEN
    assert till.finding(kind, NAME).amount.cents == cents
    assert (till.unallocated, till.balance()) == (cents, 0)


def test_what_came_late_is_matched_and_noted(till):
    expected = till.expect("FDMS 0042", *rows(600), due=date(2026, 3, 1))
    till.bank(600, "FDMS 0042")
    till.settle()
    assert till.stage(expected) is Stage.SETTLED
    assert till.findings() == {Kind.RECEIPT_LATE: 1}


def test_a_finding_about_a_receipt_says_which_settlement_it_is_held_against(till):
    missed = till.expect("FDMS 0042", *rows(600))
    come = till.expect("FDMS 0043", *rows(600))
    late = till.expect("FDMS 0044", *rows(600), due=date(2026, 3, 1))
    for number, (cents, text) in enumerate(
        ((601, "FDMS 0042"), (599, "FDMS 0042"), (600, "FDMS 0043"), (600, "FDMS 0043"),
         (600, "FDMS 0044"), (600, "thanks"))
    ):  # fmt: skip
        till.bank(cents, text, f"N{number}")
    till.settle()
    page = till.store.findings.page(resolved=False, limit=99, position=None)
    assert {each.kind: each.reference for each in page.items} == {
        Kind.RECEIPT_OVER: missed, Kind.RECEIPT_UNDER: missed, Kind.RECEIPT_DOUBLED: come,
        Kind.RECEIPT_LATE: late, Kind.RECEIPT_UNKNOWN: "",
    }  # fmt: skip


def test_what_came_on_its_day_by_sydneys_clock_is_not_late(till):
    till.clock.advance(timedelta(hours=11, minutes=59))
    till.expect("FDMS 0042", *rows(600), due=DUE)
    till.bank(600, "FDMS 0042")
    till.clock.advance(timedelta(hours=2))
    till.settle()
    assert not till.findings()


def test_the_same_settlement_once_more_is_doubled_whether_it_is_still_allocated_or_long_ended(till):
    till.expect("FDMS 0042", *rows(600))
    till.bank(600, "FDMS 0042")
    till.bank(600, "FDMS 0042", "N2")
    till.settle()
    till.bank(600, "FDMS 0042", "N3")
    till.settle()
    assert till.findings() == {Kind.RECEIPT_DOUBLED: 2}
    assert till.balance() == 600
    assert till.unallocated == 1200
    assert not till.settle()
    assert till.findings() == {Kind.RECEIPT_DOUBLED: 2}


def test_what_nothing_explains_is_a_finding_and_later_a_settlement_explains_it(till):
    till.bank(600, "FDMS 0042")
    assert till.settle() == {str(Kind.RECEIPT_UNKNOWN): 1}
    assert not till.settle()
    assert till.findings() == {Kind.RECEIPT_UNKNOWN: 1}
    till.expect("FDMS 0042", *rows(600))
    till.settle()
    found = till.finding(Kind.RECEIPT_UNKNOWN, NAME)
    assert (found.reason, found.resolved_by) == ("matched", "matching")
    assert till.balance() == 600


def test_a_receipt_that_names_two_settlements_is_matched_with_neither(till):
    till.expect("FDMS 0042", *rows(600))
    till.expect("FDMS 0042", *rows(600))
    till.bank(600, "FDMS 0042")
    till.settle()
    assert till.finding(Kind.RECEIPT_UNKNOWN, NAME).detail == "several_settlements_named"
    assert till.unallocated == 600


def test_of_two_receipts_for_one_settlement_the_older_is_matched(till):
    till.expect("FDMS 0042", *rows(600))
    later = till.clock.now() + timedelta(minutes=5)
    till.bank(600, "FDMS 0042", "N1", at=later)
    till.bank(600, "FDMS 0042", "N2")
    till.settle()
    assert till.receipt("N2").state is State.MATCHED
    assert till.finding(Kind.RECEIPT_DOUBLED, "N1").is_open


def test_what_has_not_come_is_missed_the_day_after_and_no_more_when_it_comes(till):
    expected = till.expect("FDMS 0042", *rows(600))
    till.settle()
    assert not till.findings()
    till.clock.advance(timedelta(days=1))
    till.settle()
    till.settle()
    assert till.findings() == {Kind.SETTLEMENT_OVERDUE: 1}
    till.bank(600, "FDMS 0042")
    till.settle()
    assert till.findings() == {Kind.RECEIPT_LATE: 1}
    found = till.finding(Kind.SETTLEMENT_OVERDUE, expected)
    assert (found.reason, found.resolved_by) == ("received", "matching")


def test_findings_hold_nothing_of_what_the_payer_wrote(till):
    till.bank(600, "from Jo Citizen")
    till.settle()
    (found,) = till.store.findings.page(resolved=False, limit=9, position=None).items
    assert "Citizen" not in repr(found)


def test_a_receipt_matched_by_somebody_else_meanwhile_is_left_alone(till):
    expected = till.expect("FDMS 0042", *rows(600))
    till.bank(600, "FDMS 0042")
    other = Till(till.store)
    till.ports["receipts"] = Between(till.ports["receipts"], match=other.settle)
    told = till.settle()
    assert till.stage(expected) is Stage.SETTLED
    assert till.settlement(expected).receipts == (NAME,)
    assert till.balance() == 600
    assert "receipts_matched" in told or "stale" in told


def test_two_receipts_that_are_matched_at_once_with_one_settlement_leave_one_of_them_open(till):
    expected = till.expect("FDMS 0042", cents=600)
    till.bank(600, "FDMS 0042", "N1")
    till.bank(600, "FDMS 0042", "N2")

    def by_hand():
        till.match(expected, "N2")

    till.ports["receipts"] = Between(till.store.receipts, match=by_hand)
    assert till.settle()["stale"] == 1
    assert till.settlement(expected).receipts == ("N2",)
    assert till.receipt("N1").state is State.OPEN
    till.settle()
    assert till.finding(Kind.RECEIPT_DOUBLED, "N1").is_open


def test_a_receipt_closed_while_it_is_wondered_at_leaves_no_finding_open(till):
    till.bank(600, "FDMS 0042")
    receipts = till.ports["receipts"] = Between(
        till.store.receipts, note=lambda: Till(till.store).close(NAME)
    )
    till.settle()
    assert receipts.calls["note"] == 1
    assert not till.findings()


def test_a_receipt_closed_just_before_its_finding_is_opened_leaves_none_open(till):
    till.bank(600, "FDMS 0042")
    till.ports["findings"] = Between(till.store.findings, open=lambda: Till(till.store).close(NAME))
    till.settle()
    assert till.finding(Kind.RECEIPT_UNKNOWN, NAME).reason == "explained"


def test_a_receipt_explained_since_it_was_listed_is_not_wondered_at(till):
    till.bank(600, "FDMS 0042")
    till.ports["receipts"] = Between(
        till.store.receipts, movement=lambda: Till(till.store).close(NAME)
    )
    assert not till.settle()
    assert not till.findings() + till.findings(resolved=True)


def test_what_was_wondered_at_before_costs_no_call_of_its_own(till):
    for number in range(20):
        till.bank(100, f"nobody {number}", f"N{number}")
    till.settle()
    calls = till.ports["receipts"] = Between(till.store.receipts)
    assert not till.settle()
    assert calls.calls == {"returns": 1, "open": 1}


def test_with_no_time_nothing_is_begun(till):
    till.expect("FDMS 0042", *rows(600))
    till.bank(600, "FDMS 0042")
    till.seconds_left = 1
    assert till.settle() == {"left_for_next_time": 1}
    assert till.receipt().state is State.OPEN


def test_one_receipts_trouble_costs_only_itself(till):
    till.expect("FDMS 0042", *rows(600))
    till.bank(100, "unknown", "N0")
    till.bank(600, "FDMS 0042")

    def away():
        raise StoreUnavailable

    till.ports["receipts"] = Between(till.store.receipts, get=away)
    told = till.settle()
    assert told["store_unavailable"] == 1
    assert till.balance() == 600


def test_one_settlements_trouble_costs_only_itself(till):
    till.expect("FDMS 0041", *rows(100), due=date(2026, 3, 1))
    till.expect("FDMS 0042", *rows(600))
    till.bank(100, "FDMS 0041", "N1")
    till.bank(600, "FDMS 0042", "N2")

    def corrupt():
        raise Corrupt("rows")

    till.ports["settlements"] = Between(till.store.settlements, shares=corrupt)
    assert till.settle()["corrupt"] == 1
    assert till.balance() == 600
    till.settle()
    assert till.balance() == 700


def test_without_its_lists_a_run_says_so(till):
    def away():
        raise StoreUnavailable

    till.ports["settlements"] = Between(till.store.settlements, open=away)
    assert till.settle() == {"store_unavailable": 1}


def test_the_settled_are_looked_through_page_by_page_and_not_for_ever(till):
    for number in range(3):
        till.expect(f"OLD 00{number}", cents=5)
        till.bank(5, f"OLD 00{number}", f"N{number}")
    till.settle()

    class Endless:
        def __getattr__(self, name):
            return getattr(till.store.settlements, name)

        def page(self, *, limit, **_position):
            self.asked = getattr(self, "asked", 0) + 1
            assert self.asked <= 5
            page = till.store.settlements.page(limit=limit, position=None)
            return type(page)(page.items, {"more": "there"})

    till.ports["settlements"] = endless = Endless()
    till.bank(5, "OLD 001", "N9")
    till.settle()
    assert endless.asked == 5
    assert till.findings() == {Kind.RECEIPT_DOUBLED: 1}


class Lagging:
    """A port whose list shows what it showed before."""

    def __init__(self, port):
        self._port = port
        self._shown = list(port.open())

    def __getattr__(self, name):
        return getattr(self._port, name)

    def open(self):
        return iter(self._shown)


def test_what_has_come_is_not_missed_because_the_list_lags(till):
    expected = till.expect("FDMS 0042", *rows(600), due=date(2026, 3, 1))
    lagging = Lagging(till.store.settlements)
    till.bank(600, "FDMS 0042")
    till.settle()
    till.ports["settlements"] = lagging
    till.settle()
    assert Kind.SETTLEMENT_OVERDUE not in till.findings()
    assert till.stage(expected) is Stage.SETTLED


def test_what_comes_while_it_is_missed_is_explained(till):
    expected = till.expect("FDMS 0042", *rows(600), due=date(2026, 3, 1))

    def come():
        till.bank(600, "FDMS 0042")
        till.match(expected, NAME)

    findings = till.ports["findings"]
    till.ports["findings"] = Between(findings, open=come)
    till.settle()
    assert till.finding(Kind.SETTLEMENT_OVERDUE, expected).resolved_by == "matching"


def test_what_was_missed_and_is_withdrawn_is_explained_by_whoever_withdrew_it(till):
    expected = till.expect("FDMS 0042", *rows(600), due=date(2026, 3, 1))
    till.settle()

    def gone():
        return withdraw(
            expected, reason="Entered twice.", by="ada", settlements=till.store.settlements,
            findings=till.ports["findings"], clock=till.clock,
        )  # fmt: skip

    def away():
        raise StoreUnavailable

    true, till.ports["findings"] = till.ports["findings"], Between(till.store.findings, get=away)
    with pytest.raises(StoreUnavailable):
        gone()
    till.ports["findings"] = true
    assert till.finding(Kind.SETTLEMENT_OVERDUE, expected).is_open
    assert gone().stage is Stage.CANCELLED
    found = till.finding(Kind.SETTLEMENT_OVERDUE, expected)
    assert (found.resolved_by, found.reason) == ("ada", "withdrawn")


def test_what_was_closed_since_it_was_listed_is_not_called_late(till):
    till.expect("FDMS 0042", *rows(600), due=date(2026, 3, 1))
    till.bank(600, "FDMS 0042")
    lagging = Lagging(till.store.receipts)
    till.close(NAME)
    till.ports["receipts"] = lagging
    assert till.settle()["stale"] == 1
    assert Kind.RECEIPT_LATE not in till.findings()
    assert till.receipt().state is State.CLOSED


def test_receipts_that_cannot_be_listed_hold_up_no_allocation(till):
    expected = till.expect("FDMS 0042", *rows(600))
    till.bank(600, "by another name")
    till.match(expected, NAME)

    def torn():
        raise Corrupt("the row of a receipt")

    till.ports["receipts"] = Between(till.store.receipts, open=torn)
    assert till.settle() == {"corrupt": 1, "rows_allocated": 1, "settlements_settled": 1}
    assert till.balance() == 600
