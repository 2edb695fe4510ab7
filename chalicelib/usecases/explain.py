"""Findings about money that came in: opened by what finds them, resolved by what explains them.

What explains a finding is done before, or done again until it is: an explained difference does not
stay before a person. Never says what a payer wrote.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.casework import resolved
from chalicelib.domain.findings import Finding
from chalicelib.domain.matching import MATCHING, OF_A_RECEIPT
from chalicelib.usecases.findings import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.findings import Kind
    from chalicelib.domain.money import Money
    from chalicelib.ports import Clock, Findings


def wonder(
    kind: Kind,
    subject: str,
    amount: Money,
    *,
    detail: str = "",
    about: str = "",
    findings: Findings,
    clock: Clock,
) -> None:
    """Open a finding about a receipt or a settlement; the same again changes nothing.

    `about` is the settlement that a receipt is held against.
    """
    findings.open(
        Finding(kind, subject, clock.now(), detail=detail, amount=amount, reference=about)
    )


def explain(
    kinds: Iterable[Kind],
    subject: str,
    *,
    reason: str,
    by: str = MATCHING,
    findings: Findings,
    clock: Clock,
) -> None:
    """Resolve those findings about a subject that are open."""
    for kind in kinds:
        own = Finding(kind, subject, clock.now()).finding_id
        in_turn(partial(_end, own, reason=reason, by=by, findings=findings, clock=clock))


def explain_receipt(
    receipt_id: str, *, reason: str, by: str = MATCHING, findings: Findings, clock: Clock
) -> None:
    """Resolve whatever was wondered at about a receipt that is explained now."""
    explain(OF_A_RECEIPT, receipt_id, reason=reason, by=by, findings=findings, clock=clock)


def _end(finding_id: str, *, reason: str, by: str, findings: Findings, clock: Clock) -> None:
    found = findings.get(finding_id)
    if found is not None and found.is_open:
        findings.resolve(resolved(found, reason, by=by, at=clock.now()))
