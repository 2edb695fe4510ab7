"""Two people find out what became of a bank file that was given up, and of which there is word.

One proposes with evidence, another one agrees to just that. What they say is written to the file
first, and then to each payout in it: killed in between, the schedule goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import BankFile, Said
from chalicelib.domain.errors import Conflict, Forbidden
from chalicelib.domain.file_doubt import ended, proposed_end
from chalicelib.usecases.bank_file import change, go_on

if TYPE_CHECKING:
    from chalicelib.domain.doubts import FileVerdict
    from chalicelib.usecases.bank_content import Means


def propose(
    file_id: str, *, verdict: FileVerdict, evidence: str, by: str, means: Means
) -> BankFile:
    """Propose what became of a doubted file; it takes the place of what was proposed before.

    Raises:
        NotFound: no such file.
        Conflict: it is not in doubt.
    """

    def to(it: BankFile) -> BankFile | None:
        before = it.opinion
        if before and (before.by, before.verdict, before.evidence) == (by, verdict, evidence):
            return None
        return proposed_end(it, verdict, evidence, Said(by, means.clock.now()))

    change(file_id, to, files=means.files)
    return go_on(file_id, means=means)


def agree(file_id: str, *, verdict: FileVerdict, evidence: str, by: str, means: Means) -> BankFile:
    """Say the same as a second person: `verdict` and `evidence` are what they have read.

    Raises:
        NotFound: no such file.
        Forbidden: proposed by the same person.
        Conflict: nothing is proposed, or something else; or there is more word meanwhile.
    """

    def to(it: BankFile) -> BankFile | None:
        last = it.cleared[-1] if it.cleared and not it.doubted else None
        if last and last.agreed and (last.agreed.by, last.verdict, last.evidence) == (
            by, verdict, evidence,
        ):  # fmt: skip
            return None
        opinion = it.opinion
        if opinion is None or (opinion.verdict, opinion.evidence) != (verdict, evidence):
            raise Conflict("That is not what is proposed: it has to be read first.")
        if opinion.by == by:
            raise Forbidden("Somebody else than its proposer has to agree.")
        return ended(it, opinion, by, means.clock.now())

    change(file_id, to, files=means.files)
    return go_on(file_id, means=means)
