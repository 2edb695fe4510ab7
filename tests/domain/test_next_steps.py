"""Whose a finding is and what they should do: said of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bank_file import Stage
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.next_steps import (
    STEPS,
    Owner,
    age_in_days,
    kinds_of,
    next_step,
    next_step_of_file,
    owner,
)
from tests.domain.test_filed import SEALED
from tests.fakes.clock import START

PAYOUT = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"


def test_every_kind_has_an_owner_and_one_sentence():
    assert STEPS.keys() == set(Kind)
    for _, sentence in STEPS.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert ". " not in sentence
    assert len({sentence for _, sentence in STEPS.values()}) == len(Kind)


def test_every_kind_is_the_work_of_one_team_and_every_team_has_work():
    teams = [kinds_of(team) for team in Owner]
    assert all(teams)
    assert sorted(kind for kinds in teams for kind in kinds) == sorted(Kind)
    assert owner(Kind.BALANCE_DIFFERS) is Owner.FINANCE
    assert Kind.BALANCE_DIFFERS in kinds_of(Owner.FINANCE)


@pytest.mark.parametrize("kind", [Kind.MISSING_THERE, Kind.STATUS_DIFFERS, Kind.UNFIT_NEWS])
def test_where_two_people_may_end_a_payout_the_way_there_is_told(kind: Kind):
    told = next_step(Finding(kind, f"{PAYOUT}-2", START))
    assert f"POST /payouts/{PAYOUT}/resolution and /agree" in told


def test_what_is_about_no_payout_leads_to_none():
    receipt = next_step(Finding(Kind.MISSING_THERE, "N7", START))
    assert "receipt" in receipt
    assert "/payouts/" not in receipt
    day = Finding(Kind.WEBHOOK_MISSING, "report#2026-03-01", START, "out_of_reach")
    assert "night" in next_step(day)
    assert "transaction up" in next_step(Finding(Kind.WEBHOOK_MISSING, "17", START))


@pytest.mark.parametrize(
    ("finding", "own"),
    [
        (Finding(Kind.STATUS_DIFFERS, f"{PAYOUT}-1", START), PAYOUT),
        (Finding(Kind.UNFIT_NEWS, f"{PAYOUT}-1/0f34", START, reference=f"{PAYOUT}-1"), PAYOUT),
        (Finding(Kind.UNFIT_NEWS, f"{PAYOUT}-1/0f34", START), ""),
        (Finding(Kind.RECEIPT_UNKNOWN, "N7", START), ""),
        (Finding(Kind.MISSING_HERE, f"{PAYOUT}-1", START), ""),
        (Finding(Kind.UNKNOWN_PAYOUT, "x", START, reference=f"{PAYOUT}-1"), ""),
    ],
)
def test_a_finding_of_a_payout_that_is_stored_leads_to_it(finding: Finding, own: str):
    assert finding.transaction_id == own


def test_it_grows_old_by_whole_days_until_it_ends():
    found = Finding(Kind.FEE_DIFFERS, "T1", START)
    assert age_in_days(found, START + timedelta(days=3, hours=23)) == 3
    ended = replace(found, resolved_at=START + timedelta(days=1))
    assert age_in_days(ended, START + timedelta(days=9)) == 1
    assert age_in_days(found, START - timedelta(seconds=1)) == 0


def test_a_file_for_the_bank_says_what_to_do_with_it_as_long_as_somebody_has_to():
    told = {stage: next_step_of_file(replace(SEALED, stage=stage)) for stage in Stage}
    assert {stage for stage, sentence in told.items() if sentence} == {Stage.SEALED, Stage.OUT}
    assert "/exports/file-1/give-up" in str(told[Stage.OUT])
    doubtful = next_step_of_file(replace(SEALED, stage=Stage.GIVEN_UP, doubted=True))
    assert "/exports/file-1/doubt and /doubt/agree" in str(doubtful)
