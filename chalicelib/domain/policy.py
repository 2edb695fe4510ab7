"""The business's policy: who has to agree to what, how much may go, and what counts as a risk.

One value with a version: every payout keeps the version that it was decided under. Version 0 is
the business's own default; later ones two people have agreed to. Says nothing of payouts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from chalicelib.domain.errors import Fault
from chalicelib.domain.money import LARGEST_CENTS, Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Part(Protocol):
    """A policy, or a part of it: any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


P = TypeVar("P", bound=Part)
# The rules of risk, in the order in which they are shown.
RULES = (
    "velocity", "burst", "new_payee", "new_destination", "changed_destination", "unusual_amount",
    "odd_hour", "shared_destination",
)  # fmt: skip
MOST_SHARDS = 8
NO_LIMIT = Money(LARGEST_CENTS)
MANY = 10**9


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """Above which amounts one person or two have to agree; `hours` until nobody can any more.

    `credits_above` holds for money given to customers by hand. `approver_day` is what one approver
    may agree to within any 24 hours.
    """

    one_above: Money = field(default=Money(50_000))
    two_above: Money = field(default=Money(100_000))
    credits_above: Money = field(default=Money(1_000_000))
    hours: int = 72
    approver_day: Money = field(default=Money(2_000_000))


@dataclass(frozen=True, slots=True)
class DestinationRules:
    """What holds for a destination until a payment to it has arrived.

    Nothing goes there within `cooling_hours` of its being added; until one payment has arrived, no
    payment is above `first_most`, and each has to be agreed to by `approvers`.
    """

    cooling_hours: int
    first_most: Money
    approvers: int


@dataclass(frozen=True, slots=True)
class DayLimit:
    """How much may be asked for within one Sydney date, and how many times."""

    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class DayLimits:
    """The limits of a date: a customer's by how well the destination is known, and the others'.

    The business's lies in rows whose parts sum to it; payouts begin in `shards` of them, so that as
    many at once need not wait for each other.
    """

    customer_unverified: DayLimit = DayLimit(Money(500_000), 20)
    customer_verified: DayLimit = DayLimit(Money(1_000_000), 40)
    operator: DayLimit = DayLimit(Money(5_000_000), 1_000)
    business: DayLimit = DayLimit(Money(20_000_000), 20_000)
    shards: int = 8


