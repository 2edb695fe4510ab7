"""A bank file as a row of the control table, and what a payout's step asks of that row.

One row for each file: its lines hold ids and amounts, and nothing that a payee is known by.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    in_expression,
    instant,
    moment,
    number,
    perhaps_money,
    perhaps_number,
    to_item,
)
from chalicelib.domain.aba import Payer
from chalicelib.domain.bank_file import HEARD, BankFile, Line, Opinion, Said, Stage, waits
from chalicelib.domain.doubts import FileVerdict
from chalicelib.domain.events import (
    Asked,
    Event,
    FileCleared,
    Filed,
    FileDoubted,
    LetGo,
    News,
    Unanswered,
)
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.domain.step import Step

# What the names of the parts of a transaction begin with that look at files.
FILE = "bank file"
# News that tells nothing: it is heard whatever became of the file.
_NOTHING = (Asked, Unanswered)
_MARKS = (FileDoubted, FileCleared)
# The partition of the index `about` that holds them all, and those of the index `listing`.
ALL = "bank-file"
UNSETTLED, WAITING, ENDED = "bank-file#unsettled", "bank-file#waiting", "bank-file#ended"


def key_of(file_id: str) -> str:
    """The key of a file's row."""
    return f"{ALL}#{file_id}"


def file_parts(table: str, steps: Sequence[Step]) -> dict[str, TransactWriteItemTypeDef]:
    """What the steps of a payout ask of the file that they are about; nothing without one.

    Stepped into it while it is open; out of it where the bank will never have it; and its word is
    heard only where somebody was given its bytes. That it is in doubt is written while it is, and
    that it is no more, once it is not.
    """
    events = [step.event for step in steps if not isinstance(step.event, _NOTHING)]
    about = [each for each in events if isinstance(each, (Filed, LetGo, News)) and each.file_id]
    marks = [each for each in events if isinstance(each, _MARKS)]
    if not about and not marks:
        return {}
    conditions = ["attribute_exists(#stage)"]
    values: Row = {}
    if about:
        condition, values = _of_stage(about[-1], steps[-1].after.transaction_id)
        conditions.append(condition)
    if marks:
        conditions.append("doubted = :doubted")
        values |= {"doubted": isinstance(marks[-1], FileDoubted)}
    return {FILE: {"ConditionCheck": {
        "TableName": table,
        "Key": to_item({"key": key_of((about or marks)[-1].file_id)}),
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": {"#stage": "stage"},
        "ExpressionAttributeValues": in_expression(values),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }}}  # fmt: skip


def _of_stage(event: Event, transaction_id: str) -> tuple[str, Row]:
    """What an event asks of the stage of its file, and the values of that."""
    told = [Stage.OPEN] if isinstance(event, Filed) else sorted(HEARD)
    condition, more = "", {}
    if isinstance(event, LetGo):
        told = [Stage.GIVEN_UP]
        # Or its bytes are fixed without it.
        condition = " OR (NOT #stage IN (:open, :closed) AND NOT contains(line_ids, :id))"
        more = {"open": Stage.OPEN, "closed": Stage.CLOSED, "id": transaction_id}
    values: Row = {f"stage{place}": str(stage) for place, stage in enumerate(told)} | more
    stages = ", ".join(f":stage{place}" for place in range(len(told)))
    return f"(#stage IN ({stages}){condition})", values


def went(
    transaction_id: str, attempt: int, filed: Iterable[tuple[int, str]]
) -> list[tuple[str, str]]:
    """What `undoubted_parts` asks about a payout: the files of attempts before the present one."""
    return [(transaction_id, file_id) for number, file_id in filed if number < attempt]


def undoubted_parts(
    table: str, steps: Sequence[Step], went: Iterable[tuple[str, str]]
) -> dict[str, TransactWriteItemTypeDef]:
    """That by none of the files in which something `went` (payout, file) it may be paid.

    Asked of whatever is claimed: each of them was given up, and there is no word of it. A payout
    that is not in the bytes of a file cannot be paid by that.
    """
    into = {step.event.file_id for step in steps if isinstance(step.event, Filed)}
    within: dict[str, set[str]] = {}
    for transaction_id, file_id in went:
        within.setdefault(file_id, set()).add(transaction_id)
    # The one that it is stepped into is asked for its stage already: it has to be open.
    files = sorted(within.keys() - into)
    return {f"{FILE} {each}": _undoubted(table, each, sorted(within[each])) for each in files}


