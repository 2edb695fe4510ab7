"""The scene of a payout that is planned for another day, and wakes by itself."""

from datetime import datetime, timedelta
from typing import Any

from local.client import new_key
from local.demo.scenes import order
from local.demo.stage import Failed, Stage, wait
from local.monoova.dates import today

ASKED = 61  # seconds after which the poller has asked


def planned(stage: Stage) -> None:
    """A payout for tomorrow, or the business day after it."""
    stage.scene("Planned for a day to come: it wakes by itself, and all rules are tried then")
    now = stage.simulator.clock().now
    body = {
        **order(stage, "12.00", "BankAccount"),
        "rule": {"type": "once"},
        "start": (today(now) + timedelta(days=1)).isoformat(),
    }
    answer = stage.operator.call("POST", "/schedules", body, key=new_key())
    stage.show("POST /schedules 12.00, once", answer)
    path, comes = f"/schedules/{answer.body['schedule_id']}", answer.body["next"]
    stage.say(
        f"  It holds no money: available {stage.balance()}. It is paid on {comes['pays_on']}."
    )
    stage.pass_time(int((datetime.fromisoformat(comes["at"]) - now).total_seconds()) + ASKED)
    found: dict[str, Any] = {}

    def woken() -> bool:
        found.update(stage.operator.need(200, "GET", path))
        return bool(found["occurrences"])

    wait(woken, "nobody woke it")
    (occurrence,) = found["occurrences"]
    stage.say(f"  {comes['at']}: {occurrence['result']}; the schedule has {found['state']}")
    if occurrence["result"] != "made":
        raise Failed(f"expected a payout, got {occurrence}")
    stage.payouts["planned"] = occurrence["transaction_id"]
    stage.pass_time(ASKED)
    stage.becomes("planned", "Completed", "the poller asked for the status")


LATER_SCENES = (planned,)
