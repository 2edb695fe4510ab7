"""The circuits of rails and provider: a row of the control table for each.

Refuses a write that is not on top of what was read: so one worker only takes a probe. A row that
cannot be read counts as a closed circuit, for nobody is to be kept from paying by it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.understood import NOT_UNDERSTOOD
from chalicelib.adapters.dynamo.values import (
    in_expression,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
    to_item,
)
from chalicelib.domain.breaker import NAMES, Board, Change, Circuit, Slot, State
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row

PREFIX = "circuit#"
_NEW = "attribute_not_exists(version) OR version = :was"
KEYS = tuple(f"{PREFIX}{name}" for name in NAMES)


def board_from(rows: Mapping[str, Row]) -> Board:
    """The circuits among rows by their keys."""
    found = {name: rows[f"{PREFIX}{name}"] for name in NAMES if f"{PREFIX}{name}" in rows}
    return Board({name: _circuit(name, row) for name, row in found.items()})


class DynamoCircuits:
    """The port `Circuits` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def board(self) -> Board:
        """All of them as they are now: one read (consistent)."""
        found = self._session.batch({self._table: [{"key": key} for key in KEYS]})
        return board_from({row["key"]: row for row in found[self._table]})

    def keep(self, before: Circuit, after: Circuit) -> Circuit:
        """Put a circuit in the place of the one that was read; as it is then, one version later."""
        kept = replace(after, version=before.version + 1)
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(_row(kept)),
                ConditionExpression="version = :was" if before.version else _NEW,
                ExpressionAttributeValues=in_expression({"was": before.version}),
            )
        except Refused:
            raise Stale("The circuit is not as it was read.") from None
        return kept


def _row(it: Circuit) -> Row:
    return {
        "key": f"{PREFIX}{it.name}",
        "version": it.version,
        "tripped": it.tripped,
        "by_hand": it.by_hand,
        "since": perhaps_instant(it.since),
        "next_try": perhaps_instant(it.next_try),
        "probe": it.probe,
        "probe_until": perhaps_instant(it.probe_until),
        "failed_at": [instant(each) for each in it.failed_at],
        "slots": [[instant(each.at), each.good, each.bad] for each in it.slots],
        "history": [[instant(each.at), str(each.state), each.by, each.why] for each in it.history],
    }


def _circuit(name: str, row: Row) -> Circuit:
    version = row.get("version")
    known = int(version) if isinstance(version, Decimal) else 0
    try:
        return Circuit(
            name, tripped=bool(row["tripped"]), by_hand=bool(row["by_hand"]),
            since=perhaps_moment(row.get("since")), next_try=perhaps_moment(row.get("next_try")),
            probe=row.get("probe", ""), probe_until=perhaps_moment(row.get("probe_until")),
            failed_at=tuple(moment(each) for each in row["failed_at"]),
            slots=tuple(Slot(moment(at), int(good), int(bad)) for at, good, bad in row["slots"]),
            history=tuple(
                Change(moment(at), State(state), by, why) for at, state, by, why in row["history"]
            ),
            version=known,
        )  # fmt: skip
    except NOT_UNDERSTOOD:
        return Circuit(name, version=known)
