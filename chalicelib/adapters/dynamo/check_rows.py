"""An account check as a row of the control table, as part of a customer's row, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    instant,
    moment,
    number,
    perhaps_instant,
    perhaps_moment,
    perhaps_money,
)
from chalicelib.domain.account_check import AccountCheck, CheckStatus, KeptCheck
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.names import NameMatch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def latest_key(destination_id: str) -> str:
    """The key of the row that holds a destination's latest check."""
    return f"check#{destination_id}"


def own_key(destination_id: str, identifier: str) -> str:
    """The key of the row that a check keeps when another one is the latest."""
    return f"{latest_key(destination_id)}#{identifier}"


def listed_under(day: date) -> str:
    """Where the index `listing` has the checks that were started on a Sydney date."""
    return f"check#{day.isoformat()}"


def about(customer_id: str) -> str:
    """Where the index `about` has a customer's checks."""
    return f"checks#{customer_id}"


def latest_row(kept: KeptCheck) -> Row:
    """The row of a destination's latest check."""
    return {
        "key": latest_key(kept.check.destination_id),
        "customer_id": kept.customer_id,
        "token": kept.token,
        "version": kept.version,
        "account_check": check_row(kept.check),
    }


def own_row(kept: KeptCheck) -> Row:
    """The row that a check keeps: the same, listed by its Sydney date and its customer."""
    check = kept.check
    return latest_row(kept) | {
        "key": own_key(check.destination_id, check.identifier),
        "about": about(kept.customer_id),
        "listing": listed_under(sydney_date(check.started_at)),
        "listed_at": instant(check.started_at),
    }


def kept_from(row: Mapping[str, object]) -> KeptCheck:
    """The check of either row.

    Raises:
        Corrupt: the row is not what a check can be.
    """
    told: Row = dict(row)
    with understood(f"the row of {row.get('key')}"):
        return KeptCheck(
            check_from(told["account_check"]), told["customer_id"], told.get("token", ""),
            int(told["version"]),
        )  # fmt: skip


def check_row(check: AccountCheck) -> Row:
    """What is kept of a check, without the secret that goes with its code."""
    row = {
        "destination_id": check.destination_id,
        "identifier": check.identifier,
        "status": str(check.status),
        "started_at": instant(check.started_at),
        "started_by": check.started_by,
        "expires_at": instant(check.expires_at),
        "name_match": str(check.match),
        "owner": check.owner,
        "attempts": check.attempts,
        "locked_until": perhaps_instant(check.locked_until),
        "ended_at": perhaps_instant(check.ended_at),
        "ended_by": check.ended_by,
        "fee": None if check.fee is None else number(check.fee),
        "reason": check.reason,
    }
    return {name: value for name, value in row.items() if value not in (None, "")}


def check_from(row: Row) -> AccountCheck:
    """The check that `check_row` wrote."""
    return AccountCheck(
        destination_id=row["destination_id"],
        identifier=row["identifier"],
        status=CheckStatus(row["status"]),
        started_at=moment(row["started_at"]),
        started_by=row["started_by"],
        expires_at=moment(row["expires_at"]),
        match=NameMatch(row["name_match"]),
        owner=row.get("owner", ""),
        attempts=int(row["attempts"]),
        locked_until=perhaps_moment(row.get("locked_until")),
        ended_at=perhaps_moment(row.get("ended_at")),
        ended_by=row.get("ended_by", ""),
        fee=perhaps_money(row.get("fee")),
        reason=row.get("reason", ""),
    )
