"""Two thousand weeks on each commit: no invariant breaks, and the business lives."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.__main__ import USUAL, summary
from tests.simulation.code import before, present
from tests.simulation.regimes import regime_of
from tests.simulation.regressions import REGRESSIONS
from tests.simulation.week import play

PARTS = 20
EACH = USUAL // PARTS
# Where half of all calls fail for a week, some payouts are cancelled or never leave. What the bank
# paid has left, too. Redrafts are counted apart: they are of what had its reasons not to arrive. So
# is what others did not agree to. Each payout has ended or is before a person, without exception;
# how many may be is a bound for a hundred weeks, of which some have a provider that loses much.
LEAST_REACHED, LEAST_ENDED = 0.8, 0.9
# Of what is lost for days a person is told; some settlements never come, or not in full.
LEAST_HEALED, LEAST_ALLOCATED = 0.6, 0.5
WHOSE = ("customer", "operator", "business")
OF_STOPPING = (
    "pauses ended", "final proofs", "payouts that sat a pause out and went", "steps Held",
    "steps HoldLifted",
)  # fmt: skip
OF_OUTAGES = (
    "circuits closed", "payouts that waited for a rail and went",
    "attempts alive that we were in doubt of",
)  # fmt: skip
# What some parts of the weeks may lack, and all of them must not.
RARE = {
    "circuits opened: npp", "circuits opened: provider", "steps Rerouted",
    "payouts that went around a rail", "occurrences refused", "occurrences missed",
}  # fmt: skip
# A night a day, but for days on which nothing happened any more.
LEAST_NIGHTS = 5


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_week_breaks_an_invariant(part, record_property):
    counts: Counter[str] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        outcome = play(seed)
        assert not outcome.broken, f"make simulate SEED={seed} tells of it: {outcome.broken}"
        counts.update(outcome.counts)
    record_property("counted", dict(counts))
    print(summary(counts))
    assert counts["executed more than once"] == 0
    reached = counts["payouts that reached the provider"] - counts["redrafts paid"]
    left = reached + counts["lines that the bank paid"]
    unwanted = counts["steps Declined"] + counts["steps Lapsed"]
    assert left > LEAST_REACHED * (counts["payouts stored"] - counts["redrafts"] - unwanted)
    ended, waiting = counts["payouts ended"], counts["payouts that wait for a person"]
    assert ended + waiting == counts["payouts stored"]
    assert ended > LEAST_ENDED * counts["payouts stored"]
    assert counts["webhooks healed"] > LEAST_HEALED * counts["webhooks lost"]
    assert counts["rows allocated"] > LEAST_ALLOCATED * counts["rows wanted"]
    assert counts["receipts returned"] > 0
    assert counts["payouts that waited for funds and went"] > 0
    assert min(counts[f"steps {kind}"] for kind in ("Released", "Declined", "Lapsed")) > 0
    assert min(counts[f"refused {whose}_day_limit"] for whose in WHOSE) > 0
    assert counts["redrafts paid"] > 0
    assert min(counts[each] for each in (*OF_STOPPING, *OF_OUTAGES)) > 0
    assert sum(counts[f"circuits opened: {name}"] for name in ("npp", "provider")) > 0
    assert counts["occurrences made"] > 0
    assert counts["weeks beside the version before"] > 0
    assert counts["weeks rolled back"] > 0
    assert min(counts[each] for each in ("steps Filed", "lines that the bank paid")) > 0
    assert counts["nights"] > LEAST_NIGHTS * counts["weeks with nights"] > 0
    assert counts["archived keys used again"] > 0
    assert counts["archived payouts returned"] > 0
    assert counts["steps let go"] > 0


@pytest.mark.timeout(600)
def test_what_is_rare_does_occur_in_the_weeks():
    counts: Counter[str] = Counter()
    for seed in range(USUAL):
        counts.update(play(seed).counts)
        if all(counts[each] for each in RARE):
            return
    pytest.fail(f"never in {USUAL} weeks: {sorted(each for each in RARE if not counts[each])}")


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_week_that_once_failed_does_not_any_more(name):
    assert not play(REGRESSIONS[name]).broken


def test_a_number_is_always_the_same_week():
    lines: list[list[str]] = [[], []]
    for told in lines:
        play(17, story=told.append)
    assert lines[0] == lines[1]
    assert len(lines[0]) > 100


def test_the_version_before_is_other_code():
    assert before().payouts is not present().payouts
    assert before().payouts.DynamoPayouts is not present().payouts.DynamoPayouts
    assert "before.zip" in str(before().payouts.__file__)


def test_weeks_that_break_both_defences_are_counted_apart_and_do_break():
    outcomes = [play(seed) for seed in range(2000) if not regime_of(seed).covered]
    counts = sum((outcome.counts for outcome in outcomes), Counter())
    assert not any(outcome.broken for outcome in outcomes)
    assert counts["weeks that are not covered"] == counts["weeks"] >= 20
    assert counts["not covered: executed twice"] > 0, "the faults are hard enough to show it"
