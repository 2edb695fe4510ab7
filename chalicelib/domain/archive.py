"""What the archive holds of payouts: which are ripe for it, a line for each, and a manifest.

A line is the payout's state and those of its steps that no object holds yet. What a customer or a
payee could be known by stays out of it, for nothing in the archive can be erased: masks go in. An
object is named by the SHA-256 of its own bytes, so that whoever reads it knows whether it is whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from chalicelib.domain.asked import digested
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.facts import event_from, facts
from chalicelib.domain.ledger import Place, Posting
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import OPEN
from chalicelib.domain.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chalicelib.domain.intent import Intent
    from chalicelib.domain.payout import Payout

# Payouts of one object: few enough to be read back for the sake of one of them.
BATCH = 500
# How long the steps stay in the table once an object holds them: for whoever finds a fault in it.
GRACE = timedelta(days=7)
# Where a first sweep begins, before the days that are ripe: an empty day costs one question.
FIRST_LOOK = timedelta(days=366)
LINES, MANIFEST = "application/x-ndjson+gzip", "application/json"
_FORM = 1
_PREFIX, _SUFFIX = "payouts/", ".jsonl.gz"


@dataclass(frozen=True, slots=True)
class Sweep:
    """How far the archiving has come: the Sydney date at hand, and the last id looked at in it.

    `unsettled` names an object that is kept, and whose payouts may not all know it yet. `version`
    counts the writings.
    """

    day: date
    after: str = ""
    unsettled: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Archived:
    """A payout's line: its state in plain values, and the steps that led there."""

    transaction_id: str
    version: int
    last_hash: str
    state: Mapping[str, Any]
    steps: tuple[Recorded, ...]


def last_ripe_day(now: datetime, after_days: int) -> date:
    """The latest Sydney date whose payouts have rested long enough."""
    return sydney_date(now) - timedelta(days=after_days)


def is_ripe(payout: Payout, last: date) -> bool:
    """Whether it has ended, waits for nobody, has rested since that date, and has steps to keep."""
    return (
        payout.status not in OPEN
        and not attention(payout)
        and sydney_date(payout.updated_at) <= last
        and payout.archived < payout.version
    )


def archived(payout: Payout, steps: Sequence[Recorded]) -> Archived:
    """The line of a payout, from all steps that are left of it.

    Raises:
        Corrupt: those that no object holds are not all there, or do not follow each other.
    """
    new = tuple(each for each in steps if each.sequence > payout.archived)
    refuse_gaps(payout, new, since=payout.archived)
    return Archived(payout.transaction_id, payout.version, payout.last_hash, _state(payout), new)


def refuse_gaps(payout: Payout, steps: Sequence[Recorded], *, since: int = 0) -> None:
    """Refuse steps that are not each one after `since`, linked, as far as the payout knows of.

    Raises:
        Corrupt: one is missing, or is not what came before the next.
    """
    sequences = [each.sequence for each in steps]
    whole = sequences == list(range(since + 1, since + 1 + len(steps)))
    linked = all(later.previous_hash == earlier.hash for earlier, later in pairwise(steps))
    known = [each.hash for each in steps if each.sequence == payout.version]
    if not whole or not linked or known != [payout.last_hash]:
        raise Corrupt(f"the steps of payout {payout.transaction_id}")


def written(lines: Sequence[Archived]) -> bytes:
    """Lines as an object's content: the same bytes for the same lines."""
    text = "".join(f"{_json(_plain(each))}\n" for each in lines)
    return gzip.compress(text.encode(), mtime=0)


def name_of(day: date, content: bytes) -> str:
    """What an object of lines is called."""
    return f"{_PREFIX}{day.isoformat()}/{hashlib.sha256(content).hexdigest()}{_SUFFIX}"


def read(name: str, content: bytes | None, *, of: str = "") -> list[Archived]:
    """The lines of an object, or of one payout alone.

    Raises:
        Corrupt: it is not there, or its content is not that of its name.
    """
    if content is None or hashlib.sha256(content).hexdigest() not in name:
        raise Corrupt(f"the archive's object {name}")
    lines = gzip.decompress(content).decode().splitlines()
    # Looked for before it is parsed: an object has many lines, and a payout one.
    found = (json.loads(line, parse_float=Decimal) for line in lines if of in line)
    return [_archived(told) for told in found if of in {"", told["transaction_id"]}]


