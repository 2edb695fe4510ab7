"""Every fault at every call, and every pair of them, for every scene; counted."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.simulation.exhaustive import PROVIDERS, alone, is_alike, pairs
from tests.simulation.faults import CAN, Fault, Kind
from tests.simulation.interleavings import MEETINGS, orders
from tests.simulation.money_scenes import SCENES
from tests.simulation.monoova import REFUSES, REPEATS

SHARES = 4
NAMES = {habits.name: habits for habits in PROVIDERS}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_fault_alone_breaks_nothing(scene, provider, record_property):
    well, *runs = alone(scene, NAMES[provider])
    assert SCENES[scene].does in [name for _, name in well.calls], "it does what it is about"
    assert [run for run in (well, *runs) if run.broken] == []
    doubled = REFUSES is NAMES[provider]
    expected = sum(len(CAN[kind]) - (kind is Kind.PAY and not doubled) for kind, _ in well.calls)
    assert len(runs) == expected
    record_property("counted", {f"{scene}: single faults": len(runs)})


@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("scene", [name for name, scene in SCENES.items() if scene.in_pairs])
def test_every_pair_of_faults_breaks_nothing(scene, share, record_property):
    """Against the provider that executes repeats, and of queries that are alike the outer two.

    `make exhaustive` plays all of them, and the other provider, too.
    """
    firsts = [run for run in alone(scene, REPEATS) if run.plan]
    firsts = [run for run in firsts if not is_alike(run, next(iter(run.plan)))]
    counted, broken = 0, []
    for first in islice(firsts, share, None, SHARES):
        for run in pairs(scene, first, REPEATS, thin=True):
            counted += 1
            broken += [run] if run.broken else []
    assert broken == []
    assert counted
    record_property("counted", {f"{scene}: pairs of faults": counted})


@pytest.mark.timeout(900)
@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("meeting", MEETINGS)
def test_in_every_order_up_to_the_bound_nothing_breaks(meeting, provider, record_property):
    """Two preemptions for a payout with all that meets it, one or two for the others."""
    first = meeting == next(iter(MEETINGS)) and NAMES[provider] is REPEATS
    bound = 2 if first else MEETINGS[meeting].bound
    counts: Counter[str] = Counter()
    for order, broken in orders(meeting, NAMES[provider], bound):
        assert not broken, order.taken
        counts[f"{meeting}: orders"] += 1
    assert counts.total() > 10
    record_property("counted", dict(counts))


def test_every_fault_can_befall_something():
    assert {fault for can in CAN.values() for fault in can} == set(Fault) - {Fault.NONE}
