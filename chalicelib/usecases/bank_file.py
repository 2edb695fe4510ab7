"""Make a bank file of payouts that wait, and bring it on: filled, closed, sealed, heard, let go.

Each change is a conditional write, and each can be the last before an interruption: the same
request again, or the schedule, goes on. Which payouts are in a file follows from the payouts as
their keys show them once nobody can be stepped into it any more. One payout's trouble costs only
itself.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import BankFile, Stage, closed, file_id_of, sealed
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    KeyTaken,
    NotFound,
    PayoutError,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.findings import Finding, Kind
from chalicelib.usecases.bank_content import RESERVE, Means, content_of, filled, waiting
from chalicelib.usecases.bank_settle import settle
from chalicelib.usecases.worry import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.aba import Payer
    from chalicelib.domain.calendar import Calendar
    from chalicelib.ports import BankFiles

TRIES = 10


@dataclass(frozen=True, slots=True)
class Exported:
    """The file that a key makes, and whether it was there before."""

    file: BankFile
    replayed: bool


def export(*, key: str, by: str, payer: Payer | None, calendar: Calendar, means: Means) -> Exported:
    """Make a file of what waits and may go into one; the same key goes on with the same file.

    Raises:
        Conflict: the bank is not configured, or nothing waits that could go into a file.
        KeyTaken: the key is somebody else's.
        Unavailable: it may be there; the same key goes on with it.
    """
    file_id = file_id_of(key)
    before = means.files.get(file_id)
    if before is None:
        if payer is None:
            raise Conflict("No bank is configured to make files for: the ABA settings are empty.")
        planned, beyond = waiting(means)
        if not planned:
            # What moved within the index while it was read was seen nowhere: nobody is told that
            # nothing waits by one look.
            planned, beyond = waiting(means)
        if not planned:
            raise Conflict("Nothing waits that could go into a bank file.")
        now = means.clock.now()
        new = BankFile(
            file_id, now, by, calendar.banks.leaves_on(now), payer, planned, beyond=beyond
        )
        try:
            means.files.add(new)
        except Stale:
            before = existing(means.files, file_id)
    if before is not None and before.created_by != by:
        raise KeyTaken("The idempotency key belongs to another principal's file.")
    return Exported(go_on(file_id, means=means), replayed=before is not None)


def existing(files: BankFiles, file_id: str) -> BankFile:
    """The file of that id.

    Raises:
        NotFound: there is none.
    """
    file = files.get(file_id)
    if file is None:
        raise NotFound("bank file")
    return file


def change(
    file_id: str, to: Callable[[BankFile], BankFile | None], *, files: BankFiles
) -> BankFile:
    """The file as it is after a change made on top of whatever others do; `None` changes nothing.

    Raises:
        NotFound: there is none.
        StoreUnavailable: whether it is changed is not known; again is safe.
    """
    for _ in range(TRIES):
        before = existing(files, file_id)
        after = to(before)
        if after is None:
            return before
        try:
            files.write(after)
        except Stale:
            continue
        return after
    raise StoreUnavailable("too many others write this bank file")


def work(*, means: Means) -> Counter[str]:
    """Go on with every file that has something left to do; one's trouble costs only itself.

    It stays on the list of what waits for a person, and what is our own fault is a finding.
    """
    told: Counter[str] = Counter()
    for file_id in means.files.unsettled():
        if means.time_left() < RESERVE:
            told["left_for_next_time"] += 1
            break
        try:
            told[f"bank_file_{go_on(file_id, means=means).stage}"] += 1
        except PayoutError as error:
            told[error.code] += 1
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this file only)
            told[_stuck(file_id, error, means)] += 1
    return told + means.trouble


def _stuck(file_id: str, error: Exception, means: Means) -> str:
    """Put a file before a person that nobody can bring on; one that cannot be read is so anyway."""
    code = code_of(error)
    if not isinstance(error, Corrupt):
        found = Finding(Kind.BANK_FILE_STUCK, file_id, means.clock.now(), detail=code)
        with suppress(PayoutError):  # it is found again in a minute
            means.findings.open(found)
    return code


def go_on(file_id: str, *, means: Means) -> BankFile:
    """Bring a file as far as time allows; it as it is then.

    Raises:
        NotFound: there is none.
        Unavailable: something that it needs does not answer; again goes on from there.
    """
    file = existing(means.files, file_id)
    if file.stage is Stage.OPEN:
        if not filled(file, means):
            return file
        file = change(file_id, _unless(Stage.OPEN, closed), files=means.files)
    if file.stage is Stage.CLOSED:
        if means.time_left() < RESERVE:
            return file
        lines, left, digest = content_of(file, means)
        file = change(
            file_id, _unless(Stage.CLOSED, lambda it: sealed(it, lines, left, digest)),
            files=means.files,
        )  # fmt: skip
    if file.settled or file.stage in {Stage.OPEN, Stage.CLOSED} or not settle(file, means):
        return file
    try:
        done = replace(file, settled=True, version=file.version + 1)
        means.files.write(done)
    except Stale:
        return existing(means.files, file_id)
    return done


def _unless(
    stage: Stage, to: Callable[[BankFile], BankFile]
) -> Callable[[BankFile], BankFile | None]:
    """A change of what is at a stage; whoever was faster has made it."""
    return lambda it: to(it) if it.stage is stage else None
