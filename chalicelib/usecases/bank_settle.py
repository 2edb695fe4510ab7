"""Let the payouts of a bank file hear what became of it, or go where the bank will never have it.

That a file is in doubt is written to each payout while the file says so, and that it is no more
only once the file says that: whoever comes late with the one finds the other, and writes nothing.

One payout's trouble costs only itself. Again changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import BankFile, Line, Stage
from chalicelib.domain.errors import Contradiction, PayoutError
from chalicelib.domain.events import Escalated, FileCleared, FileDoubted, LetGo
from chalicelib.domain.payout import OPEN, Payout, Status
from chalicelib.usecases.bank_content import RESERVE, Means
from chalicelib.usecases.hear import existing, hear
from chalicelib.usecases.worry import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import Event
    from chalicelib.domain.step import Step

FILER = "bank file"


def settle(file: BankFile, means: Means) -> bool:
    """Whether its payouts have heard all that the file tells."""
    tell = _telling_after_all if file.cleared else _telling
    over = file.stage is Stage.GIVEN_UP
    todo = [(each, _letting_go(each, "not in its bytes", file, means)) for each, _ in file.left]
    todo += [
        (
            line.transaction_id,
            _letting_go(line.transaction_id, "given up", file, means, line=line)
            if over
            else tell(line, file, means),
        )
        for line in file.lines
    ]
    done = True
    for transaction_id, each in todo:
        if means.time_left() < RESERVE:
            return False
        try:
            each()
        except Exception as error:  # noqa: BLE001 (it costs this payout only; the others go on)
            done = False
            _worry(transaction_id, error, means)
    return done


def _worry(transaction_id: str, error: Exception, means: Means) -> None:
    """Count it, and put a payout before a person that cannot hear of its file by our own fault."""
    means.trouble[code_of(error)] += 1
    if isinstance(error, PayoutError):
        return  # it is tried again, and the file is before people until it is done
    with suppress(Exception):
        alarm = Escalated(at=means.clock.now(), by=FILER, why=code_of(error))
        hear(existing(means.payouts, transaction_id), alarm, payouts=means.payouts)


def _letting_go(
    transaction_id: str, why: str, file: BankFile, means: Means, *, line: Line | None = None
) -> Callable[[], None]:
    def let_go() -> None:
        payout = existing(means.payouts, transaction_id)
        steps: list[Step] = []
        if payout.file_id == file.file_id and payout.status is Status.SENDING:
            event = LetGo(at=means.clock.now(), by=FILER, file_id=file.file_id, why=why)
            steps.append(advance(payout, event))
        # In the same write, or it could be sent in between.
        marks = _marks(file, means) if line else []
        steps += _further(steps[-1].after if steps else payout, marks)
        if steps:
            means.payouts.write(*steps)

    return let_go


def _marks(file: BankFile, means: Means) -> list[Event]:
    """What a given-up file tells of its doubt to each payout in its bytes."""
    now = means.clock.now()
    if file.doubted:
        return [FileDoubted(at=now, by=FILER, file_id=file.file_id)]
    return [
        FileCleared(at=now, by=FILER, file_id=file.file_id, verdict=each.verdict)
        for each in file.cleared[-1:]
    ]


def _further(payout: Payout, events: list[Event]) -> list[Step]:
    """The steps of events that change something."""
    steps: list[Step] = []
    for event in events:
        step = advance(payout, event)
        payout = step.after
        steps += [step] if step.changes else []
    return steps


def _telling(line: Line, file: BankFile, means: Means) -> Callable[[], None]:
    def tell() -> None:
        payout = existing(means.payouts, line.transaction_id)
        if payout.file_id != file.file_id:
            return
        news = means.bank.into(file.file_id).status(payout, within=means.time_left())
        if news is None:
            return
        try:
            hear(payout, news, payouts=means.payouts)
        except Contradiction as contradiction:
            alarm = Escalated(at=means.clock.now(), by=FILER, why=contradiction.code)
            hear(payout, alarm, payouts=means.payouts)

    return tell


def _telling_after_all(line: Line, file: BankFile, means: Means) -> Callable[[], None]:
    """The word of a file that two people once gave up, and two others say that the bank took.

    Its payouts waited meanwhile, or went another way: then a person has to look at what is paid
    twice, and as long as that is not over, it is told again.
    """

    def tell() -> None:
        payout = existing(means.payouts, line.transaction_id)
        attempt = replace(payout, attempt=line.attempt)
        news = means.bank.into(file.file_id).status(attempt, within=means.time_left())
        cleared = _marks(replace(file, doubted=False), means)
        try:
            steps = _further(payout, [each for each in (news, *cleared) if each is not None])
        except Contradiction as contradiction:
            alarm = Escalated(at=means.clock.now(), by=FILER, why=contradiction.code)
            hear(payout, alarm, payouts=means.payouts)
            if payout.status in OPEN:
                raise
            return
        if steps:
            means.payouts.write(*steps)

    return tell
