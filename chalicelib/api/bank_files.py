"""Bank files at the edge: what is said of them, and how they are shown.

Shows payouts by their ids and references, and never where they go: only the file itself does.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.api.fields import Evidence, Name, Reason
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape, SydneyDate
from chalicelib.api.times import rfc3339
from chalicelib.domain.aba import Payer
from chalicelib.domain.bank_file import BankFile, Line, Opinion, Stage, waits
from chalicelib.domain.bank_file import Said as Word
from chalicelib.domain.doubts import FileVerdict
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.next_steps import UNREADABLE_FILE, next_step_of_file

# More than the largest file, with as many returns.
MOST_CHARACTERS = 200_000


class TakenByBank(Said):
    """The bank took the file, as it says under a reference of its own."""

    model_config = ConfigDict(json_schema_extra=shown({"bank_reference": "CBA-20260703-17"}))
    bank_reference: Name = Field(description="What the bank calls the upload.")


class ReturnsFile(Said):
    """The bank's file of returns, whole, as it came."""

    model_config = ConfigDict(json_schema_extra=shown({"content": "0                 01CBA"}))
    content: Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS)]


class GivingUp(Said):
    """Why the bank does not have the file, and never will: the evidence for a second person."""

    model_config = ConfigDict(json_schema_extra=shown({"reason": "The upload was refused."}))
    reason: Reason


class EndOfDoubt(Said):
    """What became of a file that was given up and told of, and what proves it."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"verdict": "dead", "evidence": "The bank wrote on 6 July: no such upload."}
        )
    )
    verdict: Annotated[FileVerdict, Field(strict=False)]
    evidence: Evidence


class WordView(Shape):
    """What somebody did or said, and when."""

    by: str
    at: Moment
    words: str | None


class OpinionView(Shape):
    """What became of a doubted file, as one person says, and a second one once they `agreed`.

    `about` is what had been told of it.
    """

    verdict: Literal["paid", "dead"]
    evidence: str
    by: str
    at: Moment
    agreed: WordView | None
    about: list[WordView]


class FileLineView(Shape):
    """A payout in the file. `changed` names what the file carries otherwise than it was written."""

    transaction_id: str
    attempt: int
    amount: AmountText
    reference: str
    changed: list[str]
    returned_amount: AmountText | None
    returned_because: str | None


class LeftOutView(Shape):
    """A payout that was to go into the file and is not in it, and the code of why."""

    transaction_id: str
    why: str


class BankFileView(Shape):
    """A file of payouts for the bank, and how far it has come. `digest` is of its bytes.

    `told` is who said of a given-up file that the bank took it, `opinion` what a first person
    proposes that this comes to; `cleared` are earlier doubts that two people have ended.
    """

    file_id: str
    stage: Literal["Open", "Closed", "Sealed", "GivenOut", "Taken", "GivenUp", "Unreadable"]
    needs_person: bool
    next_step: str | None
    doubted: bool
    pays_on: SydneyDate | None
    count: int
    amount: AmountText | None
    currency: str
    digest: str | None
    lines: list[FileLineView]
    left_out: list[LeftOutView]
    left_waiting: int | None = Field(
        description="How many more looked as if they could go into a file when this one was made."
    )
    given_to: list[WordView]
    taken: WordView | None
    proposal: WordView | None
    given_up: WordView | None
    returns: list[WordView]
    told: list[WordView]
    opinion: OpinionView | None
    cleared: list[OpinionView]
    created_by: str | None
    created_at: Moment | None


class BankFilePage(PageView[BankFileView]):
    """Some bank files."""


def bank_file(it: BankFile) -> BankFileView:
    """A file."""
    return BankFileView(
        file_id=it.file_id, stage=it.stage.value, needs_person=waits(it) or not it.settled,
        next_step=next_step_of_file(it), doubted=it.doubted, pays_on=it.pays_on.isoformat(),
        count=len(it.lines),
        amount=str(it.amount), currency=CURRENCY, digest=it.digest or None,
        lines=[_line(line) for line in it.lines],
        left_out=[LeftOutView(transaction_id=each, why=why) for each, why in it.left],
        left_waiting=it.beyond,
        given_to=[_word(said) for said in it.given], taken=_perhaps(it.taken),
        proposal=_perhaps(it.proposal), given_up=_perhaps(it.ended),
        returns=[_word(said) for said in it.returns], told=[_word(said) for said in it.told],
        opinion=_opinion(it.opinion) if it.opinion else None,
        cleared=[_opinion(each) for each in it.cleared], created_by=it.created_by,
        created_at=rfc3339(it.created_at),
    )  # fmt: skip


def unreadable(file_id: str) -> BankFileView:
    """A file whose row cannot be read: a person has to look at it."""
    return BankFileView(
        file_id=file_id, stage="Unreadable", needs_person=True, next_step=UNREADABLE_FILE,
        doubted=False, pays_on=None, told=[], opinion=None, cleared=[],
        count=0, amount=None, currency=CURRENCY, digest=None, lines=[], left_out=[],
        left_waiting=None, given_to=[], taken=None, proposal=None, given_up=None, returns=[],
        created_by=None, created_at=None,
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    by, payout_id = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00", "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
    view = bank_file(BankFile(
        "5b1f0b7a-3c2e-8a4d-b5e6-7f8091a2b3c4", at, by, at.date(),
        Payer("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "12345678"),
        (payout_id,), Stage.OUT, 4, (Line(payout_id, 1, Money(10_000), ("account_name",)),),
        digest="0e" * 32, given=(Word(by, at),), settled=True, beyond=0,
    ))  # fmt: skip
    return {BankFileView: [view], BankFilePage: [BankFilePage(data=[view], next_cursor=None)]}


def _line(line: Line) -> FileLineView:
    back = line.came_back
    return FileLineView(
        transaction_id=line.transaction_id, attempt=line.attempt, amount=str(line.amount),
        reference=line.reference, changed=list(line.changed),
        returned_amount=None if back is None else str(back), returned_because=line.why or None,
    )  # fmt: skip


def _opinion(it: Opinion) -> OpinionView:
    return OpinionView(
        verdict=it.verdict.value, evidence=it.evidence, by=it.by, at=rfc3339(it.at),
        agreed=_perhaps(it.agreed), about=[_word(said) for said in it.about],
    )  # fmt: skip


def _word(said: Word) -> WordView:
    return WordView(by=said.by, at=rfc3339(said.at), words=said.words or None)


def _perhaps(said: Word | None) -> WordView | None:
    return _word(said) if said else None
