"""What people do with a bank file: take it to the bank, say that it took it, or that it never will.

Giving the bytes out is recorded before they leave, for from then on the bank may have them. Its
word is heard of nothing that nobody was given; a file that somebody had is given up by two people,
and word of one that was given up is never believed: it goes before a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import (
    BankFile,
    Line,
    Said,
    Stage,
    given_out,
    given_up,
    proposed,
    taken,
)
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerStopped,
    Forbidden,
)
from chalicelib.domain.file_doubt import doubted_by_word
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.pause import stopped_by
from chalicelib.domain.refusals import Paused
from chalicelib.usecases.bank_content import Means, bytes_of
from chalicelib.usecases.bank_file import change, existing, go_on
from chalicelib.usecases.hear import existing as existing_payout

if TYPE_CHECKING:
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
        if it.stage is Stage.GIVEN_UP:
            return doubted_by_word(it, Said(by, means.clock.now(), reference))
        if it.stage is Stage.OUT and sydney_date(means.clock.now()) < it.pays_on:
            raise Conflict(f"The bank pays it on {it.pays_on.isoformat()}: it cannot have yet.")
        return taken(it, Said(by, means.clock.now(), reference))

    return or_refuse(change(file_id, take, files=means.files), means)


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


def or_refuse(after: BankFile, means: Means) -> BankFile:
    """The file brought on; what is told of one that was given up is kept, and not believed.

    Raises:
        Conflict: it was given up.
    """
    file = go_on(after.file_id, means=means)
    if after.stage is Stage.GIVEN_UP:
        raise Conflict("The file was given up: two people have to find out what became of it.")
    return file


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
        doubt = any(existing(means.files, each).may_pay(line.transaction_id) for each in before)
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
