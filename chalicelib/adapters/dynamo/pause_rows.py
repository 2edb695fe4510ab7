"""A pause as a row of the control table, and back; one that is over stays for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, instant, moment, perhaps_instant, perhaps_moment
from chalicelib.domain.pause import Ending, Kind, Pause, Scope
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping

PAUSE = "pause#"
# The row that names all pauses that are not lifted: one attribute for each, by its scope.
REGISTER = "pauses"
SCOPE = "scope#"


def pause_row(pause: Pause) -> Row:
    """The row of a pause that nobody has ended."""
    return {
        "key": PAUSE + pause.pause_id, "pause_id": pause.pause_id, "kind": str(pause.scope.kind),
        "rail": str(pause.scope.rail) if pause.scope.rail else None,
        "customer_id": pause.scope.customer_id, "reason": pause.reason, "by": pause.by,
        "at": instant(pause.at), "in_force_at": perhaps_instant(pause.in_force_at),
    }  # fmt: skip


def ending_row(ending: Ending) -> Row:
    """Who ended it, as one value."""
    return {"by": ending.by, "at": instant(ending.at), "reason": ending.reason}


def pause_from(row: Mapping[str, object]) -> Pause:
    """The pause of a row.

    Raises:
        Corrupt: the row is none of a pause.
    """
    with understood(f"the row {row.get('key')}"):
        return _pause(dict(row))


def named(register: Mapping[str, object] | None) -> dict[str, str]:
    """The ids of all pauses that are not lifted, by the keys of their scopes."""
    return {
        name.removeprefix(SCOPE): str(pause_id)
        for name, pause_id in (register or {}).items()
        if name.startswith(SCOPE)
    }


def _pause(row: Row) -> Pause:
    kind, rail, ended = Kind(row["kind"]), row.get("rail"), row.get("ended")
    return Pause(
        pause_id=row["pause_id"],
        scope=Scope(kind, Rail(rail) if rail else None, row.get("customer_id", "")),
        reason=row["reason"],
        by=row["by"],
        at=moment(row["at"]),
        in_force_at=perhaps_moment(row.get("in_force_at")),
        ended=Ending(ended["by"], moment(ended["at"]), ended["reason"]) if ended else None,
        lifted_at=perhaps_moment(row.get("lifted_at")),
    )
