"""The business's policy: what is in force, what is proposed, and every change that ever ended.

Rows of the control table. Each writing is one transaction on top of what was read; who lost a reply
finds what they wrote, and nobody takes another's word for their own. Nothing is ever deleted: where
no proposal is left, its row says which one was the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, read_page
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.policy_rows import (
    ABOUT,
    CURRENT,
    PROPOSED,
    change_from,
    change_row,
    dismissed_key,
    history_key,
    proposal_from,
    proposal_row,
)
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import in_expression, to_item
from chalicelib.domain.errors import Stale
from chalicelib.domain.policy_change import Outcome
from chalicelib.ports.policies import InForce

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        PutTypeDef,
        TransactWriteItemTypeDef,
    )

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.policy_change import Change, Proposal
    from chalicelib.ports.store import Page

    Parts = dict[str, TransactWriteItemTypeDef]


class DynamoPolicies:
    """The port `Policies` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def now(self) -> InForce:
        """What is in force and what is proposed, by one consistent read."""
        keys = [{"key": CURRENT}, {"key": PROPOSED}]
        rows = {row["key"]: row for row in self._session.batch({self._table: keys})[self._table]}
        return InForce(
            change_from(rows[CURRENT]) if CURRENT in rows else None,
            proposal_from(rows[PROPOSED]) if "digest" in rows.get(PROPOSED, ()) else None,
        )

    def propose(self, proposal: Proposal) -> None:
        """Keep a proposal; the same again is no failure.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        parts: Parts = {
            PROPOSED: self._only_if(proposal_row(proposal), "attribute_not_exists(digest)"),
            CURRENT: self._still(proposal.base),
            # One that ended does not come back with a request that was long on its way.
            "ended": self._never(dismissed_key(proposal.digest)),
        }
        self._write(parts, lambda: self.now().proposal == proposal)

    def end(self, change: Change) -> None:
        """End the proposal: put it in force if it was agreed to, and keep the change for ever.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        key = history_key(change)
        parts: Parts = {
            "history": new_row(self._table, change_row(change, key), key="key"),
            PROPOSED: self._gone(change.proposal),
        }
        if change.outcome is Outcome.AGREED:
            parts[CURRENT] = self._in_force(change)
        self._write(parts, lambda: self._change(key) == change)

    def dismissed(self, digest: str) -> Change | None:
        """How the proposal of that digest was dismissed (consistent)."""
        return self._change(dismissed_key(digest))

    def history(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Change]:
        """Changes that ended, the newest first; may lag."""
        index = Index(self._table, "about", "about", "listed_at", "key")
        wanted = Wanted([ABOUT], newest_first=True)
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return page_of(rows, rest, change_from)

    def _change(self, key: str) -> Change | None:
        row = self._session.row(self._table, {"key": key})
        return change_from(row) if row else None

    def _write(self, parts: Parts, is_there: Callable[[], bool]) -> None:
        """Write all or nothing; a refusal is none where just that was written before."""
        try:
            self._session.transact(parts, recognise=is_there)
        except Refused as refused:
            if not is_there():
                raise Stale("The policy is not as it was read.") from refused

    def _still(self, version: int) -> TransactWriteItemTypeDef:
        """The condition that the policy of that version is in force; 0 is the default."""
        if version == 0:
            return self._never(CURRENT)
        check: ConditionCheckTypeDef = {
            "TableName": self._table,
            "Key": to_item({"key": CURRENT}),
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": in_expression({"version": version}),
        }
        return {"ConditionCheck": check}

    def _never(self, key: str) -> TransactWriteItemTypeDef:
        """The condition that there is no row of that key."""
        check: ConditionCheckTypeDef = {
            "TableName": self._table,
            "Key": to_item({"key": key}),
            "ConditionExpression": "attribute_not_exists(#key)",
            "ExpressionAttributeNames": {"#key": "key"},
        }
        return {"ConditionCheck": check}

    def _in_force(self, change: Change) -> TransactWriteItemTypeDef:
        row, base = change_row(change, CURRENT), change.proposal.base
        if base == 0:
            return new_row(self._table, row, key="key")
        return versioned_row(self._table, row, version=base)

    def _gone(self, proposal: Proposal) -> TransactWriteItemTypeDef:
        """No proposal any more, if it is just that one."""
        nothing = {"key": PROPOSED, "last": proposal.digest}
        return self._only_if(nothing, "digest = :digest", {"digest": proposal.digest})

    def _only_if(self, row: Row, so: str, values: Row | None = None) -> TransactWriteItemTypeDef:
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": to_item(row),
            "ConditionExpression": so,
        }
        if values:
            put["ExpressionAttributeValues"] = in_expression(values)
        return {"Put": put}
