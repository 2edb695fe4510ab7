"""What somebody agrees to, bound to what they saw: any change of that makes it void.

Never by who asked for it, nor by who added the destination that somebody else has to look at, never
twice by the same person, and never by a program. How much one person may agree to within a day is
`approver_day.py`'s.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from chalicelib.domain.assessment import Assessment
from chalicelib.domain.decision import CHANGED, DRAFT, DUPLICATE, NEW, RISK, SHARED, demands
from chalicelib.domain.fallback import untried
from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy import Policy

# Whoever may agree, by the names of their roles, and who never may, whatever else they are.
APPROVING = frozenset({"approver", "admin"})
PROGRAM = "bot"
# Codes of why somebody may not.
MAKER, AGREED, ROLE = "is_its_maker", "has_agreed", "no_approver"
ADDER, REMOVED = "added_its_destination", "destination_removed"
# What a second person overrides, and so has to give a reason for.
WANTS_REASON = frozenset({DUPLICATE, SHARED, RISK})


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word for a payout; `seen` is the digest of what they saw."""

    by: str
    at: datetime
    seen: str


@dataclass(frozen=True, slots=True)
class Seen:
    """All that somebody agrees to. `payee` and `sealed` are digests of a name and a ciphertext.

    `theirs` is whether the destination is still the customer's, `standing` what is known of it.
    `rail` names every rail that it may go by, in order.
    """

    transaction_id: str
    customer_id: str
    payee: str
    destination_id: str
    sealed: str
    theirs: bool
    cents: int
    rail: str
    reference: str
    description: str
    remitter: str
    standing: tuple[str, ...]
    policy_version: int
    needs: int
    why: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 over all of it, with the names of its parts."""
        names = [each.name for each in fields(self)]
        return fingerprint(dict(zip(names, astuple(self), strict=True)))


def seen_of(payout: Payout, customer: Customer, policy: Policy, *, proven: bool) -> Seen:
    """What is to be seen of a payout now. `proven`: a payment has reached its destination."""
    intent = payout.intent
    sealed = hashlib.sha256(intent.destination.ciphertext).hexdigest()
    now = customer.destination(intent.destination.destination_id)
    needs, why = demanded(payout, customer, policy, proven=proven)
    return Seen(
        transaction_id=payout.transaction_id,
        customer_id=customer.customer_id,
        payee=fingerprint(customer.name),
        destination_id=intent.destination.destination_id,
        sealed=sealed,
        theirs=now is not None and hashlib.sha256(now.ciphertext).hexdigest() == sealed,
        cents=intent.amount.cents,
        rail=",".join(map(str, (payout.rail, *untried(payout)))),
        reference=intent.reference,
        description=intent.description,
        remitter=intent.remitter_name,
        standing=_standing(customer, intent.destination.destination_id),
        policy_version=policy.version,
        needs=needs,
        why=why,
    )


def demanded(
    payout: Payout, customer: Customer, policy: Policy, *, proven: bool
) -> tuple[int, tuple[str, ...]]:
    """How many have to agree, and why: what was asked for, and what is demanded today.

    What was found when it was asked for stays found, though the policy may be another one by now.
    """
    thought = payout.intent.assessment or Assessment(policy.version)
    today, why = demands(
        policy,
        amount=payout.intent.amount,
        standing=customer.standing(payout.intent.destination.destination_id),
        proven=proven,
        repeats=DUPLICATE in thought.why,
        score=thought.score,
        drafted=DRAFT in thought.why,
    )
    return max(payout.needs, today, 1), tuple(dict.fromkeys((*thought.why, *why)))


def why_not(by: str, roles: Iterable[str], maker: str, given: Iterable[str] = ()) -> str:
    """The code of why somebody may not agree; empty where they may. `given` are who has agreed."""
    if by == maker:
        return MAKER
    if PROGRAM in roles or not APPROVING.intersection(roles):
        return ROLE
    return AGREED if by in given else ""


def why_not_there(by: str, seen: Seen, customer: Customer) -> str:
    """The code of why somebody may not agree to where it goes; empty where they may.

    Where a second person has to look at the destination, it is not the one who added it: they could
    have anybody else's payout, or a program's, go where they like. Of one that was removed nobody
    can tell who added it.
    """
    if not {NEW, CHANGED}.intersection(seen.why):
        return ""
    if not seen.theirs:
        return REMOVED
    return ADDER if customer.standing(seen.destination_id).added_by == by else ""


def agreed(payout: Payout, seen: str) -> frozenset[str]:
    """Who has agreed to just that; never its maker."""
    given = {each.by for each in payout.approvals if each.seen == seen}
    return frozenset(given - {payout.intent.created_by})


def enough(payout: Payout, seen: Seen) -> bool:
    """Whether as many different people have agreed to just that as have to."""
    return len(agreed(payout, seen.digest)) >= seen.needs


def wants_reason(why: Iterable[str]) -> bool:
    """Whether who agrees has to say why."""
    return bool(WANTS_REASON.intersection(why))


def lapsed(lapses_at: datetime | None, now: datetime) -> bool:
    """Whether nobody can agree any more."""
    return lapses_at is not None and now >= lapses_at


def _standing(customer: Customer, destination_id: str) -> tuple[str, ...]:
    """All but whether a payment has arrived there: that speaks for it only."""
    it = customer.standing(destination_id)
    check = "" if it.check is None else str(it.check.status)
    return (
        it.added_at.isoformat(), it.added_by, str(it.changed), str(it.shared), it.name_check,
        str(it.verified), check,
    )  # fmt: skip
