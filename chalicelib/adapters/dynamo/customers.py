"""The customers: profile and destinations by version; the balance is none of an edit's business."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.customer_rows import (
    ERASING,
    LISTING,
    UNTOLD,
    customer_from,
    customer_row,
    profile_row,
)
from chalicelib.adapters.dynamo.listing import Index, Wanted, read_all, read_page
from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.places import Places
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import in_expression, to_item
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.customer import Customer
    from chalicelib.ports import Page

# Rows that one BatchGetItem may ask for.
AT_ONCE = 100


class DynamoCustomers:
    """The port `Customers` on DynamoDB."""

    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._table = tables.customers
        self._places = Places(session, tables.control)

    def get(self, customer_id: str) -> Customer | None:
        """The customer as it is now."""
        row = self._session.row(self._table, {"customer_id": customer_id})
        return customer_from(row) if row else None

    def add(self, customer: Customer) -> None:
        """Store a new customer (balance zero).

        Raises:
            Stale: the id is taken.
            ValueError: there is money in it, which came from nowhere.
        """
        if customer.available:
            raise ValueError("a new customer has no money")
        part = new_row(self._table, customer_row(customer), key="customer_id")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            row = refused.found[ROW]
            if not (refused.in_doubt and row and customer_from(row) == customer):
                raise Stale("The customer's id is taken.") from None

    def edit(self, customer: Customer, *, version: int) -> None:
        """Store all but key, age and balance as version + 1.

        Raises:
            Stale: its version is no longer `version`, or it is not there.
        """
        row = profile_row(customer) | {"version": version + 1}
        kept = {name: value for name, value in row.items() if value not in (None, "")}
        values = in_expression(kept | {"was": version})
        sets = ", ".join(f"#{name} = :{name}" for name in kept)
        gone = ", ".join(f"#{name}" for name in row if name not in kept)
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item({"customer_id": customer.customer_id}),
                UpdateExpression=f"SET {sets}" + (f" REMOVE {gone}" if gone else ""),
                ConditionExpression="#version = :was",
                ExpressionAttributeNames={f"#{name}": name for name in row},
                ExpressionAttributeValues=values,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Refused as refused:
            found = refused.found[ROW]
            if not (
                refused.in_doubt and found and _is(customer_from(found), customer, version + 1)
            ):
                raise Stale("The customer is not as it was read.") from None

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Customer]:
        """Customers, newest first; may lag behind by a moment.

        The index holds their keys only: one that held balances would be written by every payout.
        """
        wanted = Wanted([LISTING, ERASING], newest_first=True)
        rows, rest = read_page(self._session, self._index, wanted, limit=limit, position=position)
        ids = [row["customer_id"] for row in rows]
        there = {row["customer_id"]: row for row in self._rows(ids)}
        found = [there[customer_id] for customer_id in ids if customer_id in there]
        return page_of(found, rest, customer_from, key="customer_id")

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that are customers' now."""
        rows = self._rows(sorted(set(ids)), only="customer_id")
        return frozenset(row["customer_id"] for row in rows)

    def erasing(self) -> Iterator[str]:
        """Ids of those whose erasure is asked for and not certified yet; may lag."""
        rows = read_all(self._session, self._index, ERASING, at_once=AT_ONCE)
        return (row["customer_id"] for row in rows)

    def sharing(self, place: str) -> frozenset[str]:
        """Ids of those who are paid at a place."""
        return self._places.sharing(place)

    def share(self, place: str, customer_id: str) -> frozenset[str]:
        """Name a customer as one of those, once, unless very many are; all who are named then."""
        return self._places.share(place, customer_id)

    def unshare(self, place: str, customer_id: str) -> None:
        """Name a customer no longer as one of those."""
        self._places.unshare(place, customer_id)

    def untold(self) -> Iterator[str]:
        """Ids of those who have not been told of a change, the longest waiting first; may lag."""
        index = Index(self._table, "untold", "untold_listing", "untold_since", "customer_id")
        rows = read_all(self._session, index, UNTOLD, at_once=AT_ONCE)
        return (row["customer_id"] for row in rows)

    @property
    def _index(self) -> Index:
        return Index(self._table, "all", "listing", "created_at", "customer_id")

    def _rows(self, ids: list[str], *, only: str = "") -> list[Row]:
        rows: list[Row] = []
        for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
            keys = {self._table: [{"customer_id": customer_id} for customer_id in some]}
            rows += self._session.batch(keys, only=only)[self._table]
        return rows


def _is(stored: Customer, edited: Customer, version: int) -> bool:
    """Whether what is stored is the edit, whatever became of the balance since."""
    kept = replace(stored, available=edited.available, created_at=edited.created_at)
    return kept == replace(edited, version=version)
