"""What people do with a bank file: take it to the bank, say that it took it, or that it never will.

Giving the bytes out is recorded before they leave, for from then on the bank may have them. Its
word is heard of nothing that nobody was given; a file that somebody had is given up by two people,
and word of one that was given up is never believed: it goes before a person.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from chalicelib.domain.aba import read_returns
from chalicelib.domain.bank_file import (
    HEARD,
    BankFile,
    Line,
    Said,
    Stage,
    doubted,
    given_out,
    given_up,
    proposed,
    returned,
    taken,
)
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerStopped,
    Fault,
    Forbidden,
    RuleBroken,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.pause import stopped_by
from chalicelib.domain.refusals import Paused
from chalicelib.usecases.bank_content import Means, bytes_of
from chalicelib.usecases.bank_file import change, existing, go_on
from chalicelib.usecases.hear import existing as existing_payout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.aba import Back
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Pauses


def give_out(file_id: str, *, by: str, pauses: Pauses, means: Means) -> str:
    """The bytes of a sealed file, the same each time; that somebody has them is written first.

    Raises:
        NotFound: no such file.
        Conflict: it is not sealed, its date is over, it cannot be made as it was, or a customer
            in it cannot be read.
        CustomerStopped: a customer in it is.
        Paused: a pause covers a payout in it.
        Unavailable: nothing was given.
    """
    file = existing(means.files, file_id)
    _refuse_unfit(file, means)
    text = _readable(file, means)
    _refuse_kept_back(file, pauses, means)

    def give(it: BankFile) -> BankFile:
        _refuse_unfit(it, means)
        return given_out(it, Said(by, means.clock.now()))

    change(file_id, give, files=means.files)
    # Once more: what was said before that was written is not overtaken by the bytes.
    _refuse_kept_back(file, pauses, means)
    return text


def confirm(file_id: str, *, reference: str, by: str, means: Means) -> BankFile:
    """Hear that the bank took the file, as a person says; `reference` is the bank's own.

    Raises:
        NotFound: no such file.
        Conflict: nobody was given it, it was given up (which is doubted from now on), its date has
            not come, or somebody said otherwise.
    """

    def take(it: BankFile) -> BankFile | None:
        if it.taken is not None and it.taken.words == reference:
            return None
        if it.stage is Stage.GIVEN_UP and it.lines and not it.given:
            raise Conflict("Nobody was given the file: the bank cannot have taken it.")
        if it.stage is Stage.GIVEN_UP:
            return _doubted(it)
        if it.stage is Stage.OUT and sydney_date(means.clock.now()) < it.pays_on:
            raise Conflict(f"The bank pays it on {it.pays_on.isoformat()}: it cannot have yet.")
        return taken(it, Said(by, means.clock.now(), reference))

    return _or_doubt(change(file_id, take, files=means.files), means)


def hear_returns(file_id: str, *, content: str, by: str, means: Means) -> BankFile:
    """Hear the bank's file of returns, whole or not at all; the same one again changes nothing.

    Lines of other files are none of this one's, and left alone.

    Raises:
        NotFound: no such file.
        RuleBroken: everything that is wrong with the file of returns.
        Conflict: nobody was given the file, or it was given up (which is doubted from now on).
    """
    digest = hashlib.sha256(content.encode()).hexdigest()

    def hear(it: BankFile) -> BankFile | None:
        if any(said.words == digest for said in it.returns):
            return None
        if it.stage not in HEARD | {Stage.GIVEN_UP}:
            raise Conflict("Nobody was given the file: the bank cannot know of it.")
        lines = _matched(it, content)
        if it.stage is Stage.GIVEN_UP:
            return _doubted(it)
        return returned(it, lines, Said(by, means.clock.now(), digest))

    return _or_doubt(change(file_id, hear, files=means.files), means)


def give_up(file_id: str, *, reason: str, by: str, means: Means) -> BankFile:
    """Give a file up that nobody was given; propose it, with evidence, where somebody was.

    Raises:
        NotFound: no such file.
        Conflict: it is being made, the bank has told of it, or something else is proposed.
    """

    def end(it: BankFile) -> BankFile | None:
        if it.stage is Stage.GIVEN_UP:
            return None
        said = Said(by, means.clock.now(), reason)
        if it.stage is not Stage.OUT:
            return given_up(it, said)
        if it.proposal is None:
            return proposed(it, said)
        if (it.proposal.by, it.proposal.words) == (by, reason):
            return None
        raise Conflict("Somebody has proposed it already: another person agrees, or nobody does.")

    change(file_id, end, files=means.files)
    return go_on(file_id, means=means)


def agree_to_give_up(file_id: str, *, reason: str, by: str, means: Means) -> BankFile:
    """Give a file up that somebody was given, as a second person; `reason` is what they have read.

    Raises:
        NotFound: no such file.
        Forbidden: proposed by the same person.
        Conflict: nothing is proposed, or something else; or the bank has told of it meanwhile.
    """

    def end(it: BankFile) -> BankFile | None:
        if it.stage is Stage.GIVEN_UP:
            return None
        if it.proposal is None or it.proposal.words != reason:
            raise Conflict("That is not what is proposed: it has to be read first.")
        if it.proposal.by == by:
            raise Forbidden("Somebody else than its proposer has to agree.")
        return given_up(it, Said(by, means.clock.now(), reason))

    change(file_id, end, files=means.files)
    return go_on(file_id, means=means)


def _doubted(it: BankFile) -> BankFile | None:
    """Word of a file that was given up: its payouts may have been paid, and are paid anew."""
    if not it.lines:
        raise Conflict("There is nothing in the file.")
    return None if it.doubted else doubted(it)


def _or_doubt(after: BankFile, means: Means) -> BankFile:
    """The file brought on; of one that was given up nothing is heard.

    Raises:
        Conflict: it was given up.
    """
    file = go_on(after.file_id, means=means)
    if after.stage is Stage.GIVEN_UP:
        _refuse_doubted()
    return file


def _refuse_doubted() -> NoReturn:
    raise Conflict("The file was given up: what became of its payouts a person has to find out.")


def _refuse_unfit(it: BankFile, means: Means) -> None:
    if it.stage not in {Stage.SEALED, Stage.OUT}:
        raise Conflict(f"The file is {it.stage}: its bytes are not given.")
    if sydney_date(means.clock.now()) > it.pays_on:
        raise Conflict("The date of the file is over: it has to be given up.")


def _readable(file: BankFile, means: Means) -> str:
    try:
        return bytes_of(file, means=means)
    except Corrupt:
        raise Conflict("A payout in the file cannot be read: give the file up.") from None


def _refuse_kept_back(file: BankFile, pauses: Pauses, means: Means) -> None:
    standing, stopped = pauses.standing(), dict[str, bool]()
    for line in file.lines:
        payout = _calm(line, means)
        if stopped_by(standing, payout):
            raise Paused
        whose = payout.intent.customer_id
        if whose not in stopped:
            stopped[whose] = _is_stopped(whose, means)
        if stopped[whose]:
            raise CustomerStopped


def _calm(line: Line, means: Means) -> Payout:
    """The payout of a line, of which nothing is heard that would mean that it was paid before."""
    try:
        payout = existing_payout(means.payouts, line.transaction_id)
        before = [each for number, each in payout.filed if number < line.attempt]
        doubt = any(existing(means.files, each).doubted for each in before)
    except Corrupt:
        raise Conflict("A payout in the file cannot be read: give the file up.") from None
    if doubt or payout.needs_person == CONTRADICTION:
        raise Conflict("What was heard of a payout in it cannot be true: give the file up.")
    return payout


def _is_stopped(customer_id: str, means: Means) -> bool:
    try:
        customer = means.customers.get(customer_id)
    except Corrupt:
        raise Conflict("A customer in the file cannot be read: give the file up.") from None
    return customer is None or bool(customer.stopped)


def _matched(it: BankFile, content: str) -> tuple[Line, ...]:
    """The lines of the file with what came back of them.

    Raises:
        RuleBroken: all that is wrong.
    """
    backs, faults = read_returns(content, it.payer.user_id)
    known = {line.reference: line for line in it.lines}
    mine = [back for back in backs if back.reference in known]
    if not faults:
        faults = _faults(mine, known)
    if faults:
        raise RuleBroken(faults, "The file of returns is not heard: nothing of it is.")
    came = {back.reference: back for back in mine}
    return tuple(
        replace(line, came_back=came[line.reference].amount, why=came[line.reference].reason)
        if line.reference in came
        else line
        for line in it.lines
    )


def _faults(mine: Sequence[Back], known: dict[str, Line]) -> list[Fault]:
    if not mine:
        return [Fault("/content", "none_of_this_file", "must tell of payments of this file")]
    faults = []
    told = Counter(back.reference for back in mine)  # what others call theirs is their affair
    for back in mine:
        line = known[back.reference]
        if told[back.reference] > 1:
            twice = "must not tell of the same payment twice"
            faults.append(Fault("/content", "told_twice", twice, row=back.row))
        if line.amount != back.amount:
            faults.append(Fault("/content", "another_amount", "is not what was paid", row=back.row))
        if line.came_back is not None:
            faults.append(Fault("/content", "told_before", "has come back before", row=back.row))
    return faults
