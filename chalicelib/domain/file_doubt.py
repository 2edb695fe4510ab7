"""The doubt of a bank file: there is word of it although it was given up, and two people end it.

What was told is kept with the doubt, and believed only once two people say that the bank took the
file after all. Refuses to end what nobody has looked at since the last word came.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import BankFile, Line, Opinion, Said, Stage, at_stage
from chalicelib.domain.doubts import FileVerdict
from chalicelib.domain.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime


def doubted_by_word(it: BankFile, said: Said) -> BankFile | None:
    """The file that was given up and that the bank took, as somebody says; `None` if known.

    Raises:
        Conflict: it was not given up, or the bank cannot have it.
    """
    _refuse_impossible(it)
    if any(each.words == said.words for each in it.told):
        return None
    return replace(_doubted(it), told=(*it.told, said))


def doubted_by_returns(it: BankFile, lines: tuple[Line, ...], said: Said) -> BankFile:
    """The file that was given up and of which some came back: kept, and not yet believed.

    Raises:
        Conflict: it was not given up, or the bank cannot have it.
    """
    _refuse_impossible(it)
    return replace(_doubted(it), lines=lines, returns=(*it.returns, said))


def proposed_end(it: BankFile, verdict: FileVerdict, evidence: str, said: Said) -> BankFile:
    """The doubted file with what a first person says became of it, in the place of another's.

    Raises:
        Conflict: it is not in doubt.
    """
    _refuse_certain(it)
    opinion = Opinion(verdict, evidence, said.by, said.at, about=(*it.told, *it.returns))
    return replace(at_stage(it, Stage.GIVEN_UP, Stage.GIVEN_UP), opinion=opinion)


def ended(it: BankFile, opinion: Opinion, by: str, at: datetime) -> BankFile:
    """The file of which two people say the same: taken after all, or given up as it was.

    What came back is believed with the first. With the second nothing of what was told is: should
    it be told again, it is word of a file that was given up.

    Raises:
        Conflict: it is not in doubt.
    """
    _refuse_certain(it)
    agreed = Said(by, at)
    cleared = (*it.cleared, replace(opinion, agreed=agreed))
    if opinion.verdict is FileVerdict.PAID:
        after = at_stage(it, Stage.TAKEN, Stage.GIVEN_UP)
        after = replace(after, taken=Said(by, at, opinion.evidence))
    else:
        lines = tuple(replace(line, came_back=None, why="") for line in it.lines)
        after = at_stage(it, Stage.GIVEN_UP, Stage.GIVEN_UP)
        after = replace(after, lines=lines, returns=())
    return replace(after, doubted=False, told=(), opinion=None, cleared=cleared, settled=False)


def _doubted(it: BankFile) -> BankFile:
    """An opinion is of what was known before: more word makes it void."""
    after = at_stage(it, Stage.GIVEN_UP, Stage.GIVEN_UP)
    return replace(after, doubted=True, opinion=None, settled=False)


def _refuse_impossible(it: BankFile) -> None:
    if not it.lines:
        raise Conflict("There is nothing in the file.")
    if not it.given:
        raise Conflict("Nobody was given the file: the bank cannot have it.")


def _refuse_certain(it: BankFile) -> None:
    if not it.doubted:
        raise Conflict("The file is not in doubt: nothing has to be found out.")
