"""What alarms, dashboards and service levels look at: series of a metric, and what is made of them.

A series of ours exists in the table of metrics (`chalicelib/metrics.py`), or cannot be named. The
rest are AWS's own. The same measure is told to an alarm, and to a dashboard.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.metrics import ANY, APART, METRICS, NAMESPACE, STAGE, Metric

OURS = {each.name: each for each in METRICS}
A_STAGE = {"Ref": "Stage"}
# By what name whoever calls a function means the version that is in use.
ALIAS = "live"
# Statistics that CloudWatch takes by another field than percentiles.
PLAIN = frozenset({"Sum", "Maximum", "Average", "SampleCount"})


@dataclass(frozen=True)
class Series:
    """A metric, which of it, and what is made of its values within a period."""

    name: str
    statistic: str = "Sum"
    namespace: str = NAMESPACE
    dimensions: Mapping[str, Any] = field(default_factory=dict)


def ours(name: str, statistic: str = "Sum", **by: Any) -> Series:  # noqa: ANN401 (a text, or an intrinsic)
    """A metric of the table: in total, or of one value of what it is kept apart by.

    Raises:
        KeyError: the table does not have it.
        ValueError: it is kept apart otherwise, or not told in total.
    """
    it = OURS[name]
    if by and set(by) != set(it.by):
        raise ValueError(f"{name} is kept apart by {it.by}, not by {tuple(by)}")
    if not by and not it.total:
        raise ValueError(f"{name} is not told in total")
    listed = {each: APART[each] for each in by if ANY not in APART[each]}
    if unlisted := [by[each] for each, values in listed.items() if by[each] not in values]:
        raise ValueError(f"{name} is not kept apart by {unlisted}")
    return Series(name, statistic, NAMESPACE, {STAGE: A_STAGE, **by})


def sets_of(it: Metric) -> int:
    """How many metrics CloudWatch counts and charges for one of ours, of one stage, at most."""
    apart = math.prod(len(APART[each]) for each in it.by) if it.by else 0
    return int(it.total) + apart


def queue(resource: str, name: str) -> Series:
    """A metric of a queue of the template."""
    dimensions = {"QueueName": {"Fn::GetAtt": [resource, "QueueName"]}}
    return Series(name, "Maximum", "AWS/SQS", dimensions)


def lying_in(resource: str) -> tuple[Series, ...]:
    """All that is in a queue: what may be taken, what waits for its time, what somebody has."""
    kinds = ("Visible", "Delayed", "NotVisible")
    return tuple(queue(resource, f"ApproximateNumberOfMessages{each}") for each in kinds)


def gateway(name: str, statistic: str = "Sum") -> Series:
    """A metric of the API's gateway."""
    return Series(name, statistic, "AWS/ApiGateway", {"ApiName": "payouts", "Stage": A_STAGE})


def functions(name: str, *resources: str) -> tuple[Series, ...]:
    """A metric of functions of the template, for each of them."""
    return tuple(
        Series(name, "Sum", "AWS/Lambda", {"FunctionName": {"Ref": each}}) for each in resources
    )


def of_version(name: str, resource: str) -> Series:
    """A metric of a function, of the version alone that the template publishes."""
    told = {
        "FunctionName": {"Ref": resource},
        "Resource": {"Fn::Sub": f"${{{resource}}}:{ALIAS}"},
        "ExecutedVersion": version(resource),
    }
    return Series(name, "Sum", "AWS/Lambda", told)


def version(resource: str) -> dict[str, Any]:
    """The number of the version of a function that the template publishes."""
    return {"Fn::GetAtt": [f"{resource}.Version", "Version"]}


@dataclass(frozen=True)
class Level:
    """The sum of some series."""

    series: tuple[Series, ...]


@dataclass(frozen=True)
class Share:
    """Per cent of `whole` that are `part`, or with `rest` that are not.

    Where there are fewer than `least` of these it is as if there were none.
    """

    part: Series
    whole: Series
    least: int = 0
    rest: bool = False


@dataclass(frozen=True)
class OfLimit:
    """Per cent of a parameter of the template that a series comes to."""

    series: Series
    parameter: str


@dataclass(frozen=True)
class Cost:
    """What some series come to by their prices, over each one of `among`."""

    priced: tuple[tuple[Series, float], ...]
    among: Series


Measure = Level | Share | OfLimit | Cost


def of(*series: Series) -> Level:
    """The sum of these."""
    return Level(series)


def parts(measure: Measure) -> tuple[Series, ...]:
    """The series that it is made of."""
    match measure:
        case Level(series):
            return series
        case Share(part, whole):
            return part, whole
        case OfLimit(series):
            return (series,)
        case Cost(priced, among):
            return (among, *(series for series, _ in priced))


def expression(measure: Measure, prefix: str = "m") -> str:
    """What CloudWatch makes of its series, called m0, m1 …; a series that is silent counts as 0."""
    match measure:
        case Level(series):
            return "+".join(f"FILL({prefix}{number},0)" for number in range(len(series)))
        case Share(_, _, least, rest):
            part = f"FILL({prefix}0,0)"
            share = f"IF({part} >= {least}, 100*{part}/{prefix}1, 0)"
            return f"100-{share}" if rest else share
        case OfLimit(_, parameter):
            return f"100*{prefix}0/${{{parameter}}}"
        case Cost(priced):
            each = (f"FILL({prefix}{n},0)*{price:.13f}" for n, (_, price) in enumerate(priced, 1))
            return f"({'+'.join(each)})/{prefix}0"
