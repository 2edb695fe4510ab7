"""Of thousands that wait a bank file takes some within its time, says what it left, and goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.bank_file import MOST, Stage
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail
from chalicelib.ports import Sketch
from chalicelib.usecases.bank_content import LATEST, MOST_READ, waiting
from chalicelib.usecases.bank_file import export
from tests.usecases.filing import KEY, NOW, PAYER, Otherwise, Town
from tests.usecases.world import CALENDAR, Between, order

if TYPE_CHECKING:
    from collections.abc import Iterator


class Crowd:
    """Many payouts that look as if they could go into a file; it counts what is asked."""

    def __init__(self, town: Town, count: int, *, takes: float = 0.0, **changed: Any) -> None:
        self.town, self.count, self.takes, self.changed = town, count, takes, changed
        self.read = self.listed = 0
        town.seconds_left = 20.0

    def open_work(self) -> Iterator[Sketch]:
        for number in range(self.count):
            self.listed += 1
            self.town.seconds_left -= self.takes
            yield Sketch(
                f"payout-{number:05d}", Status.QUEUED, Money(1), NOW + timedelta(seconds=number),
                in_line=False, rail=Rail.NPP, by_bank=True,
            )  # fmt: skip

    def get(self, transaction_id: str) -> Payout:
        self.read += 1
        self.town.seconds_left -= self.takes
        payout = replace(self.town.at(), status=Status.QUEUED, filed=())
        own = replace(payout.intent, transaction_id=transaction_id)
        return replace(payout, intent=own, **self.changed)

    def planned(self) -> tuple[tuple[str, ...], int | None]:
        port = Otherwise(self.town.store.payouts, open_work=self.open_work, get=self.get)
        return waiting(self.town.means(payouts=port))


def test_payids_that_wait_are_not_even_read():
    town = Town()
    for number in range(9):
        wanted = order(amount=Money(1_000), method=PayoutMethod.PAY_ID)
        town.request(wanted, key=f"payid-{number:010d}")
    reads = Between(town.store.payouts)
    planned, beyond = waiting(town.means(payouts=reads))
    assert (sorted(planned), beyond) == (town.ids, 0)
    assert reads.calls.count("get") == 2


def test_of_very_many_it_takes_its_most_and_says_how_many_more_there_are(town):
    crowd = Crowd(town, 20_000)
    planned, beyond = crowd.planned()
    assert planned == tuple(f"payout-{number:05d}" for number in range(MOST))
    assert (crowd.read, beyond) == (MOST, 20_000 - MOST)


def test_of_what_only_looks_fit_a_bounded_number_is_read(town):
    crowd = Crowd(town, 20_000, sends=1)
    assert crowd.planned() == ((), 20_000 - MOST_READ)
    assert crowd.read == MOST_READ


def test_it_ends_within_its_time_and_some_are_planned_all_the_same(town):
    crowd = Crowd(town, 100, takes=0.15)
    planned, beyond = crowd.planned()
    assert town.seconds_left > 4
    assert planned
    assert planned[0] == "payout-00000"
    assert beyond is None, "nobody has looked through them all"
    late = Crowd(town, 30, takes=0.2)
    planned, beyond = late.planned()
    assert beyond == 30 - len(planned) > 0


def test_however_slow_everything_is_one_is_planned(town):
    assert Crowd(town, 9, takes=60.0).planned() == (("payout-00000",), None)


def test_what_the_latest_files_had_to_leave_is_in_nobodys_way(town):
    crowd = Crowd(town, 2 * MOST)
    first, _ = crowd.planned()
    town.export()
    left = tuple((each, "not_now") for each in first)
    file = replace(town.file, stage=Stage.GIVEN_UP, left=left, version=town.file.version + 1)
    town.files.write(file)
    planned, beyond = crowd.planned()
    assert set(planned).isdisjoint(first)
    assert (len(planned), beyond) == (MOST, MOST)
    crowd.count = MOST + 1
    planned, _ = crowd.planned()
    assert planned == (f"payout-{MOST:05d}", *first[:-1])


def test_a_file_that_cannot_be_read_is_no_hindrance(town):
    town.export()
    late = town.request(order(amount=Money(1_000)), key="9" * 16).payout.transaction_id
    town.files.unreadable.add(town.file.file_id)
    assert waiting(town.means())[0] == (late,)


def test_only_the_latest_files_are_looked_at(town):
    crowd = Crowd(town, 1)
    pages: list[int] = []
    files = Between(town.files, page=lambda **asked: pages.append(asked["limit"]))
    port = Otherwise(town.store.payouts, open_work=crowd.open_work, get=crowd.get)
    waiting(town.means(payouts=port, files=files))
    assert pages == [LATEST]


@pytest.mark.parametrize("count", [0, 3])
def test_the_file_says_how_many_more_there_were(town, count):
    crowd = Crowd(town, MOST + count)
    port = Otherwise(town.store.payouts, open_work=crowd.open_work, get=crowd.get)
    town.seconds_left = 2.0
    file = export(
        key=KEY, by="alex", payer=PAYER, calendar=CALENDAR, means=town.means(payouts=port)
    ).file
    assert (len(file.planned), file.beyond) == (MOST, count)
