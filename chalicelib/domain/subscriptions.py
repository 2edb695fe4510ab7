"""What the provider should tell us, and where: each event to an address of its own.

A body never names its event, so the address does. Compares what is wanted with what the provider
has; decides nothing about other people's subscriptions and deletes none. Tokens are never here,
only marks of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Every event that the provider has, in its own spelling.
EVENTS = (
    "NppPaymentStatus",
    "NppReturn",
    "DirectEntryDishonour",
    "NPPReceivePayment",
    "InboundDirectCredit",
    "PayToReceivePayment",
    "InboundDirectDebit",
    "DirectDebitClearance",
    "InboundDirectCreditRejections",
    "NPPCreditRejections",
    "PendingInboundRtgsImt",
    "InboundRtgsImtStatus",
)
PATH = "/webhooks/monoova"
_KNOWN = {event.lower(): event for event in EVENTS}


class Gap(StrEnum):
    """How a subscription differs from what is wanted."""

    MISSING = "missing"
    OTHER_URL = "other_url"
    # It was told a token that is not the current one; nobody here told it one, or it was changed.
    OTHER_TOKEN = "other_token"  # noqa: S105 (the name of a difference)
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105 (the same)
    OFF = "off"
    DOUBLED = "doubled"  # one more for an event that has one
    FOREIGN_EVENT = "foreign_event"  # an event that we know nothing of


# What applying puts right; the others are a person's to judge.
CURABLE = frozenset({Gap.MISSING, Gap.OTHER_URL, Gap.OTHER_TOKEN, Gap.TOKEN_UNKNOWN, Gap.OFF})


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as the provider lists it. `changed_at` is the provider's own text."""

    subscription_id: str
    event: str
    url: str
    on: bool
    changed_at: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """What a subscription was last told here: the token's mark, and `changed_at` just after."""

    mark: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class Line:
    """One event, or one subscription too many: what is wanted, what is there, what differs."""

    event: str
    wanted_url: str
    subscription: Subscription | None
    gaps: tuple[Gap, ...]

    @property
    def is_curable(self) -> bool:
        """Whether applying changes it."""
        return bool(CURABLE & set(self.gaps))


class Verdict(StrEnum):
    """What the provider answered to a change."""

    TAKEN = "taken"
    EXISTS = "exists"  # the event has a subscription: that one has to be changed
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The provider's answer to a change: of which subscription, and the code of a refusal."""

    verdict: Verdict
    subscription_id: str = ""
    code: str = ""


CREATED, UPDATED, DELETED = "created", "updated", "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was tried: `what` is created, updated or deleted.

    `failure` is the code of why it was not made, empty where it was.
    """

    event: str
    subscription_id: str
    what: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was changed, what could not be, and how things stand afterwards."""

    changes: tuple[Change, ...]
    lines: tuple[Line, ...]


def target(base: str, event: str) -> str:
    """Where an event is told; `base` is the service's own address."""
    return f"{base.rstrip('/')}{PATH}/{event}"


def known(event: str) -> str:
    """The event of that name in our spelling; empty where it is none that we know."""
    return _KNOWN.get(event.lower(), "")


def is_ours(url: str, event: str, base: str) -> bool:
    """Whether an address is that of our door for the event; without a `base`, by its path alone."""
    given = _plain(url)
    ends = (f"{PATH}/{event}".lower(), PATH)
    if base:
        return given in {f"{_plain(base)}{end}" for end in ends}
    return given.endswith(ends)


def compare(
    base: str, mark: str, present: Sequence[Subscription], tokens: Mapping[str, Token]
) -> tuple[Line, ...]:
    """A line for each event, then one for each subscription that is too many or not understood.

    `mark` is that of the current token, `tokens` what each subscription was told, by its id.
    """
    wanted = [_line(base, event, mark, present, tokens) for event in EVENTS]
    used = {line.subscription for line in wanted}
    rest = [
        Line(each.event, "", each, (Gap.DOUBLED if known(each.event) else Gap.FOREIGN_EVENT,))
        for each in present
        if each not in used
    ]
    return (*wanted, *rest)


def _line(
    base: str,
    event: str,
    mark: str,
    present: Sequence[Subscription],
    tokens: Mapping[str, Token],
) -> Line:
    url = target(base, event)
    same = [each for each in present if known(each.event) == event]
    if not same:
        return Line(event, url, None, (Gap.MISSING,))
    # The one that needs the least, the oldest of several.
    best = min(same, key=lambda each: (each.url != url, not each.on))
    gaps = [Gap.OTHER_URL] if best.url != url else []
    gaps += _token(best, mark, tokens.get(best.subscription_id))
    gaps += [] if best.on else [Gap.OFF]
    return Line(event, url, best, tuple(gaps))


def _token(subscription: Subscription, mark: str, told: Token | None) -> list[Gap]:
    """The provider never shows a token: what it was told here is all that is known of it."""
    if told is None or told.changed_at != subscription.changed_at:
        return [Gap.TOKEN_UNKNOWN]
    return [] if told.mark == mark else [Gap.OTHER_TOKEN]


def _plain(url: str) -> str:
    """An address to compare: without scheme and last slash, in small letters."""
    return url.strip().lower().partition("://")[2].rstrip("/") or url.strip().lower().rstrip("/")
