"""A payout whose bank file is in doubt, over a night: it is signed for, and left to people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.events import FileCleared, FileDoubted
from chalicelib.domain.findings import Kind
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import Status
from chalicelib.usecases.night import work
from chalicelib.usecases.verify import verify
from tests.usecases.filing import Town
from tests.usecases.nights import DAY, HOUR, at, means_of
from tests.usecases.world import ACCOUNT


class FiledNights(Town):
    """The business of the bank file, with its nights."""

    def night(self):
        """The hour of the next night comes, and its schedule; the date that it is of."""
        day = sydney_date(self.clock.now())
        self.clock.advance(at(day + DAY, HOUR, 5) - self.clock.now())
        for _ in range(9):
            work(hour=HOUR, means=means_of(self), time_left=self.time_left)
        found = self.store.nights.get(day)
        assert found is not None
        assert found.is_over
        return day

    def verdict(self, day):
        return verify(
            day, limit=100, position=None, verifies=verifies, nights=self.store.nights,
            **self._ports("payouts", "archive", "signer", "time_left"),
        )  # fmt: skip


@pytest.fixture
def town():
    town = FiledNights()
    town.export()
    town.out()
    town.doubtful()
    town.store.gate.open(by="ada")
    return town


def kinds(town):
    """The steps about the file of the first payout."""
    events = [each.event for each in town.store.payouts.steps(town.ids[0])]
    return [type(each) for each in events if isinstance(each, (FileDoubted, FileCleared))]


def ended(town, verdict):
    """Two people have found out what became of the file."""
    town.judge(verdict)
    town.end(verdict)
    assert kinds(town) == [FileDoubted, FileCleared]


def quiet(town, day, **counts):
    """The night has signed for all, found nothing, and counts this and no more."""
    night = town.store.nights.get(day)
    names = ("asked", "heard", "healed", "findings")
    assert {name: night.counts.get(name, 0) for name in names} == dict.fromkeys(names, 0)
    assert {name: night.counts.get(name, 0) for name in counts} == counts
    assert town.store.state.findings == {}
    told = town.verdict(day)
    assert (told.checked, told.broken) == (2, None)
    town.check_books()


def test_a_night_signs_for_a_doubt_and_leaves_it_to_people(town):
    before = [town.at(number) for number in (0, 1)]
    assert kinds(town) == [FileDoubted]
    provider = town.meanwhile("provider")
    day = town.night()
    assert [town.at(number) for number in (0, 1)] == before
    assert {each.needs_person for each in before} == {CONTRADICTION}
    assert provider.calls == [], "the provider knows nothing of it"
    quiet(town, day, needs_person=2, attested=2)


def test_who_takes_the_doubt_out_of_what_was_signed_for_is_found(town):
    day = town.night()
    steps = town.store.state.steps[town.ids[0]]
    assert isinstance(steps.pop().event, FileDoubted)
    assert town.verdict(day).broken is not None


@pytest.mark.parametrize(("verdict", "status"), [("dead", Status.QUEUED), ("paid", Status.PENDING)])
def test_a_night_over_the_end_of_a_doubt_signs_for_it_and_hears_nothing(town, verdict, status):
    ended(town, verdict)
    before = [town.at(number) for number in (0, 1)]
    day = town.night()
    assert [town.at(number) for number in (0, 1)] == before
    assert {each.status for each in before} == {status}
    quiet(town, day, needs_person=0, attested=2)


def test_a_doubt_that_ends_on_a_later_date_is_in_both_nights(town):
    first = town.night()
    ended(town, "dead")
    second = town.night()
    for day in (first, second):
        told = town.verdict(day)
        assert (told.checked, told.broken) == (2, None)


def test_what_goes_out_anew_after_a_doubt_agrees_in_its_night(town):
    ended(town, "dead")
    town.poll_after(timedelta(minutes=10))
    assert len(town.provider.executions) == 2
    for each in town.provider.executions:
        town.provider.settle(each.reference, "Complete")
    day = town.night()
    assert [town.at(number).status for number in (0, 1)] == [Status.COMPLETED] * 2
    assert town.store.state.findings == {}
    assert town.store.nights.get(day).unexplained == ZERO
    town.check_equal()


def test_what_was_paid_by_the_file_and_by_the_provider_is_a_finding_of_its_night(town):
    """The bank took it after all: what the provider shows of it is nobody's who waited."""
    ended(town, "paid")
    for number in (0, 1):
        town.provider.pay(town.at(number), ACCOUNT, within=5)
    town.night()
    found = [each.kind for each in town.store.state.findings.values()]
    assert found == [Kind.STATUS_DIFFERS] * 2
    assert [town.at(number).needs_person for number in (0, 1)] == [CONTRADICTION] * 2
    assert {town.at(number).status for number in (0, 1)} == {Status.PENDING}
