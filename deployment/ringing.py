"""Whether an alarm would ring, by the lines of log that carry the metrics: CloudWatch's part, here.

For trying alarms where there is no CloudWatch. Reads the lines as they are emitted, by their own
declaration. It is stricter than CloudWatch in one thing: a period ends when it is asked.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.alarms import Alarm
from deployment.measures import Cost, Level, OfLimit, Series, Share

Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Point:
    """A value of one metric, with one set of dimensions, at a second."""

    at: int
    namespace: str
    name: str
    dimensions: Dimensions
    value: int


def points(line: str, at: int) -> list[Point]:
    """What a line of log, written at a second, tells of metrics: nothing, where it tells none."""
    told = json.loads(line)
    return [
        Point(at, declared["Namespace"], metric["Name"], _dimensions(told, names),
              told[metric["Name"]])
        for declared in told.get("_aws", {}).get("CloudWatchMetrics", ())
        for names in declared["Dimensions"]
        for metric in declared["Metrics"]
    ]  # fmt: skip


def _dimensions(told: Mapping[str, Any], names: Iterable[str]) -> Dimensions:
    return frozenset((name, told[name]) for name in names)


def point_of(series: Series, value: int, at: int, stage: str = "") -> Point:
    """A value of a series, as if it had been measured: for what is not in any line."""
    return Point(at, series.namespace, series.name, _wanted(series, stage), value)


@dataclass(frozen=True)
class Watch:
    """What was measured, as one stage's alarms see it; `limits` are parameters of the template."""

    measured: tuple[Point, ...]
    stage: str = ""
    limits: Mapping[str, int] | None = None

    def rings(self, it: Alarm, now: int) -> bool:
        """Whether an alarm rings at a second."""
        ends = [now - it.period * number for number in range(it.times)]
        return all(self._beyond(it, end - it.period, end) for end in ends)

    def _beyond(self, it: Alarm, after: int, until: int) -> bool:
        value = self._made_of(it, after, until)
        if value is None:
            return it.silence_rings
        return value < it.bound if it.below else value > it.bound

    def _made_of(self, it: Alarm, after: int, until: int) -> float | None:
        match it.measure:
            case Level(series):
                values = [self._series(each, after, until) for each in series]
                told = [each for each in values if each is not None]
                return sum(told) if told else None
            case Share(part, whole, least, rest):
                some, of = self._series(part, after, until) or 0, self._series(whole, after, until)
                if not of:
                    return None
                share = 100 * some / of if some >= least else 0
                return 100 - share if rest else share
            case OfLimit(series, parameter):
                taken = self._series(series, after, until)
                return None if taken is None else 100 * taken / (self.limits or {})[parameter]
            case Cost(priced, among):
                number = self._series(among, after, until)
                paid = ((self._series(each, after, until) or 0) * price for each, price in priced)
                return sum(paid) / number if number else None

    def _series(self, series: Series, after: int, until: int) -> float | None:
        wanted = (series.namespace, series.name, _wanted(series, self.stage))
        values = sorted(
            each.value
            for each in self.measured
            if after < each.at <= until and (each.namespace, each.name, each.dimensions) == wanted
        )
        return _made(values, series.statistic) if values else None


def _made(values: list[int], statistic: str) -> float:
    match statistic:
        case "Sum":
            return sum(values)
        case "Maximum":
            return values[-1]
        case "Average":
            return sum(values) / len(values)
        case "SampleCount":
            return len(values)
    share = int(statistic.removeprefix("p"))
    return values[math.ceil(len(values) * share / 100) - 1]


def _wanted(series: Series, stage: str) -> Dimensions:
    """The dimensions of a series; the stage filled in, another intrinsic as it is written."""
    return frozenset(
        (name, value if isinstance(value, str) else _filled(value, stage))
        for name, value in series.dimensions.items()
    )


def _filled(value: Mapping[str, Any], stage: str) -> str:
    return stage if value == {"Ref": "Stage"} else json.dumps(value)
