"""Telling customers of changes of where they are paid: at least once, masked, never the erased."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.change import LONGEST, MOST_UNTOLD, What
from chalicelib.domain.customer import Customer, Erasing, Erasure
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerErased,
    MailUnavailable,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.findings import Finding, Kind
from chalicelib.usecases import customers as keeping
from chalicelib.usecases import destinations as paying
from chalicelib.usecases.tell import RESERVE, Means, tell, tell_at_once
from tests.fakes.courier import FakeCourier
from tests.usecases.world import ACCOUNT, PAYID, World

OTHER = BankAccount.parse("082-001", "98765432", "Jo Citizen")
THEIRS = PayId.parse(PayIdType.EMAIL, "al@example.com", "Al Citizen")
JO = "jo@example.com"
WHO = "customer-1"


class Town(World):
    """A business that writes to its customers."""

    def __init__(self) -> None:
        super().__init__()
        self.courier = FakeCourier()
        self.customer(WHO, ACCOUNT, PAYID)

    def customer(self, customer_id: str, *destinations: Any) -> None:
        keeping.register(
            keeping.Profile("Jo Citizen", JO, destinations), customer_id=customer_id,
            destination_ids=lambda number: f"{customer_id}-{number}", by="ada",
            customers=self.store.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip

    @property
    def means(self) -> Means:
        customers = self.ports["customers"]
        return Means(
            customers, self.courier, self.store.findings, self.clock, "Example Pty Ltd"
        )  # fmt: skip

    def tell(self) -> Counter[str]:
        return tell(self.means, time_left=self.time_left)

    def tell_at_once(self, customer: Customer) -> Customer:
        return tell_at_once(customer, self.means, time_left=self.time_left)

    @property
    def now(self) -> Customer:
        return self.store.state.customers[WHO]

    def add(self, customer_id: str = WHO, destination: Any = OTHER, name: str = "new") -> Customer:
        return paying.add_destination(
            customer_id, destination, destination_id=f"{customer_id}-{name}", by="ada",
            customers=self.ports["customers"], vault=self.vault, clock=self.clock,
        )  # fmt: skip

    def remove(self, number: int = 0) -> Customer:
        return paying.remove_destination(
            WHO, f"{WHO}-{number}", customers=self.store.customers, clock=self.clock
        )

    def prefer(self, name: str) -> Customer:
        return paying.make_default(
            WHO, f"{WHO}-{name}", customers=self.store.customers, clock=self.clock
        )

    def write_to(self, email: str) -> Customer:
        return keeping.change(
            WHO, name=None, email=email, customers=self.store.customers, clock=self.clock
        )

    def changes(self) -> list[tuple[What, str]]:
        return [(each.what, each.masked) for each in self.now.untold]


class Away:
    """Findings that cannot be kept."""

    def open(self, _: Finding) -> None:
        raise StoreUnavailable("away")


@pytest.fixture
def w() -> Town:
    return Town()


def test_nobody_is_told_of_what_they_registered_with(w: Town):
    assert w.now.untold == ()
    assert w.tell() == Counter()
    assert w.courier.sent == []


def test_what_has_to_be_told_is_written_with_the_change_itself(w: Town):
    written: list[Customer] = []
    w.meanwhile("customers", edit=lambda customer, **_: written.append(customer))
    w.add()
    assert w.changes() == [(What.ADDED, w.now.destinations[2].masked)]
    (change,) = w.now.untold
    assert (change.to, change.at, change.version) == (JO, w.clock.now(), w.now.version)
    assert [len(each.untold) for each in written] == [
        len(each.destinations) - 2 for each in written
    ], "no write without the other"


def test_an_added_destination_is_told_masked_and_with_what_to_do(w: Town):
    w.add()
    assert w.tell() == Counter(changes_told=1)
    ((to, subject, text),) = w.courier.sent
    assert (to, subject) == (JO, "Where we pay you was changed")
    assert f"the bank account {w.now.destinations[2].masked} was added" in text
    assert "98765432" not in text
    assert "Example Pty Ltd" in text
    assert "call us at once" in text
    assert "http" not in text
    assert w.now.untold == ()
    assert w.tell() == Counter()
    assert len(w.courier.sent) == 1


def test_a_removed_destination_is_told_with_the_one_that_takes_its_place(w: Town):
    w.add()
    w.tell()
    gone = w.now.destinations[0].masked
    w.remove()
    assert [what for what, _ in w.changes()] == [What.REMOVED, What.DEFAULT]
    w.tell()
    text = w.courier.sent[-1][2]
    assert f"{gone} was removed" in text
    assert f"{w.now.destinations[1].masked} is now where you are paid" in text


def test_one_that_was_not_the_default_or_was_the_only_one_has_no_heir(w: Town):
    w.add()
    w.prefer("new")
    w.remove(0)
    w.remove(1)
    assert [what for what, _ in w.changes()] == [
        What.ADDED, What.DEFAULT, What.REMOVED, What.REMOVED,
    ]  # fmt: skip


def test_another_default_is_told_and_the_same_again_is_no_change(w: Town):
    w.add()
    before = w.prefer("new")
    assert [what for what, _ in w.changes()] == [What.ADDED, What.DEFAULT]
    assert w.prefer("new") == before


def test_another_address_is_told_to_the_one_before(w: Town):
    w.write_to("eve@example.com")
    w.add()
    assert w.tell() == Counter(changes_told=2)
    told = {to: (subject, text) for to, subject, text in w.courier.sent}
    assert told[JO][0] == "Your e-mail address with us was changed"
    assert "is another one now" in told[JO][1]
    assert "eve@" not in told[JO][1]
    assert told["eve@example.com"][0] == "Where we pay you was changed"


def test_what_was_changed_before_the_address_is_told_where_they_were_reached_then(w: Town):
    w.courier.down = True
    w.add()
    w.tell_at_once(w.now)
    w.write_to("eve@example.com")
    w.courier.down = False
    w.tell()
    ((to, subject, text),) = w.courier.sent
    assert (to, subject) == (JO, "Where we pay you was changed")
    assert f"{w.now.destinations[2].masked} was added" in text
    assert "another one now" in text


def test_another_name_or_the_same_address_is_nothing_to_tell(w: Town):
    keeping.change(WHO, name="Jo Public", email=JO, customers=w.store.customers, clock=w.clock)
    assert w.now.name == "Jo Public"
    assert w.now.untold == ()


def test_a_request_made_twice_is_told_once(w: Town):
    w.add()
    w.add()
    assert len(w.now.untold) == 1


def test_at_once_takes_it_off_and_touches_nothing_else(w: Town):
    changed = w.add()
    w.clock.advance(60)
    after = w.tell_at_once(changed)
    assert after == w.now == replace(changed, untold=(), version=changed.version + 1)
    assert len(w.courier.sent) == 1


def test_a_courier_that_is_away_is_no_failure_of_the_change_and_the_schedule_tells_it(w: Town):
    w.courier.down = True
    changed = w.add()
    assert w.tell_at_once(changed) == changed
    assert w.tell() == Counter(mail_unavailable=1)
    assert len(w.now.untold) == 1
    w.courier.down = False
    assert w.tell() == Counter(changes_told=1)
    assert not w.now.untold


def test_killed_after_sending_it_is_told_again_and_never_not(w: Town):
    changed = w.add()

    def lost(*_: object, **__: object) -> None:
        raise StoreUnavailable("lost")

    w.once("customers", "edit", lost)
    assert w.tell_at_once(changed) == changed
    assert len(w.courier.sent) == 1
    w.tell()
    assert len(w.courier.sent) == 2
    assert w.now.untold == ()


def test_a_change_that_comes_while_one_is_told_stays_to_be_told(w: Town):
    w.add()
    w.once("customers", "edit", lambda: w.prefer("new"))
    assert w.tell() == Counter(changes_told=1)
    assert w.changes() == [(What.DEFAULT, w.now.destinations[2].masked)]
    assert w.now.default(ACCOUNT.method) == w.now.destinations[2]
    w.tell()
    assert len(w.courier.sent) == 2
    assert w.now.untold == ()


def test_two_who_tell_at_once_tell_it_twice_and_both_come_to_an_end(w: Town):
    changed = w.add()
    w.once("customers", "edit", lambda: w.tell_at_once(changed))
    assert w.tell_at_once(changed) == w.now
    assert len(w.courier.sent) == 2
    assert w.now.untold == ()


def test_where_others_never_stop_editing_it_stays_to_be_told(w: Town):
    changed = w.add()

    def stale(*_: object, **__: object) -> None:
        raise Stale("somebody was faster")

    w.meanwhile("customers", edit=stale)
    assert w.tell_at_once(changed) == changed
    assert w.tell() == Counter(stale=1, changes_told=1)
    assert len(w.now.untold) == 1


def test_nobody_is_told_who_is_being_erased_and_they_are_when_it_is_taken_back(w: Town):
    changed = w.add()
    erasure = Erasure(Erasing.ASKED, "ada", w.clock.now())
    w.store.state.customers[WHO] = replace(changed, erasure=erasure)
    assert w.tell() == Counter()
    assert w.tell_at_once(w.now) == w.now
    assert w.courier.sent == []
    w.store.state.customers[WHO] = changed
    assert w.tell() == Counter(changes_told=1)


def test_an_erasure_that_is_asked_for_between_two_messages_stops_the_second(w: Town):
    w.write_to("eve@example.com")
    w.add()
    erasure = Erasure(Erasing.ASKED, "ada", w.clock.now())

    def asked() -> None:
        was = w.now
        w.store.state.customers[WHO] = replace(was, erasure=erasure, version=was.version + 1)

    w.once("customers", "edit", asked)
    assert w.tell() == Counter(changes_told=1)
    assert len(w.courier.sent) == 1


def test_who_is_erased_is_asked_to_be_changed_in_vain(w: Town):
    erasure = Erasure(Erasing.ASKED, "ada", w.clock.now())
    w.store.state.customers[WHO] = replace(w.now, erasure=erasure)
    with pytest.raises(CustomerErased):
        w.add()
    assert w.now.untold == ()


def test_without_an_address_to_send_from_nobody_is_told_and_the_log_counts_it(w: Town):
    w.courier.reaches_people = False
    w.add()
    assert w.tell() == Counter(changes_told_nobody=1)
    assert w.courier.sent == []
    assert w.now.untold == ()


def test_it_is_tried_for_a_week_and_then_given_up(w: Town):
    w.courier.refuses = {JO}
    w.add()
    w.clock.advance(LONGEST.total_seconds())
    assert w.tell() == Counter(mail_unavailable=1)
    assert not w.store.state.findings
    w.clock.advance(timedelta(seconds=1).total_seconds())
    assert w.tell() == Counter(changes_given_up=1)
    assert w.now.untold == ()


def test_what_was_given_up_is_a_persons_and_says_whose_and_not_to_whom(w: Town):
    w.courier.refuses = {JO}
    w.add()
    w.prefer("new")
    version = w.now.untold[0].version
    w.clock.advance(LONGEST.total_seconds() + 1)
    w.tell()
    (found,) = w.store.state.findings.values()
    assert (found.kind, found.subject) == (Kind.CUSTOMER_UNTOLD, f"{WHO}/{version}")
    assert (found.detail, found.is_open) == ("added,default", True)
    assert JO not in str(found)


def test_killed_between_giving_up_and_noting_it_the_person_is_asked_once(w: Town):
    w.courier.refuses = {JO}
    w.add()
    w.clock.advance(LONGEST.total_seconds() + 1)

    def lost(*_: object, **__: object) -> None:
        raise StoreUnavailable("lost")

    w.once("customers", "edit", lost)
    assert w.tell() == Counter(changes_given_up=1, store_unavailable=1)
    assert len(w.now.untold) == 1
    assert w.tell() == Counter(changes_given_up=1)
    assert len(w.store.state.findings) == 1


def test_what_no_person_could_be_asked_about_is_not_given_up(w: Town):
    w.courier.refuses = {JO}
    w.add()
    w.clock.advance(LONGEST.total_seconds() + 1)
    away: Any = Away()
    means = replace(w.means, findings=away)
    assert tell(means, time_left=w.time_left) == Counter(store_unavailable=1)
    assert len(w.now.untold) == 1


def test_a_younger_change_keeps_an_older_one_from_being_given_up(w: Town):
    w.courier.refuses = {JO}
    w.add()
    w.clock.advance(LONGEST.total_seconds() + 1)
    w.prefer("new")
    assert w.tell() == Counter(mail_unavailable=1)
    assert len(w.now.untold) == 2


def test_what_is_old_is_sent_all_the_same_where_it_can_be(w: Town):
    w.add()
    w.clock.advance(LONGEST.total_seconds() * 2)
    assert w.tell() == Counter(changes_told=1)


def test_ones_trouble_is_not_the_next_ones(w: Town):
    w.add()
    w.customer("customer-2", ACCOUNT)
    keeping.change(
        "customer-2", name=None, email="al@example.com",
        customers=w.store.customers, clock=w.clock,
    )  # fmt: skip
    w.tell()
    w.courier.refuses = {JO}
    w.prefer("new")
    w.add("customer-2", THEIRS)
    w.courier.sent.clear()
    assert w.tell() == Counter(mail_unavailable=1, changes_told=1)
    assert [to for to, *_ in w.courier.sent] == ["al@example.com"]


def test_a_row_that_is_broken_is_counted_and_passed_by(w: Town):
    w.add()

    def broken(*_: object) -> None:
        raise Corrupt("the row")

    w.meanwhile("customers", get=broken)
    assert w.tell() == Counter(corrupt=1)


def test_a_defect_of_the_courier_is_none_of_what_at_once_forgives(w: Town):
    changed = w.add()

    class Broken(FakeCourier):
        def send(self, *_: object) -> None:
            raise LookupError

    w.courier = Broken()
    with pytest.raises(LookupError):
        w.tell_at_once(changed)


def test_without_time_it_is_left_for_later(w: Town):
    changed = w.add()
    w.seconds_left = RESERVE - 1
    assert w.tell_at_once(changed) == changed
    assert w.tell() == Counter(tellings_left=1)
    assert w.courier.sent == []
    w.seconds_left = RESERVE
    assert w.tell_at_once(changed) == w.now
    assert len(w.courier.sent) == 1


def test_no_more_is_changed_than_can_be_kept_to_be_told(w: Town):
    w.courier.down = True
    names = ["0", "new"]
    w.add()
    for number in range(MOST_UNTOLD - 1):
        w.prefer(names[(number + 1) % 2])
    assert len(w.now.untold) == MOST_UNTOLD
    before = w.now
    for again in (w.remove, lambda: w.write_to("eve@example.com"), lambda: w.add(name="third")):
        with pytest.raises(Conflict, match="not been told"):
            again()
    assert w.now.destinations == before.destinations
    assert w.now.email == JO
    w.courier.down = False
    assert w.tell() == Counter(changes_told=MOST_UNTOLD)
    w.remove()


def test_no_error_and_no_repr_shows_the_address(w: Town):
    changed = w.add()
    assert JO not in repr(changed.untold)
    w.courier.down = True
    with pytest.raises(MailUnavailable) as caught:
        w.courier.send(JO, "subject", "text")
    assert JO not in str(caught.value)