def _undoubted(table: str, file_id: str, ids: Sequence[str]) -> TransactWriteItemTypeDef:
    values: Row = {"no": False, "given_up": str(Stage.GIVEN_UP)}
    values |= {f"id{place}": each for place, each in enumerate(ids)}
    within = " OR ".join(f"contains(line_ids, :id{place})" for place in range(len(ids)))
    return {"ConditionCheck": {
        "TableName": table,
        "Key": to_item({"key": key_of(file_id)}),
        "ConditionExpression": (
            "attribute_exists(#stage) AND"
            f" ((doubted = :no AND #stage = :given_up) OR NOT ({within}))"
        ),
        "ExpressionAttributeNames": {"#stage": "stage"},
        "ExpressionAttributeValues": in_expression(values),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }}  # fmt: skip


def bank_file_row(it: BankFile) -> Row:
    """The row of a file."""
    return {
        "key": key_of(it.file_id),
        "about": ALL,
        "listing": UNSETTLED if not it.settled else WAITING if waits(it) else ENDED,
        "listed_at": instant(it.created_at),
        "created_at": instant(it.created_at),
        "created_by": it.created_by,
        "pays_on": it.pays_on.isoformat(),
        "payer": [getattr(it.payer, name) for name in Payer.__slots__],
        "planned": list(it.planned),
        "stage": str(it.stage),
        "version": it.version,
        "lines": [_line_row(line) for line in it.lines],
        "line_ids": [line.transaction_id for line in it.lines],
        "left": [list(pair) for pair in it.left],
        "digest": it.digest,
        "given": [_said_row(said) for said in it.given],
        "taken": _said_row(it.taken) if it.taken else None,
        "proposal": _said_row(it.proposal) if it.proposal else None,
        "ended": _said_row(it.ended) if it.ended else None,
        "returns": [_said_row(said) for said in it.returns],
        "settled": it.settled,
        "doubted": it.doubted,
        "told": [_said_row(said) for said in it.told],
        "opinion": _opinion_row(it.opinion) if it.opinion else None,
        "cleared": [_opinion_row(each) for each in it.cleared],
        "beyond": it.beyond,
    }


def bank_file_from(row: Row) -> BankFile:
    """The file of a row.

    Raises:
        Corrupt: the row is not what a file can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return _bank_file(row)


def _bank_file(row: Row) -> BankFile:
    return BankFile(
        file_id=row["key"].removeprefix(key_of("")),
        created_at=moment(row["created_at"]),
        created_by=row["created_by"],
        pays_on=date.fromisoformat(row["pays_on"]),
        payer=Payer(*row["payer"]),
        planned=tuple(row.get("planned", ())),
        stage=Stage(row["stage"]),
        version=int(row["version"]),
        lines=tuple(_line(each) for each in row.get("lines", ())),
        left=tuple((transaction_id, why) for transaction_id, why in row.get("left", ())),
        digest=row.get("digest", ""),
        given=tuple(_said(each) for each in row.get("given", ())),
        taken=_said(row["taken"]) if row.get("taken") else None,
        proposal=_said(row["proposal"]) if row.get("proposal") else None,
        ended=_said(row["ended"]) if row.get("ended") else None,
        returns=tuple(_said(each) for each in row.get("returns", ())),
        settled=row["settled"],
        doubted=row["doubted"],
        told=tuple(_said(each) for each in row.get("told", ())),
        opinion=_opinion(row["opinion"]) if row.get("opinion") else None,
        cleared=tuple(_opinion(each) for each in row.get("cleared", ())),
        beyond=int(row["beyond"]) if row.get("beyond") is not None else None,
    )


def _line_row(line: Line) -> Row:
    return {
        "id": line.transaction_id,
        "attempt": line.attempt,
        "amount": number(line.amount),
        "changed": list(line.changed),
        "came_back": perhaps_number(line.came_back),
        "why": line.why,
    }


def _line(row: Row) -> Line:
    return Line(
        row["id"], int(row["attempt"]), Money.exactly(row["amount"]), tuple(row.get("changed", ())),
        perhaps_money(row.get("came_back")), row.get("why", ""),
    )  # fmt: skip


def _said_row(said: Said) -> Row:
    return {"by": said.by, "at": instant(said.at), "words": said.words}


def _said(row: Row) -> Said:
    return Said(row["by"], moment(row["at"]), row.get("words", ""))


def _opinion_row(it: Opinion) -> Row:
    return {
        "verdict": str(it.verdict),
        "evidence": it.evidence,
        "by": it.by,
        "at": instant(it.at),
        "agreed": _said_row(it.agreed) if it.agreed else None,
        "about": [_said_row(said) for said in it.about],
    }


def _opinion(row: Row) -> Opinion:
    return Opinion(
        FileVerdict(row["verdict"]), row["evidence"], row["by"], moment(row["at"]),
        _said(row["agreed"]) if row.get("agreed") else None,
        tuple(_said(each) for each in row.get("about", ())),
    )  # fmt: skip
