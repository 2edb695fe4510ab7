"""Every metric there is, in one table, and the form in which a line of log carries them.

CloudWatch reads them out of the log (embedded metric format), so measuring calls nobody and makes
nothing slower or fail. Alarms and dashboards are made from this table. No rule rests on a metric.

Each combination of a metric with values of what it is kept apart by is paid for on its own, so it
refuses to keep apart by any value that the table does not list: the line alone says that one.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "Payouts"
# Every metric is of one stage.
STAGE = "Stage"


class Unit(StrEnum):
    """CloudWatch's names."""

    COUNT = "Count"
    MILLISECONDS = "Milliseconds"
    SECONDS = "Seconds"
    NONE = "None"  # whole cents


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric, in `total` of its stage, and kept apart by `by` for the values of `APART`."""

    name: str
    unit: Unit
    what: str
    by: tuple[str, ...] = ()
    total: bool = True


# The values that a metric may be kept apart by: whatever somebody looks at, or is called for. `ANY`
# is a number, of which there are few: told of by a version of a function that fails, and no other.
ANY = "any number"
APART: Mapping[str, tuple[str, ...]] = {
    "Door": ("api", "webhook", "poll"),
    "Rail": ("NPP", "DirectEntry"),
    "Outcome": (
        "Completed", "Returned", "Rejected", "Failed", "Declined", "Cancelled", "Disputed",
    ),
    "Circuit": ("npp", "direct_entry", "provider"),
    "Version": (ANY,),
}  # fmt: skip

METRICS: tuple[Metric, ...] = (
    # One line for each invocation.
    Metric("Invocations", Unit.COUNT, "Invocations that are over.", ("Door",)),
    Metric(
        "Errors", Unit.COUNT, "Those that failed, or were answered with 500 or more.", ("Door",)
    ),
    Metric(
        "VersionErrors",
        Unit.COUNT,
        "Errors again, by the version of the function that failed.",
        ("Door", "Version"),
        total=False,
    ),
    Metric("Duration", Unit.MILLISECONDS, "How long each took.", ("Door",), total=False),
    Metric("ColdStarts", Unit.COUNT, "Those that were the first of their process."),
    # One line for each call that goes out.
    Metric("ProviderCalls", Unit.COUNT, "Calls of the provider."),
    Metric("ProviderErrors", Unit.COUNT, "Those without an answer, or with 4xx or 5xx."),
    Metric("ProviderFailures", Unit.COUNT, "Those that were answered with 5xx."),
    Metric("ProviderLatency", Unit.MILLISECONDS, "How long each took."),
    Metric("StoreThrottles", Unit.COUNT, "Calls of the store that were throttled."),
    # One line for each step that is worth it.
    Metric("PayoutsRequested", Unit.COUNT, "Payouts that were asked for.", ("Rail",)),
    Metric("PayoutsEnded", Unit.COUNT, "Payouts by how they ended.", ("Rail", "Outcome")),
    Metric("PayoutValue", Unit.NONE, "Whole cents of payouts that were completed.", ("Rail",)),
    Metric(
        "TimeToComplete", Unit.SECONDS, "From being asked for to the payee.", ("Rail",), total=False
    ),
    Metric(
        "PayoutsFailed",
        Unit.COUNT,
        "1 for a payout that did not arrive, 0 for one that did; nothing for what was called off.",
    ),
    Metric("PayoutsInDoubt", Unit.COUNT, "Sendings of which nobody knows the outcome."),
    Metric(
        "TimeInDoubt",
        Unit.SECONDS,
        "From such a sending until its outcome was known, or it was sent again.",
    ),
    # Once a minute, how it stands: levels, of which the highest counts.
    Metric("PayoutsQueued", Unit.COUNT, "Payouts that are queued, of 2000 that are open."),
    Metric("QueueAge", Unit.SECONDS, "The age of the oldest of those, held ones too."),
    Metric("PayoutsUnconfirmed", Unit.COUNT, "Payouts in doubt, of 2000 that are open."),
    Metric("UnconfirmedAge", Unit.SECONDS, "The age of the oldest of those, since it was sent."),
    Metric("FindingsOpen", Unit.COUNT, "Findings that nobody has resolved, up to 100."),
    Metric("NoticesParked", Unit.COUNT, "Webhooks that wait for a person, up to 100."),
    Metric("UnexplainedCents", Unit.NONE, "What the latest night could not explain."),
    Metric("NightLate", Unit.COUNT, "1 if a night is not done three hours after its time."),
    Metric("SignInClosed", Unit.COUNT, "1 while the provider's sign-in is closed."),
    Metric("FundsShort", Unit.COUNT, "1 while payouts wait for funds."),
    Metric("FundsLow", Unit.COUNT, "1 if less was last seen at the provider than FUNDS_WARNING."),
    Metric("BreakerOpen", Unit.COUNT, "1 while a circuit is not closed.", ("Circuit",)),
    Metric("BreakerAge", Unit.SECONDS, "How long the circuit that is open longest has been so."),
    Metric("GaugesUnread", Unit.COUNT, "Readings of these levels that failed."),
    # Where there were any.
    Metric("WebhooksHealed", Unit.COUNT, "Lost webhooks that were told again, in this minute."),
)
_BY_NAME = {each.name: each for each in METRICS}


def measured(values: Mapping[str, int], **by: str) -> dict[str, Any]:
    """Fields that make a line of log carry metrics, with what some of them are kept apart by.

    Raises:
        KeyError: a metric that the table does not have.
        ValueError: none of them is kept apart so, or one has to be and is not.
    """
    known = [_BY_NAME[name] for name in values]
    wanted = {name for each in known for name in each.by}
    if wanted != set(by):
        raise ValueError(f"{tuple(values)} are kept apart by {wanted}, not by {tuple(by)}")
    declared: dict[tuple[tuple[str, ...], ...], list[Metric]] = {}
    for each in known:
        if sets := _sets(each, by):
            declared.setdefault(sets, []).append(each)
    told = [_declared(sets, some) for sets, some in declared.items()]
    names = {each.name for some in declared.values() for each in some}
    return {
        "_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": told},
        STAGE: os.environ.get("STAGE", ""), **by,
        **{name: value for name, value in values.items() if name in names},
    }  # fmt: skip


def _sets(it: Metric, by: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Names of the dimensions that a value is told under, for each time that it is told."""
    apart = bool(it.by) and all(_listed(name, by[name]) for name in it.by)
    return (*(((STAGE,),) if it.total else ()), *(((STAGE, *it.by),) if apart else ()))


def _listed(name: str, value: str) -> bool:
    return value in APART[name] or (ANY in APART[name] and value.isdecimal())


def _declared(sets: tuple[tuple[str, ...], ...], some: list[Metric]) -> dict[str, Any]:
    return {
        "Namespace": NAMESPACE, "Dimensions": [list(each) for each in sets],
        "Metrics": [{"Name": each.name, "Unit": each.unit.value} for each in some],
    }  # fmt: skip
