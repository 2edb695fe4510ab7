"""Races of approvers on each commit; each payout is executed once, or never."""

from __future__ import annotations

import pytest

from tests.races import approvals
from tests.races.test_races import PROCESSES, held
from tests.races.town import built

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def town():
    with built() as town:
        yield town


def test_agreeing_declining_cancelling_and_lapsing_at_once_have_one_outcome_each(town):
    told = approvals.run(town, payouts=15, threads=8, processes=PROCESSES)
    counts = held(town, told)
    # Else nobody was in anybody's way.
    assert counts["raced to Completed"]
    assert counts["raced to Declined"]
    assert counts["raced to Cancelled"]
    assert counts["approve: 409"]


def test_one_approver_at_many_doors_agrees_to_so_much_and_no_cent_more(town):
    told = approvals.run_limit(town, payouts=16, threads=8, processes=PROCESSES)
    counts = held(town, told)
    assert counts["raced to Completed"] == approvals.LIMIT.cents // 200
    assert counts["raced to Cancelled"] == counts["lapsed"] == 6
    assert counts["one approver heard approver_limit"]
