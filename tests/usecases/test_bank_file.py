"""A bank file: made once, filled while it is open, sealed of what is truly in it, and ended."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.adapters.by_bank import ByBank
from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import Stage
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount, PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    Contradiction,
    Corrupt,
    CustomerStopped,
    Forbidden,
    KeyTaken,
    NotFound,
    NotPossible,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.events import (
    Accepted,
    Cancelled,
    Delayed,
    Escalated,
    Filed,
    Held,
    Hindrance,
    LetGo,
    OutOfFunds,
    Started,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.pause import Kind, Pause, Scope
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import Paused
from chalicelib.usecases.bank_file import export
from chalicelib.usecases.bank_returns import hear_returns
from chalicelib.usecases.bank_word import (
    confirm,
    give_out,
)
from chalicelib.usecases.hear import hear
from chalicelib.usecases.pairs import settle_pair
from tests.usecases.filing import FILE, KEY, NOW, Town, returns_file
from tests.usecases.world import CALENDAR, Between, order


def test_what_waits_goes_into_a_file_and_nowhere_else(town):
    file = town.export()
    assert file.stage is Stage.SEALED
    assert [line.transaction_id for line in file.lines] == town.ids
    assert file.amount == Money(2_000)
    assert town.statuses() == ["Sending", "Sending"]
    assert {town.at(number).file_id for number in (0, 1)} == {FILE}
    assert town.at().rail is Rail.DIRECT_ENTRY
    town.store.gate.open(by="ada")
    town.poll_after(timedelta(days=3))
    assert town.provider.requests == []
    assert town.statuses() == ["Sending", "Sending"]
    town.check_books()


def test_the_same_key_is_the_same_file_and_the_same_bytes(town):
    file = town.export()
    late = town.request(order(amount=Money(1_000)), key="9" * 16).payout
    assert town.export() == file
    assert town.store.payouts.get(late.transaction_id).status is Status.QUEUED
    assert town.out() == town.out()


def test_what_was_missed_by_one_look_is_found_by_another(town):
    first = iter([()])

    class Moving:
        """Shows nothing at first: what waits is moved from one part of the index to another."""

        def __getattr__(self, name):
            return getattr(town.ports["payouts"], name)

        def open_work(self):
            missed = next(first, None)
            return missed if missed is not None else town.ports["payouts"].open_work()

    assert sorted(town.export(payouts=Moving()).planned) == town.ids


def test_another_key_finds_nothing_that_is_in_a_file(sealed):
    with pytest.raises(Conflict, match="Nothing waits"):
        sealed.export("another key of a file")
    assert len({line.transaction_id for line in sealed.file.lines}) == 2


def test_somebody_elses_key_makes_no_file(sealed):
    with pytest.raises(KeyTaken):
        sealed.export(by="kim")


def test_without_a_bank_no_file_is_made(town):
    with pytest.raises(Conflict, match="No bank is configured"):
        export(key=KEY, by="alex", payer=None, calendar=CALENDAR, means=town.means())
    assert town.statuses() == ["Queued", "Queued"]


@pytest.mark.parametrize(
    "event",
    [
        Held(at=NOW, by="kim", reason="wait"),
        Escalated(at=NOW, by="kim", why=CONTRADICTION),
        Started(at=NOW, by="kim", claim_id="c"),
        Cancelled(at=NOW, by="kim"),
        Delayed(at=NOW, by="kim", reason=Hindrance.FUNDS),
    ],
)
def test_only_what_waits_and_nobody_keeps_back_goes_into_a_file(town, event):
    hear(town.at(), event, payouts=town.store.payouts)
    file = town.export()
    fits = isinstance(event, Delayed)
    assert (town.ids[0] in {line.transaction_id for line in file.lines}) is fits
    assert bool(town.at().file_id) is fits


def test_what_was_refused_for_want_of_funds_does_not_go_into_a_file(town):
    for event in (
        Started(at=NOW, by="x", claim_id="c"),
        OutOfFunds(at=NOW, by="x", attempt=1, refusal="r"),
    ):
        hear(town.at(), event, payouts=town.store.payouts)
    assert town.at().attempt == 2
    assert town.ids[0] not in {line.transaction_id for line in town.export().lines}


def test_a_payid_or_a_number_too_long_stays_where_it_is():
    town = Town(payee=BankAccount.parse("062-000", "1234567890", "Jo Citizen"))
    wanted = order(amount=Money(1_000), method=PayoutMethod.PAY_ID)
    payid = town.request(wanted, key="7" * 16).payout
    file = town.export()
    assert file.stage is Stage.GIVEN_UP
    assert dict(file.left) == dict.fromkeys(town.ids, "account_number")
    assert payid.transaction_id not in file.planned
    assert town.statuses() == ["Queued", "Queued"]


def test_a_stopped_customers_payouts_stay_out(town):
    town.stop_customer()
    file = town.export()
    assert dict(file.left) == dict.fromkeys(town.ids, "not_now")
    assert town.statuses() == ["Queued", "Queued"]


def test_letters_that_the_file_refuses_are_made_otherwise_and_said():
    town = Town(payee=BankAccount.parse("062-000", "12345678", "Zo\u00eb O\u2019Brien & S\u00f6n;"))
    file = town.export()
    assert file.lines[0].changed == ("account_name",)
    assert "Zoe O'Brien & Son," in town.out()


def test_whoever_is_claimed_while_it_is_filled_is_not_in_its_bytes(town):
    def claim(*_: object) -> None:
        event = Started(at=NOW, by="sender", claim_id="c")
        town.store.payouts.write(advance(town.at(), event))

    town.once("payouts", "write", claim)
    file = town.export()
    assert [line.transaction_id for line in file.lines] == town.ids[1:]
    assert dict(file.left) == {town.ids[0]: "not_waiting"}
    assert not town.at().file_id


def test_nobody_is_stepped_into_a_file_that_is_closed(sealed):
    late = sealed.request(order(amount=Money(1_000)), key="9" * 16).payout
    filed = Filed(at=NOW, by="x", file_id=FILE)
    with pytest.raises(Stale):
        sealed.store.payouts.write(advance(late, filed))


def test_cut_at_every_write_it_is_gone_on_with_and_the_bytes_are_the_same():
    whole = Town()
    whole.export()
    expected = whole.out()
    for lost in range(1, 6):
        town, count = Town(), 0

        def cut(*_: object, lost: int = lost, **__: object) -> None:
            nonlocal count
            count += 1
            if count >= lost:
                raise StoreUnavailable("cut")

        files, payouts = Between(town.files, add=cut, write=cut), town.store.payouts
        with suppress(StoreUnavailable):
            town.export(files=files, payouts=Between(payouts, write=cut))
        town.go()
        town.export()
        assert town.out() == expected, lost
        assert town.statuses() == ["Sending", "Sending"]


def test_short_of_time_it_is_gone_on_with_by_the_schedule(town):
    town.seconds_left = 1.0
    assert town.export().stage is Stage.OPEN
    assert town.go()["left_for_next_time"] == 1
    town.seconds_left = 3600.0
    assert town.go()["bank_file_Sealed"] == 1
    assert len(town.file.lines) == 2


def test_after_its_date_nobody_is_stepped_into_it_any_more(town):
    town.seconds_left = 1.0
    town.export()
    town.seconds_left = 3600.0
    town.clock.advance(timedelta(days=4))
    town.go()
    assert town.file.stage is Stage.GIVEN_UP
    assert town.statuses() == ["Queued", "Queued"]


def test_that_somebody_has_the_bytes_is_written_before_they_leave(sealed):
    down = Between(sealed.files, write=lambda *_: (_ for _ in ()).throw(StoreUnavailable("down")))
    with pytest.raises(StoreUnavailable):
        sealed.out(files=down)
    text = sealed.out()
    assert sealed.file.stage is Stage.OUT
    assert [said.by for said in sealed.file.given] == ["alex"]
    assert hashlib.sha256(text.encode()).hexdigest() == sealed.file.digest


def test_bytes_are_not_given_after_the_date_nor_of_what_is_not_sealed(sealed):
    sealed.clock.advance(timedelta(days=4))
    with pytest.raises(Conflict, match="date"):
        sealed.out()
    sealed.give_up()
    with pytest.raises(Conflict, match="GivenUp"):
        sealed.out()


def test_bytes_are_not_given_while_a_payout_in_them_is_contradicted(sealed):
    alarm = Escalated(at=NOW, by="x", why=CONTRADICTION)
    hear(sealed.at(), alarm, payouts=sealed.store.payouts)
    with pytest.raises(Conflict, match="give the file up"):
        sealed.out()


def test_bytes_do_not_overtake_what_is_said_before_it_is_written_that_they_go_out(sealed):
    def meanwhile(*_: object) -> None:
        alarm = Escalated(at=NOW, by="webhook", why=CONTRADICTION)
        hear(sealed.at(), alarm, payouts=sealed.store.payouts)

    with pytest.raises(Conflict, match="give the file up"):
        sealed.out(files=Between(sealed.files, write=meanwhile))


def test_bytes_of_what_cannot_be_read_any_more_once_they_are_made_are_not_given(sealed):
    reads: list[str] = []

    def later(transaction_id: str) -> None:
        reads.append(transaction_id)
        if len(reads) > len(sealed.ids):
            raise Corrupt("a row")

    with pytest.raises(Conflict, match="cannot be read"):
        sealed.out(payouts=Between(sealed.store.payouts, get=later))


def test_bytes_do_not_overtake_a_pause_or_a_stop(sealed):
    stop = Between(sealed.files, write=lambda *_: sealed.stop_customer())
    with pytest.raises(CustomerStopped):
        sealed.out(files=stop)
    late = Between(sealed.files, write=lambda *_: paused(sealed, SCOPES[0]))
    sealed.stop_customer("")
    with pytest.raises(Paused):
        sealed.out(files=late)


def test_bytes_are_not_given_where_there_is_word_of_a_file_that_a_payout_was_in_before(out):
    out.give_up()
    out.second()
    again = out.export("another key of a file")

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    cut_off = out.means(payouts=Between(out.store.payouts, write=down))
    with pytest.raises(Conflict, match="was given up"):
        confirm(FILE, reference="CBA-1", by="alex", means=cut_off)
    with pytest.raises(Conflict, match="give the file up"):
        give_out(
            again.file_id, by="alex", pauses=out.store.pauses,
            means=out.means(),
        )  # fmt: skip
    assert out.files.get(again.file_id).stage is Stage.SEALED


def test_bytes_are_not_given_while_a_customer_in_them_is_stopped(sealed):
    sealed.stop_customer()
    with pytest.raises(CustomerStopped):
        sealed.out()
    assert sealed.file.stage is Stage.SEALED


SCOPES = [
    Scope(Kind.EVERYTHING), Scope(Kind.RAIL, Rail.DIRECT_ENTRY),
    Scope(Kind.CUSTOMER, customer_id="customer-1"),
]  # fmt: skip


def paused(town: Town, scope: Scope) -> None:
    pause = Pause("pause-1", scope, "Look.", "alex", town.clock.now())
    town.store.pauses.enforce(town.store.pauses.begin(pause), at=town.clock.now())


@pytest.mark.parametrize("scope", SCOPES)
def test_bytes_are_not_given_while_a_pause_covers_what_is_in_them(sealed, scope):
    paused(sealed, scope)
    with pytest.raises(Paused):
        sealed.out()
    assert sealed.file.stage is Stage.SEALED


@pytest.mark.parametrize("scope", SCOPES)
def test_what_a_pause_covers_goes_into_no_file(town, scope):
    paused(town, scope)
    file = town.export()
    assert dict(file.left) == dict.fromkeys(town.ids, "not_now")
    assert town.statuses() == ["Queued", "Queued"]


def test_what_is_in_a_file_is_on_the_wire_until_somebody_says_what_became_of_it(sealed):
    wire = sealed.store.pauses.wire
    assert {each.transaction_id for each in wire().sendings} == set(sealed.ids)
    sealed.give_up()
    assert wire().sendings == ()
    assert wire().last == {}


def test_bytes_that_would_be_others_are_not_given(sealed):
    sealed.files.write(replace(sealed.file, digest="0" * 64, version=sealed.file.version + 1))
    with pytest.raises(Conflict, match="cannot be made again"):
        sealed.out()


def test_what_the_bank_took_is_pending_and_complete_once_its_window_is_over(out):
    out.confirm()
    assert out.statuses() == ["Pending", "Pending"]
    assert out.file.stage is Stage.TAKEN
    out.close_windows()
    assert out.statuses() == ["Completed", "Completed"]
    assert out.provider.requests == []
    out.check_books()


def test_without_a_persons_word_nothing_is_complete(out):
    out.clock.advance(timedelta(days=60))
    out.close_windows()
    assert out.statuses() == ["Sending", "Sending"]
    assert list(out.files.waiting()) == [FILE]


def test_a_file_is_dated_by_the_cut_off_of_its_bank_not_of_the_provider(town):
    town.clock.advance(timedelta(hours=5))  # 17:00: the provider would send today
    assert town.export().pays_on == sydney_date(NOW) + timedelta(days=1)


def test_the_bank_cannot_have_taken_it_before_its_date(town):
    town.clock.advance(timedelta(hours=10))  # after the cut-off: the bank pays it tomorrow
    town.export()
    town.out()
    with pytest.raises(Conflict, match="cannot have yet"):
        confirm(FILE, reference="CBA-1", by="alex", means=town.means())


def test_nobodys_word_is_heard_of_a_file_that_nobody_was_given(sealed):
    with pytest.raises(Conflict):
        sealed.confirm()
    with pytest.raises(Conflict, match="Nobody was given"):
        sealed.returned(0)
    assert sealed.statuses() == ["Sending", "Sending"]


def test_the_banks_word_of_a_payout_is_not_written_unless_somebody_was_given_its_file(sealed):
    told = Accepted(at=NOW, by="x", attempt=1, file_id=FILE)
    with pytest.raises(Stale):
        sealed.store.payouts.write(advance(sealed.at(), told))


def test_what_comes_back_is_the_customers_again_once(out):
    before = out.available
    out.returned(0)
    out.returned(0)
    assert out.statuses() == ["Returned", "Sending"]
    assert out.available == before + Money(1_000)
    out.confirm()
    out.close_windows()
    assert out.statuses() == ["Returned", "Completed"]
    out.check_books()


def test_a_return_after_the_window_is_heard(out):
    out.confirm()
    out.close_windows()
    out.returned(1)
    assert out.statuses() == ["Completed", "Returned"]
    out.check_books()


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda town: town.told(0)[:-122], "incomplete"),
        (lambda town: town.told(0)[:-10], "invalid_line"),
        (lambda town: town.told(0, user="654321"), "another_user"),
        (lambda town: town.told(0, cents=999), "another_amount"),
        (lambda town: town.told(0, 0), "told_twice"),
        (lambda town: town.told(0).replace("0000001000", "0000001001", 1), "totals_differ"),
        (lambda _: returns_file(["P" + "0" * 17]), "none_of_this_file"),
        (lambda town: town.told(0).replace("\r\n2", "\r\n1"), "invalid_return"),
    ],
)
def test_a_file_of_returns_that_is_not_whole_is_not_heard(out, spoilt, code):
    with pytest.raises(RuleBroken) as refused:
        hear_returns(FILE, content=spoilt(out), by="alex", means=out.means())
    assert code in {fault.code for fault in refused.value.faults}
    assert out.statuses() == ["Sending", "Sending"]
    assert not out.file.returns


def test_the_same_payment_does_not_come_back_by_two_files(out):
    out.returned(0)
    with pytest.raises(RuleBroken) as refused:
        out.returned(0, 1)
    assert [fault.code for fault in refused.value.faults] == ["told_before"]
    assert out.statuses() == ["Returned", "Sending"]


def test_payments_that_others_call_by_one_name_hinder_no_return_of_ours(out):
    ours = out.file.lines[0].reference
    content = returns_file([ours, "SALARY", "SALARY"])
    hear_returns(FILE, content=content, by="alex", means=out.means())
    assert out.statuses() == ["Returned", "Sending"]


def test_the_bank_took_no_file_that_nobody_was_given_and_nothing_is_doubted_for_that(sealed):
    sealed.give_up()
    with pytest.raises(Conflict, match="Nobody was given"):
        sealed.confirm()
    assert not sealed.file.doubted
    assert {sealed.at(number).needs_person for number in (0, 1)} == {""}


def test_a_file_that_nobody_was_given_is_given_up_by_one(sealed):
    sealed.give_up()
    assert sealed.statuses() == ["Queued", "Queued"]
    assert [sealed.at(number).attempt for number in (0, 1)] == [2, 2]
    sealed.store.gate.open(by="ada")
    sealed.poll_after(timedelta(hours=1))
    assert len(sealed.provider.requests) == 2
    sealed.check_books()


def test_a_file_that_somebody_was_given_is_given_up_by_two(out):
    out.give_up()
    assert out.statuses() == ["Sending", "Sending"]
    with pytest.raises(Forbidden):
        out.second(by="alex")
    with pytest.raises(Conflict, match="not what is proposed"):
        out.second(reason="Something else.")
    out.second()
    assert out.statuses() == ["Queued", "Queued"]


def test_a_file_that_the_bank_has_told_of_is_not_given_up(out):
    out.give_up()
    out.returned(0)
    with pytest.raises(Conflict):
        out.second()
    out.confirm()
    with pytest.raises(Conflict):
        out.give_up()
    assert out.statuses() == ["Returned", "Pending"]


@pytest.mark.parametrize("word", ["returned", "confirmed"])
def test_word_of_a_file_that_was_given_up_goes_before_a_person_and_nothing_more_is_sent(out, word):
    out.give_up()
    out.second()
    with pytest.raises(Conflict, match="was given up"):
        out.returned(0) if word == "returned" else out.confirm()
    assert out.file.doubted
    assert out.statuses() == ["Queued", "Queued"]
    assert {out.at(number).needs_person for number in (0, 1)} == {CONTRADICTION}
    out.store.gate.open(by="ada")
    out.poll_after(timedelta(hours=9))
    assert out.provider.requests == []
    assert list(out.files.waiting()) == [FILE]


def test_whoever_takes_the_bytes_after_a_proposal_makes_it_void(out):
    out.give_up()
    out.out(by="kim")
    with pytest.raises(Conflict, match="not what is proposed"):
        out.second(by="lee")
    assert out.statuses() == ["Sending", "Sending"]


def test_killed_once_the_doubt_is_written_nothing_of_the_file_is_sent_anew(out):
    out.give_up()
    out.second()

    def cut(*_: object) -> None:
        raise StoreUnavailable("cut")

    cut_off = out.means(payouts=Between(out.store.payouts, write=cut))
    with pytest.raises(Conflict, match="was given up"):
        confirm(FILE, reference="CBA-1", by="alex", means=cut_off)
    assert out.file.doubted
    assert {out.at(number).needs_person for number in (0, 1)} == {""}
    out.store.gate.open(by="ada")
    out.poll_after(timedelta(hours=1))
    assert out.provider.requests == []
    out.go()
    assert {out.at(number).needs_person for number in (0, 1)} == {CONTRADICTION}


def test_a_file_that_cannot_be_read_keeps_no_others_window_open(out):
    late = out.request(order(amount=Money(1_000)), key="9" * 16).payout.transaction_id
    out.confirm()
    other = out.export("another key of a file").file_id
    means = out.means()
    give_out(other, by="alex", pauses=out.store.pauses, means=means)
    out.clock.advance(timedelta(days=1))
    confirm(other, reference="CBA-2", by="alex", means=means)
    out.files.unreadable.add(FILE)
    out.close_windows()
    assert out.store.payouts.get(late).status is Status.COMPLETED
    assert out.statuses() == ["Pending", "Pending"]
    assert {out.at(number).asks for number in (0, 1)} == {1}
    out.files.unreadable.clear()
    out.poll_after(timedelta(hours=2))
    assert out.statuses() == ["Completed", "Completed"]


def test_while_the_files_cannot_be_read_a_window_is_looked_at_later_again(out):
    out.confirm()

    def down(_file_id: str) -> None:
        raise StoreUnavailable("down")

    out.ports["bank"] = ByBank(Between(out.files, get=down), out.store.payouts, out.clock)
    out.close_windows()
    assert out.statuses() == ["Pending", "Pending"]
    assert {out.at(number).asks for number in (0, 1)} == {1}


def test_each_window_reads_its_own_file_once_and_no_other_however_many_there_are(out):
    out.confirm()
    for number in range(60):
        made = NOW - timedelta(hours=number)
        out.files.add(replace(out.file, file_id=f"file-{number}", created_at=made))
    files = Between(out.files)
    out.ports["bank"] = ByBank(files, out.store.payouts, out.clock)
    out.close_windows()
    assert out.statuses() == ["Completed", "Completed"]
    assert files.calls == ["get", "get"]


def test_what_is_let_go_is_so_only_of_a_file_that_was_given_up(out):
    go = LetGo(at=NOW, by="x", file_id=FILE, why="x")
    with pytest.raises(Stale):
        out.store.payouts.write(advance(out.at(), go))
    with pytest.raises(NotPossible):
        advance(out.at(), replace(go, file_id="another"))


def test_the_providers_word_of_what_is_in_a_file_is_a_contradiction(out):
    with pytest.raises(Contradiction, match="did not go that way"):
        advance(out.at(), Accepted(at=NOW, by="webhook", attempt=1))


def test_an_unreadable_payout_costs_itself_only(town):
    def unreadable(transaction_id: str) -> None:
        if transaction_id == town.ids[0]:
            raise Corrupt("a row")

    file = town.export(payouts=Between(town.store.payouts, get=unreadable))
    assert [line.transaction_id for line in file.lines] == town.ids[1:]


def test_filed_and_unreadable_when_it_is_sealed_it_is_let_go_again(town):
    reads: list[str] = []

    def later(transaction_id: str) -> None:
        reads.append(transaction_id)
        if transaction_id == town.ids[0] and reads.count(transaction_id) > 2:
            raise Corrupt("a row")

    file = town.export(payouts=Between(town.store.payouts, get=later))
    assert dict(file.left) == {town.ids[0]: "unreadable"}
    assert not town.file.settled
    assert town.at().file_id == FILE
    town.go()
    assert town.at().status is Status.QUEUED
    assert town.file.settled
    assert town.ids[0] not in town.out()


def test_an_unreadable_file_costs_itself_only(town):
    town.seconds_left = 1.0
    town.export()
    town.export("another key of a file")
    town.files.unreadable.add(FILE)
    town.seconds_left = 3600.0
    told = town.go()
    assert told["corrupt"] == 1
    assert told["bank_file_Sealed"] == 1


def test_there_is_no_file_that_nobody_made(town):
    with pytest.raises(NotFound):
        town.give_up()


def test_no_night_looks_for_what_went_by_the_bank(out):
    out.confirm()
    out.returned(1)
    found: list[object] = []
    desk = SimpleNamespace(payouts=out.store.payouts, began=out.clock.now(), find=found.append)
    for transaction_id in out.ids:
        settle_pair(transaction_id, (), desk)  # type: ignore[arg-type] # as much of it
    assert found == []
