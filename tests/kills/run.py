"""One world, some kills, then quiet: and both sides' books.

Everything random is drawn from the seed that a failure names. Processes are real, so the same seed
makes the same choices, and not the same moments.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local.subscriptions import subscribe
from tests.free_policy import FREE_POLICY
from tests.kills.ground import Ground, standing
from tests.kills.invariants import counted, wrong
from tests.kills.lives import Lives, living
from tests.kills.load import Load, open_accounts
from tests.kills.quiet import settle
from tests.kills.starter import end_with_starter
from tests.long_runs import Told
from tests.redaction import hearing

if TYPE_CHECKING:
    from tests.kills.invariants import Both

# Threads that ask for payouts. More would wait for the processor, and not for one another.
ASKERS = 6
# Seconds between two kills, at the most; half of that on average.
PAUSE = 0.3
# Long enough for a simulator on a busy machine, short enough not to wait for one that is silent.
# Everybody signs in once, for as long as a round takes.
SETTINGS = {"READ_TIMEOUT": "1", "STEP_UP_MINUTES": "60", "DEFAULT_POLICY": FREE_POLICY}
# What goes wrong besides the kills, with so many calls and notifications of the provider's.
FAULTS = [
    "error_before", "error_after", "reset_before", "reset_after", "timeout_before",
    "timeout_after", "unparsable", "lost", "late", "double", "reorder",
]  # fmt: skip
RATE = "0.03"
# Providers: whether they refuse a reference that was used, and for how many virtual seconds their
# look-up does not know what was executed: longer than until the first look, shorter than the
# quarantine.
PROVIDERS = ((True, 0), (False, 0), (True, 300), (False, 300))
# A system that pays nobody breaks no promise: so many of all payouts have to end.
LIVELY = 90  # per cent


def kill_many(first: int, count: int, *, seed: int = 1) -> Told:
    """A fresh world with so many kills; `first` and `seed` say which."""
    end_with_starter()
    folder = Path(tempfile.mkdtemp(prefix="payouts-kills-"))
    told = Told()
    try:
        told = _killed(folder, f"{seed}/{first}", count)
    except Exception as error:  # noqa: BLE001 (a long run goes on, and tells it at its end)
        told.failures.append(f"it ended with {type(error).__name__}: {error}")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if told.failures:
        again = f"python -m tests.kills.long --seed {seed} --first {first} --total {count}"
        where = f"[again: {again} --chunk {count}; logs and books: {folder}]"
        told.failures = [f"{each} {where}" for each in told.failures]
    else:
        hearing.about_to_go(folder)
        shutil.rmtree(folder)
    return told


def _killed(folder: Path, seed: str, count: int) -> Told:
    chance = random.Random(seed)  # noqa: S311 (chance is no secret)
    began = time.monotonic()
    with (
        standing(folder, seed=chance.randrange(10**6), settings=SETTINGS) as ground,
        living(ground, folder / "logs") as lives,
    ):
        load = _prepare(ground, lives, chance)
        load.begin(ASKERS)
        for number in range(count):
            time.sleep(chance.uniform(0, PAUSE))
            lives.kill_one(chance, aimed=number % 2 == 0)
            ground.close_circuits()
        load.end()
        left = settle(ground, lives)
        client = ground.client(lives.doors[0], "viewer")
        both = ground.both(load.asked, client)
        client.close()
    told = _told(both, load, lives)
    told.counts["seconds"] = round(time.monotonic() - began)
    told.failures += left
    return told


def _prepare(ground: Ground, lives: Lives, chance: random.Random) -> Load:
    """Webhooks to the first app, a provider of some kind, money, orders."""
    subscribe(ground.provider, lives.doors[0], ground.cloud.webhook_token)
    refuses, lag = chance.choice(PROVIDERS)
    ground.control.settings(refuses_repeats=refuses, lookup_lag_seconds=lag)
    orders = open_accounts(ground, lives.doors[0])
    ground.control.random_faults(chance.randrange(10**6), RATE, FAULTS)
    return Load(ground, lives.doors, chance.randrange(10**9), orders)


def _told(both: Both, load: Load, lives: Lives) -> Told:
    told = Told(counted(both) + lives.deaths + load.told, wrong(both) + load.troubles)
    unanswered = sum(not wish.status for wish in load.wishes.values())
    if unanswered:
        told.failures.append(f"{unanswered} payouts could not be asked for even when all was quiet")
    if told.counts["payouts ended"] * 100 < LIVELY * told.counts["payouts"] or not both.asked:
        told.failures.append(
            f"{told.counts['payouts ended']} of {told.counts['payouts']} payouts ended"
        )
    return told