@dataclass(frozen=True, slots=True)
class RiskRules:
    """Weights from 0 to 100 of the named rules; from which score on a person looks, or nobody pays.

    A rule without a weight counts nothing.
    """

    review_from: int = 50
    blocked_above: int = 90
    weights: Mapping[str, int] = field(
        default_factory=lambda: {
            "velocity": 25, "burst": 25, "new_payee": 5, "new_destination": 10,
            "changed_destination": 30, "unusual_amount": 25, "odd_hour": 5,
            "shared_destination": 30,
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RateRules:
    """How many requests one principal may make: at once, and per minute in the long run."""

    per_minute: int = 600
    burst: int = 300


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. `duplicate_days` is how long the same payment again is held to be a mistake."""

    version: int = 0
    approvals: ApprovalRules = ApprovalRules()
    new_destination: DestinationRules = DestinationRules(0, Money(100_000), 0)
    changed_destination: DestinationRules = DestinationRules(24, Money(20_000), 1)
    limits: DayLimits = DayLimits()
    duplicate_days: int = 7
    risk: RiskRules = field(default_factory=RiskRules)
    rates: RateRules = RateRules()


DEFAULT = Policy()
_ANY_DAY = DayLimit(NO_LIMIT, MANY)
# Holds nothing back: for a business that wants none of it, and for tests of other things.
FREE = Policy(
    approvals=ApprovalRules(NO_LIMIT, NO_LIMIT, NO_LIMIT, approver_day=NO_LIMIT),
    new_destination=DestinationRules(0, NO_LIMIT, 0),
    changed_destination=DestinationRules(0, NO_LIMIT, 0),
    limits=DayLimits(_ANY_DAY, _ANY_DAY, _ANY_DAY, _ANY_DAY, shards=1),
    duplicate_days=0,
    risk=RiskRules(weights={}),
    rates=RateRules(10**6, 10**6),
)

# What a number that is no money must be at least and at most, by its name; else 0 and MANY.
_WEIGHTS = "/risk/weights/"
_LEAST = {"shards": 1, "hours": 1, "per_minute": 1, "burst": 1}
_MOST = {
    "shards": MOST_SHARDS, "hours": 24 * 30, "cooling_hours": 24 * 90, "approvers": 2,
    "duplicate_days": 90, "review_from": 100, "blocked_above": 100, "per_minute": 10**6,
    "burst": 10**6,
}  # fmt: skip


def bounds(place: str) -> tuple[int, int]:
    """Between what the number at that JSON pointer must lie; of what is no money."""
    if place.startswith(_WEIGHTS):
        return 0, 100
    name = place.rpartition("/")[2]
    return _LEAST.get(name, 0), _MOST.get(name, MANY)


def faults_of(policy: Policy) -> tuple[Fault, ...]:
    """Everything that is wrong with a policy, each at its place."""
    return (*_out_of_range(policy), *_at_odds(policy))


def _out_of_range(policy: Policy) -> Iterator[Fault]:
    for place, value in values(policy):
        if isinstance(value, Money):
            if not 0 <= value.cents <= LARGEST_CENTS:
                yield Fault(place, "out_of_range", f"must be between 0.00 and {NO_LIMIT}")
            continue
        least, most = bounds(place)
        if not least <= value <= most:
            yield Fault(place, "out_of_range", f"must be between {least} and {most}")


def _at_odds(policy: Policy) -> Iterator[Fault]:
    rules, risk = policy.approvals, policy.risk
    if rules.two_above < rules.one_above:
        yield Fault("/approvals/two_above", "wrong_order", "must not be below one_above")
    if risk.blocked_above < risk.review_from:
        yield Fault("/risk/blocked_above", "wrong_order", "must not be below review_from")
    for name in sorted(set(risk.weights) - set(RULES)):
        yield Fault(f"{_WEIGHTS}{name}", "unknown_rule", "is none of the rules")


def values(part: Part, place: str = "") -> Iterator[tuple[str, Money | int]]:
    """Every single value of a policy, or of a part of it, with its JSON pointer."""
    for each in fields(part):
        value, here = getattr(part, each.name), f"{place}/{each.name}"
        if isinstance(value, (Money, int)):
            yield here, value
        elif _is_part(value):
            yield from values(value, here)
        else:
            yield from ((f"{here}/{name}", weight) for name, weight in value.items())


def to_plain(part: Part) -> dict[str, Any]:
    """A policy, or a part of it, as plain values: money in cents."""
    return {each.name: _plain(getattr(part, each.name)) for each in fields(part)}


def from_plain(told: Mapping[str, Any], otherwise: Policy = DEFAULT) -> Policy:
    """The policy that `to_plain` told; what it did not tell is as in `otherwise`."""
    return _read(otherwise, told)


def _is_part(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Money)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any field of any part)
    if isinstance(value, Money):
        return value.cents
    if isinstance(value, int):
        return value
    return to_plain(value) if _is_part(value) else dict(value)


def _read(part: P, told: Mapping[str, Any]) -> P:
    kept = {each.name: getattr(part, each.name) for each in fields(part)}
    read = {name: _typed(kept[name], told[name]) for name in kept if name in told}
    return type(part)(**{**kept, **read})


def _typed(like: Any, value: Any) -> Any:  # noqa: ANN401 (any field of any part)
    if isinstance(like, Money):
        return Money(int(value))
    if isinstance(like, int):
        return int(value)
    if _is_part(like):
        return _read(like, value)
    return {str(name): int(weight) for name, weight in value.items()}
