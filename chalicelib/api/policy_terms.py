"""A policy as it is said and told: every value, what it means, and between what it must lie.

One form both ways, so that what was read can be changed and sent back. Each description is what
the page of policies shows of the field.
"""

import re
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import refusal
from chalicelib.api.schemas import Said
from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.policy import NO_LIMIT, RULES, Policy, RiskRules, bounds, from_plain

_AMOUNT_TEXT = r"^[0-9]{1,13}(\.[0-9]{1,2})?$"


def _limit(value: object) -> str:
    """An amount as it is told: dollars with two decimals."""
    if isinstance(value, str) and not re.fullmatch(_AMOUNT_TEXT, value):
        raise refusal("invalid_amount", "must be dollars with at most two decimals, as in 500.00")
    try:
        amount = Money.parse(value)
    except InvalidAmount as invalid:
        raise refusal("invalid_amount", str(invalid)) from None
    if not ZERO <= amount <= NO_LIMIT:
        raise refusal("out_of_range", f"must be between 0.00 and {NO_LIMIT}")
    return str(amount)


def _checked(place: str) -> PlainValidator:
    least, most = bounds(place)

    def check(value: object) -> int:
        if type(value) is not int:  # neither text nor a truth
            raise refusal("wrong_type", "must be a whole number")
        if not least <= value <= most:
            raise refusal("out_of_range", f"must be between {least} and {most}")
        return value

    return PlainValidator(check)


def _published(place: str) -> Published:
    least, most = bounds(place)
    return Published({"type": "integer", "minimum": least, "maximum": most})


Limit = Annotated[
    str,
    PlainValidator(_limit),
    Published(
        {
            "anyOf": [
                {"type": "string", "pattern": _AMOUNT_TEXT},
                {"type": "number", "minimum": 0},
            ]
        },
        mode="validation",
    ),
    Published({"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}, mode="serialization"),
]
Count = Annotated[int, _checked("/count"), _published("/count")]
Hours = Annotated[int, _checked("/hours"), _published("/hours")]
CoolingHours = Annotated[int, _checked("/cooling_hours"), _published("/cooling_hours")]
People = Annotated[int, _checked("/approvers"), _published("/approvers")]
Shards = Annotated[int, _checked("/shards"), _published("/shards")]
Days = Annotated[int, _checked("/duplicate_days"), _published("/duplicate_days")]
Score = Annotated[int, _checked("/review_from"), _published("/review_from")]
Weight = Annotated[int, _checked("/risk/weights/"), _published("/risk/weights/")]
Requests = Annotated[int, _checked("/burst"), _published("/burst")]


class ApprovalTerms(Said):
    """Who has to agree besides whoever asks."""

    one_above: Limit = Field(description="Above this amount another person has to agree.")
    two_above: Limit = Field(description="Above this amount two other people have to agree.")
    credits_above: Limit = Field(
        description="Above this amount another admin has to agree to a credit; each counts alone."
    )
    hours: Hours = Field(
        description="Hours until what nobody agreed to lapses, and its money goes back."
    )
    approver_day: Limit = Field(
        description="What one approver may agree to within any 24 hours, summed up."
    )

    @field_validator("two_above")
    @classmethod
    def _in_order(cls, value: str, info: ValidationInfo) -> str:
        if Money.parse(value) < Money.parse(info.data.get("one_above", value)):
            raise refusal("wrong_order", "must not be below one_above")
        return value


class DestinationTerms(Said):
    """What holds for a destination until a payment has arrived there."""

    cooling_hours: CoolingHours = Field(
        description="Hours after it was added in which nothing is sent there."
    )
    first_most: Limit = Field(description="The most that one payment there may be.")
    approvers: People = Field(description="How many other people have to agree to each payment.")


class DayLimitTerms(Said):
    """How much, and how often, within one Sydney date."""

    amount: Limit = Field(description="The sum of all amounts of a date.")
    count: Count = Field(description="The number of payouts of a date.")


class DayTerms(Said):
    """The limits of a Sydney date, each exact, whoever asks at the same moment."""

    customer_unverified: DayLimitTerms = Field(
        description="One customer's, to destinations that no check has verified."
    )
    customer_verified: DayLimitTerms = Field(
        description="One customer's, to destinations that a check has verified."
    )
    operator: DayLimitTerms = Field(description="What one person or program may ask for.")
    business: DayLimitTerms = Field(description="The whole business's.")
    shards: Shards = Field(
        description="In how many of the business's rows payouts begin: as many at once do not wait."
    )


class RiskWeights(Said):
    """What each rule of risk counts at its full strength, in points of the score."""

    velocity: Weight = Field(description="Many payouts in a day, beside the customer's own past.")
    burst: Weight = Field(description="Many payouts within an hour.")
    new_payee: Weight = Field(description="The customer's first payouts.")
    new_destination: Weight = Field(description="No payment has arrived there yet.")
    changed_destination: Weight = Field(description="Added lately, after the registration.")
    unusual_amount: Weight = Field(description="Far above what this customer is usually paid.")
    odd_hour: Weight = Field(description="Asked for between one and five at night in Sydney.")
    shared_destination: Weight = Field(description="Other customers have it, too.")


class RiskTerms(Said):
    """From which score on a person looks, and above which nobody is paid."""

    review_from: Score = Field(description="From this score on another person has to agree.")
    blocked_above: Score = Field(description="Above this score a payout is refused.")
    weights: RiskWeights = Field(description="The rules and what they count.")

    @field_validator("blocked_above")
    @classmethod
    def _in_order(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("review_from", value):
            raise refusal("wrong_order", "must not be below review_from")
        return value

    def rules(self) -> RiskRules:
        """The rules as the domain knows them."""
        return RiskRules(self.review_from, self.blocked_above, self.weights.model_dump())


class RateTerms(Said):
    """How many requests one person or program may make."""

    per_minute: Requests = Field(description="In the long run, each minute.")
    burst: Requests = Field(description="At once, after a rest.")


class PolicyTerms(Said):
    """A whole policy."""

    approvals: ApprovalTerms = Field(description="Who has to agree besides whoever asks.")
    new_destination: DestinationTerms = Field(
        description="A destination that came with the customer's registration."
    )
    changed_destination: DestinationTerms = Field(
        description="A destination that was added, or changed, later."
    )
    limits: DayTerms = Field(description="How much within one Sydney date.")
    duplicate_days: Days = Field(
        description="Days in which the same payee, amount and reference again is held to be a "
        "mistake, which another person has to agree to. 0: never."
    )
    risk: RiskTerms = Field(description="What the score of a payout is made of, and leads to.")
    rates: RateTerms = Field(description="How fast one person or program may ask.")

    def policy(self, version: int) -> Policy:
        """The policy as the domain knows it."""
        return from_plain({**_plain(self), "version": version})

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """The terms of a policy."""
        return cls.model_validate(_told(policy))


def _plain(said: Any) -> Any:  # noqa: ANN401 (any field of any part)
    if isinstance(said, BaseModel):
        return {name: _plain(getattr(said, name)) for name in type(said).model_fields}
    return Money.parse(said).cents if isinstance(said, str) else said


def _told(part: Any) -> Any:  # noqa: ANN401 (any field of any part)
    if isinstance(part, int):
        return part
    if isinstance(part, Money):
        return str(part)
    if not is_dataclass(part):
        return {rule: part.get(rule, 0) for rule in RULES}
    return {
        each.name: _told(getattr(part, each.name))
        for each in fields(part)
        if each.name != "version"
    }
