"""A customer as a row of the customers table, and back.

`stopped` is absent while payouts go on, and `erasing_at` until they are to be forgotten, so that a
condition need not look into it. While an erasure goes on the row is in a listing of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.check_rows import check_from, check_row
from chalicelib.adapters.dynamo.payout_rows import destination_from, destination_row
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    instant,
    moment,
    number,
    perhaps_instant,
    perhaps_moment,
)
from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.change import Change, What
from chalicelib.domain.customer import Customer, Erasing, Erasure, Hold
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.money import Money
from chalicelib.domain.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the index of all customers goes by: all of them, but for those who are being forgotten.
LISTING, ERASING = "customers", "customers#erasing"
# What the sparse index of those goes by who have not been told of a change yet.
UNTOLD = "customers#untold"


def customer_row(customer: Customer) -> Row:
    """The row of a customer, balance and all."""
    return profile_row(customer) | {
        "customer_id": customer.customer_id,
        "created_at": instant(customer.created_at),
        "version": customer.version,
        "available_balance": number(customer.available),
    }


def profile_row(customer: Customer) -> Row:
    """What an edit sets, or takes away where it is nothing: no key nor age, version nor balance."""
    erasure = customer.erasure
    on_the_way = erasure is not None and not erasure.certificate
    return {
        "customer_name": customer.name,
        "email": customer.email,
        "updated_at": instant(customer.updated_at),
        "payout_destinations": [destination_row(each) for each in customer.destinations],
        "default_destinations": [[str(method), name] for method, name in customer.defaults],
        "standings": [_standing_row(each) for each in customer.standings] or None,
        "stopped": customer.stopped,
        "listing": ERASING if on_the_way else LISTING,
        "holds": [_hold_row(each) for each in customer.holds] or None,
        "erasing_at": perhaps_instant(erasure.asked_at if erasure else None),
        "erasure": _erasure_row(erasure) if erasure else None,
        "untold": [_change_row(each) for each in customer.untold] or None,
        "untold_listing": UNTOLD if customer.untold else None,
        "untold_since": perhaps_instant(customer.untold[0].at if customer.untold else None),
    }


def customer_from(row: Mapping[str, object]) -> Customer:
    """The customer of a row.

    Raises:
        Corrupt: the row is not what a customer can be.
    """
    with understood(f"the row of customer {row.get('customer_id')}"):
        return _customer(dict(row))


def _customer(row: Row) -> Customer:
    return Customer(
        customer_id=row["customer_id"],
        name=row.get("customer_name", ""),
        email=row.get("email", ""),
        created_at=moment(row["created_at"]),
        updated_at=moment(row["updated_at"]),
        version=int(row["version"]),
        destinations=tuple(destination_from(each) for each in row["payout_destinations"]),
        defaults=tuple(
            (PayoutMethod(method), name) for method, name in row["default_destinations"]
        ),
        available=Money.exactly(row["available_balance"]),
        stopped=row.get("stopped", ""),
        holds=tuple(_hold(each) for each in row.get("holds", ())),
        erasure=_erasure(row["erasure"]) if "erasure" in row else None,
        untold=tuple(_change(each) for each in row.get("untold", ())),
        standings=tuple(_standing(each) for each in row.get("standings", ())),
    )


def _standing_row(it: Standing) -> Row:
    return {
        "destination_id": it.destination_id,
        "added_at": instant(it.added_at),
        "added_by": it.added_by,
        "changed": it.changed,
        "shared": it.shared,
        "place": it.place,
        "check": check_row(it.check) if it.check else None,
        "branch": _branch_row(it.branch) if it.branch else None,
    }


def _standing(row: Row) -> Standing:
    return Standing(
        destination_id=row["destination_id"],
        added_at=moment(row["added_at"]),
        added_by=row["added_by"],
        changed=row["changed"],
        shared=int(row["shared"]),
        check=check_from(row["check"]) if row["check"] else None,
        place=row["place"],
        branch=_branch(row["branch"]) if row.get("branch") else None,
    )


def _branch_row(it: Branch) -> Row:
    return {"bank": it.bank, "name": it.name, "warnings": [str(each) for each in it.warnings]}


def _branch(row: Row) -> Branch:
    return Branch(row["bank"], row["name"], tuple(Caution(each) for each in row["warnings"]))


def _change_row(change: Change) -> Row:
    return {
        "what": str(change.what), "at": instant(change.at), "version": change.version,
        "to": change.to, "method": change.method, "masked": change.masked,
    }  # fmt: skip


def _change(row: Row) -> Change:
    return Change(
        What(row["what"]), moment(row["at"]), int(row["version"]), row["to"], row["method"],
        row["masked"],
    )  # fmt: skip


def _hold_row(hold: Hold) -> Row:
    return {
        "placed": hold.placed, "by": hold.by, "at": instant(hold.at), "reason": hold.reason,
    }  # fmt: skip


def _hold(row: Row) -> Hold:
    return Hold(row["placed"], row["by"], moment(row["at"]), row["reason"])


def _erasure_row(erasure: Erasure) -> Row:
    return {
        "stage": str(erasure.stage),
        "by": erasure.by,
        "asked_at": instant(erasure.asked_at),
        "reason": erasure.reason,
        "erased_at": perhaps_instant(erasure.erased_at),
        "payouts": erasure.payouts,
        "destinations": erasure.destinations,
        "certificate": erasure.certificate,
    }


def _erasure(row: Row) -> Erasure:
    return Erasure(
        stage=Erasing(row["stage"]),
        by=row["by"],
        asked_at=moment(row["asked_at"]),
        reason=row["reason"],
        erased_at=perhaps_moment(row["erased_at"]),
        payouts=int(row["payouts"]),
        destinations=int(row["destinations"]),
        certificate=row["certificate"],
    )
