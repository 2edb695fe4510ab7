"""Pauses: written on all rows that claims are written on, and taken from them, one row at a time.

Each row gets a pause in one transaction with the condition that nobody has ended it. So whoever
writes it late, after it was ended, writes nothing, and whoever died half way is finished by anybody
who does the same again. It is said to be in force only once all rows have it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.pause_rows import (
    PAUSE,
    REGISTER,
    SCOPE,
    ending_row,
    named,
    pause_from,
    pause_row,
)
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import in_expression, instant, to_item
from chalicelib.adapters.dynamo.wire_rows import (
    LAST_OF,
    PAUSED,
    SHARDS,
    last_from,
    paused_name,
    wire_from,
)
from chalicelib.domain.errors import Conflict, Corrupt, Stale, StoreUnavailable
from chalicelib.domain.pause import MOST, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.pause import Ending, Pause
    from chalicelib.domain.wire import Execution, Wire

_NOT_ENDED = "attribute_exists(pause_id) AND attribute_not_exists(ended)"
# Rows that one BatchGetItem may ask for.
AT_ONCE = 100


class DynamoPauses:
    """The port `Pauses` on DynamoDB."""

    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._tables = tables

    def begin(self, pause: Pause) -> Pause:
        """Store that somebody asks for it; the one of the same scope that stands, if one does.

        Raises:
            Conflict, StoreUnavailable: as the port says.
        """
        key = pause.scope.key
        for _ in self._session.tries():
            names = self._names()
            if key in names:
                return self._existing(names[key])
            if len(names) >= MOST:
                raise Conflict("Too many pauses stand already: end some of them first.")
            register = self._change(
                REGISTER, "SET #scope = :own", {"#scope": SCOPE + key}, {"own": pause.pause_id},
                condition="attribute_not_exists(#scope)",
            )  # fmt: skip
            row = new_row(self._tables.control, pause_row(pause), key="key")
            try:
                self._session.transact(
                    {PAUSE: row, REGISTER: register},
                    recognise=lambda: self.get(pause.pause_id) is not None,
                )
            except Refused as refused:
                if refused.found.get(PAUSE):
                    return self._existing(pause.pause_id)  # made before, and perhaps over
                continue
            return pause
        raise StoreUnavailable("The store does not answer.")

    def enforce(self, pause: Pause, *, at: datetime) -> Pause:
        """Have every claim meet it.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        check: ConditionCheckTypeDef = {
            "TableName": self._tables.control,
            "Key": to_item({"key": PAUSE + pause.pause_id}),
            "ConditionExpression": _NOT_ENDED,
        }
        for number, part in enumerate(self._rows(pause, "SET #paused = :own")):
            parts: dict[str, TransactWriteItemTypeDef] = {
                "check": {"ConditionCheck": check}, f"row {number}": part,
            }  # fmt: skip
            self._transact(parts)
        self._mark(pause, "SET in_force_at = if_not_exists(in_force_at, :at)", {"at": instant(at)})
        return self._existing(pause.pause_id)

    def end(self, pause: Pause, ending: Ending) -> Pause:
        """Store that it is ended; how it ended before, if it did."""
        with suppress(Stale):
            self._mark(pause, "SET ended = :ended", {"ended": ending_row(ending)})
        return self._existing(pause.pause_id)

    def lift(self, pause: Pause, *, at: datetime) -> Pause:
        """Take one that is ended from all rows, and then from the register.

        Raises:
            ValueError: nobody has ended it.
            StoreUnavailable: as the port says.
        """
        if pause.ended is None:
            raise ValueError("a pause that nobody has ended")
        ours = "#paused = :own"
        for part in self._rows(pause, "REMOVE #paused", ours):
            self._update_one(part["Update"])
        own = PAUSE + pause.pause_id
        lifted = "SET lifted_at = if_not_exists(lifted_at, :at)"
        done = self._change(
            own, lifted, {}, {"at": instant(at)}, condition="attribute_exists(ended)"
        )
        self._update_one(done["Update"])
        names = {"#paused": SCOPE + pause.scope.key}
        gone = self._change(
            REGISTER, "REMOVE #paused", names, {"own": pause.pause_id}, condition=ours
        )
        self._update_one(gone["Update"])
        return self._existing(pause.pause_id)

    def get(self, pause_id: str) -> Pause | None:
        """The pause of that id."""
        row = self._session.row(self._tables.control, {"key": PAUSE + pause_id})
        return pause_from(row) if row else None

    def standing(self) -> Sequence[Pause]:
        """All that are not lifted and can be read, the oldest first."""
        found = [each for each in self._standing().values() if each is not None]
        return sorted(found, key=lambda each: (each.at, each.pause_id))

    def unreadable(self) -> Sequence[str]:
        """Ids of those that are not lifted and cannot be read."""
        return [pause_id for pause_id, pause in self._standing().items() if pause is None]

    def wire(self) -> Wire:
        """All that is on the wire, and what left it last."""
        table = self._tables.control
        rows = self._session.batch({table: [{"key": key} for key in SHARDS]})[table]
        return wire_from(rows)

    def last_of(self, customer_id: str) -> Execution | None:
        """What left the wire last of a customer's."""
        return last_from(self._session.row(self._tables.control, {"key": LAST_OF + customer_id}))

    def _names(self) -> dict[str, str]:
        return named(self._session.row(self._tables.control, {"key": REGISTER}))

    def _standing(self) -> dict[str, Pause | None]:
        """All that the register names; `None` for what cannot be read, or is not there."""
        found: dict[str, Pause | None] = dict.fromkeys(sorted(self._names().values()))
        keys: list[Row] = [{"key": PAUSE + each} for each in found]
        for start in range(0, len(keys), AT_ONCE):
            table = self._tables.control
            for row in self._session.batch({table: keys[start : start + AT_ONCE]})[table]:
                with suppress(Corrupt):
                    found[row["key"].removeprefix(PAUSE)] = pause_from(row)
        return found

    def _existing(self, pause_id: str) -> Pause:
        pause = self.get(pause_id)
        if pause is None:
            raise Corrupt(f"pause {pause_id} stands in the register, and is not there")
        return pause

    def _rows(
        self, pause: Pause, change: str, condition: str = ""
    ) -> list[TransactWriteItemTypeDef]:
        """The change of every row that a claim within its scope is written on."""
        values: Row = {"own": pause.pause_id}
        if pause.scope.kind is Kind.CUSTOMER:
            there = condition or "attribute_exists(customer_id)"
            own = self._change(
                pause.scope.customer_id, change, {"#paused": PAUSED}, values, condition=there,
                customers=True,
            )  # fmt: skip
            return [own]
        names = {"#paused": paused_name(pause.scope.key)}
        return [self._change(key, change, names, values, condition=condition) for key in SHARDS]

    def _mark(self, pause: Pause, change: str, values: Row) -> None:
        """Change a pause that nobody has ended."""
        key = PAUSE + pause.pause_id
        self._transact({PAUSE: self._change(key, change, {}, values, condition=_NOT_ENDED)})

    def _transact(self, parts: dict[str, TransactWriteItemTypeDef]) -> None:
        """Write all parts. Each may be written again, so one whose reply is lost is unknown.

        Raises:
            Stale: it was ended meanwhile.
        """
        try:
            self._session.transact(parts, recognise=lambda: False)
        except Refused as refused:
            raise Stale("The pause was ended meanwhile.") from refused

    def _update_one(self, update: UpdateTypeDef) -> None:
        """Change a row; where its condition does not hold it is so already."""
        with suppress(Refused):
            self._session.call(self._session.client.update_item, **update)

    def _change(
        self,
        key: str,
        change: str,
        names: dict[str, str],
        values: Row,
        *,
        condition: str = "",
        customers: bool = False,
    ) -> TransactWriteItemTypeDef:
        update: UpdateTypeDef = {
            "TableName": self._tables.customers if customers else self._tables.control,
            "Key": to_item({"customer_id" if customers else "key": key}),
            "UpdateExpression": change,
            "ExpressionAttributeValues": in_expression(values),
        }
        if names:
            update["ExpressionAttributeNames"] = names
        if condition:
            update["ConditionExpression"] = condition
            update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return {"Update": update}
