"""What we say: every answer's shape, from which its published schema is made.

Amounts are text with two decimals, moments RFC 3339 in UTC, dates Sydney's, and absent is `null`.
Built by `views.py` from domain values; holds no plain destination.
"""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel, StringConstraints

MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
AmountText = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+\.[0-9]{2}$")]
Moment = Annotated[str, StringConstraints(pattern=MOMENT)]
SydneyDate = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Shape(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


T = TypeVar("T", bound=Shape)


class PageView(Shape, Generic[T]):
    """Some of a list; `next_cursor` asks for more, and is null at its end."""

    data: list[T]
    next_cursor: str | None


class DestinationView(Shape):
    """A destination, masked. What a type does not have is null."""

    destination_id: str
    type: Literal["PayId", "BankAccount"]
    pay_id: str | None = Field(alias="payId")
    pay_id_type: str | None = Field(alias="payIdType")
    bsb_number: str | None = Field(alias="bsbNumber")
    account_number: str | None = Field(alias="accountNumber")
    account_name: str = Field(alias="accountName")


class OwnDestinationView(DestinationView):
    """A customer's destination, and whether it is paid where none is named.

    `bank` and `branch` are a directory's, as it was when the destination was added; its `warnings`
    refuse nothing. `verified` where its owner named the code of an account check.
    """

    default: bool
    bank: str | None
    branch: str | None
    warnings: list[Literal["closed", "merged", "not_reachable_by_npp", "unknown_bsb"]]
    verified: bool


class DestinationPage(PageView[OwnDestinationView]):
    """A customer's destinations; always all of them."""


class CustomerView(Shape):
    """A customer. `stopped` says why nothing is paid out to them for now.

    Of one who is erased the masks and the balance are left; `erasure` says how far that is.
    """

    customer_id: str
    customer_name: str | None
    email: str | None
    available_balance: AmountText
    currency: str
    payout_destinations: list[OwnDestinationView]
    stopped: str | None
    legal_hold: bool
    erasure: Literal["asked", "erasing", "erased"] | None
    created_at: Moment
    updated_at: Moment


class CustomerPage(PageView[CustomerView]):
    """Some customers."""


class ProposalView(Shape):
    """What a first person proposes for an unconfirmed payout."""

    verdict: str
    evidence: str
    by: str
    at: Moment


class HoldView(Shape):
    """Who keeps a payout back, since when, and why."""

    reason: str
    by: str
    at: Moment


class ExplanationView(Shape):
    """Why it ended badly, or waits, in plain words. `reason` is a code; the texts are for staff.

    But `say_to_customer`, which may be sent as it is. `may_retry`: the same once more may go well;
    `other_rail_safe`: so may the other rail. Neither while it could still be paid.
    """

    reason: str
    what: str
    whose_turn: Literal["customer", "staff", "provider", "nobody"]
    may_retry: bool
    other_rail_safe: bool
    ask_customer: str | None
    say_to_customer: str


class SignalView(Shape):
    """A rule of risk that fired, and how strongly: from 1 to 100."""

    rule: str
    words: str
    strength: int


class DemandView(Shape):
    """A reason why other people have to agree: a code, and words."""

    code: str
    words: str


class AssessmentView(Shape):
    """By which version of the policy it was decided, and how.

    `needs` is how many other people had to agree when it was asked for. `tier` is how well the
    destination was known, `name_check` how its registered name compared with the customer's, and
    `repeats` the payout that it seems to repeat. `checked_as` is the `check_id` of the account
    check that says so, and `registered_name` the name that it told, masked.
    """

    policy_version: int
    score: int
    signals: list[SignalView]
    needs: int
    why: list[DemandView]
    tier: str
    name_check: str
    registered_name: str | None
    checked_as: str | None
    repeats: str | None


class GivenView(Shape):
    """Somebody agreed."""

    by: str
    at: Moment


class ApprovalView(Shape):
    """How many other people have to agree, who did, and until when anybody can."""

    needs: int
    given: list[GivenView]
    lapses_at: Moment | None


class RouteView(Shape):
    """Why it goes by its rail, and what was expected when it was asked for: fee and arrival.

    The `first_use` of a rail or destination is put to the provider before it is sent.
    """

    reason: str
    expected_fee: AmountText
    planned_for: SydneyDate
    first_use: bool


class ArrivalView(Shape):
    """When it should be there, nobody's promise: `words` are `within seconds`, or that date."""

    on: SydneyDate
    words: str


class DeadlineView(Shape):
    """Until when it has to be agreed to, to leave today; `minutes` are counted from this answer."""

    at: Moment
    minutes: int
    words: str


class PayoutView(Shape):
    """A payout as it is now. `message` says in words what `status` means for it.

    `waits_for` is a code that says why it is still queued, where something hinders it. A direct
    credit `leaves_on` a business day and is there by `expected_by`, usually; nobody promises that.
    `expected_arrival` of what was not sent yet is as if it were sent now; `approve_within` is null
    where agreeing sooner would change nothing, `route` where the payout is of an older version.
    What came back and is paid once more is `redrafted_as` another payout, that is `redraft_of` it.
    """

    transaction_id: str
    unique_reference: str = Field(alias="uniqueReference")
    customer_id: str
    amount: AmountText
    currency: str
    status: str
    waits_for: str | None
    message: str
    payout_method: Literal["PayId", "BankAccount"]
    rail: Literal["NPP", "DirectEntry"]
    route: RouteView | None
    destination: DestinationView
    reference: str | None
    description: str | None
    monoova_transaction_id: str | None
    fee: AmountText | None
    returned_amount: AmountText | None
    leaves_on: SydneyDate | None
    expected_by: SydneyDate | None
    final_unless_dishonoured_by: SydneyDate | None
    expected_arrival: ArrivalView | None
    approve_within: DeadlineView | None
    cancellable: bool
    attention: str | None
    held: HoldView | None
    proposal: ProposalView | None
    approval: ApprovalView | None
    assessment: AssessmentView | None
    error_code: str | None
    error_message: str | None
    explanation: ExplanationView | None
    redraft_of: str | None
    redrafted_as: str | None
    created_by: str
    created_at: Moment
    updated_at: Moment


class PayoutPage(PageView[PayoutView]):
    """Some payouts."""


class ParkedView(Shape):
    """A webhook that could not be applied, without its body."""

    letter_id: str
    key: str
    event_name: str
    reference: str | None
    error: str
    attempts: int


class SignInView(Shape):
    """Whether calls to the provider may go out."""

    provider_sign_in: Literal["open", "closed"]


class Received(Shape):
    """The webhook is durable."""

    status: Literal["received"]


class Document(RootModel[dict[str, JsonValue]]):
    """An OpenAPI document."""
