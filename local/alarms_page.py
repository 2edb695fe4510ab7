"""The page of alarms and service levels, made from the tables that they deploy from.

`python -m local.alarms_page > docs/alarms.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from deployment.alarms import ALARMS, Alarm, To
from deployment.dashboards import LEVELS
from deployment.measures import parts

# What CloudWatch takes for each metric that an alarm looks at, a month.
CENTS = 10

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

Over 30 days, on the dashboard of operations: one figure for all of them, and a curve by the days
of UTC.

| What | At most |
|---|---|
"""
TAIL = """
What running costs is what AWS counts of our use (time of functions, units of the tables, requests,
lines of log) by its prices of `deployment/costs.py`, over the payouts that ended: on a day with few
payouts that is mostly the schedules, which run all the same. What is paid by the month
is not in it: metrics ([metrics.md](metrics.md)), what alarms look at ({watched} metrics at 0.10 USD
each: {alarms} USD), two dashboards (6 USD), keys and secrets. The bill, on the day after, is right.

Repair of a finding is a person's work, which takes days: its age is on `GET /findings`
(`age_days`), from when it was found until it was resolved.

No metric tells the rest, and none is made up for it:

- **Detection, at most 5 minutes:** by construction, and by drill. Each alarm of the pager looks at
  no more than five minutes, and how it stands is told each minute. `make gameday` makes things go
  wrong and says after how many minutes each alarm rang; a test holds those of the pager to five.
  Two of these come later: `unexplained-cents`, which waits for a night, and `dead-letters-many`,
  which waits for more than ten webhooks. In production the time of a call (the alarm's history) is
  held against the first line of log that says what went wrong.
- **False alarms, at most 5 %:** only whoever was called can say. Each call is written down with one
  of two words, `fault` or `nothing`; once a month the words are held against the number of calls
  (`aws cloudwatch describe-alarm-history --history-item-type StateUpdate`). An alarm that called
  for nothing twice in a month is changed. In the drill none is false: on each of its days those
  ring that have to, and no other.
"""
_CALLS = {To.PAGER: "the pager", To.MAIL: "by mail"}


def page() -> str:
    """The page."""
    rows = [_row(each) for each in ALARMS]
    levels = [f"| {each.name} | {each.most} {each.unit} |" for each in LEVELS]
    watched = sum(len(parts(each.measure)) for each in ALARMS)
    cents = watched * CENTS
    tail = TAIL.format(
        watched=watched, alarms=f"{cents // 100}.{cents % 100:02}",
    )  # fmt: skip
    return HEAD + "\n".join(rows) + "\n" + MIDDLE + "\n".join(levels) + "\n" + tail


def _row(it: Alarm) -> str:
    minutes = it.period * it.times // 60
    silent = " Silence rings." if it.silence_rings else ""
    link = f"[{it.name}](runbook.md#{it.name})"
    return f"| {link} | {_CALLS[it.to]} | {it.what}{silent} | {minutes} min |"


if __name__ == "__main__":
    print(page(), end="")
