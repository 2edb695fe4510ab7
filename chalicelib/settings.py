"""The environment, read once and typed: every problem is reported at once, and no value is shown.

Refuses to start on Lambda with an endpoint of somebody's laptop, and on a laptop's stage on Lambda.
Names that it does not know are none of its business.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from chalicelib.domain.aba import Payer, says
from chalicelib.domain.calendar import BANK_CUT_OFF, CUT_OFF
from chalicelib.domain.destination import is_printable
from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT
from chalicelib.domain.ways import TARIFF, Way
from chalicelib.setting_forms import (
    AccountId,
    AccountNumber,
    Amount,
    BankAccountNumber,
    BankCode,
    Bsb,
    Bucket,
    Fee,
    KeyArn,
    Mail,
    NotNegative,
    Origin,
    PolicyJson,
    PoolArn,
    SecretArn,
    SixDigits,
    SixteenDigits,
    Table,
    Text,
    TopicArn,
    Url,
    comma_separated,
)
from chalicelib.setting_places import strangers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ON_LAMBDA = ("AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV")
_ABA = tuple(f"ABA_{name}" for name in ("BANK", "USER_NAME", "USER_ID", "BSB", "ACCOUNT"))
_TABLES = tuple(
    f"DYNAMODB_TABLE_{name}" for name in ("TRANSACTIONS", "CUSTOMERS", "EVENTS", "CONTROL")
)


class SettingsError(Exception):
    """The environment is not fit to start with; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "The settings are not valid:\n" + "\n".join(f"  {each}" for each in problems)
        )


