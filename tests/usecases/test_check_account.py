"""Starting a check: stored first, sent once, and told beside the destination."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account_check import CheckStatus, Heard, identifier_of
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import PayId, PayIdType
from chalicelib.domain.errors import (
    CustomerErased,
    CustomerStopped,
    KeyTaken,
    NotFound,
    ProviderUnavailable,
    Stale,
    StoreUnavailable,
    Unavailable,
    VaultUnavailable,
)
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch
from chalicelib.domain.refusals import CheckUnderWay
from chalicelib.ports import Beginning
from chalicelib.usecases.check_account import show, start
from chalicelib.usecases.destinations import add_destination
from tests.fakes.account_checks import FEE
from tests.usecases.checking import BANK, CUSTOMER, LASTS, OTHER_KEY, PAY_ID, Bench, Crash
from tests.usecases.world import KEY

S = CheckStatus
DOUBT = Beginning(Heard.IN_DOUBT, reason="timed_out")
UNSENT = Beginning(Heard.NOT_SENT, reason="no_connection")


@pytest.fixture
def bench():
    return Bench()


def test_a_cent_is_sent_under_a_name_that_follows_from_the_key(bench):
    begun = bench.start()
    assert bench.verifier.sent == [identifier_of(PAY_ID, KEY)]
    assert not begun.replayed
    check = begun.check
    assert (check.status, check.fee, check.tries_left) == (S.STARTED, FEE, 3)
    assert (check.started_by, check.expires_at) == ("operator", bench.clock.now() + LASTS)
    assert bench.kept().token == "fake-token-1"
    assert bench.kept().customer_id == CUSTOMER


def test_the_start_is_stored_before_the_cent_is_sent(bench):
    seen = []
    bench.before("verifier", start=lambda *_, **__: seen.append(bench.kept().check.status))
    bench.start()
    assert seen == [S.STARTING]


def test_what_it_has_come_to_stands_beside_the_destination(bench):
    bench.start()
    assert bench.standing().check == bench.kept().check
    assert bench.standing(BANK).check is None
    assert bench.show() == bench.kept().check


def test_what_else_is_known_of_the_destination_stays(bench):
    before = bench.customer
    known = tuple(replace(before.standing(each), shared=2) for each in (PAY_ID, BANK))
    bench.store.customers.edit(replace(before, standings=known), version=before.version)
    bench.start()
    assert bench.standing() == replace(known[0], check=bench.kept().check)
    assert bench.standing(BANK) == known[1]


@pytest.mark.parametrize(
    ("owner", "match", "mask"),
    [
        ("CITIZEN, Jo", NameMatch.MATCH, "C*** J***"),
        ("J Citizen", NameMatch.CLOSE, "J*** C***"),
        ("Mary Smith", NameMatch.NO_MATCH, "M*** S***"),
        ("", NameMatch.UNKNOWN, ""),
    ],
)
def test_of_the_registered_name_a_verdict_and_a_mask_are_kept(bench, owner, match, mask):
    bench.verifier.owner = owner
    check = bench.start().check
    assert (check.match, check.owner) == (match, mask)
    kept = repr((bench.store.state.checks, bench.store.state.checks_called, bench.customer))
    assert "Smith" not in kept
    assert "CITIZEN" not in kept


def test_the_registered_name_has_to_be_the_customers_whatever_name_came_with_the_payid(bench):
    theirs = PayId.parse(PayIdType.EMAIL, "mary@example.com", "Mary Smith")
    add_destination(
        CUSTOMER, theirs, destination_id="d-9", by="operator", customers=bench.store.customers,
        vault=bench.vault, clock=bench.clock,
    )  # fmt: skip
    bench.verifier.owner = "Mary Smith"
    assert bench.start("d-9").check.match is NameMatch.NO_MATCH
    bench.confirm(destination="d-9")
    assert bench.standing("d-9").verified is False


def test_a_bank_account_has_no_registered_name(bench):
    assert bench.start(BANK).check.match is NameMatch.UNKNOWN


def test_the_same_key_again_sends_nothing_and_tells_how_it_is_now(bench):
    first = bench.start()
    bench.clock.advance(LASTS)
    again = bench.start()
    assert again.replayed
    assert again.check == replace(first.check, status=S.EXPIRED, ended_at=bench.clock.now())
    assert bench.cents() == Money(1)


def test_a_key_of_an_earlier_check_still_finds_that_one(bench):
    bench.start()
    bench.clock.advance(LASTS)
    bench.start(key=OTHER_KEY)
    again = bench.start()
    assert (again.replayed, again.check.status) == (True, S.EXPIRED)
    assert again.check.identifier == identifier_of(PAY_ID, KEY)
    assert bench.standing().check.identifier == identifier_of(PAY_ID, OTHER_KEY)
    assert bench.cents() == Money(2)


def test_a_key_is_its_principals(bench):
    bench.start()
    with pytest.raises(KeyTaken):
        bench.start(by="somebody else")
    assert bench.cents() == Money(1)


@pytest.mark.parametrize("status", [S.STARTING, S.STARTED, S.LOCKED, S.UNCLEAR, S.VERIFIED])
def test_there_is_no_second_check_beside_one_that_goes_on_or_was_passed(bench, status):
    bench.start()
    kept = bench.kept()
    bench.store.account_checks.write(
        replace(kept, check=replace(kept.check, status=status)), version=kept.version
    )
    with pytest.raises(CheckUnderWay, match=str(status)):
        bench.start(key=OTHER_KEY)
    assert bench.cents() == Money(1)


@pytest.mark.parametrize("status", [S.FAILED, S.UNSENT])
def test_after_one_that_came_to_nothing_another_may_begin(bench, status):
    bench.start()
    kept = bench.kept()
    bench.store.account_checks.write(
        replace(kept, check=replace(kept.check, status=status)), version=kept.version
    )
    assert bench.start(key=OTHER_KEY).check.status is S.STARTED


def test_a_start_in_doubt_is_never_sent_again_until_a_person_starts_another_after_its_time(bench):
    bench.verifier.starts = [DOUBT]
    assert bench.start().check.status is S.UNCLEAR
    assert bench.start().replayed
    with pytest.raises(CheckUnderWay):
        bench.start(key=OTHER_KEY)
    bench.clock.advance(LASTS - timedelta(microseconds=1))
    with pytest.raises(CheckUnderWay):
        bench.start(key=OTHER_KEY)
    assert bench.cents() == Money(1)
    bench.clock.advance(timedelta(microseconds=1))
    assert bench.start().check.status is S.EXPIRED  # the old key stays the old check
    assert bench.start(key=OTHER_KEY).check.status is S.STARTED
    assert bench.cents() == Money(2)


def test_what_was_certainly_never_sent_may_be_sent_with_the_same_key(bench):
    bench.verifier.starts = [UNSENT]
    with pytest.raises(ProviderUnavailable, match="no_connection"):
        bench.start()
    assert (bench.show().status, bench.standing().check.status) == (S.UNSENT, S.UNSENT)
    begun = bench.start()
    assert (begun.replayed, begun.check.status) == (False, S.STARTED)
    assert bench.verifier.sent == [identifier_of(PAY_ID, KEY)]


def test_what_was_never_sent_is_nobody_elses_to_send_under_that_key(bench):
    bench.verifier.starts = [UNSENT]
    with pytest.raises(ProviderUnavailable):
        bench.start()
    with pytest.raises(KeyTaken):
        bench.start(by="somebody else")
    assert bench.cents() == Money(0)


def test_what_the_provider_refuses_has_failed_and_says_why(bench):
    bench.verifier.starts = [Beginning(Heard.REFUSED, reason="InvalidMAccount")]
    check = bench.start().check
    assert (check.status, check.reason, check.ended_by) == (
        S.FAILED, "InvalidMAccount", "operator",
    )  # fmt: skip
    assert bench.start().replayed


def test_who_is_stopped_or_forgotten_is_sent_no_cent(bench):
    before = bench.customer
    bench.store.customers.edit(replace(before, stopped="disputed"), version=before.version)
    with pytest.raises(CustomerStopped):
        bench.start()
    erasure = Erasure(Erasing.ASKED, "admin", bench.clock.now())
    bench.store.customers.edit(replace(before, erasure=erasure), version=before.version + 1)
    with pytest.raises(CustomerErased):
        bench.start()
    assert bench.store.state.checks == {}


def test_nothing_is_stored_while_nothing_can_be_unsealed_or_no_time_is_left(bench):
    bench.vault.down = True
    with pytest.raises(VaultUnavailable):
        bench.start()
    bench.vault.down, bench.left = False, 4.9
    with pytest.raises(Unavailable, match="no time"):
        bench.start()
    assert bench.store.state.checks == {}
    assert bench.cents() == Money(0)


def test_what_is_not_there_is_not_found(bench):
    for customer, destination, what in (
        ("nobody", PAY_ID, "customer"), (CUSTOMER, "d-9", "destination"),
    ):  # fmt: skip
        for ask in (
            lambda c=customer, d=destination: show(c, d, means=bench.means),
            lambda c=customer, d=destination: start(
                c, d, key=KEY, by="operator", means=bench.means, time_left=lambda: 20
            ),
        ):
            with pytest.raises(NotFound, match=what):
                ask()
    with pytest.raises(NotFound, match="verification"):
        bench.show()


# Two at once.


def test_of_two_starts_at_once_with_one_key_one_sends(bench):
    other = []

    def first(*_, **__):
        other.append(1)
        meanwhile(bench, KEY, other)

    bench.before("vault", unseal=first)
    begun = bench.start()
    assert begun.replayed
    assert begun.check.status is S.STARTED
    assert bench.cents() == Money(1)


def meanwhile(bench, key, told):
    """Somebody else starts a check, once."""
    if len(told) == 1:
        bench.undisturbed()
        bench.ports["vault"] = bench.vault
        bench.start(key=key)


def test_of_two_starts_at_once_with_two_keys_one_sends(bench):
    other = []

    def first(*_, **__):
        other.append(1)
        meanwhile(bench, OTHER_KEY, other)

    bench.before("checks", write=first)
    with pytest.raises(CheckUnderWay):
        bench.start()
    assert bench.verifier.sent == [identifier_of(PAY_ID, OTHER_KEY)]


def test_between_looking_and_writing_the_same_key_may_have_been_started(bench):
    other = []

    def first(*_, **__):
        other.append(1)
        meanwhile(bench, KEY, other)

    bench.before("checks", write=first)
    assert bench.start().replayed
    assert bench.cents() == Money(1)


def test_who_is_always_too_late_gives_up(bench):
    def first(*_, **__):
        raise Stale("somebody was faster")

    bench.before("checks", write=first)
    with pytest.raises(Stale):
        bench.start()
    assert bench.cents() == Money(0)


# Killed anywhere.


def test_killed_after_the_start_was_stored_nothing_is_sent_and_nothing_begins_again(bench):
    bench.after("checks", "write")
    with pytest.raises(Crash):
        bench.start()
    bench.undisturbed()
    assert bench.start().check.status is S.STARTING
    with pytest.raises(CheckUnderWay):
        bench.start(key=OTHER_KEY)
    assert bench.cents() == Money(0)
    bench.clock.advance(LASTS)
    bench.start(key=OTHER_KEY)
    assert bench.cents() == Money(1)


def test_killed_after_the_call_the_cent_is_never_sent_again(bench):
    bench.after("verifier", "start")
    with pytest.raises(Crash):
        bench.start()
    bench.undisturbed()
    again = bench.start()
    assert (again.replayed, again.check.status) == (True, S.STARTING)
    with pytest.raises(CheckUnderWay):
        bench.start(key=OTHER_KEY)
    assert bench.cents() == Money(1)


def test_killed_after_the_answer_was_stored_the_next_one_tells_it_beside_the_destination(bench):
    bench.after("checks", "write", 2)
    with pytest.raises(Crash):
        bench.start()
    bench.undisturbed()
    assert bench.standing().check is None
    bench.start()
    assert bench.standing().check == bench.kept().check
    assert bench.cents() == Money(1)


def test_a_start_whose_reply_of_the_store_is_lost_sends_nothing(bench):
    bench.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        bench.start()
    assert bench.start().check.status is S.STARTING
    assert bench.cents() == Money(0)


def test_an_older_check_never_takes_the_place_of_a_newer_one(bench):
    """Whoever tells of a check reads it after the customer."""
    told = []

    def first(*_, **__):
        told.append(1)
        if len(told) == 1:
            bench.undisturbed()
            bench.confirm()

    bench.before("customers", edit=first)
    bench.start()
    assert bench.standing().check.status is S.VERIFIED


def test_a_destination_that_was_removed_meanwhile_is_told_nothing_of(bench):
    def first(*_, **__):
        before = bench.customer
        bench.store.customers.edit(replace(before, destinations=()), version=before.version)

    bench.before("verifier", start=first)
    assert bench.start().check.status is S.STARTED
    assert all(each.check is None for each in bench.customer.standings)
