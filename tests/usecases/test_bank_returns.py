"""A file of returns names payments of several files: each of them hears it, or none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bank_file import Stage
from chalicelib.domain.errors import Conflict, RuleBroken, StoreUnavailable
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.usecases.bank_returns import hear_returns
from chalicelib.usecases.bank_word import give_out
from tests.usecases.filing import FILE, Town, returns_file
from tests.usecases.world import Between, order

OTHER = "another key of a file"


class TwoFiles(Town):
    """A business with a file that was given up, and another one that somebody was given."""

    def __init__(self) -> None:
        super().__init__()
        self.export()
        self.out()
        self.late = self.request(order(amount=Money(1_000)), key="9" * 16).payout.transaction_id
        self.other = self.export(OTHER).file_id
        self.give(self.other)

    def give(self, file_id: str) -> None:
        give_out(
            file_id, by="alex", pauses=self.store.pauses,
            means=self.means(),
        )  # fmt: skip

    def of(self, file_id: str) -> str:
        file = self.files.get(file_id)
        assert file is not None
        return file.lines[0].reference

    def hear(self, *references: str, cents: int = 1_000, **ports: object) -> None:
        content = returns_file(list(references), cents=cents)
        hear_returns(self.other, content=content, by="alex", means=self.means(**ports))


@pytest.fixture
def town():
    return TwoFiles()


@pytest.fixture
def given_up(town):
    town.give_up()
    town.second()
    return town


def test_what_came_back_of_another_file_is_heard_by_that_one(town):
    town.hear(town.of(town.other), town.of(FILE))
    assert town.statuses() == ["Returned", "Sending"]
    assert town.store.payouts.get(town.late).status.shown == "Returned"
    assert len(town.file.returns) == 1
    town.hear(town.of(town.other), town.of(FILE))
    assert len(town.file.returns) == 1
    town.check_books()


def test_what_came_back_of_a_file_that_was_given_up_is_doubt_whichever_it_is_brought_to(given_up):
    given_up.hear(given_up.of(given_up.other), given_up.of(FILE))
    assert given_up.store.payouts.get(given_up.late).status.shown == "Returned"
    assert (given_up.file.doubted, given_up.file.stage) == (True, Stage.GIVEN_UP)
    assert given_up.file.lines[0].came_back == Money(1_000)
    assert {given_up.at(number).needs_person for number in (0, 1)} == {CONTRADICTION}


def test_what_one_of_them_cannot_hear_none_hears(town):
    with pytest.raises(RuleBroken) as refused:
        town.hear(town.of(FILE), cents=1_000)
    assert [fault.code for fault in refused.value.faults] == ["none_of_this_file"]
    with pytest.raises(RuleBroken) as refused:
        town.hear(town.of(town.other), town.of(FILE), cents=999)
    told = [(fault.code, fault.row) for fault in refused.value.faults]
    assert told == [("another_amount", 2), ("another_amount", 3)]
    town.hear(town.of(town.other))
    with pytest.raises(RuleBroken) as refused:
        town.hear(town.of(FILE), town.of(town.other))
    assert [fault.code for fault in refused.value.faults] == ["told_before"]
    assert not town.file.returns
    assert town.statuses() == ["Sending", "Sending"]


def test_of_a_file_that_nobody_was_given_nothing_came_back(town):
    late = town.request(order(amount=Money(1_000)), key="8" * 16).payout
    sealed = town.export("a third key of a file").file_id
    assert late.transaction_id in {line.transaction_id for line in town.files.get(sealed).lines}
    with pytest.raises(Conflict, match=sealed):
        town.hear(town.of(town.other), town.of(sealed))
    assert town.store.payouts.get(town.late).status.shown == "Pending"


def test_killed_between_two_files_the_same_again_goes_on(given_up):
    def cut(file: object, *_: object) -> None:
        if getattr(file, "file_id", "") == given_up.other:
            raise StoreUnavailable("cut")

    told = given_up.of(given_up.other), given_up.of(FILE)
    with pytest.raises(StoreUnavailable):
        given_up.hear(*told, files=Between(given_up.files, write=cut))
    assert given_up.file.doubted
    before = given_up.file
    given_up.hear(*told)
    assert given_up.file == before
    assert given_up.store.payouts.get(given_up.late).status.shown == "Returned"


def test_while_a_file_cannot_be_read_nothing_is_heard_that_may_be_of_it(town):
    lost = town.of(FILE)
    town.files.unreadable.add(FILE)
    with pytest.raises(Conflict, match="cannot be read"):
        town.hear(town.of(town.other), lost)
    assert town.store.payouts.get(town.late).status.shown == "Pending"
    town.hear(town.of(town.other), "SALARY")
    assert town.store.payouts.get(town.late).status.shown == "Returned"


def test_what_is_of_no_file_of_ours_is_left_alone_once_all_were_looked_at(town):
    town.hear(town.of(town.other), "P" + "0" * 17)
    assert town.store.payouts.get(town.late).status.shown == "Returned"
    assert not town.file.returns


def test_without_the_time_to_look_at_all_files_nothing_is_heard(town):
    town.seconds_left = 1.0
    with pytest.raises(StoreUnavailable, match="no time"):
        town.hear(town.of(town.other), town.of(FILE))
    assert not town.files.get(town.other).returns


def test_a_later_page_of_files_is_looked_at_too(town):
    for number in range(101):
        at = town.clock.now() + timedelta(seconds=number)
        town.files.add(replace(town.file, file_id=f"file-{number}", lines=(), created_at=at))
    town.hear(town.of(town.other), town.of(FILE))
    assert len(town.file.returns) == 1
