"""The nights: the first, which is waited for, and the last scene's, of the demo's own day."""

from datetime import datetime, time, timedelta
from typing import Any

from local.demo.stage import Failed, Stage, wait
from local.monoova.dates import SYDNEY

HOUR = 3  # in Sydney: from then on the schedule runs the night
NIGHT = time(HOUR, 5)


def first_night(stage: Stage) -> None:
    """Wait until the schedule has run the night before, if it runs it now.

    Later it might hear in the middle of a scene what the scene is about.
    """
    now = stage.simulator.clock().now.astimezone(SYDNEY)
    if now.hour < HOUR:
        return
    before = (now.date() - timedelta(days=1)).isoformat()

    def is_over() -> bool:
        told = stage.admin.every("/reconciliations")
        return any((each["date"], each["stage"]) == (before, "done") for each in told)

    wait(is_over, "the first night did not end")
    stage.say(f"  The night of {before} is over: nothing had happened.")


def night(stage: Stage) -> None:
    """The day of the debit that nobody agreed to: it is the one thing that nobody can explain."""
    stage.scene("At night the day is held against the provider's books, and signed for")
    now = stage.simulator.clock().now.astimezone(SYDNEY)
    day = now.date()
    morning = datetime.combine(day + timedelta(days=1), NIGHT, SYDNEY)
    stage.pass_time(int((morning - now).total_seconds()) + 1)
    answer = stage.admin.call("POST", "/reconciliations", {"date": day.isoformat()})
    stage.show(f"POST /reconciliations {day}", answer)
    told = _over(stage, f"/reconciliations/{day}")
    for name in ("paid", "came_back", "waiting", "fees", "received"):
        stage.say(f"  {name:<10} {told['sums'].get(name, '0.00'):>10}")
    stage.say(f"  {told['unexplained']} unexplained, root {told['root'][:16]}…")
    found = _findings(stage, told)
    for each in found:
        stage.say(f"  {each['kind']}, {each['amount']}: {each['next_step']}")
    holds = stage.admin.need(200, "GET", f"/reconciliations/{day}/verification")["holds"]
    stage.status("the signature, the root and every payout's chain", "hold" if holds else "broken")
    if not holds or {each["kind"] for each in found} != {"unexplained_debit"}:
        raise Failed(f"the night holds: {holds}; it found {[each['kind'] for each in found]}")


def _over(stage: Stage, path: str) -> dict[str, Any]:
    told: dict[str, Any] = {}

    def there() -> bool:
        told.update(stage.admin.need(200, "GET", path))
        return bool(told["stage"] == "done")

    wait(there, "the night did not end")
    return told


def _findings(stage: Stage, told: dict[str, Any]) -> list[dict[str, Any]]:
    return [stage.admin.need(200, "GET", f"/findings/{each}") for each in told["finding_ids"]]
