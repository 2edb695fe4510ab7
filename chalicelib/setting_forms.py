"""The forms that settings have: amounts, ARNs, addresses, each said as what was meant.

Refuses what has another form, and never shows a value in saying so.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, GetPydanticSchema, StringConstraints
from pydantic_core.core_schema import no_info_plain_validator_function

from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.money import Money
from chalicelib.domain.policy import Policy
from chalicelib.domain.policy_told import read_policy


def _form(pattern: str, what: str) -> BeforeValidator:
    """A check that says what was meant rather than what it looked for."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"must be {what}")
        return value

    return BeforeValidator(check)


def _money(value: object) -> Money:
    try:
        return value if isinstance(value, Money) else Money.parse(value)
    except InvalidAmount as error:
        raise ValueError(f"{error}") from None


def _not_negative(amount: Money) -> Money:
    if amount.cents < 0:
        raise ValueError("must not be less than nothing")
    return amount


def _fee(value: object) -> object:
    """Dollars with parts of a cent, as a tariff has them; exact."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", value):
        raise ValueError("must be dollars with at most four decimals, such as 0.12")
    return Decimal(value)


def _policy(text: str) -> Policy:
    policy, faults = read_policy(text)
    if faults:
        raise ValueError("; ".join(f"{each.pointer} {each.detail}".strip() for each in faults))
    return policy


def comma_separated(value: object) -> object:
    """The parts of a text that an environment has them in."""
    return (
        tuple(each.strip() for each in value.split(",") if each.strip())
        if isinstance(value, str)
        else value
    )


_ARN = r"arn:aws[a-z-]*"
Text = Annotated[str, StringConstraints(min_length=1)]
SecretArn = Annotated[
    str, _form(_ARN + r":secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S+", "a secret's ARN")
]
KeyArn = Annotated[
    str,
    _form(
        _ARN + r":kms:[a-z0-9-]+:[0-9]{12}:key/[\w-]+", "the ARN of a key itself, not of an alias"
    ),
]
PoolArn = Annotated[
    str, _form(_ARN + r":cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/\S+", "a user pool's ARN")
]
TopicArn = Annotated[str, _form(_ARN + r":sns:[a-z0-9-]+:[0-9]{12}:[\w-]{1,256}", "a topic's ARN")]
Mail = Annotated[
    str,
    _form(r"[\w.+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an address such as jo@example.com"),
]
Bucket = Annotated[str, _form(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket's name")]
Table = Annotated[str, _form(r"[A-Za-z0-9_.-]{3,255}", "a table's name")]
Url = Annotated[str, _form(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/\S*)?", "a URL")]
Origin = Annotated[
    str, _form(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", "origins such as https://console.example.com")
]
Amount = Annotated[Money, BeforeValidator(_money)]
NotNegative = Annotated[Amount, AfterValidator(_not_negative)]
Bsb = Annotated[str, _form(r"[0-9]{3}-[0-9]{3}", "a BSB such as 062-000")]
Fee = Annotated[Decimal, BeforeValidator(_fee)]
PolicyJson = Annotated[
    Policy, GetPydanticSchema(lambda *_: no_info_plain_validator_function(_policy))
]
BankCode = Annotated[str, _form(r"[A-Z]{3}", "the bank's three letters, such as CBA")]
SixDigits = Annotated[str, _form(r"[0-9]{6}", "six digits")]
BankAccountNumber = Annotated[str, _form(r"[0-9]{1,9}", "an account number of up to 9 digits")]
SixteenDigits = Annotated[str, _form(r"[0-9]{16}", "16 digits")]
AccountId = Annotated[str, _form(r"[0-9]{12}", "the 12 digits of an AWS account")]
AccountNumber = Annotated[str, _form(r"[0-9A-Za-z]{1,28}", "an account number")]