class Settings(BaseModel):
    """What the service is told by its environment; the fields are the variables in lower case."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, arbitrary_types_allowed=True)

    stage: Literal["local", "dev", "prod"]
    on_lambda: bool = False
    # The account that the stage is meant for, said apart from whatever lies in it.
    account_id: AccountId | None = None

    monoova_api_secret_arn: SecretArn
    monoova_webhook_secret_arn: SecretArn
    cursor_secret_arn: SecretArn
    monoova_maccount_token: SixteenDigits | None = Field(default=None, repr=False)
    monoova_source_bsb: Bsb | None = Field(default=None, repr=False)
    monoova_source_account: AccountNumber | None = Field(default=None, repr=False)
    monoova_source_bsb_field: Literal["sourceBSB", "sourceAccountBsb"] = "sourceBSB"
    # The bank that files of payouts are made for; empty: none are made.
    aba_bank: BankCode | None = None
    aba_user_name: Annotated[str, StringConstraints(max_length=26)] = ""
    aba_user_id: SixDigits | None = None
    aba_description: Annotated[str, StringConstraints(max_length=12)] = "PAYOUTS"
    aba_bsb: Bsb | None = Field(default=None, repr=False)
    aba_account: BankAccountNumber | None = Field(default=None, repr=False)
    # Sydney's hour from which the bank pays a file on the next business day.
    aba_cut_off_hour: int = Field(default=BANK_CUT_OFF, ge=1, le=23)
    remitter_name: Annotated[str, StringConstraints(max_length=140)] = ""
    webhook_authentication: Literal["both", "token", "signature"] = "both"
    # The service's own address as the provider reaches it; empty: not managed from here.
    webhook_url: Url | None = None

    dynamodb_table_transactions: Table
    dynamodb_table_customers: Table
    dynamodb_table_events: Table
    dynamodb_table_control: Table
    dlq_url: Url
    # Where the queue puts a message that failed a thousand times; empty: nobody looks there.
    last_resort_url: Url | None = None
    kms_key_arn: KeyArn
    archive_bucket: Bucket
    attestation_key_arn: KeyArn
    # Where a summary of each night is told; empty: nobody is told.
    nights_topic_arn: TopicArn | None = None
    # From which address customers are told of changes; empty: no customer is told.
    mail_from: Mail | None = Field(default=None, repr=False)

    cognito_user_pool_id: Text
    cognito_user_pool_arn: PoolArn
    cognito_client_id: Text
    cognito_issuer: Url
    cors_origins: Annotated[tuple[Origin, ...], BeforeValidator(comma_separated)] = ()

    min_payout: Amount = Money(1)
    max_payout: Amount = Money(100_000)
    # The policy until two people have agreed to another one: what is otherwise than the default.
    default_policy: PolicyJson = DEFAULT
    # What payouts that wait for funds leave in the account, below what it is worth a warning, and
    # what a payment may cost.
    funds_reserve: NotNegative = Money(0)
    funds_warning: NotNegative = Money(0)
    funds_fee: NotNegative = Money(15)
    # Where a payout names neither a rail nor a strategy: over NPP, or by one of these.
    usual_way: Literal["NPP", "cheapest", "fastest", "by_urgency"] = "NPP"
    # What each way costs, excluding GST, until it was seen what is charged.
    fee_npp_pay_id: Fee = TARIFF[Way.PAY_ID]
    fee_npp_account: Fee = TARIFF[Way.ACCOUNT]
    fee_direct_entry: Fee = TARIFF[Way.DIRECT_ENTRY]
    # Sydney's hour from which a direct credit waits for the next business day.
    de_cut_off_hour: int = Field(default=CUT_OFF, ge=1, le=23)
    # How many payouts may wait for a rail, or the sign-in, before new ones are turned away.
    most_waiting: int = Field(default=1000, ge=1, le=100_000)
    require_idempotency_key: bool = True
    # For how many minutes a sign-in counts as one of just now: any, and one with a second factor.
    step_up_minutes: int = Field(default=10, ge=1, le=60)
    step_up_mfa_minutes: int = Field(default=60, ge=1, le=720)
    # Seconds, each for one wait on the provider.
    connect_timeout: float = Field(default=3.0, ge=0.1, le=10)
    read_timeout: float = Field(default=12.0, ge=0.5, le=60)
    quarantine_minutes: int = Field(default=30, ge=1)
    first_ask_seconds: int = Field(default=30, ge=1)
    de_window_days: int = Field(default=5, ge=1, le=30)
    sign_in_wait_minutes: int = Field(default=65, ge=1)
    # Days that a payout rests after its end before it goes to the archive.
    archive_after_days: int = Field(default=90, ge=1)
    max_redrives: int = Field(default=8, ge=1, le=100)
    # From this hour of Sydney's clock on, the day before is held against the provider's books.
    night_hour: int = Field(default=3, ge=0, le=23)
    # How many business days late an occurrence of a schedule is still paid by itself.
    schedule_grace_days: int = Field(default=1, ge=0, le=10)
    # How long the code of an account check is waited for; it may take two days to be seen.
    verification_hours: int = Field(default=72, ge=1, le=720)
    clock_url: Url | None = None

    @property
    def payer(self) -> Payer | None:
        """Who pays by bank files, as the bank knows them; `None` where no bank is named."""
        if not (self.aba_bank and self.aba_user_id and self.aba_bsb and self.aba_account):
            return None
        return Payer(
            self.aba_bank, self.aba_user_name, self.aba_user_id, self.aba_description,
            self.aba_bsb, self.aba_account,
        )  # fmt: skip

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The settings of an environment (of this process's, where none is given).

        A variable that is empty is not set.

        Raises:
            SettingsError: with everything that is wrong.
        """
        given = os.environ if environment is None else environment
        told = {name: value.strip() for name, value in given.items() if value.strip()}
        fields: dict[str, object] = {
            field: told[field.upper()] for field in cls.model_fields if field.upper() in told
        }
        fields["on_lambda"] = is_on_lambda(told)
        problems = list(_contradictions(told))
        try:
            settings = cls.model_validate(fields)
        except ValidationError as error:
            problems = [
                *map(_line, error.errors(include_url=False, include_input=False)),
                *problems,
            ]
        if problems:
            raise SettingsError(sorted(set(problems)))
        return settings


