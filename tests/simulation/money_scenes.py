"""The scenes of money that comes in, of webhooks that do not, and of funds that are lacking."""

from __future__ import annotations

import zlib
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.simulation import bodies
from tests.simulation.connected import TOKEN
from tests.simulation.scenes import (
    OF_PAYOUTS,
    OWN,
    Scene,
    Stage,
    asks,
    hears_nothing,
    is_told,
    one_after_the_other,
    polls,
    waits,
)
from tests.simulation.stopping_scenes import OF_STOPS
from tests.simulation.timeline import HOUR, MINUTE
from tests.simulation.turning_scenes import OF_TURNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.bodies import Webhook
    from tests.simulation.environment import Environment

ROWS, LITTLE = 4, 1_000


def _has_settlement(stage: Stage) -> None:
    """A settlement is expected, and its money has come."""
    acquirer = stage.expects()
    it = acquirer.announce(1001, 1, rows=ROWS, way="exactly")
    acquirer.post(it, 0)
    stage.run(1)
    name = "N00000010010"
    it.came = [name]
    acquirer.receive(name, it.cents, "FSV 1001")
    stage.run(1)


def _has_nameless(stage: Stage) -> None:
    """Two settlements are expected, and money came that names neither."""
    acquirer = stage.expects()
    first, second = (acquirer.announce(n, 1, rows=2, way="in two") for n in (1001, 1002))
    for it in (first, second):
        acquirer.post(it, 0)
        stage.run(1)
    acquirer.receive("N00000010010", max(first.cents, second.cents), "money")
    stage.run(1)


def matches(number: int) -> Callable[[Environment], Any]:
    """A person says that the nameless receipt is of the settlement of that number, from 0."""

    def deed(environment: Environment) -> Any:
        own = list(environment.world.books.tills.settlements)[number]
        return environment.match(own, "N00000010010")

    return deed


def _matches(stage: Stage) -> None:
    stage.twice("api", matches(0))


def _settles(stage: Stage) -> None:
    stage.twice("poll", methodcaller("settle"))


def _came_back_unheard(stage: Stage) -> None:
    """A payout was complete and came back, and nobody was told."""
    stage.expects()
    asks(stage)
    stage.run(MINUTE)
    (execution,) = stage.business.provider.executions
    stage.business.provider.send_back(execution, told=False)


def _received_then_returned(stage: Stage) -> None:
    """What came back was banked as a receipt, and then heard as the return that it is."""
    _came_back_unheard(stage)
    for told in (receipt_of_return(stage.business), return_of(stage.business)):
        stage.business.post.send(*told)
        stage.run(1)


def _hears_both(stage: Stage) -> None:
    stage.business.post.send(*return_of(stage.business))
    stage.run(HOUR)
    stage.business.post.send(*receipt_of_return(stage.business))
    stage.run(HOUR)


def return_of(business: Any) -> Webhook:
    """The webhook of the one payment that came back, as a return."""
    return bodies.webhook(business.provider.executions[0], business.began)


def receipt_of_return(business: Any) -> Webhook:
    """The same money, as received."""
    execution = business.provider.executions[0]
    name = f"N{execution.number + bodies.RETURNS:011d}"
    return bodies.receipt(name, execution.cents, "payment returned", business.began)


def receives(environment: Environment, told: Webhook) -> Any:
    """Our code is told of it."""
    return environment.receive(told[1], event=told[0], webhook_id="77", token=TOKEN)


def parked(environment: Environment) -> tuple[str, Webhook]:
    """The one parked letter, and the webhook in it."""
    ((own, row),) = environment.world.books.tills.letters.items()
    return own, (row["event_name"]["S"], zlib.decompress(bytes(row["raw"]["B"])))


def redrives(environment: Environment) -> Any:
    """A person has the parked letter heard."""
    return environment.redrive(parked(environment)[0])


def _has_parked(stage: Stage) -> None:
    """A good webhook is before a person, for our code had a defect."""
    asks(stage)
    hears_nothing(stage)
    stage.run(MINUTE)
    stage.invoke("api", methodcaller("park", *stage.business.post.take()))


def _redrives(stage: Stage) -> None:
    stage.twice("api", redrives)


def _has_lost(stage: Stage) -> None:
    """A webhook was lost a while ago."""
    asks(stage)
    hears_nothing(stage)
    stage.run(2 * MINUTE)
    stage.business.post.lose_held()
    stage.run(HOUR)


def _repairs(stage: Stage) -> None:
    stage.twice("poll", methodcaller("repair"))
    stage.run(2 * MINUTE)


def _has_no_funds(stage: Stage) -> None:
    """The provider refused a payout, for there is too little."""
    stage.business.provider.balance = LITTLE
    asks(stage)
    stage.run(2 * MINUTE)
    assert OWN in stage.business.standing.since


def _gets_funds(stage: Stage) -> None:
    stage.business.provider.balance += 10_000


def _is_executed_after_all(stage: Stage) -> None:
    stage.business.provider.execute_after_all(f"{OWN}-1", 5_000)
    is_told(stage)
    _gets_funds(stage)
    stage.invoke("poll", methodcaller("poll"))


OF_MONEY: dict[str, Scene] = {
    "an allocation": Scene(
        "store.transact_write_items", _settles, _has_settlement, in_pairs=False
    ),
    "a match by hand": Scene("store.transact_write_items", _matches, _has_nameless),
    "a return taken back": Scene(
        "store.transact_write_items", _settles, _received_then_returned, in_pairs=False
    ),
    "a return, and its receipt": Scene(
        "store.transact_write_items", _hears_both, _came_back_unheard, in_pairs=False
    ),
    "a redrive by hand": Scene("store.transact_write_items", _redrives, _has_parked),
    "a repair": Scene("monoova.resend", _repairs, _has_lost, in_pairs=False),
    "a poll that finds funds": Scene(
        "monoova.financials", polls, one_after_the_other(_has_no_funds, _gets_funds),
        in_pairs=False,
    ),
    "a poll that finds no funds": Scene(
        "monoova.financials", one_after_the_other(polls, waits(HOUR), _gets_funds, polls),
        _has_no_funds, in_pairs=False,
    ),
    "a good word after a refusal for lack of funds": Scene(
        "store.transact_write_items", _is_executed_after_all, _has_no_funds, in_pairs=False
    ),
}  # fmt: skip
SCENES = {**OF_PAYOUTS, **OF_TURNS, **OF_STOPS, **OF_MONEY}
