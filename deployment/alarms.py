"""Every alarm there is, in one table: what it looks at, when it rings, and whom it calls.

What each means and what to do is a heading of its name in `docs/runbook.md`. An alarm decides
nothing: no rule of money rests on one.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from deployment.measures import (
    Measure,
    OfLimit,
    Series,
    Share,
    functions,
    gateway,
    lying_in,
    of,
    of_version,
    ours,
    version,
)

RUNBOOK = "docs/runbook.md"
FUNCTIONS = ("APIHandler", "WebhookHandler", "Poll", "Reprocess", "Wake", "Night", "Keep")


class To(StrEnum):
    """Whom an alarm calls: a topic of the template."""

    PAGER = "PagerTopic"
    MAIL = "WarningsTopic"


@dataclass(frozen=True)
class Alarm:
    """Rings where its measure is above `bound` in each of `times` periods of so many seconds.

    With `below`, where it is less. Where nothing was measured it is calm, or, with
    `silence_rings`, it rings.
    """

    name: str
    to: To
    what: str
    measure: Measure
    bound: int
    period: int = 300
    times: int = 1
    below: bool = False
    silence_rings: bool = False


def _level(name: str, **by: str) -> Measure:
    return of(ours(name, "Maximum", **by))


def _new(door: str, function: str) -> Measure:
    """What fails of the version that is being rolled out: by its own word, or without a word."""
    own = ours("VersionErrors", Door=door, Version=version(function))
    return of(own, of_version("Errors", function))


# As long as so few went wrong, a share says nothing: one of one is a hundred per cent.
FEW = 3
ERRORS = Share(ours("Errors"), ours("Invocations"), FEW)
# A payout tells 0 or 1 when it arrives or fails: what people call off is not among them.
FAILED = Share(ours("PayoutsFailed"), ours("PayoutsFailed", "SampleCount"))
CLAIMED = Series("ClaimedAccountConcurrency", "Maximum", "AWS/Lambda")

ALARMS: tuple[Alarm, ...] = (
    # The pager: money may stand still, or nobody knows where some of it is.
    Alarm("errors-many", To.PAGER, "More than 10 % of all invocations fail.", ERRORS, 10),
    Alarm("provider-failing", To.PAGER, "The provider answers 5xx.",
          of(ours("ProviderFailures")), 0),
    Alarm("sign-in-closed", To.PAGER, "The provider refused our key, or somebody closed the gate.",
          _level("SignInClosed"), 0, 60),
    Alarm("breaker-open", To.PAGER, "A rail, or the provider, is not paid by.",
          _level("BreakerOpen"), 0, 60, 3),
    Alarm("funds-short", To.PAGER, "Payouts wait for funds.", _level("FundsShort"), 0, 60, 5),
    Alarm("unexplained-cents", To.PAGER, "A night could not explain some of the account's money.",
          _level("UnexplainedCents"), 0),
    Alarm("poller-silent", To.PAGER, "The poller has not run for five minutes.",
          of(ours("Invocations", Door="poll")), 1, below=True, silence_rings=True),
    Alarm("dead-letters-many", To.PAGER, "More than ten webhooks could not be applied.",
          of(*lying_in("DeadLettersQueue")), 10),
    Alarm("messages-given-up", To.PAGER, "Messages are in the queue of last resort.",
          of(*lying_in("LastResortQueue")), 0),
    # Mail: somebody should look today.
    Alarm("payouts-failing", To.MAIL, "More than 5 % of the payouts that were to arrive did not.",
          replace(FAILED, least=FEW), 5),
    Alarm("errors", To.MAIL, "More than 5 % of all invocations fail.", ERRORS, 5, 600),
    Alarm("webhook-errors", To.MAIL, "More than three webhooks could not be taken.",
          of(ours("Errors", Door="webhook")), 3, 600),
    Alarm("function-errors", To.MAIL, "Functions end without an answer: killed, or out of time.",
          of(*functions("Errors", *FUNCTIONS)), 3, 600),
    Alarm("rollout-api", To.MAIL, "The newest version of the API fails; its rollout is undone.",
          _new("api", "APIHandler"), FEW - 1),
    Alarm("rollout-webhooks", To.MAIL,
          "The newest version of the webhooks' function fails; its rollout is undone.",
          _new("webhook", "WebhookHandler"), FEW - 1),
    Alarm("gateway-5xx", To.MAIL, "The gateway answers 5xx.", of(gateway("5XXError")), 10),
    Alarm("store-throttled", To.MAIL, "The store throttles.", of(ours("StoreThrottles")), 5),
    Alarm("dead-letters", To.MAIL, "A webhook could not be applied yet.",
          of(*lying_in("DeadLettersQueue")), 0),
    Alarm("webhooks-parked", To.MAIL, "A webhook waits for a person.",
          _level("NoticesParked"), 0),
    Alarm("unconfirmed-old", To.MAIL, "A payout has been in doubt for more than 30 minutes.",
          _level("UnconfirmedAge"), 30 * 60, 60),
    Alarm("night-late", To.MAIL, "A night is not done three hours after its time.",
          _level("NightLate"), 0, times=3),
    Alarm("wake-silent", To.MAIL, "Nobody has looked at planned payouts for 15 minutes.",
          of(*functions("Invocations", "Wake")), 1, 900, below=True, silence_rings=True),
    Alarm("keep-silent", To.MAIL, "Nobody has forgotten, told or archived for three hours.",
          of(*functions("Invocations", "Keep")), 1, 3600, 3, below=True, silence_rings=True),
    Alarm("funds-low", To.MAIL, "Less is at the provider than FUNDS_WARNING.",
          _level("FundsLow"), 0),
    Alarm("cold-starts", To.MAIL, "More than 20 % of an hour's invocations were cold starts.",
          Share(ours("ColdStarts"), ours("Invocations"), FEW), 20, 3600),
    Alarm("capacity", To.MAIL, "More than 80 % of the account's concurrency is taken.",
          OfLimit(CLAIMED, "AccountConcurrency"), 80),
    Alarm("gauges-unread", To.MAIL, "How it stands was not read, so alarms may be deaf.",
          _level("GaugesUnread"), 0, 60, 5, silence_rings=True),
)  # fmt: skip
