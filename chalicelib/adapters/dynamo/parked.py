"""Dead letters before a person: rows of the control table, without TTL until one is resolved.

Bodies are personal: they are kept whole and compressed, and never leave by a list.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, listings, read_page
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    binary,
    from_item,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
    to_item,
)
from chalicelib.domain.errors import Stale
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import Ending, Fate, ParkedLetter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.ports import Page

PARKED = "parked"
RESOLVED = "letter#resolved"


class DynamoParkedLetters:
    """The port `ParkedLetters` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def get(self, letter_id: str) -> ParkedLetter | None:
        """The letter as it is now, with its body."""
        row = self._session.row(self._table, {"key": f"{PARKED}#{letter_id}"})
        return letter_from(row) if row else None

    def put(self, letter: ParkedLetter) -> None:
        """Write a letter: a new one, or in the place of the version before it."""
        row = letter_row(letter)
        if letter.version == 1:
            part = new_row(self._table, row, key="key")
        else:
            part = versioned_row(self._table, row, version=letter.version - 1)
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            if refused.in_doubt and refused.found[ROW] == from_item(to_item(row)):
                return
            raise Stale("Somebody else has dealt with the dead letter: look again.") from refused

    def page(
        self, *, resolved: bool, limit: int, position: Mapping[str, str] | None
    ) -> Page[ParkedLetter]:
        """Open letters, the oldest first, or resolved ones, the newest first; without bodies."""
        if resolved:
            index = listings(self._table)
            wanted = Wanted([RESOLVED], newest_first=True)
        else:
            index = Index(self._table, "attention", "attention_bucket", "attention_since", "key")
            wanted = Wanted([PARKED])
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return page_of(rows, rest, lambda row: _without_body(letter_from(row)))


def letter_row(it: ParkedLetter) -> Row:
    """The row of a letter."""
    letter = it.letter
    return {
        "key": f"{PARKED}#{it.letter_id}",
        "notice_key": it.key,
        "version": it.version,
        "event_name": letter.event_name,
        "webhook_id": letter.webhook_id,
        "raw": zlib.compress(letter.raw),
        "received_at": instant(letter.received_at),
        "error": letter.error,
        "attempts": letter.attempts,
        "reference": letter.reference,
        "request_id": letter.request_id,
        "parked_at": instant(it.parked_at),
        "tried_at": perhaps_instant(it.tried_at),
        "heard_by": it.heard_by,
        "ending": None if it.ending is None else _ending_row(it.ending),
        "earlier": [_ending_row(each) for each in it.earlier] or None,
        **_whereabouts(it),
    }


def _whereabouts(it: ParkedLetter) -> Row:
    """In which list it is; only what has ended is ever forgotten."""
    if it.ending is None or it.kept_until is None:
        return {"attention_bucket": PARKED, "attention_since": instant(it.parked_at)}
    return {
        "listing": RESOLVED,
        "listed_at": instant(it.ending.at),
        "expires_at": int(it.kept_until.timestamp()),
    }


def _ending_row(it: Ending) -> Row:
    told = {"outcome": it.outcome, "reason": it.reason}
    return {
        "fate": str(it.fate), "by": it.by, "at": instant(it.at),
        **{name: text for name, text in told.items() if text},
    }  # fmt: skip


def letter_from(row: Row) -> ParkedLetter:
    """The letter of a row; those of the version before have neither endings nor a version.

    Raises:
        Corrupt: the row is not what a letter can be, or its body does not open.
    """
    with understood(f"the row of {row.get('key')}"):
        return _letter(row)


def _letter(row: Row) -> ParkedLetter:
    letter = DeadLetter(
        event_name=row.get("event_name", ""),
        webhook_id=row.get("webhook_id", ""),
        raw=zlib.decompress(binary(row["raw"])),
        received_at=moment(row["received_at"]),
        error=row.get("error", ""),
        attempts=int(row["attempts"]),
        request_id=row.get("request_id", ""),
        reference=row.get("reference", ""),
    )
    ending = row.get("ending")
    return ParkedLetter(
        key=row.get("notice_key", row["key"].removeprefix(f"{PARKED}#")),
        letter=letter,
        parked_at=moment(row.get("parked_at") or row["attention_since"]),
        version=int(row.get("version", 1)),
        tried_at=perhaps_moment(row.get("tried_at")),
        heard_by=row.get("heard_by", ""),
        ending=None if ending is None else _ending(ending),
        earlier=tuple(_ending(each) for each in row.get("earlier", ())),
    )


def _ending(row: Row) -> Ending:
    return Ending(
        Fate(row["fate"]), row["by"], moment(row["at"]),
        outcome=row.get("outcome", ""), reason=row.get("reason", ""),
    )  # fmt: skip


def _without_body(it: ParkedLetter) -> ParkedLetter:
    return replace(it, letter=replace(it.letter, raw=b""))
