"""A payout as a row of the transactions table, and back.

The row holds the whole intent (the ciphertext included, until it is archived), the present state,
and what the indexes go by: `open_bucket` and `due_at` only while the poller has something to do,
`attention_bucket` and `attention_since` only while a person has, to understand it or to agree to
it. Payouts that wait for funds or a rail, or are held, lie in buckets of their own, by their age.
The names are those of the API where it has one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.buckets import bucket, buckets_of
from chalicelib.adapters.dynamo.hold_rows import delays_from, hold_from, hold_row
from chalicelib.adapters.dynamo.thought_rows import (
    approval_from,
    approval_row,
    assessment_from,
    assessment_row,
    drawn_from,
    drawn_row,
    proposal_from,
    proposal_row,
    route_from,
    route_row,
)
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
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.intent import Intent
from chalicelib.domain.mark import Mark
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.patience import attention, rests
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.patience import Patience

ATTENTION, APPROVAL = "attention", "approval"
# The names under which a row says how often it was claimed.
SENDS = ("sends", "sends_since_turned", "sends_since_filed")


def payout_row(payout: Payout, patience: Patience, calendar: Calendar) -> Row:
    """The row of a payout."""
    return _intent_row(payout.intent) | _state_row(payout) | _index_row(payout, patience, calendar)


def payout_from(row: Row) -> Payout:
    """The payout of a row.

    Raises:
        Corrupt: the row is not what a payout can be.
    """
    with understood(f"the row of payout {row.get('transaction_id')}"):
        return _payout(row)


def destination_row(sealed: SealedDestination) -> Row:
    """A sealed destination as a map; what is not kept any more is not in it."""
    row: Row = {
        "destination_id": sealed.destination_id,
        "type": sealed.method,
        "kind": sealed.kind,
        "masked": sealed.masked,
        "masked_name": sealed.masked_name,
    }
    row |= {"ciphertext": sealed.ciphertext} if sealed.ciphertext else {}
    digest = sealed.ciphertext_digest
    return row | ({"ciphertext_digest": digest} if digest else {})


def destination_from(row: Row) -> SealedDestination:
    """The sealed destination of a map."""
    return SealedDestination(
        destination_id=row["destination_id"],
        method=PayoutMethod(row["type"]),
        kind=row["kind"],
        masked=row["masked"],
        masked_name=row["masked_name"],
        ciphertext=binary(row.get("ciphertext", b"")),
        ciphertext_digest=row.get("ciphertext_digest", ""),
    )


def eve_text(eve: Mark | None) -> str | None:
    """A mark as one short text, for it lies in an index."""
    return f"{eve.on.isoformat()} {eve.sequence} {eve.hash}" if eve else None


def eve_from(text: str | None) -> Mark | None:
    """The mark of a text."""
    if not text:
        return None
    on, sequence, link = text.split(" ")
    return Mark(date.fromisoformat(on), int(sequence), link)


def _intent_row(intent: Intent) -> Row:
    return {
        "transaction_id": intent.transaction_id,
        "customer_id": intent.customer_id,
        "amount": number(intent.amount),
        "currency": CURRENCY,
        "payout_method": intent.method,
        "destination": destination_row(intent.destination),
        "created_at": instant(intent.created_at),
        "created_on": sydney_date(intent.created_at).isoformat(),
        **_maker_row(intent),
        "reference": intent.reference,
        "description": intent.description,
        "remitter_name": intent.remitter_name,
        "asked": [list(pair) for pair in intent.asked],
        "assessment": assessment_row(intent.assessment),
        "drawn": [drawn_row(each) for each in intent.drawn] or None,
        "intent_digest": intent.kept_digest,
        "route": route_row(intent.route),
        "fallbacks": [str(rail) for rail in intent.fallbacks] or None,
    }


def _maker_row(intent: Intent) -> Row:
    """Who asked for it. The version before, which knows no redraft, would forget of what it is one.

    So it finds no maker of one, cannot read it, and leaves it alone.
    """
    if not intent.redraft_of:
        return {"created_by": intent.created_by}
    return {"redrafted_by": intent.created_by, "redraft_of": list(intent.redraft_of)}


def _state_row(payout: Payout) -> Row:
    return {
        "status": payout.status,
        **_way_row(payout),
        "version": payout.version,
        "last_hash": payout.last_hash,
        "updated_at": instant(payout.updated_at),
        "attempt": payout.attempt,
        "sent_at": perhaps_instant(payout.sent_at),
        "asked_at": perhaps_instant(payout.asked_at),
        "asks": payout.asks,
        "missed": payout.missed,
        "hindrance": payout.hindrance,
        **hold_row(payout),
        "needs_person": payout.needs_person,
        "in_doubt": list(payout.in_doubt) or None,
        "proposal": proposal_row(payout.proposal),
        "needs": payout.needs or None,
        "approvals": [approval_row(each) for each in payout.approvals] or None,
        "lapses_at": perhaps_instant(payout.lapses_at),
        "monoova_transaction_id": payout.monoova_transaction_id,
        "fee": perhaps_number(payout.fee),
        "came_back": perhaps_number(payout.came_back),
        "return_id": payout.return_id,
        "error_code": payout.error_code,
        "error_message": payout.error_message,
        "changed_on": sydney_date(payout.updated_at).isoformat(),
        "sent_on": sydney_date(payout.sent_at).isoformat() if payout.sent_at else None,
        "eve": eve_text(payout.eve),
        "archives": list(payout.archives) or None,
        "archived": payout.archived or None,
        "revision": payout.revision or None,
        "redrafted_as": payout.redrafted_as,
    }


def _index_row(payout: Payout, patience: Patience, calendar: Calendar) -> Row:
    """A payout waits for a person in the order of its age, which no later step changes."""
    due = payout.intent.created_at if rests(payout) else patience.due(payout, calendar)
    waits = _waits(payout)
    return {
        "open_bucket": bucket(payout.transaction_id, buckets_of(payout)) if due else None,
        "due_at": perhaps_instant(due),
        "attention_bucket": waits,
        "attention_since": instant(payout.intent.created_at) if waits else None,
    }


def _waits(payout: Payout) -> str | None:
    if attention(payout):
        return ATTENTION
    return APPROVAL if payout.status is Status.AWAITING_APPROVAL else None


def _way_row(payout: Payout) -> Row:
    """How it goes. `rail` is that of the present attempt, which the indexes show.

    What has turned, or went in a file, has no `sends`: the version before cannot read it, or it
    would send it. The versions in between know of turns, and not of files: neither can they.
    """
    if not payout.turns and not payout.filed:
        return {"rail": payout.rail, "sends": payout.sends}
    turns = [[number, str(rail)] for number, rail in payout.turns]
    return {
        "rail": payout.rail, "asked_rail": payout.intent.rail, "turns": turns,
        "filed": [[number, file_id] for number, file_id in payout.filed] or None,
        "sends_since_filed" if payout.filed else "sends_since_turned": payout.sends,
    }  # fmt: skip


def _sends(row: Row) -> int:
    """How often its present attempt was claimed."""
    if "turns" not in row:
        return int(row["sends"])
    return int(row["sends_since_filed" if "sends_since_filed" in row else "sends_since_turned"])


def _payout(row: Row) -> Payout:
    turns = tuple((int(number), Rail(rail)) for number, rail in row.get("turns", ()))
    return Payout(
        intent=_intent(row),
        status=Status(row["status"]),
        version=int(row["version"]),
        last_hash=row["last_hash"],
        updated_at=moment(row["updated_at"]),
        attempt=int(row["attempt"]),
        sends=_sends(row),
        sent_at=perhaps_moment(row.get("sent_at")),
        asked_at=perhaps_moment(row.get("asked_at")),
        asks=int(row["asks"]),
        missed=int(row["missed"]),
        hindrance=row.get("hindrance", ""),
        delays=delays_from(row),
        needs_person=row.get("needs_person", ""),
        proposal=proposal_from(row.get("proposal")),
        needs=int(row.get("needs", 0)),
        approvals=tuple(approval_from(each) for each in row.get("approvals", ())),
        lapses_at=perhaps_moment(row.get("lapses_at")),
        monoova_transaction_id=row.get("monoova_transaction_id"),
        fee=perhaps_money(row.get("fee")),
        came_back=perhaps_money(row.get("came_back")),
        return_id=row.get("return_id", ""),
        error_code=row.get("error_code", ""),
        error_message=row.get("error_message", ""),
        held=hold_from(row),
        eve=eve_from(row.get("eve")),
        archives=tuple(row.get("archives") or ()),
        archived=int(row.get("archived", 0)),
        revision=int(row.get("revision", 0)),
        turns=turns,
        redrafted_as=row.get("redrafted_as", ""),
        filed=tuple((int(number), file_id) for number, file_id in row.get("filed") or ()),
        in_doubt=tuple(row.get("in_doubt") or ()),
    )


def _intent(row: Row) -> Intent:
    return Intent(
        transaction_id=row["transaction_id"],
        customer_id=row["customer_id"],
        amount=Money.exactly(row["amount"]),
        rail=Rail(row["asked_rail"] if "turns" in row else row["rail"]),
        destination=destination_from(row["destination"]),
        created_at=moment(row["created_at"]),
        created_by=row["redrafted_by" if "redraft_of" in row else "created_by"],
        reference=row.get("reference", ""),
        description=row.get("description", ""),
        remitter_name=row.get("remitter_name", ""),
        asked=tuple((name, value) for name, value in row["asked"]),
        assessment=assessment_from(row.get("assessment")),
        drawn=tuple(drawn_from(each) for each in row.get("drawn", ())),
        kept_digest=row.get("intent_digest", ""),
        route=route_from(row.get("route")),
        redraft_of=tuple(row.get("redraft_of", ())),
        fallbacks=tuple(Rail(each) for each in row.get("fallbacks", ())),
    )
