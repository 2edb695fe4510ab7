"""What may be asked of a list: each name known, given once unless it says otherwise.

Dates are Sydney's. A status is asked for as it is shown.
"""

from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import Count, Day, Id, refusal
from chalicelib.domain.errors import Fault, InvalidRequest
from chalicelib.domain.payout import Status

SHOWN = tuple(dict.fromkeys(status.shown for status in Status))
DEFAULT_DAYS = 31
MOST_DAYS = 92


def _statuses(value: object) -> frozenset[Status]:
    """`Pending` is all that people see as pending."""
    names = [name for each in value for name in each.split(",")] if isinstance(value, list) else []
    if not names or not set(names) <= set(SHOWN):
        raise refusal("not_one_of", f"must be of {', '.join(SHOWN)}")
    return frozenset(status for status in Status if status.shown in names)


class Query(BaseModel):
    """The query of a route that asks for nothing: any parameter is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    repeatable: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def names(cls) -> frozenset[str]:
        """The parameters that it knows, as they are written in a query."""
        return frozenset(each.alias or name for name, each in cls.model_fields.items())


class Listing(Query):
    """Which part of a list."""

    limit: Count = Field(default=25, description="How many at most.")
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=4096)] | None = Field(
        default=None, description="The `next_cursor` of the page before, with the same filters."
    )


class PayoutListing(Listing):
    """Which payouts, newest first; of the last 31 days where no dates are named."""

    repeatable: ClassVar[frozenset[str]] = frozenset({"status"})
    customer_id: Id | None = Field(default=None, description="Those of one customer.")
    statuses: Annotated[
        frozenset[Status],
        BeforeValidator(_statuses),
        Published({"type": "array", "items": {"type": "string", "enum": list(SHOWN)}}),
    ] = Field(default=frozenset(), alias="status", description="Repeated, or separated by commas.")
    first: Day | None = Field(default=None, alias="from", description="First Sydney date.")
    last: Day | None = Field(default=None, alias="to", description="Last Sydney date, included.")

    @field_validator("last")
    @classmethod
    def _not_too_far(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("first")
        if first and last and (why := _why_not(first, last)):
            raise refusal("invalid_dates", why)
        return last

    def window(self, today: date) -> tuple[date, date]:
        """The first and last Sydney date to list.

        Raises:
            InvalidRequest: too far apart, counted to today.
        """
        last = self.last or (max(self.first, today) if self.first else today)
        first = self.first or last - timedelta(days=DEFAULT_DAYS - 1)
        if why := _why_not(first, last):
            raise InvalidRequest([Fault("to", "invalid_dates", f"{why}; it is today if absent")])
        return first, last


def _why_not(first: date, last: date) -> str:
    if first > last:
        return "must not be earlier than from"
    if (last - first).days >= MOST_DAYS:
        return f"must be within {MOST_DAYS} days of from, both included"
    return ""
