"""The directory of BSBs: a bank, a branch, and what people should be warned of."""

import subprocess
import sys

import bsb
import pytest

from chalicelib.adapters.bsb_directory import LONGEST, PackagedDirectory, branch_of
from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.destination import BankAccount, PayId, PayIdType

CBA = "Commonwealth Bank of Australia"
ANZ = "Australia & New Zealand Banking Group Limited"


def test_an_account_has_a_bank_and_a_branch():
    account = BankAccount.parse("062-000", "12345678", "Jo Citizen")
    assert PackagedDirectory().branch(account) == Branch(CBA, "48 Martin Place Sydney", ())


def test_a_pay_id_has_none():
    pay_id = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
    assert PackagedDirectory().branch(pay_id) is None


@pytest.mark.parametrize(
    ("digits", "branch"),
    [
        ("012003", Branch(ANZ, "Refer to BSB 012-019", (Caution.MERGED,))),
        ("012212", Branch(ANZ, "Refer to BSB 012-298 05/09", (Caution.CLOSED,))),
        ("000000", Branch("", "", (Caution.UNKNOWN_BSB,))),
        ("062999", Branch(CBA, branch_of("062999").name, branch_of("062999").warnings)),
    ],
)
def test_what_is_gone_or_unknown_is_a_warning(digits, branch):
    assert branch_of(digits) == branch


def test_a_branch_that_npp_does_not_reach_is_a_warning():
    unreached = sorted(bsb.dataset.npp_unsupported_bsbs & bsb.dataset.bsb_directory.keys())
    assert Caution.NOT_REACHABLE_BY_NPP in branch_of(unreached[0]).warnings


def test_every_branch_of_the_directory_can_be_shown():
    for digits in list(bsb.dataset.bsb_directory)[::97]:
        branch = branch_of(digits)
        assert 0 < len(branch.bank) <= LONGEST
        assert 0 < len(branch.name) <= LONGEST
        assert branch.bank.isprintable()
        assert branch.name.isprintable()


def test_it_is_not_read_before_somebody_looks_something_up():
    code = "import sys, chalicelib.adapters.bsb_directory; sys.exit('bsb' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
