"""Steps and entries as rows of the events table: appended, never changed.

A payout's steps lie under its id, the funds' entries under `FUNDS`; the sequence is the version
that each led to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import number
from chalicelib.domain.facts import event_from, facts
from chalicelib.domain.funding import cause_id
from chalicelib.domain.ledger import Place, Posting
from chalicelib.domain.money import Money
from chalicelib.ports import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.funding import Entry
    from chalicelib.domain.step import Step

FUNDS = "funds"


def step_row(step: Step) -> Row:
    """The row of one step."""
    return {
        "account": step.after.transaction_id,
        "sequence": step.after.version,
        "event": facts(step.event),
        "status": step.after.status,
        "postings": _postings_row(step.postings),
        "previous_hash": step.before.last_hash if step.before else "",
        "hash": step.after.last_hash,
    }


def recorded_from(row: Row) -> Recorded:
    """The step of a row.

    Raises:
        Corrupt: the row is not what a step can be.
    """
    with understood(f"step {row.get('sequence')} of {row.get('account')}"):
        return Recorded(
            sequence=int(row["sequence"]),
            event=event_from(row["event"]),
            status=row["status"],
            postings=tuple(_posting(each) for each in row["postings"]),
            previous_hash=row.get("previous_hash", ""),
            hash=row["hash"],
        )


def entry_row(entry: Entry) -> Row:
    """The row of one entry of the funds."""
    cause = entry.cause
    return {
        "account": FUNDS,
        "sequence": entry.after.version,
        "cause": type(cause).__name__,
        "cause_id": cause_id(cause),
        "postings": _postings_row(entry.postings),
        "previous_hash": entry.before.last_hash,
        "hash": entry.after.last_hash,
    }


def _postings_row(postings: Sequence[Posting]) -> list[dict[str, Any]]:
    return [
        {"place": each.place, "account": each.account, "amount": number(each.amount)}
        for each in postings
    ]


def _posting(row: Row) -> Posting:
    return Posting(Place(row["place"]), row["account"], Money.exactly(row["amount"]))
