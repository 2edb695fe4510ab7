"""After the kills: no more faults, every webhook again, polls until nothing is due, days go by.

Time is only moved on while nobody is at work: a jump over the quarantine during a call would be a
fault of ours, and not of what is tested.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import requests

from chalicelib.domain.calendar import SYDNEY, days
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tests.kills.ground import Ground
    from tests.kills.lives import Lives

MINUTE, DAY = 60, 86_400
# Seconds that the clock is moved on by, one after the other: two looks, the quarantine twice with
# looks in between, the days in which a direct credit is dishonoured, those in which it may be; as
# many as they are over Christmas.
AGES = (61, 61, 31 * MINUTE, 61, 31 * MINUTE, 121, 9 * DAY, 6 * DAY, 61 * MINUTE)
PATIENCE = 60.0  # real seconds in which there has to be less to do than before
GLANCE = 0.1
# Longer than the app follows the simulator's clock without asking, and the poller pauses.
QUIET = 0.5
REST = 61  # seconds that a circuit rests, and one more
# How often a webhook that failed is asked for again.
TELLINGS = 10


def settle(ground: Ground, lives: Lives, ages: Sequence[int] = AGES) -> list[str]:
    """Let everything come to its end; what did not come to rest, a line each."""
    ground.close_circuits()
    began = ground.control.clock().now.astimezone(SYDNEY).date()
    ground.control.flush(hurry=True)
    for seconds in ages:
        if not _all_rest(ground, lives):
            return [f"{ground.letters()} dead letters or some due payout are never dealt with"]
        ground.control.advance(seconds)
    for _ in range(TELLINGS):
        told_again = redeliver(ground, began)
        if not _all_rest(ground, lives):
            return ["what was told again is never dealt with"]
        if not told_again:
            return []
    return ["some webhooks are never taken"]


def redeliver(ground: Ground, first: date) -> int:
    """Have the provider send again whatever its report says did not arrive; how many."""
    sent = 0
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (ground.provider.api_key, "")
        url = f"{ground.provider.url}/subscriptions"
        # The kills may have begun on the day before.
        last = ground.control.clock().now.astimezone(SYDNEY).date()
        for day in days(first.replace(day=1), last):
            told = session.get(f"{url}/v1/report/{day.isoformat()}", timeout=30).json()
            for each in told["notifications"]:
                if each["status"] != "Sent":
                    number = each["webhookId"]
                    session.post(f"{url}/v2/resend/{number}", timeout=30).raise_for_status()
                    sent += 1
    while ground.control.flush(hurry=True):
        time.sleep(GLANCE)  # what failed is tried once more
    return sent


def _all_rest(ground: Ground, lives: Lives) -> bool:
    """Wait until nothing is due, and nobody who can go out waits for a rail: a few at a time."""
    waiting = sys.maxsize
    while _rest(ground, lives):
        left = sum(1 for rail in Rail for _ in ground.payouts.stranded(rail))
        if left == 0 or left >= waiting:
            return True  # who is left is of a customer that is stopped
        waiting = left
        ground.control.advance(REST)
    return False


def _rest(ground: Ground, lives: Lives) -> bool:
    """Wait until nothing is due and nobody at work, for some moments on end.

    As long as there is less and less to do, it waits; a slow machine is no finding.
    """
    given_up, least = time.monotonic() + PATIENCE, sys.maxsize
    quiet_since: float | None = None
    while time.monotonic() < given_up:
        time.sleep(GLANCE)
        left = ground.letters() + sum(1 for _ in ground.payouts.due(ground.control.clock().now))
        if left < least:
            given_up, least = time.monotonic() + PATIENCE, left
        if left or any(life.busy for life in lives.apps):
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET:
            return True
    return False
