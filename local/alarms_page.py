"""The page of alarms and service levels, made from the tables that they deploy from.

`python -m local.alarms_page > docs/alarms.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from deployment.alarms import ALARMS, Alarm, To
from deployment.dashboards import LEVELS

HEAD = """\
# Who is called, when

Made by `python -m local.alarms_page` from `deployment/alarms.py` and `deployment/dashboards.py`:
change the tables, then write this page anew. `make package` puts the alarms, two topics for them
and two dashboards (`operations` and `business`) into the template of a stage.

Nobody is called before somebody subscribes: to the pager's topic (`PagerTopicArn`) whoever gets up
at night, to the other one (`WarningsTopicArn`) whoever looks by day.

A share counts only where at least three went wrong. Where nothing was measured an alarm is calm,
unless it says otherwise. `Payouts` are our own metrics ([metrics.md](metrics.md)); what a function
that was killed could not write is seen by AWS's own (`function-errors`, `gateway-5xx`).

| Alarm | Calls | When | Within |
|---|---|---|---|
"""
MIDDLE = """
## Service levels

Over 30 days, on the dashboard of operations:

| What | At most |
|---|---|
"""
TAIL = """
Not computed, for no metric tells it: how soon a defect is detected and repaired, how many alarms
were false, what a payout costs (AWS's bill does, on the day after).
"""
_CALLS = {To.PAGER: "the pager", To.MAIL: "by mail"}


def page() -> str:
    """The page."""
    rows = [_row(each) for each in ALARMS]
    levels = [f"| {each.name} | {each.most} {each.unit} |" for each in LEVELS]
    return HEAD + "\n".join(rows) + "\n" + MIDDLE + "\n".join(levels) + "\n" + TAIL


def _row(it: Alarm) -> str:
    minutes = it.period * it.times // 60
    silent = " Silence rings." if it.silence_rings else ""
    link = f"[{it.name}](runbook.md#{it.name})"
    return f"| {link} | {_CALLS[it.to]} | {it.what}{silent} | {minutes} min |"


if __name__ == "__main__":
    print(page(), end="")
