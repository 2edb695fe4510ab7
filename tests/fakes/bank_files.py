"""Bank files in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import HEARD, BankFile, Stage, waits
from chalicelib.domain.errors import Corrupt, Stale
from chalicelib.domain.events import (
    Asked,
    FileCleared,
    Filed,
    FileDoubted,
    LetGo,
    News,
    Unanswered,
)
from chalicelib.domain.wire import claims
from chalicelib.ports import Page
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step
    from tests.fakes.state import State


def refuse_misfiled(state: State, steps: Sequence[Step]) -> None:
    """Refuse steps about a file that is not at the stage for it. Part of a transaction."""
    for step in steps:
        told = step.event
        file_id = (
            told.file_id if isinstance(told, (Filed, LetGo, News, FileDoubted, FileCleared)) else ""
        )
        if not file_id or isinstance(told, (Asked, Unanswered)):
            continue
        file = state.bank_files.get(file_id)
        if file is None or not _fits(file, step):
            raise Stale("The bank file is not as it was read.")
    if claims(steps):
        claimed = steps[-1].after
        for each in (claimed, *(state.payouts[own] for own in claimed.intent.redraft_of)):
            _refuse_doubted(state, each)


def _refuse_doubted(state: State, payout: Payout) -> None:
    """Refuse to claim what may be paid by a file in which an earlier attempt went, or replaces it.

    What is not in the bytes of a file cannot be.
    """
    for number, file_id in payout.filed:
        file = state.bank_files.get(file_id)
        if number < payout.attempt and (file is None or file.may_pay(payout.transaction_id)):
            raise Stale("The bank file is not as it was read.")


def _fits(file: BankFile, step: Step) -> bool:
    if isinstance(step.event, Filed):
        return file.stage is Stage.OPEN
    if isinstance(step.event, News):
        return file.stage in HEARD
    if isinstance(step.event, (FileDoubted, FileCleared)):
        return file.doubted is isinstance(step.event, FileDoubted)
    ids = {line.transaction_id for line in file.lines}
    fixed = file.stage not in {Stage.OPEN, Stage.CLOSED}
    return file.stage is Stage.GIVEN_UP or (fixed and step.after.transaction_id not in ids)


class MemoryBankFiles:
    """The port `BankFiles`. `unreadable` are ids whose rows cannot be read."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.unreadable: set[str] = set()

    def add(self, file: BankFile) -> None:
        """Store a new file."""
        with self._state.writing():
            before = self._state.bank_files.get(file.file_id)
            if before is not None:
                raise Stale("The bank file's id is taken.")
            self._state.bank_files[file.file_id] = file

    def get(self, file_id: str) -> BankFile | None:
        """The file as it is now."""
        with self._state.reading():
            if file_id in self.unreadable:
                raise Corrupt(f"the row of {file_id}")
            return self._state.bank_files.get(file_id)

    def write(self, file: BankFile) -> None:
        """Store a change in the place of the version before it."""
        with self._state.writing():
            before = self._state.bank_files.get(file.file_id)
            if before is None or before.version != file.version - 1:
                raise Stale("The bank file is not as it was read.")
            self._state.bank_files[file.file_id] = file

    def unsettled(self) -> Iterator[str]:
        """Ids of files with something left to do, the oldest first."""
        return iter([each.file_id for each in self._all() if not each.settled])

    def waiting(self) -> Iterator[str]:
        """Ids of files that wait for a person, or for the bank, the oldest first."""
        yield from self.unsettled()
        yield from [each.file_id for each in self._all() if each.settled and waits(each)]

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[str]:
        """Ids of all files, the newest first."""
        some = paged(
            self._all(), _age, name="bank files", limit=limit, position=position,
            newest_first=True,
        )  # fmt: skip
        return Page([each.file_id for each in some.items], some.position)

    def _all(self) -> list[BankFile]:
        with self._state.reading():
            return sorted(self._state.bank_files.values(), key=_age)


def _age(file: BankFile) -> tuple[str, str]:
    return file.created_at.isoformat(timespec="microseconds"), file.file_id
