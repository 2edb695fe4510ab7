"""A night's run as a row of the control table, and back; the agenda as one row of its own.

What a night has found can be more than one row holds: ids are packed, and from a point on they lie
in rows of their own, named by the digest of what is in them.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    binary,
    instant,
    moment,
    number,
    perhaps_instant,
    perhaps_moment,
    perhaps_money,
    perhaps_number,
)
from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NIGHT = "night"
AGENDA = {"key": "nights"}
# Ids of findings in one row: some 160 KB.
CHUNK = 10_000
_ID = 16  # bytes of one id


def key_of(day: date, run: int) -> Row:
    """The key of a run."""
    return {"key": f"{NIGHT}#{day.isoformat()}#{run}"}


def chunks_of(night: Reconciliation) -> list[Row]:
    """The rows that hold what it found, where that is more than its own row should."""
    packed = _packed(night.findings)
    if len(packed) <= CHUNK * _ID:
        return []
    size = CHUNK * _ID
    return [_chunk(packed[start : start + size]) for start in range(0, len(packed), size)]


def night_row(night: Reconciliation, chunks: Sequence[Row]) -> Row:
    """The row of a run; `chunks` are those of `chunks_of`."""
    return {
        **key_of(night.day, night.run),
        "about": NIGHT,
        "listed_at": instant(night.started_at),
        "day": night.day.isoformat(),
        "run": night.run,
        "started_at": instant(night.started_at),
        "stage": str(night.stage),
        "position": night.position,
        "counts": dict(night.counts),
        "sums": {name: number(amount) for name, amount in night.sums.items()},
        "findings": None if chunks else (_packed(night.findings) or None),
        "chunks": [row["key"] for row in chunks] or None,
        "opening": perhaps_number(night.opening),
        "closing": perhaps_number(night.closing),
        "unexplained": number(night.unexplained),
        "root": night.root,
        "ended_at": perhaps_instant(night.ended_at),
        "started_by": night.started_by,
        "held_until": perhaps_instant(night.held_until),
        "version": night.version,
    }


def night_from(row: Row, chunks: Mapping[str, Row]) -> Reconciliation:
    """The run of a row; `chunks` holds by key those that it names.

    Raises:
        Corrupt: the row is not what a run can be, or a chunk is missing or not what was kept.
    """
    with understood(f"the row of {row.get('key')}"):
        return _night(row, chunks)


def agenda_row(agenda: Agenda) -> Row:
    """The row of the agenda."""
    return {
        **AGENDA,
        "through": agenda.through.isoformat() if agenda.through else None,
        "again": [day.isoformat() for day in sorted(agenda.again)],
        "version": agenda.version,
    }


def agenda_from(row: Row | None) -> Agenda:
    """The agenda of its row; an empty one where there is none yet.

    Raises:
        Corrupt: the row is no agenda.
    """
    if row is None:
        return Agenda()
    with understood("the row of the agenda"):
        return Agenda(
            through=date.fromisoformat(row["through"]) if "through" in row else None,
            again=frozenset(date.fromisoformat(each) for each in row["again"]),
            version=int(row["version"]),
        )


def _night(row: Row, chunks: Mapping[str, Row]) -> Reconciliation:
    return Reconciliation(
        day=date.fromisoformat(row["day"]),
        run=int(row["run"]),
        started_at=moment(row["started_at"]),
        stage=Stage(row["stage"]),
        position=row.get("position", ""),
        counts={name: int(count) for name, count in row["counts"].items()},
        sums={name: Money.exactly(amount) for name, amount in row["sums"].items()},
        findings=_findings(row, chunks),
        opening=perhaps_money(row.get("opening")),
        closing=perhaps_money(row.get("closing")),
        unexplained=Money.exactly(row["unexplained"]),
        root=row.get("root", ""),
        ended_at=perhaps_moment(row.get("ended_at")),
        started_by=row.get("started_by", ""),
        held_until=perhaps_moment(row.get("held_until")),
        version=int(row["version"]),
    )


def _findings(row: Row, chunks: Mapping[str, Row]) -> tuple[str, ...]:
    packed = binary(row["findings"]) if "findings" in row else b""
    for key in row.get("chunks", ()):
        part = binary(chunks[key]["findings"])
        if _chunk(part)["key"] != key:
            raise Corrupt(f"the row of {key}")
        packed += part
    each: Any = range(0, len(packed), _ID)
    return tuple(str(UUID(bytes=packed[start : start + _ID])) for start in each)


def _packed(ids: Sequence[str]) -> bytes:
    return b"".join(UUID(each).bytes for each in ids)


def _chunk(packed: bytes) -> Row:
    return {"key": f"{NIGHT}#found#{hashlib.sha256(packed).hexdigest()}", "findings": packed}
