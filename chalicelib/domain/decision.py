"""Whether a payout may be, who has to agree to it first, and what it takes: by the policy alone.

Pure, of what one reading told. Nothing is decided here that a race could make untrue: what is
taken is claimed with the first write as it was read, or it is decided again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import allowance, risk, twins
from chalicelib.domain.approver_day import beyond_anybody
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import Fault
from chalicelib.domain.intent import Drawn
from chalicelib.domain.twins import Twin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.allowance import Spent
    from chalicelib.domain.habits import Habits
    from chalicelib.domain.money import Money
    from chalicelib.domain.policy import Policy
    from chalicelib.domain.standing import Standing

# Why somebody else has to agree.
AMOUNT, DUPLICATE, SHARED, RISK, DRAFT = (
    "amount", "duplicate", "shared_destination", "risk", "drafted_by_bot"
)  # fmt: skip
NEW, CHANGED = "new_destination", "changed_destination"
ONE_PERSON = "somebody has to agree, and one person"


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for. `drafted` where the principal may only draft, as a bot does."""

    transaction_id: str
    customer_id: str
    amount: Money
    reference: str
    by: str
    at: datetime
    drafted: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What was read. `repeated` is whether `twin` was paid, or may yet be."""

    policy: Policy
    standing: Standing
    habits: Habits
    spent: Mapping[str, Spent]
    twin: Twin | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of it. With faults it may not be; else `assessment` says who has to agree."""

    assessment: Assessment
    claims: Claims
    faults: tuple[Fault, ...] = ()

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """What the payout takes of its date's allowances."""
        return tuple(Drawn(each.key, each.amount, each.count) for each in self.claims.draws)


def decide(case: Case, known: Known) -> Decision:
    """Every rule of the policy at once."""
    policy, standing = known.policy, known.standing
    draws, faults = allowance.draw(
        case.amount, transaction_id=case.transaction_id, customer_id=case.customer_id, by=case.by,
        day=sydney_date(case.at), verified=standing.verified, limits=policy.limits,
        spent=known.spent,
    )  # fmt: skip
    today = known.spent.get(allowance.keys(case.customer_id, case.by, sydney_date(case.at))[0])
    signals = risk.signals(risk.Circumstances(case.amount, case.at, known.habits, standing, today))
    score = risk.score(signals, policy.risk)
    repeats = known.repeated and twins.is_repeat(known.twin, case.at, policy.duplicate_days)
    proven = standing.destination_id in known.habits.proven
    needs, why = demands(
        policy, amount=case.amount, standing=standing, proven=proven, repeats=repeats, score=score,
        drafted=case.drafted,
    )  # fmt: skip
    faults = (*faults, *_destination_faults(case, known, proven=proven))
    if needs:
        most = policy.approvals.approver_day
        faults = (*faults, *beyond_anybody(case.amount, most, ONE_PERSON))
    if risk.judge(score, policy.risk) is risk.Risk.BLOCKED:
        fired = ", ".join(name for name, _ in signals)
        faults = (*faults, Fault("", "risk_blocked", f"is too risky, by these rules: {fired}"))
    assessment = Assessment(
        policy.version, score, signals, needs, why, standing.name_check,
        "verified" if standing.verified else "unverified",
        known.twin.transaction_id if known.twin is not None and repeats else "",
        *_evidence(standing),
    )  # fmt: skip
    return Decision(assessment, _claims(case, known, draws), faults)


def demands(
    policy: Policy, *, amount: Money, standing: Standing, proven: bool, repeats: bool, score: int,
    drafted: bool,
) -> tuple[int, tuple[str, ...]]:  # fmt: skip
    """How many other people have to agree, and the codes of all that demands it."""
    rules = policy.approvals
    destination = policy.changed_destination if standing.changed else policy.new_destination
    asked = {
        AMOUNT: 2 if amount > rules.two_above else int(amount > rules.one_above),
        CHANGED if standing.changed else NEW: 0 if proven else destination.approvers,
        DUPLICATE: int(repeats),
        SHARED: int(standing.shared > 0 and policy.duplicate_days > 0),
        RISK: int(risk.judge(score, policy.risk) is not risk.Risk.ALLOWED),
        DRAFT: int(drafted),
    }
    return max(asked.values()), tuple(code for code, needs in asked.items() if needs)


def _evidence(standing: Standing) -> tuple[str, str]:
    """Which check says how well it is known, and the mask of the name that it told."""
    return (standing.check.identifier, standing.check.owner) if standing.check else ("", "")


def _destination_faults(case: Case, known: Known, *, proven: bool) -> tuple[Fault, ...]:
    """Until a payment has arrived there, it waits and is small."""
    if proven:
        return ()
    policy, standing = known.policy, known.standing
    rules = policy.changed_destination if standing.changed else policy.new_destination
    faults = []
    payable = standing.added_at + timedelta(hours=rules.cooling_hours)
    if case.at < payable:
        when = payable.isoformat(timespec="seconds").replace("+00:00", "Z")
        faults.append(
            Fault("/destination_id", "cooling_off", f"was added lately: it is paid from {when} on")
        )
    if case.amount > rules.first_most:
        most = f"must be at most {rules.first_most} until a payment has arrived there"
        faults.append(Fault("/amount", "first_payment_limit", most))
    return tuple(faults)


def _claims(case: Case, known: Known, draws: tuple[allowance.Draw, ...]) -> Claims:
    twin = None
    if known.policy.duplicate_days:
        key = twins.twin_key(case.customer_id, case.amount, case.reference)
        twin = Twin(key, case.transaction_id, case.at)
    return Claims(draws=draws, twin=twin, before_it=known.twin, habits=known.habits)
