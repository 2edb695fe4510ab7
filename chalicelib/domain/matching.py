"""Which settlement a receipt is of: by what it names and by its amount, to the cent.

No guess: where more than one settlement could be meant, or the amount is another, it is a finding
and the money stays unallocated. The payer's text is compared here and never leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import ZERO
from chalicelib.domain.settlement import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.funding import Receipt
    from chalicelib.domain.receipts import Banked
    from chalicelib.domain.settlement import Settlement

# Who resolves a finding that explains itself.
MATCHING = "matching"
# Findings about a receipt that end when it is explained.
OF_A_RECEIPT = (Kind.RECEIPT_UNKNOWN, Kind.RECEIPT_OVER, Kind.RECEIPT_UNDER, Kind.RECEIPT_DOUBLED)
SEVERAL = "several_settlements_named"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt is: `settlement` explains it, or else it is a finding of `kind`.

    `late` says that it came after the settlement's day. `about` is the settlement that a finding
    holds it against, where there is exactly one.
    """

    settlement: Settlement | None = None
    late: bool = False
    kind: Kind | None = None
    detail: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """Text without case, spaces and punctuation; `ends[i]` says that a word ends before its i-th.

    A word ends where the text had something in between, and between letters and digits.
    """

    text: str
    ends: tuple[bool, ...]


def names(text: str, reference: str) -> bool:
    """Whether a payer's text names a reference: whole, so that 123 is not in 1234."""
    return _names(_squeezed(text), _sought(reference))


def judge(
    receipt: Receipt, expected: Sequence[Settlement], ended: Sequence[Settlement] = ()
) -> Verdict:
    """What an open receipt is, given the open settlements, and some that are settled."""
    text = _squeezed(receipt.reference)
    named = [
        each
        for each in (*expected, *ended)
        if each.stage is not Stage.CANCELLED and _names(text, _sought(each.reference))
    ]
    waiting = [each for each in named if each.stage is Stage.EXPECTED]
    if len(waiting) > 1:
        return Verdict(kind=Kind.RECEIPT_UNKNOWN, detail=SEVERAL)
    if not waiting:
        about = named[0].settlement_id if len(named) == 1 else ""
        return Verdict(kind=Kind.RECEIPT_DOUBLED if named else Kind.RECEIPT_UNKNOWN, about=about)
    settlement = waiting[0]
    missing = settlement.amount - settlement.received
    if receipt.amount != missing:
        over = receipt.amount > missing
        kind = Kind.RECEIPT_OVER if over else Kind.RECEIPT_UNDER
        return Verdict(kind=kind, about=settlement.settlement_id)
    return Verdict(settlement, late=sydney_date(receipt.received_at) > settlement.due_on)


def is_overdue(settlement: Settlement, today: date) -> bool:
    """Whether its day is over and nothing has come of it; `today` is Sydney's."""
    nothing = settlement.stage is Stage.EXPECTED and settlement.received == ZERO
    return nothing and today > settlement.due_on


def with_receipt(settlement: Settlement, banked: Banked) -> Settlement:
    """The settlement with one more receipt; once all of it has come, its rows may be allocated."""
    received = settlement.received + banked.amount
    return replace(
        settlement,
        receipts=(*settlement.receipts, banked.receipt_id),
        received=received,
        stage=Stage.ALLOCATING if received >= settlement.amount else Stage.EXPECTED,
        version=settlement.version + 1,
    )


def with_allocated(settlement: Settlement, rows: int) -> Settlement:
    """The settlement with so many rows more allocated."""
    return replace(
        settlement,
        allocated_rows=settlement.allocated_rows + rows,
        version=settlement.version + 1,
    )


def settled(settlement: Settlement) -> Settlement:
    """The settlement at its end."""
    return replace(settlement, stage=Stage.SETTLED, version=settlement.version + 1)


@lru_cache(maxsize=1024)
def _sought(reference: str) -> str:
    """A settlement's reference as it is looked for; the same ones are looked for all the time."""
    return _squeezed(reference).text


def _squeezed(text: str) -> _Squeezed:
    kept: list[str] = []
    ends = [True]
    apart = True
    for written in normalize("NFKC", text):
        for letter in written.casefold():
            if not letter.isalnum():
                apart = True
                continue
            if kept:
                ends.append(apart or letter.isdigit() != kept[-1].isdigit())
            kept.append(letter)
            apart = False
    return _Squeezed("".join(kept), (*ends, True) if kept else (True,))


def _names(text: _Squeezed, reference: str) -> bool:
    at = text.text.find(reference) if reference else -1
    while at >= 0:
        if text.ends[at] and text.ends[at + len(reference)]:
            return True
        at = text.text.find(reference, at + 1)
    return False
