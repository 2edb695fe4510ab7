"""Every use case is cut at every call it makes; then the poller looks twice.

At each call of a port, before it went through and after, the process dies, or the call fails and
the process lives. Whatever was cut: nothing is executed twice, nothing is lost, the books are the
provider's to the cent, and what is open is due or before a person. Both with a provider that
refuses a reference the second time and with one that executes it again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import (
    PayoutError,
    ProviderUnavailable,
    QueueUnavailable,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import OPEN
from tests.usecases.scenes import SCENES, Scene, settle_all
from tests.usecases.world import PATIENCE, World

if TYPE_CHECKING:
    from collections.abc import Callable

FAILURES = {
    "provider": ProviderUnavailable,
    "vault": VaultUnavailable,
    "dead_letters": QueueUnavailable,
    "inbox": ProviderUnavailable,
}


class Crash(BaseException):
    """The process is gone: no `except` of ours runs any more."""


@dataclass
class Cut:
    """Cuts the n-th call of any port, from 0; `calls` counts them."""

    at: int
    after: bool
    dies: bool
    calls: int = 0
    fell: bool = False
    seen: list[str] = field(default_factory=list)

    def through(self, name: str, port: Any) -> Any:
        return _Port(self, name, port)

    def fall(self, port: str, method: str) -> None:
        self.fell = True
        # A request to pay has no exceptions: where it is cut, so is the process.
        if self.dies or method == "pay":
            raise Crash
        raise FAILURES.get(port, StoreUnavailable)


class _Port:
    def __init__(self, cut: Cut, name: str, port: Any) -> None:
        self._cut, self._name, self._port = cut, name, port

    def __getattr__(self, method: str) -> Any:
        def call(*args: Any, **told: Any) -> Any:
            cut = self._cut
            now = cut.calls == cut.at
            cut.calls += 1
            cut.seen.append(f"{self._name}.{method}")
            if now and not cut.after:
                cut.fall(self._name, method)
            result = getattr(self._port, method)(*args, **told)
            if now and cut.after:
                cut.fall(self._name, method)
            return result

        return call


def run(world: World, cut: Cut, deed: Callable[[World], object]) -> None:
    """Do it with every port cut through; what it answers is the caller's affair."""
    true = dict(world.ports)
    world.ports = {name: cut.through(name, port) for name, port in true.items()}
    with suppress(Crash, PayoutError):
        deed(world)
    world.ports = true


def look_twice(world: World) -> None:
    """The poller comes by when claims are abandoned, and when the quarantine is over."""
    world.provider.says.clear()
    for span in (timedelta(hours=2), timedelta(hours=2)):
        settle_all(world)
        world.poll_after(span)


def check(world: World, scene: Scene, *, fees: bool = True) -> None:
    for payout in world.payouts:
        in_hand = payout.status not in OPEN or attention(payout)
        assert in_hand or PATIENCE.due(payout, world.calendar) is not None
    world.check_books()
    # In doubt is only what was not executed: all that was, has been found.
    places = world.places()
    gone = places[Place.WITH_PROVIDER] + places[Place.PAID]
    back = sum(each.back.cents for each in world.provider.executions if each.back)
    assert gone == world.executed().cents - back
    assert places[Place.SUSPENSE] == 0
    if not scene.expects:
        return
    for _ in range(3):
        settle_all(world)
        world.poll_after(timedelta(days=9))
    world.check_equal(fees=fees)
    for payout in world.payouts:
        assert payout.status in scene.expects, payout
        assert payout.status not in OPEN or attention(payout)


def played(scene: Scene, cut: Cut, *, refuses_repeats: bool) -> World:
    world = World(refuses_repeats=refuses_repeats, policy=scene.policy).open_for_business()
    scene.before(world)
    run(world, cut, scene.deed)
    if scene.retried:
        run(world, Cut(-1, after=False, dies=False), scene.deed)
    look_twice(world)
    return world


@pytest.mark.parametrize("refuses_repeats", [True, False], ids=["refuses", "repeats"])
@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("name", SCENES)
def test_a_cut_anywhere_pays_nothing_twice_and_loses_nothing(name, after, dies, refuses_repeats):
    scene, at, fell = SCENES[name], 0, True
    while fell:
        cut = Cut(at, after=after, dies=dies)
        world = played(scene, cut, refuses_repeats=refuses_repeats)
        # A fee that could not be read when the payout ended is found by reconciliation only.
        unread = cut.fell and cut.seen[at] == "provider.statement" and not dies
        try:
            check(world, scene, fees=not unread)
        except AssertionError as error:
            where = "after" if after else "before"
            error.add_note(f"cut {where} call {at} of {cut.seen}")
            raise
        at, fell = at + 1, cut.fell
    assert at > 2, "there was something to cut"


@pytest.mark.parametrize("name", SCENES)
def test_uncut_every_scene_ends_as_it_should(name):
    scene, uncut = SCENES[name], Cut(-1, after=False, dies=False)
    world = played(scene, uncut, refuses_repeats=False)
    assert scene.does in uncut.seen
    check(world, scene)
