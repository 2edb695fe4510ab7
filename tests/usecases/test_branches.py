"""The bank and branch of a new destination: learnt while it is plain, and never in the way."""

from dataclasses import replace

import pytest

from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import BankAccount, Destination
from chalicelib.domain.errors import Stale, StoreUnavailable
from chalicelib.usecases.branches import learn_branches
from tests.fakes.account_checks import FakeDirectory
from tests.usecases.checking import BANK, PAY_ID, Bench
from tests.usecases.world import ACCOUNT, PAYID

KNOWN = Branch("Example Bank", "1 Example Street")
PLAIN: dict[str, Destination] = {PAY_ID: PAYID, BANK: ACCOUNT}


@pytest.fixture
def bench():
    return Bench()


def learnt(bench, plain: dict[str, Destination] | None = None):
    return learn_branches(
        bench.customer, plain or PLAIN, directory=FakeDirectory(),
        customers=bench.ports["customers"], clock=bench.clock,
    )  # fmt: skip


def test_an_account_has_a_branch_and_a_pay_id_none(bench):
    customer = learnt(bench)
    assert customer == replace(bench.customer, version=customer.version)
    assert bench.standing(BANK).branch == KNOWN
    assert bench.standing(PAY_ID).branch is None


def test_what_warns_is_kept_with_it(bench):
    learnt(bench, {BANK: BankAccount.parse("999-000", "12345678", "Jo Citizen")})
    assert bench.standing(BANK).branch == replace(KNOWN, warnings=(Caution.CLOSED,))


def test_what_is_known_is_not_written_again(bench):
    version = learnt(bench).version
    assert learnt(bench).version == version == bench.customer.version


def test_what_else_is_known_of_the_destination_stays(bench):
    bench.start(BANK)
    learnt(bench)
    assert bench.standing(BANK).branch == KNOWN
    assert bench.standing(BANK).check == bench.kept(BANK).check


def test_another_customers_destination_is_none_of_theirs(bench):
    before = bench.customer
    assert learnt(bench, {"d-9": ACCOUNT}) == before == bench.customer


def test_of_who_is_being_forgotten_nothing_more_is_learnt(bench):
    erasure = Erasure(Erasing.ASKED, "admin", bench.clock.now())
    before = bench.customer
    bench.store.customers.edit(replace(before, erasure=erasure), version=before.version)
    assert learnt(bench) == bench.customer
    assert bench.standing(BANK).branch is None


@pytest.mark.parametrize("trouble", [Stale("too late"), StoreUnavailable("away")])
def test_trouble_is_no_reason_to_refuse(bench, trouble):
    def first(*_, **__):
        raise trouble

    bench.before("customers", edit=first)
    before = bench.customer
    assert learnt(bench) == before
