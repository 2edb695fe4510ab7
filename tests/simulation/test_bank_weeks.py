"""Weeks with files for the bank: what happens in them truly does, also after a false oath."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.domain.payout import Status
from tests.simulation.regimes import regime_of
from tests.simulation.week import play

# Numbers that no other weeks have.
FIRST, MANY = 700_000, 45
OF_EVERY_KIND = (
    "exports killed", "exports raised", "takings of bytes killed", "files that the bank took",
    "bytes given out once more",
    "files it refused", "files brought to the bank twice", "lines that the bank paid",
    "lines that came back", "lines that came back late", "files of returns returned",
    "files that end as Taken", "files that end as GivenUp", "steps LetGo",
    "payouts planned for a file and left out", "payouts let go and sent by the provider",
)  # fmt: skip


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    """What is told of weeks that all have files."""
    told: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + MANY):
        if regime_of(seed).covered:
            outcome = play(seed, files=True)
            assert not outcome.broken, f"{seed}, with files: {outcome.broken}"
            told.update(outcome.counts)
    return told


@pytest.mark.parametrize("kind", OF_EVERY_KIND)
def test_every_kind_of_what_befalls_a_file_happens(counts, kind):
    assert counts[kind] > 0


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.RETURNED])
def test_what_was_in_a_file_ends(counts, status):
    assert counts[f"payouts filed that end as {status}"] > 0


def test_what_the_bank_pays_against_an_oath_is_doubted_and_counted_apart(counts):
    assert counts["files that are doubted"] > 0
    assert counts["payouts paid twice after a false oath"] > 0
    assert counts["executed more than once"] == 0
