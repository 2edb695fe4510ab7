"""The scenes of payouts that go by another rail, with a first attempt that is dead, or lives."""

from __future__ import annotations

from tests.simulation.faults import Fault
from tests.simulation.scenes import (
    OWN,
    Scene,
    Stage,
    asks,
    cancels,
    hears_nothing,
    is_told,
    one_after_the_other,
    polls,
    waits,
)
from tests.simulation.timeline import MINUTE


def _is_closed(stage: Stage) -> None:
    """NPP does not reach the payee: the provider refuses the first attempt."""
    stage.business.provider.refused.add(f"{OWN}-1")


def _has_turned(stage: Stage) -> None:
    """The payout waits to go by another rail."""
    _is_closed(stage)
    asks(stage)
    stage.run(2 * MINUTE)


def _is_alive(stage: Stage) -> None:
    """The refused attempt is executed all the same, against the provider's own word."""
    stage.business.provider.broken_word.breaks(f"{OWN}-1", 5_000)


def _hears(stage: Stage) -> None:
    """The webhook comes, and is tried once more where it could not be applied."""
    stage.run(2 * MINUTE)


def _loses_the_next(stage: Stage) -> None:
    """The request to pay by the other rail is lost on its way."""
    stage.meanwhile(Fault.LOSE_REQUEST)
    polls(stage)
    stage.quietly()


def _comes_back(stage: Stage) -> None:
    """What was paid by the other rail is dishonoured, and we are told."""
    (execution,) = stage.business.provider.of(OWN)
    stage.business.provider.send_back(execution)
    is_told(stage)


OF_TURNS: dict[str, Scene] = {
    "a payout that turns to another rail": Scene(
        "monoova.execute", one_after_the_other(asks, waits(2 * MINUTE), polls), _is_closed,
        in_pairs=False,
    ),
    "a poll that goes by another rail": Scene("monoova.execute", polls, _has_turned),
    "a first attempt that lives, found before the next is sent": Scene(
        "monoova.status", polls, one_after_the_other(_has_turned, hears_nothing, _is_alive),
        in_pairs=False,
    ),
    "a first attempt that lives, told before the next is sent": Scene(
        "store.transact_write_items", one_after_the_other(_is_alive, is_told, polls), _has_turned,
        in_pairs=False,
    ),
    "a first attempt that lives beside the next": Scene(
        "store.transact_write_items", one_after_the_other(_is_alive, _hears),
        one_after_the_other(_has_turned, polls), in_pairs=False,
    ),
    "a first attempt that lives when the next is in doubt": Scene(
        "store.transact_write_items", one_after_the_other(_is_alive, _hears, polls),
        one_after_the_other(_has_turned, _loses_the_next), in_pairs=False,
    ),
    "a first attempt that lives when the next came back": Scene(
        "store.transact_write_items", one_after_the_other(_is_alive, is_told),
        one_after_the_other(_has_turned, polls, _comes_back), in_pairs=False,
    ),
    "a first attempt that lives when it was cancelled": Scene(
        "store.transact_write_items", one_after_the_other(_is_alive, is_told),
        one_after_the_other(_has_turned, cancels), in_pairs=False,
    ),
}  # fmt: skip
