"""What goes wrong on each of the days, who has to be called for it, and who need not.

A scene says which alarms ring, and whatever else rings is a false alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gameday.town import Town


@dataclass(frozen=True)
class Scene:
    """A day: what happens, and which alarms ring."""

    name: str
    happens: Callable[[Town], None]
    rings: frozenset[str] = frozenset()


def _calm(town: Town) -> None:
    for _ in range(3):
        town.pay("1.00")
        town.minutes(5)


def _provider_down(town: Town) -> None:
    town.pay()
    town.minutes(2)
    town.goes_wrong()
    town.bench.control.fault("any", "error_before", status=503, times=None)
    town.pay(times=6)
    town.minutes(40)


def _key_refused(town: Town) -> None:
    town.minutes(2)
    town.goes_wrong()
    town._secrets.api_key["apiKey"] = "another key, which nobody knows"
    town.pay()
    town.minutes(3)


def _funds_short(town: Town) -> None:
    town.pay("400.00", times=3)
    town.minutes(12)


def _payouts_refused(town: Town) -> None:
    town.pay(payee=1, times=3)
    town.minutes(2)


def _somebody_elses_debit(town: Town) -> None:
    town.bench.control.debit("5.00")
    town.minutes(1)
    town.until(4)
    town.minutes(15)


def _no_night(town: Town) -> None:
    town.minutes(1)
    town.has_nights = False
    town.until(5)
    town.minutes(20)
    assert "night-late" not in town.rang
    town.until(7)
    town.minutes(15)


def _store_down(town: Town) -> None:
    town.dynamo.down = True
    for number in range(12):
        town.webhook(*town.told(number))
        town.minutes(1)


def _store_and_queue_down(town: Town) -> None:
    town.dead_letters.down = True
    _store_down(town)


def _rubbish_in_the_queue(town: Town) -> None:
    town.message("no letter")
    town.minutes(1)


def _poller_stands_still(town: Town) -> None:
    town.minutes(2)
    town.goes_wrong()
    town.minutes(6, polls=False)


def _nobody_wakes(town: Town) -> None:
    town.minutes(1)
    town.wakes = False
    town.minutes(15)


def _nobody_keeps(town: Town) -> None:
    town.minutes(1)
    town.keeps = False
    town.minutes(179)
    assert "keep-silent" not in town.rang
    town.minutes(1)


def _store_busy(town: Town) -> None:
    town.minutes(1)
    town.goes_wrong()
    town.dynamo.busy = True
    town.pay(times=2)
    town.minutes(1)


def _part_of_the_store_away(town: Town) -> None:
    town.minutes(1)
    town.goes_wrong()
    town.dynamo.away = "'parked'"  # the list of webhooks that wait for a person
    town.minutes(6)


def _people_meet_a_store_that_is_away(town: Town) -> None:
    town.minutes(1)
    town.goes_wrong()
    town.dynamo.down = True
    town.pay(times=11)
    town.dynamo.down = False
    town.minutes(1)


def _functions_are_killed(town: Town) -> None:
    for _ in range(4):
        town.dies("Night")
        town.minutes(1)


def _processes_are_thrown_away(town: Town) -> None:
    town.starts_anew = True
    town.minutes(60)


SCENES: tuple[Scene, ...] = (
    Scene("nothing", _calm),
    Scene("the provider is down", _provider_down,
          frozenset({"provider-failing", "breaker-open", "unconfirmed-old"})),
    Scene("the provider refuses our key", _key_refused, frozenset({"sign-in-closed"})),
    Scene("the account runs dry", _funds_short, frozenset({"funds-short", "funds-low"})),
    Scene("the provider refuses payouts", _payouts_refused, frozenset({"payouts-failing"})),
    Scene("somebody else debits the account", _somebody_elses_debit,
          frozenset({"unexplained-cents"})),
    Scene("the night does not run", _no_night, frozenset({"night-late"})),
    Scene("the store is away", _store_down,
          frozenset({"errors", "errors-many", "function-errors", "dead-letters",
                     "dead-letters-many", "gauges-unread"})),
    Scene("store and queue are away", _store_and_queue_down,
          frozenset({"errors", "errors-many", "function-errors", "webhook-errors",
                     "gauges-unread"})),
    Scene("a message is no webhook", _rubbish_in_the_queue, frozenset({"webhooks-parked"})),
    Scene("the poller stands still", _poller_stands_still,
          frozenset({"poller-silent", "gauges-unread"})),
    Scene("planned payouts are not looked at", _nobody_wakes, frozenset({"wake-silent"})),
    Scene("nobody forgets, tells or archives", _nobody_keeps, frozenset({"keep-silent"})),
    Scene("the store is busy", _store_busy, frozenset({"store-throttled"})),
    Scene("a part of the store is away", _part_of_the_store_away, frozenset({"gauges-unread"})),
    Scene("people meet a store that is away", _people_meet_a_store_that_is_away,
          frozenset({"errors", "errors-many", "gateway-5xx"})),
    Scene("functions are killed", _functions_are_killed, frozenset({"function-errors"})),
    Scene("processes are thrown away", _processes_are_thrown_away, frozenset({"cold-starts"})),
)  # fmt: skip
# AWS alone knows these: how much of the account is taken, that a message was taken a thousand
# times, and which version of a function answers.
NOT_PLAYED = frozenset({"capacity", "messages-given-up", "rollout-api", "rollout-webhooks"})
# Whoever is got up at night is so within five minutes of what is wrong. Not by these: a night finds
# the one, and of the other it takes more than ten webhooks, which come when they come.
SOON = 5
LATER = frozenset({"unexplained-cents", "dead-letters-many"})
