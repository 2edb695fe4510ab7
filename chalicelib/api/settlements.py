"""Expected settlements at the edge: what is said of them, and how they are shown.

A file of rows comes as text or, byte for byte, in Base64. What is wrong with its rows is told with
all that is wrong with the other fields; where those are right, with what our rules say to the rows.
"""

import base64
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)
from pydantic import WithJsonSchema as Published
from pydantic_core import PydanticCustomError

from chalicelib.api.fields import Amount, Day, Name, refusal
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape, SydneyDate
from chalicelib.api.shares import MOST_ROWS, Sheet, sheet_of, sheet_of_bytes
from chalicelib.api.times import rfc3339
from chalicelib.domain.errors import Fault
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.settlement import Settlement, Stage

_SAID = {"date": "2026-07-03", "amount": "1250.00", "reference": "FDMS 20260703 0042"}
_CSV = "customer_id,amount\n6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77,1000.00\n"
# What is wrong with a cell, as the published document shows it.
A_FAULT = Fault("/csv", "negative_amount", "must not be negative", row=3, column="amount")
_ABOUT = (
    f"Which customer is owed how much: columns customer_id and amount, {MOST_ROWS} rows at most."
)


def _long_enough(text: str) -> str:
    # Nothing else is compared with what a payer writes: "A---" would be found in many a text.
    if sum(map(str.isalnum, text)) < 4:
        raise refusal("too_short", "must have at least 4 letters or digits")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise refusal("wrong_type", "must be text")
    return value


def _from_text(value: object) -> Sheet:
    return sheet_of(_text(value))


def _from_base64(value: object) -> Sheet:
    text = _text(value)
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise refusal("not_base64", "must be Base64 without line breaks") from None
    return sheet_of_bytes(raw)


Reference = Annotated[
    Name,
    AfterValidator(_long_enough),
    Published({"type": "string", "minLength": 4, "maxLength": 140}),
]
TextFile = Annotated[Sheet, PlainValidator(_from_text), Published({"type": "string"})]
BinaryFile = Annotated[
    Sheet,
    PlainValidator(_from_base64),
    Published({"type": "string", "contentEncoding": "base64"}),
]


class NewSettlement(Said):
    """What is expected of the acquirer, and where that is known, whose it will be."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            _SAID | {"csv": _CSV},
            _SAID | {"csv_base64": base64.b64encode(_CSV.encode()).decode()},
            _SAID | {"amount": 1250},
        )
    )
    date: Day = Field(description="The Sydney date on which it is due.")
    amount: Amount
    reference: Reference = Field(
        description="What the acquirer writes with the payment: at least 4 letters or digits."
    )
    csv: TextFile | None = Field(default=None, description=_ABOUT)
    csv_base64: BinaryFile | None = Field(
        default=None, description="The same as the bytes of a file; one of the two at most."
    )

    @field_validator("csv", "csv_base64")
    @classmethod
    def _told_with_the_rest(cls, sheet: Sheet | None, info: ValidationInfo) -> Sheet | None:
        if sheet and info.field_name == "csv_base64" and info.data.get("csv"):
            raise refusal("given_twice", "must not be given beside csv")
        # Alone they are told by the use case, together with what it finds.
        if sheet and sheet.faults and not {"date", "amount", "reference"} <= info.data.keys():
            raise PydanticCustomError("invalid_rows", "rows", {"within": sheet.faults})
        return sheet

    @property
    def sheet(self) -> Sheet:
        """The rows, however they came; none where there is no file."""
        return self.csv or self.csv_base64 or Sheet()

    @property
    def place(self) -> str:
        """Where the rows stand."""
        return "/csv_base64" if self.csv_base64 else "/csv"


class SettlementView(Shape):
    """An expected settlement, and how far it has come. `rows` is how many customers' rows it has.

    `receipts` name the provider's transactions that were matched with it.
    """

    settlement_id: str
    date: SydneyDate
    amount: AmountText
    currency: str
    reference: str
    stage: Literal["Expected", "Allocating", "Settled", "Cancelled"]
    received: AmountText
    receipts: list[str]
    rows: int
    rows_amount: AmountText
    allocated_rows: int
    cancellable: bool
    reason: str | None
    cancelled_by: str | None
    cancelled_at: Moment | None
    created_by: str
    created_at: Moment


class SettlementPage(PageView[SettlementView]):
    """Some expected settlements."""


class SettlementWithProgress(SettlementView):
    """An expected settlement, and how much of it is the customers' already."""

    allocated_amount: AmountText


def settlement(it: Settlement) -> SettlementView:
    """A settlement."""
    return SettlementView(
        settlement_id=it.settlement_id, date=it.due_on.isoformat(), amount=str(it.amount),
        currency=CURRENCY, reference=it.reference, stage=it.stage.value,
        received=str(it.received), receipts=list(it.receipts), rows=it.shares,
        rows_amount=str(it.shared), allocated_rows=it.allocated_rows,
        cancellable=it.stage is Stage.EXPECTED and not it.receipts,
        reason=it.reason or None, cancelled_by=it.cancelled_by or None,
        cancelled_at=rfc3339(it.cancelled_at) if it.cancelled_at else None,
        created_by=it.created_by, created_at=rfc3339(it.created_at),
    )  # fmt: skip


def with_progress(it: Settlement, allocated: Money) -> SettlementWithProgress:
    """A settlement, with the sum of its rows that are allocated."""
    known = dict(settlement(it))
    return SettlementWithProgress(**known, allocated_amount=str(allocated))


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)
    expected = Settlement(
        "0f2c6b7e-1f0a-8d43-9c55-7a1e2d3c4b5a", at.date(), Money(125_000), _SAID["reference"], at,
        "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00", shares=1, shared=Money(100_000),
    )  # fmt: skip
    view = settlement(expected)
    return {
        SettlementView: [view],
        SettlementPage: [SettlementPage(data=[view], next_cursor=None)],
        SettlementWithProgress: [with_progress(expected, Money(0))],
    }
