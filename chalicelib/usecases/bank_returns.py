"""Hear the bank's file of returns: whole or not at all, and by every file of ours that it names.

Lines that are of no file of ours are others', and left alone. What is of one of ours is heard by
that file, whichever it was brought to; of one that was given up it is kept, and is doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.aba import read_returns
from chalicelib.domain.bank_file import HEARD, BankFile, Line, Said, Stage, returned
from chalicelib.domain.errors import Conflict, Corrupt, Fault, RuleBroken, StoreUnavailable
from chalicelib.domain.file_doubt import doubted_by_returns
from chalicelib.usecases.bank_content import RESERVE, Means
from chalicelib.usecases.bank_file import change, existing, go_on
from chalicelib.usecases.bank_word import or_refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chalicelib.domain.aba import Back

# What our references look like: what does not is looked for in no other file.
_OURS = re.compile("P[0-9A-Z]{17}")
PAGE = 100


@dataclass(frozen=True, slots=True)
class _Told:
    """A file of returns: its lines, who brought it and when, and its digest."""

    backs: Sequence[Back]
    said: Said


def hear_returns(file_id: str, *, content: str, by: str, means: Means) -> BankFile:
    """Hear a file of returns; the same one again changes nothing.

    All that it names are looked at before any hears of it. Killed in between, the same again goes
    on: whoever has heard it does not hear it twice.

    Raises:
        NotFound: no such file.
        RuleBroken: everything that is wrong with the file of returns.
        Conflict: nobody was given a file that it names; a file cannot be read that it may name; or
            this one was given up (which is doubted from now on).
        Unavailable: perhaps not all have heard it; again is safe.
    """
    file = existing(means.files, file_id)
    backs, faults = read_returns(content, file.payer.user_id)
    digest = hashlib.sha256(content.encode()).hexdigest()
    told = _Told(backs, Said(by, means.clock.now(), digest))
    if faults:
        _refuse(faults)
    if not any(back.reference in _known(file) for back in backs):
        none = "must tell of payments of this file"
        _refuse([Fault("/content", "none_of_this_file", none)])
    others = _others(file, told, means)
    _refuse_wrong([*others, file], told)
    for other in others:
        change(other.file_id, _hearing(told), files=means.files)
        go_on(other.file_id, means=means)
    return or_refuse(change(file_id, _hearing(told), files=means.files), means)


def _hearing(told: _Told) -> Callable[[BankFile], BankFile | None]:
    def hear(it: BankFile) -> BankFile | None:
        if _has_heard(it, told):
            return None
        _refuse_wrong([it], told)
        lines = _matched(it, told)
        if it.stage is Stage.GIVEN_UP:
            return doubted_by_returns(it, lines, told.said)
        return returned(it, lines, told.said)

    return hear


def _others(file: BankFile, told: _Told, means: Means) -> list[BankFile]:
    """The other files of ours that are named, read by their keys.

    Raises:
        Conflict: one cannot be read, which may be named.
        StoreUnavailable: there was no time to look through all of them.
    """
    known = _known(file)
    open_ = {back.reference for back in told.backs if _OURS.fullmatch(back.reference)} - {*known}
    found: list[BankFile] = []
    unreadable = False
    for each in _all_but(file.file_id, means) if open_ else ():
        if each is None:
            unreadable = True
        elif not open_.isdisjoint(_known(each)):
            found.append(each)
            open_ -= {*_known(each)}
        if not open_:
            break
    if open_ and unreadable:
        raise Conflict("A bank file cannot be read, and these returns may be of it: nothing is.")
    return found


def _all_but(file_id: str, means: Means) -> Iterator[BankFile | None]:
    """Every other file, the newest first; `None` for one that cannot be read."""
    position: Mapping[str, str] | None = None
    while True:
        some = means.files.page(limit=PAGE, position=position)
        for each in some.items:
            if means.time_left() < RESERVE:
                raise StoreUnavailable("There was no time to look through all bank files.")
            if each != file_id:
                yield _or_none(each, means)
        position = some.position
        if position is None:
            return


def _or_none(file_id: str, means: Means) -> BankFile | None:
    try:
        return existing(means.files, file_id)
    except Corrupt:
        return None


def _known(it: BankFile) -> dict[str, Line]:
    return {line.reference: line for line in it.lines}


def _has_heard(it: BankFile, told: _Told) -> bool:
    return any(said.words == told.said.words for said in it.returns)


def _refuse_wrong(files: Sequence[BankFile], told: _Told) -> None:
    """Refuse what any of the files cannot hear, before one has heard it.

    Raises:
        RuleBroken: all that is wrong.
        Conflict: nobody was given one of them.
    """
    faults: list[Fault] = []
    for it in files:
        if _has_heard(it, told):
            continue
        if it.stage not in HEARD | {Stage.GIVEN_UP} or not it.given:
            raise Conflict(f"Nobody was given the file {it.file_id}: the bank cannot know of it.")
        faults += _faults(it, told)
    if faults:
        _refuse(sorted(faults, key=lambda each: each.row or 0))


def _refuse(faults: Sequence[Fault]) -> None:
    raise RuleBroken(faults, "The file of returns is not heard: nothing of it is.")


def _matched(it: BankFile, told: _Told) -> tuple[Line, ...]:
    """The lines of the file with what came back of them."""
    came = {back.reference: back for back in told.backs}
    return tuple(
        replace(line, came_back=came[line.reference].amount, why=came[line.reference].reason)
        if line.reference in came
        else line
        for line in it.lines
    )


def _faults(it: BankFile, told: _Told) -> list[Fault]:
    known, faults = _known(it), []
    count = Counter(back.reference for back in told.backs)  # what others call theirs is not ours
    for back in (each for each in told.backs if each.reference in known):
        line = known[back.reference]
        if count[back.reference] > 1:
            twice = "must not tell of the same payment twice"
            faults.append(Fault("/content", "told_twice", twice, row=back.row))
        if line.amount != back.amount:
            faults.append(Fault("/content", "another_amount", "is not what was paid", row=back.row))
        if line.came_back is not None:
            faults.append(Fault("/content", "told_before", "has come back before", row=back.row))
    return faults
