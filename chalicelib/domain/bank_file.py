"""A bank file: payouts that go out by the bank instead of the provider, and what became of them.

Stage after stage, each a conditional write: open (payouts may be stepped into it), closed (nobody
is, any more), sealed (its bytes are fixed by their digest), out (somebody was given them: the bank
may have them), taken (a person says that the bank took it), given up (the bank never will). Refuses
every other way. The bytes are not kept: they follow from what is kept, or are not given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.aba import reference_of
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money, total
from chalicelib.domain.payout import Status

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from chalicelib.domain.aba import Payer
    from chalicelib.domain.doubts import FileVerdict
    from chalicelib.domain.payout import Payout

# Payouts of one file: so many can be stepped into it, and read again, within one request.
MOST = 200


class Stage(StrEnum):
    """How far a file has come."""

    OPEN = "Open"
    CLOSED = "Closed"
    SEALED = "Sealed"
    OUT = "GivenOut"
    TAKEN = "Taken"
    GIVEN_UP = "GivenUp"


# The bank may know of it, so its word counts.
HEARD = frozenset({Stage.OUT, Stage.TAKEN})
# Before its bytes are fixed nobody knows which payouts are in it.
FILLING = frozenset({Stage.OPEN, Stage.CLOSED})


@dataclass(frozen=True, slots=True)
class Line:
    """One payout of a sealed file. `came_back` is what the bank returned, `why` its words."""

    transaction_id: str
    attempt: int
    amount: Money
    changed: tuple[str, ...] = ()
    came_back: Money | None = None
    why: str = ""

    @property
    def reference(self) -> str:
        """What the bank knows it by."""
        return reference_of(self.transaction_id, self.attempt)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said of a file, and when."""

    by: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a first person says became of a doubted file, with evidence, and who agreed to that.

    `about` is what was told of the file although it was given up: what was judged.
    """

    verdict: FileVerdict
    evidence: str
    by: str
    at: datetime
    agreed: Said | None = None
    about: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file as it is now; `version` counts its changes, from 1.

    `planned` are the payouts that it was made for, `lines` those that are in it, once it is sealed.
    `left` were planned and are not in it, each with the code of why. `digest` is the SHA-256 of
    its bytes. `returns` are who brought which file of returns, by its digest. `settled` says
    that nothing is left to be done to its payouts now; `doubted` that word came of one given up:
    `told` is what was said then, `opinion` what a first person proposes that it comes to, and
    `cleared` what two people have said of earlier doubts, for good.
    `beyond` counts what looked as fit and was not planned any more; `None`: nobody could count it.
    """

    file_id: str
    created_at: datetime
    created_by: str
    pays_on: date
    payer: Payer
    planned: tuple[str, ...]
    stage: Stage = Stage.OPEN
    version: int = 1
    lines: tuple[Line, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    given: tuple[Said, ...] = ()
    taken: Said | None = None
    proposal: Said | None = None
    ended: Said | None = None
    returns: tuple[Said, ...] = ()
    settled: bool = False
    doubted: bool = False
    told: tuple[Said, ...] = ()
    opinion: Opinion | None = None
    cleared: tuple[Opinion, ...] = ()
    beyond: int | None = None

    @property
    def amount(self) -> Money:
        """What it pays."""
        return total(line.amount for line in self.lines)

    def line_of(self, transaction_id: str, attempt: int) -> Line | None:
        """The line of an attempt; `None` where it is not in the file."""
        return next(
            (
                line
                for line in self.lines
                if (line.transaction_id, line.attempt) == (transaction_id, attempt)
            ),
            None,
        )

    def may_pay(self, transaction_id: str) -> bool:
        """Whether a payout that left it, or went on as its next attempt, may be paid by it."""
        within = any(line.transaction_id == transaction_id for line in self.lines)
        return within and (self.doubted or self.stage is not Stage.GIVEN_UP)


def file_id_of(key: str) -> str:
    """The id of the file that an idempotency key makes."""
    return derived_id("bank file", key)


def waits(it: BankFile) -> bool:
    """Whether a person, or the bank, has yet to say what becomes of it."""
    return it.doubted or it.stage in FILLING | {Stage.SEALED, Stage.OUT}


def seems_fit(
    method: str, status: str, attempt: int, sends: int, filed: Collection[int], *, held: bool
) -> bool:
    """Whether a payout looks as if it may be filed, of what an index shows of it: a hint."""
    earlier = all(number in filed for number in range(1, attempt))
    waits_unsent = status == Status.QUEUED and not sends and not held
    return method == PayoutMethod.BANK_ACCOUNT and waits_unsent and earlier


def may_be_filed(payout: Payout) -> bool:
    """Whether nothing of a payout can be alive anywhere, so that it may go into a file.

    It waits, no claim of it is known, and every attempt before went in a file that was given up.
    """
    earlier = all(payout.file_of(attempt) for attempt in range(1, payout.attempt))
    calm = payout.needs_person != CONTRADICTION and payout.held is None
    sealed_still = bool(payout.intent.destination.ciphertext)
    unsent = payout.status is Status.QUEUED and not payout.sends
    return unsent and earlier and calm and sealed_still


def closed(it: BankFile) -> BankFile:
    """The file into which nobody is stepped any more."""
    return at_stage(it, Stage.CLOSED, Stage.OPEN)


def sealed(
    it: BankFile, lines: tuple[Line, ...], left: tuple[tuple[str, str], ...], digest: str
) -> BankFile:
    """The file whose bytes are fixed. With no line in it, it is over."""
    ends = Stage.SEALED if lines else Stage.GIVEN_UP
    after = at_stage(it, ends, Stage.CLOSED)
    return replace(after, lines=lines, left=left, digest=digest, settled=False)


def given_out(it: BankFile, said: Said) -> BankFile:
    """The file that somebody is about to be given: from now on the bank may have it.

    Whoever proposed to give it up did not know of that: their evidence is of before.
    """
    after = at_stage(it, Stage.OUT, Stage.SEALED, Stage.OUT)
    return replace(after, given=(*it.given, said), proposal=None)


def taken(it: BankFile, said: Said) -> BankFile:
    """The file that the bank took, as a person says."""
    after = at_stage(it, Stage.TAKEN, Stage.OUT)
    return replace(after, taken=said, proposal=None, settled=False)


def returned(it: BankFile, lines: tuple[Line, ...], said: Said) -> BankFile:
    """The file of which some came back."""
    after = at_stage(it, it.stage, *HEARD)
    return replace(after, lines=lines, returns=(*it.returns, said), proposal=None, settled=False)


def proposed(it: BankFile, said: Said) -> BankFile:
    """The file that a first person wants given up, though somebody had its bytes."""
    _refuse_known(it)
    return replace(at_stage(it, Stage.OUT, Stage.OUT), proposal=said)


def given_up(it: BankFile, said: Said) -> BankFile:
    """The file that the bank does not have, and never will."""
    _refuse_known(it)
    after = at_stage(it, Stage.GIVEN_UP, Stage.SEALED, Stage.OUT)
    return replace(after, ended=said, settled=False)


def _refuse_known(it: BankFile) -> None:
    if it.returns:
        raise Conflict("The bank has told of this file: it took it.")


def at_stage(it: BankFile, stage: Stage, *sources: Stage) -> BankFile:
    """The next version of a file, at a stage that follows from one of those.

    Raises:
        Conflict: it is at none of those.
    """
    if it.stage not in sources:
        raise Conflict(f"The file is {it.stage}: that cannot be done with it now.")
    return replace(it, stage=stage, version=it.version + 1)