def manifest_of(name: str) -> str:
    """What an object's manifest is called."""
    return f"{name.removesuffix(_SUFFIX)}.manifest.json"


def manifest(name: str, content: bytes, lines: Sequence[Archived]) -> bytes:
    """What an object holds, for whoever does not want to open it."""
    ids = [each.transaction_id for each in lines]
    told = {
        "form": _FORM,
        "object": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "payouts": len(ids),
        "steps": sum(len(each.steps) for each in lines),
        "first": ids[0],
        "last": ids[-1],
        "ids_sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
    }
    return f"{_json(told)}\n".encode()


def shrunk(payout: Payout, name: str) -> Payout:
    """The small payout that stays: what it was, without what only a sending needed.

    Whoever asks again with its key is still known, field by field, by digests.
    """
    return replace(
        payout,
        intent=_shrunk(payout.intent),
        archives=(*payout.archives, name),
        archived=payout.version,
        revision=payout.revision + 1,
    )


def _shrunk(intent: Intent) -> Intent:
    sealed = intent.destination
    digest = sealed.ciphertext_digest or hashlib.sha256(sealed.ciphertext).hexdigest()
    return replace(
        intent,
        destination=replace(sealed, ciphertext=b"", ciphertext_digest=digest),
        asked=digested(intent.transaction_id, intent.asked),
        kept_digest=intent.digest,
    )


def _state(payout: Payout) -> dict[str, Any]:
    """Everything but what somebody could be known by; money in cents."""
    intent, sealed = payout.intent, _shrunk(payout.intent).destination
    return {
        "customer_id": intent.customer_id,
        "amount": intent.amount.cents,
        "currency": CURRENCY,
        "rail": str(payout.rail),
        "payout_method": str(intent.method),
        "destination_id": sealed.destination_id,
        "destination_kind": sealed.kind,
        "masked": sealed.masked,
        "masked_name": sealed.masked_name,
        "ciphertext_digest": sealed.ciphertext_digest,
        "intent_digest": intent.digest,
        "created_at": intent.created_at.isoformat(),
        "created_by": intent.created_by,
        "status": str(payout.status),
        "updated_at": payout.updated_at.isoformat(),
        "unique_reference": payout.unique_reference,
        "sends": payout.sends,
        "sent_at": payout.sent_at.isoformat() if payout.sent_at else None,
        "monoova_transaction_id": payout.monoova_transaction_id,
        "fee": _cents(payout.fee),
        "came_back": _cents(payout.came_back),
        "return_id": payout.return_id,
        "error_code": payout.error_code,
        **({"assessment": intent.assessment.plain} if intent.assessment else {}),
        **(
            {"turns": [[number, str(rail)] for number, rail in payout.turns]}
            if payout.turns
            else {}
        ),
        **({"filed": [list(pair) for pair in payout.filed]} if payout.filed else {}),
        **({"redraft_of": list(intent.redraft_of)} if intent.redraft_of else {}),
        **({"redrafted_as": payout.redrafted_as} if payout.redrafted_as else {}),
    }


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents


def _plain(line: Archived) -> dict[str, Any]:
    return {
        "form": _FORM,
        "transaction_id": line.transaction_id,
        "version": line.version,
        "last_hash": line.last_hash,
        "state": line.state,
        "steps": [_step(each) for each in line.steps],
    }


def _step(step: Recorded) -> dict[str, Any]:
    return {
        "sequence": step.sequence,
        "event": facts(step.event),
        "status": step.status,
        "postings": [[str(one.place), one.account, one.amount.cents] for one in step.postings],
        "previous_hash": step.previous_hash,
        "hash": step.hash,
    }


def _archived(told: Mapping[str, Any]) -> Archived:
    return Archived(
        told["transaction_id"], told["version"], told["last_hash"], told["state"],
        tuple(_recorded(each) for each in told["steps"]),
    )  # fmt: skip


def _recorded(told: Mapping[str, Any]) -> Recorded:
    return Recorded(
        sequence=told["sequence"],
        event=event_from(told["event"]),
        status=told["status"],
        postings=tuple(
            Posting(Place(place), account, Money(cents))
            for place, account, cents in told["postings"]
        ),
        previous_hash=told["previous_hash"],
        hash=told["hash"],
    )


def _json(told: object) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
