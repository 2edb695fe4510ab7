"""Every metric there is, in one table, and the form in which a line of log carries them.

CloudWatch reads them out of the log (embedded metric format), so measuring calls nobody and makes
nothing slower or fail. Alarms and dashboards are made from this table. No rule rests on a metric.
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
    """A metric. Beside its total it is kept apart by `by`, whose values are few and known."""

    name: str
    unit: Unit
    what: str
    by: tuple[str, ...] = ()


METRICS: tuple[Metric, ...] = (
    # One line for each invocation.
    Metric("Invocations", Unit.COUNT, "Invocations that are over.", ("Door",)),
    Metric(
        "Errors", Unit.COUNT, "Those that failed, or were answered with 500 or more.", ("Door",)
    ),
    Metric("Duration", Unit.MILLISECONDS, "How long each took.", ("Door",)),
    Metric("ColdStarts", Unit.COUNT, "Those that were the first of their process.", ("Door",)),
    # One line for each call that goes out.
    Metric("ProviderCalls", Unit.COUNT, "Calls of the provider.", ("Call",)),
    Metric("ProviderErrors", Unit.COUNT, "Those without an answer, or with 4xx or 5xx.", ("Call",)),
    Metric("ProviderFailures", Unit.COUNT, "Those that were answered with 5xx.", ("Call",)),
    Metric("ProviderLatency", Unit.MILLISECONDS, "How long each took.", ("Call",)),
    Metric("StoreThrottles", Unit.COUNT, "Calls of the store that were throttled."),
    # One line for each step that is worth it.
    Metric("PayoutsRequested", Unit.COUNT, "Payouts that were asked for.", ("Rail",)),
    Metric("PayoutsEnded", Unit.COUNT, "Payouts by how they ended.", ("Rail", "Outcome")),
    Metric("PayoutValue", Unit.NONE, "Whole cents of payouts that were completed.", ("Rail",)),
    Metric("TimeToComplete", Unit.SECONDS, "From being asked for to the payee.", ("Rail",)),
    Metric("PayoutsFailed", Unit.COUNT, "Payouts that did not arrive, by reason.", ("Reason",)),
    Metric("PayoutsInDoubt", Unit.COUNT, "Sendings of which nobody knows the outcome.", ("Rail",)),
    # Once a minute, how it stands: levels, of which the highest counts.
    Metric("PayoutsQueued", Unit.COUNT, "Payouts that are queued, of 2000 that are open."),
    Metric("QueueAge", Unit.SECONDS, "The age of the oldest of those, held ones too."),
    Metric("PayoutsUnconfirmed", Unit.COUNT, "Payouts in doubt, of 2000 that are open."),
    Metric("UnconfirmedAge", Unit.SECONDS, "The age of the oldest of those."),
    Metric("FindingsOpen", Unit.COUNT, "Findings that nobody has resolved, up to 100."),
    Metric("NoticesParked", Unit.COUNT, "Webhooks that wait for a person, up to 100."),
    Metric("UnexplainedCents", Unit.NONE, "What the latest night could not explain."),
    Metric("NightLate", Unit.COUNT, "1 if a night is not done three hours after its time."),
    Metric("SignInClosed", Unit.COUNT, "1 while the provider's sign-in is closed."),
    Metric("FundsShort", Unit.COUNT, "1 while payouts wait for funds."),
    Metric("FundsLow", Unit.COUNT, "1 if less was last seen at the provider than FUNDS_WARNING."),
    Metric("BreakerOpen", Unit.COUNT, "1 while a circuit is not closed.", ("Circuit",)),
    Metric("WebhooksHealed", Unit.COUNT, "Lost webhooks that were told again, in this minute."),
    Metric("GaugesUnread", Unit.COUNT, "Readings of these levels that failed."),
)
_BY_NAME = {each.name: each for each in METRICS}


def measured(values: Mapping[str, int], **by: str) -> dict[str, Any]:
    """Fields that make a line of log carry metrics; all of them are kept apart by the same.

    Raises:
        KeyError: a metric that the table does not have.
        ValueError: one that is kept apart otherwise.
    """
    known = [_BY_NAME[name] for name in values]
    for each in known:
        if set(each.by) != set(by):
            raise ValueError(f"{each.name} is kept apart by {each.by}, not by {tuple(by)}")
    sets = [[STAGE], *([[STAGE, *by]] if by else [])]
    told = [{"Name": each.name, "Unit": each.unit.value} for each in known]
    declared = {"Namespace": NAMESPACE, "Dimensions": sets, "Metrics": told}
    return {
        "_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [declared]},
        STAGE: os.environ.get("STAGE", ""), **by, **values,
    }  # fmt: skip
