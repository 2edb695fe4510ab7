"""The comparison with Powertools' idempotency runs; ours pays nobody twice and tells nothing wrong.

No time is asserted. That the faults bite is shown by the other columns.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bench.bank import Kind
from bench.client import Wish
from bench.counted import OURS, cost, counted
from bench.faults import ONE_IN, Dice, Fault
from bench.ours import OurSide
from bench.peer_idempotency import main
from bench.powertools import PowertoolsSide, Variant

SEEDS = range(100)


@pytest.mark.parametrize("kind", Kind)
def test_ours_pays_every_payee_who_can_be_paid_once_and_tells_nothing_wrong(kind):
    count = counted(OURS, kind, SEEDS, ONE_IN)
    assert count.schedules == len(SEEDS)
    assert count.once == count.wanted > 0
    assert (count.twice, count.failed_but_paid, count.paid_but_not) == (0, 0, 0)
    assert count.waiting == count.person, "what is open is before a person"


def test_ours_pays_nobody_twice_where_every_third_call_fails():
    counts = [counted(OURS, kind, range(4), 3) for kind in Kind]
    assert sum(count.twice + count.failed_but_paid + count.paid_but_not for count in counts) == 0
    assert all(count.once for count in counts)


def test_a_new_reference_for_each_call_is_paid_twice_whatever_the_provider_does():
    counts = [counted(Variant.NEW_REFERENCE.name, kind, SEEDS, ONE_IN) for kind in Kind]
    assert all(count.twice > 0 for count in counts)


def test_the_fair_variant_is_safe_where_the_provider_refuses_repeats_and_only_there():
    name = Variant.EXISTS_IS_PAID.name
    refuses, repeats, uses_up = (counted(name, kind, range(300), ONE_IN) for kind in Kind)
    assert refuses.twice == refuses.failed_but_paid == refuses.paid_but_not == 0
    assert repeats.twice > 0
    assert uses_up.twice == 0
    assert uses_up.paid_but_not > 0


def test_reading_every_400_as_a_refusal_tells_wrong_outcomes():
    assert counted(Variant.OWN_REFERENCE.name, Kind.REFUSES, SEEDS, ONE_IN).failed_but_paid > 0


def test_storing_no_answer_as_unknown_leaves_clients_without_an_outcome():
    count = counted(Variant.NEVER_RAISES.name, Kind.REFUSES, SEEDS, ONE_IN)
    assert count.twice == 0
    assert count.unknown > count.unknown_and_paid > 0


@pytest.mark.parametrize("name", [Variant.EXISTS_IS_PAID.name, OURS])
def test_the_same_seeds_end_the_same_way(name):
    assert counted(name, Kind.REPEATS, range(12), 4) == counted(name, Kind.REPEATS, range(12), 4)


def test_without_a_fault_the_library_makes_two_calls_to_the_store_and_ours_three():
    seed = next(each for each in SEEDS if Wish.of(each).sound)
    for variant in Variant:
        paid = PowertoolsSide(variant).run(seed, Kind.REFUSES, 0)
        assert (paid.executions, paid.payments, paid.store_calls) == (1, 1, 2)
    paid = OurSide().run(seed, Kind.REFUSES, 0)
    assert (paid.executions, paid.payments, paid.store_calls) == (1, 1, 3)


def test_every_fault_strikes_about_as_often_as_the_others():
    struck: Counter[str] = Counter()
    for seed in range(400):
        dice = Dice(seed)
        for place in ("payments", "questions", "store"):
            for _ in range(3):
                dice.roll(place)
        struck += dice.struck
    assert set(struck) == set(Fault)
    assert 350 < struck.total() < 550, "one in eight of 3,600"
    assert min(struck.values()) > 40


def test_the_time_of_a_payout_is_measured_as_often_as_it_is_said():
    for name in (Variant.EXISTS_IS_PAID.name, OURS):
        assert len(cost(name, 3, 4).micros) == 4
        assert cost(name, 3, 4).median > 0


def test_the_command_prints_a_table_for_each_provider_and_the_times(capsys):
    assert main(["--schedules", "6", "--repetitions", "1", "--seed", "50"]) == 0
    told = capsys.readouterr().out
    assert all(f"A provider that {kind}" in told for kind in Kind)
    assert "executed more than once" in told
    assert "median" in told


@pytest.mark.parametrize(
    "given", [["--schedules", "0"], ["--schedules", "many"], ["--one-in", "0"], ["--seed", "-1"]]
)
def test_settings_that_make_no_sense_get_a_clear_message(given, capsys):
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert f"argument {given[0]}" in capsys.readouterr().err
