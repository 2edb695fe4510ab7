"""Let the payouts of a bank file hear what became of it, or go where the bank will never have it.

One payout's trouble costs only itself. Again changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import BankFile, Line, Stage
from chalicelib.domain.errors import Contradiction, PayoutError
from chalicelib.domain.events import Escalated, LetGo
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.usecases.bank_content import RESERVE, Means
from chalicelib.usecases.hear import existing, hear
from chalicelib.usecases.worry import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

FILER = "bank file"


def settle(file: BankFile, means: Means) -> bool:
    """Whether its payouts have heard all that the file tells."""
    over = file.stage is Stage.GIVEN_UP
    todo = [(each, _letting_go(each, "not in its bytes", file, means)) for each, _ in file.left]
    todo += [
        (
            line.transaction_id,
            _letting_go(line.transaction_id, "given up", file, means, alarm=file.doubted)
            if over
            else _telling(line, file, means),
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
    transaction_id: str, why: str, file: BankFile, means: Means, *, alarm: bool = False
) -> Callable[[], None]:
    def let_go() -> None:
        payout = existing(means.payouts, transaction_id)
        now, steps = means.clock.now(), []
        if payout.file_id == file.file_id and payout.status is Status.SENDING:
            event = LetGo(at=now, by=FILER, file_id=file.file_id, why=why)
            steps.append(advance(payout, event))
        if alarm:
            # In the same write, or it could be sent in between.
            told = Escalated(at=now, by=FILER, why=CONTRADICTION)
            step = advance(steps[-1].after if steps else payout, told)
            steps += [step] if step.changes else []
        if steps:
            means.payouts.write(*steps)

    return let_go


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