def is_on_lambda(environment: Mapping[str, str]) -> bool:
    """Whether such an environment is that of a Lambda function."""
    return any(environment.get(name) for name in ON_LAMBDA)


def _line(error: Mapping[str, object]) -> str:
    place = error["loc"]
    name = str(place[0]).upper() if isinstance(place, tuple) and place else "SETTINGS"
    if error["type"] == "missing":
        return f"{name}: is not set"
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')}"


def _contradictions(told: Mapping[str, str]) -> Iterator[str]:
    """What is wrong between the variables, whether or not each is right by itself."""
    stage = told.get("STAGE", "")
    if is_on_lambda(told):
        yield from _on_lambda(told)
    if stage != "local":
        yield from _away_from_a_laptop(told)
    yield from strangers(told)
    if stage == "prod" and told.get("REQUIRE_IDEMPOTENCY_KEY", "true").lower() not in _TRUE:
        yield "REQUIRE_IDEMPOTENCY_KEY: must be true in prod"
    if ("MONOOVA_SOURCE_BSB" in told) != ("MONOOVA_SOURCE_ACCOUNT" in told):
        yield "MONOOVA_SOURCE_BSB, MONOOVA_SOURCE_ACCOUNT: set both or neither"
    yield from _of_bank_files(told)
    tables = [told[name] for name in _TABLES if name in told]
    if len(set(tables)) < len(tables):
        yield f"{', '.join(_TABLES)}: must be four different tables"
    if not is_printable(told.get("REMITTER_NAME", "")):
        yield "REMITTER_NAME: must be printable"
    least, most = told.get("MIN_PAYOUT", "0.01"), told.get("MAX_PAYOUT", "1000.00")
    try:
        if not 0 < Money.parse(least).cents <= Money.parse(most).cents:
            yield "MIN_PAYOUT, MAX_PAYOUT: must be more than nothing, and in this order"
    except InvalidAmount:
        pass  # said of the one that it is


def _of_bank_files(told: Mapping[str, str]) -> Iterator[str]:
    if len({name in told for name in _ABA}) > 1:
        yield f"{', '.join(_ABA)}: set all or none"
    for name in ("ABA_USER_NAME", "ABA_DESCRIPTION"):
        if name in told and not says(told[name]):
            yield f"{name}: must have a letter or a digit that a bank file carries"


_TRUE = frozenset({"true", "1", "yes", "on", "t", "y"})


def _on_lambda(told: Mapping[str, str]) -> Iterator[str]:
    """An endpoint of somebody's laptop would have its signing keys believed."""
    for name in sorted(told):
        if name.startswith("AWS_ENDPOINT_URL"):
            yield f"{name}: must not be set on Lambda"
    if told.get("STAGE") == "local":
        yield "STAGE: must not be local on Lambda"


def _away_from_a_laptop(told: Mapping[str, str]) -> Iterator[str]:
    if "MONOOVA_MACCOUNT_TOKEN" not in told:
        # Without the account's own transactions nothing can be proven not to be there.
        yield "MONOOVA_MACCOUNT_TOKEN: is required, but for the stage local"
    if "CLOCK_URL" in told:
        yield "CLOCK_URL: for the stage local only"
    # Nights are held up to 60 days later, and read steps.
    least_of = {"QUARANTINE_MINUTES": 5, "SIGN_IN_WAIT_MINUTES": 60, "ARCHIVE_AFTER_DAYS": 62}
    for name, least in least_of.items():
        if told.get(name, "").isdecimal() and int(told[name]) < least:
            yield f"{name}: must be at least {least}, but for the stage local"
    for name in ("DLQ_URL", "COGNITO_ISSUER", "CORS_ORIGINS", "WEBHOOK_URL"):
        if any(_is_plain(each) for each in told.get(name, "").split(",")):
            yield f"{name}: must be https, but for the stage local"


def _is_plain(url: str) -> bool:
    """Whether it goes over the network as it is; a developer's own machine is no network."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False  # said of its form
    return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1"}
