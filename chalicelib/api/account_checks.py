"""Checks of destinations at the edge: the code that is said, and how a check is shown.

Never shows the provider's token, nor a registered name other than masked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.account_check import AccountCheck, CheckStatus
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch

WORDS: Mapping[CheckStatus, str] = {
    CheckStatus.STARTING: "The cent is being sent, or was when somebody was interrupted.",
    CheckStatus.STARTED: "The cent was sent: the payee finds the code on their statement.",
    CheckStatus.LOCKED: "Three codes were wrong: none is taken for an hour.",
    CheckStatus.UNCLEAR: "The provider's answer was lost: it has to lapse before another begins.",
    CheckStatus.UNSENT: "The cent did not reach the provider: it can be started again.",
    CheckStatus.VERIFIED: "The right code came back.",
    CheckStatus.FAILED: "The provider refused it.",
    CheckStatus.EXPIRED: "No right code came in time: another check can be started.",
}
_CODE = r"^[0-9A-Za-z]{4,12}$"


class SaidCode(Said):
    """The code that came with the cent."""

    model_config = ConfigDict(json_schema_extra=shown({"code": "555555"}))
    code: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, pattern=_CODE)] = (
        Field(description="As it stands on the payee's statement: 4 to 12 letters or digits.")
    )


class AccountCheckView(Shape):
    """A check of a destination: one cent with a code, which only the account's owner can read.

    `name_match` compares the payee's name with the one that the PayID is registered to, shown
    masked; for a bank account the provider tells none. `verified` where the right code came back
    and the names are not another's. `fee` is what it cost beside the cent. `check_id` is what
    payouts name as the check that they rest on.
    """

    check_id: str
    destination_id: str
    status: Literal[
        "Starting", "Started", "Locked", "Unclear", "Unsent", "Verified", "Failed", "Expired"
    ]
    message: str
    verified: bool
    name_match: Literal["match", "close", "no_match", "unknown"]
    registered_name: str | None
    tries_left: int
    locked_until: Moment | None
    fee: AmountText | None
    reason: str | None
    started_by: str
    started_at: Moment
    expires_at: Moment
    ended_by: str | None
    ended_at: Moment | None


def account_check(check: AccountCheck) -> AccountCheckView:
    """A check as it is shown."""
    return AccountCheckView(
        check_id=check.identifier, destination_id=check.destination_id, status=check.status.value,
        message=WORDS[check.status], verified=check.verified, name_match=check.match.value,
        registered_name=check.owner or None, tries_left=check.tries_left,
        locked_until=_moment(check.locked_until),
        fee=None if check.fee is None else str(check.fee), reason=check.reason or None,
        started_by=check.started_by, started_at=rfc3339(check.started_at),
        expires_at=rfc3339(check.expires_at), ended_by=check.ended_by or None,
        ended_at=_moment(check.ended_at),
    )  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    check = AccountCheck(
        "4be0643f-1d98-873b-97cd-ca98a65347dd", "7d0b6a5c-3b1e-8f2d-9c4a-5e6f7a8b9c0d",
        CheckStatus.STARTED, at, "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00", at + timedelta(hours=72),
        match=NameMatch.MATCH, owner="J*** C***", fee=Money(110),
    )  # fmt: skip
    return {AccountCheckView: [account_check(check)]}
