"""A world to race in: two doors, each a process, on one engine and one simulator."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from local.subscriptions import subscribe
from tests.free_policy import FREE_POLICY
from tests.kills.accounts import fund, open_account
from tests.kills.ground import Ground, standing
from tests.kills.invariants import counted, wrong
from tests.kills.life import APP, POLLER, REPROCESSOR
from tests.kills.lives import Lives, living
from tests.kills.quiet import settle
from tests.long_runs import Told
from tests.races.crowd import Crowd
from tests.redaction import hearing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# No poller: whoever wants one in a race starts it.
DOORS = (APP, APP, REPROCESSOR)


# Everybody signs in once.
SETTINGS = {"STEP_UP_MINUTES": "60", "DEFAULT_POLICY": FREE_POLICY}


@dataclass
class Town:
    """The world, and every payout that was answered with a 202 so far, with its amount."""

    ground: Ground
    lives: Lives
    folder: Path
    asked: dict[str, Money] = field(default_factory=dict)

    def crowd(self, threads: int, processes: int) -> Crowd:
        """Clients, with a token of everybody."""
        return Crowd(self.lives.doors, self.ground.tokens, threads, processes)

    def customer(self, allowance: Money, *names: str) -> list[dict[str, Any]]:
        """A customer with money; an order for each payee, without an amount."""
        fund(self.ground, self.lives.doors[0], allowance + Money(allowance.cents // 10))
        return open_account(self.ground, self.lives.doors[0], allowance, names)

    def heard_at_the_door(self) -> None:
        """Let the provider's webhooks come to the first door."""
        ground = self.ground
        subscribe(ground.provider, self.lives.doors[0], ground.cloud.webhook_token)

    def compare(self) -> Told:
        """Both sides' books, once a poller has asked about everything."""
        with living(self.ground, self.folder / "logs", (POLLER,)):
            left = settle(self.ground, self.lives, (61, 61))
        client = self.ground.client(self.lives.doors[0], "viewer")
        both = self.ground.both(self.asked, client)
        client.close()
        return Told(counted(both), wrong(both) + left)


@contextmanager
def built(kinds: Sequence[str] = DOORS) -> Iterator[Town]:
    """A town, in a folder that is removed unless something went wrong in it."""
    folder = Path(tempfile.mkdtemp(prefix="payouts-races-"))
    with (
        standing(folder, settings=SETTINGS) as ground,
        living(ground, folder / "logs", kinds) as lives,
    ):
        town = Town(ground, lives, folder)
        town.heard_at_the_door()
        yield town
    hearing.about_to_go(folder)
    shutil.rmtree(folder)
