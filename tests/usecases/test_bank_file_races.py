"""A bank file when others are at it, when time is short, and when something cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.aba import MOST_CENTS
from chalicelib.domain.bank_file import MOST, BankFile, Stage
from chalicelib.domain.errors import Conflict, Corrupt, StoreUnavailable
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail
from chalicelib.ports import Sketch
from chalicelib.usecases.bank_content import waiting
from chalicelib.usecases.bank_file import export
from chalicelib.usecases.bank_word import confirm
from tests.usecases.filing import FILE, KEY, NOW, PAYER, WHY, Otherwise, Town, returns_file
from tests.usecases.world import CALENDAR, PAYID, Between


def test_whoever_was_faster_with_the_same_key_has_made_the_file(town):
    looks: list[str] = []

    def get(file_id: str) -> BankFile | None:
        looks.append(file_id)
        if len(looks) == 1:
            town.export()
            return None
        found: BankFile | None = town.files.get(file_id)
        return found

    def plans(_now: Any = None) -> Any:
        return iter([a_sketch(town.at().transaction_id)])

    payouts = Otherwise(town.store.payouts, open_work=plans, get=lambda _id: waits(town))
    made = export(
        key=KEY, by="alex", payer=PAYER, calendar=CALENDAR,
        means=town.means(files=Otherwise(town.files, get=get), payouts=payouts),
    )  # fmt: skip
    assert made.replayed
    assert made.file == town.file


def a_sketch(transaction_id: str, number: int = 0) -> Sketch:
    return Sketch(
        transaction_id, Status.QUEUED, Money(1), NOW + timedelta(seconds=number),
        in_line=False, rail=Rail.NPP, by_bank=True,
    )  # fmt: skip


def waits(town: Town, **changed: Any) -> Payout:
    """A payout that waits, as it was before anybody filed it."""
    payout = replace(town.at(), status=Status.QUEUED, filed=())
    return replace(payout, intent=replace(payout.intent, **changed))


def test_a_file_takes_so_many_and_no_more_than_its_totals_say(town):
    some = [a_sketch(f"payout-{number:04d}", number) for number in range(MOST + 5)]

    def planned(get: Any) -> tuple[str, ...]:
        payouts = Otherwise(town.store.payouts, open_work=lambda: iter(some), get=get)
        return waiting(town.means(payouts=payouts))[0]

    oldest = tuple(each.transaction_id for each in some[:MOST])
    assert planned(lambda own: waits(town, transaction_id=own)) == oldest
    rich = Money(MOST_CENTS - 1)
    assert len(planned(lambda own: waits(town, transaction_id=own, amount=rich))) == 1
    assert planned(lambda _own: None) == ()


def test_what_cannot_be_read_when_it_is_planned_is_not_planned(town):
    def unreadable(transaction_id: str) -> None:
        if transaction_id == town.ids[0]:
            raise Corrupt("a row")

    file = town.export(payouts=Between(town.store.payouts, get=unreadable))
    assert file.planned == (town.ids[1],)


def test_what_cannot_be_read_when_it_is_filled_is_left_out(town):
    reads: list[str] = []

    def unreadable_once(transaction_id: str) -> None:
        reads.append(transaction_id)
        if transaction_id == town.ids[0] and reads.count(transaction_id) == 2:
            raise Corrupt("a row")

    file = town.export(payouts=Between(town.store.payouts, get=unreadable_once))
    assert dict(file.left) == {town.ids[0]: "not_now"}


def test_what_is_gone_when_it_is_filled_is_passed_over(town):
    reads: list[str] = []

    def gone(transaction_id: str) -> Payout | None:
        reads.append(transaction_id)
        late = transaction_id == town.ids[0] and reads.count(transaction_id) == 2
        return None if late else town.store.payouts.get(transaction_id)

    file = town.export(payouts=Otherwise(town.store.payouts, get=gone))
    assert [line.transaction_id for line in file.lines] == town.ids[1:]


def test_a_place_that_turns_out_to_be_no_bank_account_is_not_in_the_bytes(town):
    true, asked = town.vault.unseal, 0

    def unseal(sealed: Any, *, customer_id: str) -> Any:
        nonlocal asked
        asked += 1
        return true(sealed, customer_id=customer_id) if asked < 3 else PAYID

    town.vault.unseal = unseal
    file = town.export()
    assert dict(file.left) == dict.fromkeys(town.ids, "unreadable")
    assert town.statuses() == ["Queued", "Queued"]


def test_the_reason_of_what_waits_for_no_bank_account_is_not_one_of_the_format(town):
    town.vault.unseal = lambda _sealed, *, customer_id: PAYID  # noqa: ARG005 (the port's)
    file = town.export()
    assert dict(file.left) == dict.fromkeys(town.ids, "not_now")


def test_a_change_is_made_on_top_of_what_others_did_and_not_for_ever(sealed):
    left = 1

    def meanwhile(*_: object) -> None:
        nonlocal left
        if left:
            left -= 1
            sealed.files.write(replace(sealed.file, version=sealed.file.version + 1))

    sealed.out(files=Between(sealed.files, write=meanwhile))
    assert sealed.file.stage is Stage.OUT
    left = 99
    with pytest.raises(StoreUnavailable, match="too many others"):
        sealed.out(files=Between(sealed.files, write=meanwhile))


def test_of_two_who_go_on_with_it_at_once_one_closes_and_one_seals_it(town):
    busy = False

    def another(file: BankFile) -> None:
        nonlocal busy
        if not busy and file.stage in {Stage.CLOSED, Stage.SEALED}:
            busy = True
            town.export()
            busy = False

    town.export(files=Between(town.files, write=another))
    assert town.file.stage is Stage.SEALED
    assert [line.transaction_id for line in town.file.lines] == town.ids
    assert town.file.settled


def test_short_of_time_once_it_is_closed_it_is_sealed_later(town):
    def tire(*_: object) -> None:
        town.seconds_left = 1.0

    assert town.export(files=Between(town.files, write=tire)).stage is Stage.CLOSED
    town.seconds_left = 3600.0
    town.go()
    assert town.file.stage is Stage.SEALED


def test_short_of_time_its_payouts_hear_the_rest_later(out):
    out.seconds_left = 1.0
    assert not out.confirm().settled
    assert out.statuses() == ["Sending", "Sending"]
    out.seconds_left = 3600.0
    out.go()
    assert out.statuses() == ["Pending", "Pending"]
    assert out.file.settled


def test_what_is_said_while_its_payouts_hear_of_it_is_not_undone(out):
    def meanwhile(file: BankFile) -> None:
        if file.settled and not out.file.returns:
            out.returned(0)

    files = Between(out.files, write=meanwhile)
    out.clock.advance(timedelta(days=1))
    file = confirm(FILE, reference="CBA-1", by="alex", means=out.means(files=files))
    assert file == out.file
    assert len(file.returns) == 1
    assert out.statuses() == ["Returned", "Pending"]


def test_a_store_that_is_away_leaves_it_to_the_next_run(sealed):
    sealed.files.write(replace(sealed.file, settled=False, version=sealed.file.version + 1))

    def away(_file_id: str) -> None:
        raise StoreUnavailable("away")

    assert sealed.go(files=Between(sealed.files, get=away))["store_unavailable"] == 1
    sealed.go()
    assert sealed.file.settled


def test_what_somebody_says_again_changes_nothing(out):
    out.give_up()
    before = out.file
    out.give_up()
    assert out.file == before
    with pytest.raises(Conflict, match="proposed it already"):
        out.give_up(by="kim")
    out.second()
    over = out.file
    out.second()
    out.give_up()
    assert out.file == over


def test_taken_is_said_once_and_not_otherwise(out):
    out.confirm()
    before = out.file
    out.confirm()
    assert out.file == before
    with pytest.raises(Conflict):
        out.confirm("CBA-2")


def test_doubt_is_said_once(out):
    out.give_up()
    out.second()
    for _ in range(2):
        with pytest.raises(Conflict, match="was given up"):
            out.confirm()
    assert out.file.doubted


def test_of_a_file_with_nothing_in_it_there_is_no_word(town):
    town.stop_customer()
    town.export()
    with pytest.raises(Conflict, match="nothing in the file"):
        town.confirm()
    with pytest.raises(Conflict):
        town.out()


def test_bytes_of_what_cannot_be_read_are_not_given(sealed):
    def unreadable(_transaction_id: str) -> None:
        raise Corrupt("a row")

    with pytest.raises(Conflict, match="cannot be read"):
        sealed.out(payouts=Between(sealed.store.payouts, get=unreadable))


def test_a_payout_of_another_file_by_now_hears_nothing_of_this_one(out):
    payout = out.at()
    moved = replace(payout, filed=((1, "another"),))
    out.store.state.payouts[payout.transaction_id] = moved
    out.confirm()
    assert out.at() == moved


def test_word_that_cannot_be_true_puts_a_payout_before_a_person(out):
    payout = out.at()
    dearer = replace(payout.intent, amount=Money(5_000))
    other = replace(payout, status=Status.RETURNED, intent=dearer)
    out.store.state.payouts[payout.transaction_id] = other
    out.returned(0)
    assert out.at().needs_person == CONTRADICTION


def test_a_file_of_returns_of_what_was_given_up_for_good_is_doubt_too(out):
    content = returns_file([line.reference for line in out.file.lines])
    out.give_up(WHY)
    out.second()
    with pytest.raises(Conflict):
        out.heard(content)
    assert out.file.doubted
