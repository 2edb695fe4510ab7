"""What may be said to us in a body: strict, nothing unknown, every text bounded.

Numbers and texts are never taken for one another, but for amounts. A field that is `null` is one
that is absent. Form only: whether our rules allow it, the use cases say.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    RootModel,
    ValidationInfo,
    field_validator,
)
from pydantic import model_validator as whole

from chalicelib.api.fields import (
    AccountName,
    AccountNumber,
    Amount,
    Bsb,
    Email,
    Evidence,
    Id,
    Line,
    Name,
    PayIdText,
    Reason,
    judged,
    refusal,
)
from chalicelib.domain.customer import MOST_DESTINATIONS
from chalicelib.domain.destination import BankAccount, Destination, PayId, PayIdType, PayoutMethod
from chalicelib.domain.events import Verdict
from chalicelib.domain.money import CURRENCY
from chalicelib.domain.order import Order
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Strategy, Urgency


def shown(*examples: dict[str, Any]) -> dict[str, Any]:
    """The examples that a schema publishes; a test sends each of them."""
    return {"examples": list(examples)}


class Said(BaseModel):
    """A body."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Nothing(Said):
    """No body is needed: none, or an empty object."""


class NewPayId(Said):
    """A PayID, typed the human way."""

    type: Literal["PayId"]
    kind: Annotated[PayIdType, Field(alias="payIdType", strict=False)]
    value: PayIdText = Field(alias="payId")
    account_name: AccountName = Field(alias="accountName")

    @field_validator("value")
    @classmethod
    def _of_its_kind(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        return judged(lambda text: PayId.parse(kind, text, "Any Name"))(value) if kind else value

    def destination(self) -> Destination:
        """The destination as the domain knows it."""
        return PayId.parse(self.kind, self.value, self.account_name)


class NewBankAccount(Said):
    """A bank account; leading zeros count, blanks and hyphens do not."""

    type: Literal["BankAccount"]
    bsb: Bsb = Field(alias="bsbNumber")
    account_number: AccountNumber = Field(alias="accountNumber")
    account_name: AccountName = Field(alias="accountName")

    def destination(self) -> Destination:
        """The destination as the domain knows it."""
        return BankAccount.parse(self.bsb, self.account_number, self.account_name)


AnyDestination = Annotated[NewPayId | NewBankAccount, Field(discriminator="type")]
PAY_ID = {
    "type": "PayId", "payIdType": "Email", "payId": "jo@example.com", "accountName": "Jo Citizen",
}  # fmt: skip
BANK_ACCOUNT = {
    "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
    "accountName": "Jo Citizen",
}  # fmt: skip


class NewDestination(RootModel[AnyDestination]):
    """A destination to add."""

    model_config = ConfigDict(
        strict=True, frozen=True, json_schema_extra=shown(PAY_ID, BANK_ACCOUNT)
    )

    def destination(self) -> Destination:
        """The destination as the domain knows it."""
        return self.root.destination()


class NewCustomer(Said):
    """A customer to register. The first destination of a type is its default."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"customer_name": "Jo Citizen", "email": "jo@example.com"},
            {
                "customer_name": "Jo Citizen",
                "email": "jo@example.com",
                "payout_destinations": [PAY_ID, BANK_ACCOUNT],
            },
        )
    )
    customer_name: Name
    email: Email
    payout_destinations: list[AnyDestination] | None = Field(
        default=None, max_length=MOST_DESTINATIONS
    )

    def destinations(self) -> tuple[Destination, ...]:
        """The destinations as the domain knows them."""
        return tuple(each.destination() for each in self.payout_destinations or ())


class CustomerChange(Said):
    """What is to change; at least one of the two."""

    model_config = ConfigDict(json_schema_extra=shown({"email": "jo.citizen@example.com"}))
    customer_name: Name | None = None
    email: Email | None = None

    @whole(mode="after")
    def _changes_something(self) -> Self:
        if self.customer_name is None and self.email is None:
            raise refusal("nothing_to_change", "must name customer_name or email")
        return self


class NewPayout(Said):
    """A payout to make. Without a destination the customer's default of the method is paid."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {
                "customer_id": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77",
                "amount": "100.00",
                "payout_method": "PayId",
            },
            {
                "customer_id": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77",
                "amount": 100,
                "currency": "AUD",
                "payout_method": "BankAccount",
                "rail": "DirectEntry",
                "description": "Invoice 1042",
            },
            {
                "customer_id": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77",
                "amount": "100.00",
                "payout_method": "BankAccount",
                "strategy": "by_urgency",
                "urgency": "normal",
            },
        )
    )
    customer_id: Id
    amount: Amount
    payout_method: Annotated[PayoutMethod, Field(strict=False)]
    destination_id: Id | None = None
    rail: Annotated[Rail, Field(strict=False)] | None = None
    strategy: Annotated[Strategy, Field(strict=False)] | None = Field(
        default=None, description="By what the rail is chosen, where none is named."
    )
    urgency: Annotated[Urgency, Field(strict=False)] | None = Field(
        default=None, description="Alone, or with by_urgency: urgent is fastest, normal cheapest."
    )
    reference: Line | None = Field(default=None, description="Reaches the payee over NPP (35).")
    description: Line | None = Field(
        default=None, description="Reaches the payee (NPP 280 characters, Direct Entry 18)."
    )
    currency: Literal["AUD"] | None = Field(default=None, description=f"{CURRENCY}, or absent.")

    @field_validator("strategy", "urgency")
    @classmethod
    def _not_beside_a_rail(cls, value: StrEnum | None, info: ValidationInfo) -> StrEnum | None:
        if value is not None and info.data.get("rail") is not None:
            raise refusal("rail_is_named", "must be absent where a rail is named")
        if isinstance(value, Urgency):
            strategy = info.data.get("strategy")
            if strategy not in {None, Strategy.BY_URGENCY}:
                raise refusal("other_strategy", f"must be absent with the strategy {strategy}")
        return value

    def order(self) -> Order:
        """What is asked for, as the domain knows it."""
        return Order(
            self.customer_id, self.amount, self.payout_method, self.destination_id or "",
            self.rail, self.reference or "", self.description or "", self.strategy,
            self.urgency,
        )  # fmt: skip


