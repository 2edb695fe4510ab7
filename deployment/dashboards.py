"""The two dashboards and the service levels, as tables: what operations and the business look at.

Computed from the metrics alone. What no metric tells is not shown: how soon a defect is detected,
and how many alarms were false; `docs/alarms.md` says how these are counted.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.breaker import NAMES
from chalicelib.domain.rails import Rail
from deployment.alarms import FAILED, FUNCTIONS
from deployment.costs import A_PAYOUT
from deployment.logs import group_of
from deployment.measures import Measure, Series, Share, gateway, lying_in, of, ours, queue

HOUR, DAY, WEEK, MONTH = 3600, 86_400, 7 * 86_400, 30 * 86_400


@dataclass(frozen=True)
class ServiceLevel:
    """What is promised: a measure is at most so much, over 30 days."""

    name: str
    measure: Measure
    unit: str
    most: str


LEVELS: tuple[ServiceLevel, ...] = (
    # By the gateway's count: a function that is not reached, or killed, tells nothing of it.
    ServiceLevel("Available: answered, and not with 5xx",
                 Share(gateway("5XXError"), gateway("Count")), "% are not", most="0.1"),
    ServiceLevel("Errors of all invocations", Share(ours("Errors"), ours("Invocations")), "%",
                 most="1"),
    ServiceLevel("API, 95 of 100 requests", of(ours("Duration", "p95", Door="api")), "ms",
                 most="3000"),
    ServiceLevel("Webhooks, 95 of 100", of(ours("Duration", "p95", Door="webhook")), "ms",
                 most="5000"),
    ServiceLevel("Payouts that did not arrive, of those nobody called off", FAILED, "%", most="2"),
    ServiceLevel("From being asked for to the payee over NPP, 95 of 100",
                 of(ours("TimeToComplete", "p95", Rail=str(Rail.NPP))), "s", most="120"),
    ServiceLevel("Repair: from a sending in doubt until it was known, 95 of 100",
                 of(ours("TimeInDoubt", "p95")), "s", most="1800"),
    ServiceLevel("Repair: a circuit, longest open", of(ours("BreakerAge", "Maximum")), "s",
                 most="1800"),
    ServiceLevel("To run, for each payout that ended", A_PAYOUT, "USD", most="0.005"),
)  # fmt: skip


@dataclass(frozen=True)
class Graph:
    """Measures beside each other: over time, or as one figure each.

    A figure is that of the last `period`; or, where it is a level, the latest one.
    """

    title: str
    lines: tuple[tuple[str, Measure], ...]
    period: int = 300
    figure: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked of the lines of log of all functions: a table of what they say."""

    title: str
    asked: str

    @property
    def query(self) -> str:
        """It, with the groups of lines that are asked."""
        return " | ".join([*(f"SOURCE '${{{group_of(each)}}}'" for each in FUNCTIONS), self.asked])


@dataclass(frozen=True)
class Board:
    """A dashboard, and how far back it looks when it is opened."""

    name: str
    graphs: tuple[Graph, ...]
    questions: tuple[Question, ...]
    levels: bool = False
    back: int = 3 * HOUR


def _line(name: str, statistic: str = "Sum", **by: str) -> tuple[str, Measure]:
    return " ".join([name, *by.values()]), of(ours(name, statistic, **by))


def _levels_of(*names: str) -> tuple[tuple[str, Measure], ...]:
    return tuple(_line(each, "Maximum") for each in names)


def _oldest_in(resource: str) -> Series:
    return queue(resource, "ApproximateAgeOfOldestMessage")


def _percentiles(series: str, **by: str) -> tuple[tuple[str, Measure], ...]:
    return tuple((each, of(ours(series, each, **by))) for each in ("p50", "p95", "p99"))


# What has too many values for a metric, each of which is paid for, is asked of the lines.
TOP_CUSTOMERS = Question(
    "Customers by cents paid",
    "filter ispresent(PayoutValue)"
    " | stats sum(PayoutValue) as cents, count(*) as payouts by customer_id"
    " | sort cents desc | limit 10",
)
WHY = Question(
    "Payouts that did not arrive, by reason",
    "filter PayoutsFailed > 0"
    " | stats count(*) as payouts, sum(cents) as in_cents by reason, rail | sort payouts desc",
)
CALLS = Question(
    "Calls of the provider, by operation",
    "filter ispresent(ProviderLatency)"
    " | stats sum(ProviderCalls) as calls, sum(ProviderErrors) as errors,"
    " pct(ProviderLatency, 50) as p50, pct(ProviderLatency, 95) as p95,"
    " pct(ProviderLatency, 99) as p99 by operation | sort calls desc",
)

OPERATIONS = Board("operations", (
    Graph("Success rate of the last hour, %", (("did not fail", replace(FAILED, rest=True)),),
          HOUR, True),
    Graph("Errors of the last day", (_line("Errors"),), DAY, True),
    Graph("Dead letters", (("waiting", of(*lying_in("DeadLettersQueue"))),
                           ("given up", of(*lying_in("LastResortQueue")))), figure=True),
    Graph("API, ms", _percentiles("Duration", Door="api")),
    Graph("Invocations", (_line("Invocations"), _line("Errors"), _line("ColdStarts"),
                          ("gateway 5xx", of(gateway("5XXError"))))),
    Graph("Provider, ms", _percentiles("ProviderLatency")),
    Graph("Calls of the provider", (_line("ProviderCalls"), _line("ProviderErrors"),
                                    _line("ProviderFailures"), _line("StoreThrottles"))),
    Graph("What waits", _levels_of("PayoutsQueued", "PayoutsUnconfirmed", "FindingsOpen",
                                   "NoticesParked")),
    Graph("Since when, s", (*_levels_of("QueueAge", "UnconfirmedAge", "BreakerAge"),
                            ("dead letters", of(_oldest_in("DeadLettersQueue"))),
                            ("given up", of(_oldest_in("LastResortQueue"))))),
    Graph("Closed ways", (*_levels_of("SignInClosed", "FundsShort", "FundsLow"),
                          *(_line("BreakerOpen", "Maximum", Circuit=each) for each in NAMES))),
    Graph("Books", (*_levels_of("NightLate", "UnexplainedCents", "GaugesUnread"),
                    _line("WebhooksHealed"))),
), (WHY, CALLS), levels=True)  # fmt: skip

BUSINESS = Board("business", (
    Graph("Payouts asked for, a day of UTC", (_line("PayoutsRequested"),), DAY),
    Graph("Cents paid, a day of UTC", (_line("PayoutValue"),), DAY),
    Graph("Payouts asked for, by rail",
          tuple(_line("PayoutsRequested", Rail=str(each)) for each in Rail), DAY),
    Graph("Cents paid, by rail", tuple(_line("PayoutValue", Rail=str(each)) for each in Rail), DAY),
    Graph("Payouts that ended, and that did not arrive",
          (_line("PayoutsEnded"), _line("PayoutsFailed"), _line("PayoutsInDoubt")), DAY),
), (TOP_CUSTOMERS,), back=WEEK)  # fmt: skip

BOARDS = (OPERATIONS, BUSINESS)
