"""A night is cut, or raced, at every call it makes; whoever comes next brings it to the same end.

At each call of a port, before it went through and after, the runner dies, or the call fails and the
runner lives; or a second runner does the whole night right there. Afterwards the schedule comes by
a few times. Whatever happened: the books, the findings and what lies in the archive are those of a
night that nobody disturbed, each told once at least, and no step was made twice.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain import attestation
from chalicelib.domain.errors import (
    ArchiveUnavailable,
    PayoutError,
    ProviderUnavailable,
    QueueUnavailable,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Line
from chalicelib.domain.report import names
from tests.fakes.provider import TIMED_OUT_AND_PAID
from tests.usecases.nights import DAY, D, Nights, busy_day
from tests.usecases.test_crashes import Crash, Cut

if TYPE_CHECKING:
    from collections.abc import Callable

FAILURES = {
    "provider": ProviderUnavailable, "day_book": ProviderUnavailable,
    "archive": ArchiveUnavailable, "signer": VaultUnavailable, "herald": QueueUnavailable,
}  # fmt: skip


def eventful() -> Nights:
    """The morning after a busy day with a fault in it, and something open since days before."""
    world = busy_day()
    world.clock.set(world.clock.now() - 3 * DAY)
    world.provider.will(TIMED_OUT_AND_PAID)
    world.request(key="4" * 16)
    world.clock.set(world.clock.now() + 3 * DAY)
    world.provider.settle(world.provider.executions[-1].reference, "Complete")
    # The account's lines stand in the order of their days.
    world.provider.executions.insert(0, world.provider.executions.pop())
    world.day_book.more.append(
        Line(99, D, "fee", False, "", "T1", Money(500), ZERO, Money(959_452))
    )
    return world.now(D + DAY, 3)


class NightCut(Cut):
    """Cuts a call of a night."""

    def fall(self, port: str, method: str) -> None:  # noqa: ARG002 (its signature)
        """Die, or fail as that port does."""
        self.fell = True
        raise Crash if self.dies else FAILURES.get(port, StoreUnavailable)


def run(world: Nights, cut: Cut, deed: Callable[[Nights], object] = Nights.tick) -> None:
    """Do it with every port cut through."""
    true = dict(world.ports)
    world.ports = {name: cut.through(name, port) for name, port in true.items()}
    with suppress(Crash, PayoutError):
        deed(world)
    world.ports = true


def finish(world: Nights) -> None:
    """The schedule comes by; the hold of a runner who died is over by the fourth time."""
    for _ in range(4):
        world.clock.advance(20 * 60)
        world.tick()


def outcome(world: Nights) -> dict[str, Any]:
    """All that a night leaves, but for moments, counters of writings and hashes of them."""
    state, night = world.store.state, world.night(D)
    return {
        "payouts": sorted(
            (p.status, str(p.fee), p.attempt, p.sends) for p in state.payouts.values()
        ),
        "events": sorted(
            [type(each.event).__name__ for each in steps] for steps in state.steps.values()
        ),
        "findings": sorted((f.kind, f.subject, f.is_open) for f in state.findings.values()),
        "night": (
            night.stage, night.run, night.findings, night.opening, night.closing,
            night.unexplained, night.held_until, sorted(night.sums.items()),
            {name: night.counts.get(name) for name in ("payouts", "agreed", "not_asked")},
        ),
        "agenda": world.store.nights.agenda().through,
        "runs": len(world.store.nights.runs(D)),
        # What was told is told once more where its own note could not be kept: no harm.
        "reports": sorted(
            name for name in world.archive.objects
            if "report" in name and not name.endswith(".txt")
        ),
        "attested": attestation.name_of(D) in world.archive.objects,
        "sent": len(world.provider.requests),
    }  # fmt: skip


@cache
def undisturbed() -> tuple[dict[str, Any], list[str]]:
    """What a night leaves that nobody disturbs, and the calls it makes."""
    world, cut = eventful(), NightCut(-1, after=False, dies=False)
    run(world, cut)
    finish(world)
    return outcome(world), cut.seen


def check(world: Nights) -> None:
    """All is as if nothing had happened."""
    expected, _ = undisturbed()
    found = outcome(world)
    assert found == expected
    assert world.ended(D)
    world.check_books()
    assert {subject for subject, _ in world.herald.told} == {subject_of()}


@cache
def subject_of() -> str:
    world = eventful()
    world.tick()
    ((subject, _),) = world.herald.told
    return str(subject)


def test_undisturbed_the_night_does_all_that_it_is_cut_in():
    expected, calls = undisturbed()
    assert expected["night"][0].value == "done"
    assert len(expected["findings"]) == 1
    assert expected["agenda"] == D
    for call in (
        "nights.agenda", "nights.save", "nights.arrange", "gate.closed", "payouts.open_work",
        "provider.status", "day_book.statuses", "day_book.lines", "changes.of_day",
        "receipts.of_days", "payouts.write", "findings.find", "archive.put", "signer.sign",
        "herald.tell",
    ):  # fmt: skip
        assert call in calls, call
    assert calls.count("herald.tell") == 1
    assert names(D, 1).summary in eventful_archive()


def eventful_archive() -> list[str]:
    world = eventful()
    world.tick()
    return sorted(world.archive.objects)


CALLS = range(54)


def test_every_call_of_a_night_is_cut():
    _, calls = undisturbed()
    assert len(calls) <= len(CALLS), "more calls than are cut: widen CALLS"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("at", CALLS)
def test_whoever_is_cut_the_night_comes_to_the_same_end(at, dies, after):
    world, cut = eventful(), NightCut(at, after=after, dies=dies)
    run(world, cut)
    assert cut.fell == (at < len(undisturbed()[1]))
    finish(world)
    check(world)


def let_go(world: Nights) -> None:
    """The hold is forgotten, its version is not."""
    runs = world.store.nights._runs
    runs[D, 1] = replace(runs[D, 1], held_until=None)


class Race(Cut):
    """Has somebody else do the whole night at the n-th call."""

    def __init__(self, at: int, other: Nights) -> None:
        super().__init__(at, after=False, dies=False)
        self._other = other

    def fall(self, port: str, method: str) -> None:  # noqa: ARG002 (its signature)
        """Let the other one go; nobody's hold keeps them out, for nothing may rest on it."""
        self.fell = True
        if self._other.store.nights.get(D) is not None:
            let_go(self._other)
        with suppress(PayoutError):
            self._other.tick()


@pytest.mark.parametrize("at", CALLS)
def test_two_at_once_come_to_the_same_end(at):
    world = eventful()
    race = Race(at, beside(world))
    run(world, race)
    assert race.fell == (at < len(undisturbed()[1]))
    finish(world)
    check(world)


def beside(world: Nights) -> Nights:
    """Another runner over the same business."""
    other = copy(world)
    other.ports = dict(world.ports)
    return other


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(6))
def test_a_run_that_a_person_began_is_finished_wherever_they_were_cut(at, after):
    world, cut = eventful(), NightCut(at, after=after, dies=True)
    day = D - 5 * DAY
    run(world, cut, lambda cut_world: cut_world.start(day))
    begun = world.store.nights.get(day)
    finish(world)
    assert begun is None or world.night(day).is_over
    assert world.store.nights.agenda().again == frozenset()