class Redraft(Said):
    """What is to be otherwise; all else is the original's. An empty text takes the text away."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {},
            {"rail": "NPP", "reference": "INV-1042-A", "description": ""},
        )
    )
    destination_id: Id | None = Field(default=None, description="Another one of the customer's.")
    rail: Annotated[Rail, Field(strict=False)] | None = None
    reference: Line | Literal[""] | None = None
    description: Line | Literal[""] | None = None


class Why(Said):
    """Why it is done."""

    model_config = ConfigDict(json_schema_extra=shown({"reason": "Asked for twice."}))
    reason: Reason


class Resolution(Said):
    """A verdict on an unconfirmed payout, and what proves it, for a second person to see."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"verdict": "dead", "evidence": "The provider's support wrote on 3 July: not executed."}
        )
    )
    verdict: Annotated[Verdict, Field(strict=False)]
    evidence: Evidence


class Agreement(Said):
    """The verdict that one has read, and agrees to."""

    model_config = ConfigDict(json_schema_extra=shown({"verdict": "dead"}))
    verdict: Annotated[Verdict, Field(strict=False)]


class NewCredit(Said):
    """An amount out of the funds that are nobody's yet, for a customer."""

    model_config = ConfigDict(
        json_schema_extra=shown({"amount": "250.00", "reason": "Settlement of 3 July."})
    )
    amount: Amount
    reason: Reason


class Notification(RootModel[dict[str, JsonValue] | list[JsonValue]]):
    """What the provider tells; it is kept as it is, whatever it says."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {
                "TransactionId": 100537784,
                "UniqueReference": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77-1",
                "Status": "Payment Successful",
                "Amount": 100,
            }
        )
    )
