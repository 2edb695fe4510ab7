"""What must hold of steps before any store writes them, whoever made them: else it is a defect.

And of a payout that is to say less: it is still the same one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.claims import Claims
from chalicelib.domain.intent import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step


def refuse_unsound(steps: Sequence[Step]) -> None:
    """Refuse what is not a chain of consecutive, balanced steps of one payout.

    Raises:
        ValueError: it is not; steps that change nothing are not steps to write.
    """
    if not steps:
        raise ValueError("no step to write")
    if any(later.before != earlier.after for earlier, later in pairwise(steps)):
        raise ValueError("the steps do not follow each other")
    for step in steps:
        version, intent = (step.before.version, step.before.intent) if step.before else (0, None)
        if step.after.version != version + 1:
            raise ValueError("a step leads to the next version")
        if intent is not None and step.after.intent != intent:
            raise ValueError("a step leaves the intent as it is")
        if not ledger.balanced(step.postings):
            raise ValueError("the postings of a step sum to zero")


def refuse_unclaimed(steps: Sequence[Step], claims: Claims | None) -> None:
    """Refuse claims beside later steps, but an approver's, and draws that the payout does not know.

    Raises:
        ValueError: what would be taken could never be given back, or the other way round.
    """
    if steps[0].before is not None:
        if claims is not None and claims != Claims(desk=claims.desk):
            raise ValueError("only a new payout claims anything but an approver's day")
        return
    draws = claims.draws if claims else ()
    drawn = tuple(Drawn(each.key, each.amount, each.count) for each in draws)
    if drawn != steps[0].after.intent.drawn:
        raise ValueError("a payout draws what it knows of")
    _refuse_unlinked(steps[0].after, claims.original if claims else None)


def _refuse_unlinked(new: Payout, original: Step | None) -> None:
    """A redraft and its original name each other, in one transaction."""
    named = new.intent.redraft_of[:1]
    told = (original.after.transaction_id,) if original else ()
    own = original.after.redrafted_as if original else new.transaction_id
    if (named, own) != (told, new.transaction_id):
        raise ValueError("a redraft and its original name each other")
    if original:
        refuse_unsound([original])


def refuse_more(before: Payout, after: Payout) -> None:
    """Refuse what does not merely say less of the same payout, one revision later.

    Texts and the ciphertext may go, objects of the archive may be added; nothing else may change.

    Raises:
        ValueError: it would.
    """
    was, now = before.intent, after.intent
    texts = replace(
        was,
        reference=now.reference and was.reference,
        description=now.description and was.description,
        remitter_name=now.remitter_name and was.remitter_name,
        asked=now.asked,
        kept_digest=now.kept_digest,
    )
    kept = was.destination
    if not now.destination.ciphertext:
        digest = now.destination.ciphertext_digest
        kept = replace(kept, ciphertext=b"", ciphertext_digest=digest)
    expected = replace(
        before, intent=replace(texts, destination=kept), archives=after.archives,
        archived=after.archived, revision=before.revision + 1,
        error_message=after.error_message and before.error_message,
    )  # fmt: skip
    if after != expected or now.digest != was.digest:
        raise ValueError("it is not the same payout, saying less")
    more = after.archives[: len(before.archives)] == before.archives
    if not more or not before.archived <= after.archived <= after.version:
        raise ValueError("what is archived stays archived")
