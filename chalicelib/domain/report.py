"""What a night's report says: its figures, its findings, and where it lies.

Names nobody and shows no account: findings hold codes, references and amounts. What people wrote
about them stays where it is, for a report is kept for seven years and can never be changed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.money import CURRENCY, ZERO, Money
from chalicelib.domain.next_steps import owner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from chalicelib.domain.findings import Finding
    from chalicelib.domain.night import Reconciliation

# What people ask first, in this order: label, name of the figure, and whether it is money, too.
_FIRST = (
    ("Paid", "paid", True),
    ("Waiting", "waiting", True),
    ("Came back", "came_back", True),
    ("Needs a person", "needs_person", False),
    ("Fees", "fees", True),
    ("Received", "received", True),
    ("Payouts looked at", "payouts", False),
    ("In agreement", "agreed", False),
    ("Healed", "healed", False),
    ("Findings", "findings", False),
)
_NAMED = frozenset(name for _, name, _ in _FIRST)
# Then these, where the night has them, and whatever else it has.
_OTHERS = {
    "all_credits": "All credits of the account",
    "all_debits": "All debits of the account",
    "checked": "Cents and fees of account checks",
    "attested": "Payouts signed for",
    "in_flight": "Payouts left to the next night, for they were changing",
    "asked": "Older open payouts that were asked about",
    "answered": "Of these, answered",
    "not_asked": "Of these, without an answer",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Where a report lies in the archive. `summary` is what was told, and is there once it was."""

    markdown: str
    csv: str
    summary: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the night; `None` where it is no count, or no amount."""

    label: str
    name: str
    count: int | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Report:
    """A night's run as it is told. `found` are its findings, `older` those open besides.

    `has_more` says that there are older ones still; `lost` are ids that lead to no finding.
    """

    night: Reconciliation
    made_at: datetime
    found: tuple[Finding, ...] = ()
    older: tuple[Finding, ...] = ()
    has_more: bool = False
    lost: tuple[str, ...] = ()

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """The night's findings that nobody has resolved."""
        return tuple(each for each in self.found if each.is_open)

    @property
    def is_clean(self) -> bool:
        """Whether every cent of the day is explained."""
        return not (self.waiting or self.lost or self.night.unexplained)


def names(day: date, run: int) -> Names:
    """Where the report of a date's run lies."""
    start = f"nights/{day.isoformat()}/report-run-{run}"
    return Names(f"{start}.md", f"{start}.csv", f"{start}.txt")


def figures(night: Reconciliation) -> Iterator[Figure]:
    """Every figure: those that people ask for first, what is unexplained, then all others."""
    for label, name, is_money in _FIRST:
        count = night.counts.get(name, None if is_money else 0)
        yield Figure(label, name, count, night.sums.get(name, ZERO if is_money else None))
    yield Figure("Unexplained", "unexplained", None, night.unexplained)
    others = {*night.counts, *night.sums} - _NAMED
    for name in [*(each for each in _OTHERS if each in others), *sorted(others - _OTHERS.keys())]:
        label = _OTHERS.get(name, name.replace("_", " ").capitalize())
        yield Figure(label, name, night.counts.get(name), night.sums.get(name))


def verdict(report: Report) -> str:
    """The whole night in one short line, plain ASCII."""
    if report.is_clean:
        return "every cent explained"
    count = len(report.waiting) + len(report.lost)
    noun = "finding" if count == 1 else "findings"
    return f"{count} {noun}, unexplained {report.night.unexplained} {CURRENCY}"


def subject(report: Report) -> str:
    """What stands above a summary: at most 100 characters of plain ASCII."""
    night = report.night
    again = f" (run {night.run})" if night.run > 1 else ""
    return f"Payouts {night.day.isoformat()}{again}: {verdict(report)}"


def summary(report: Report) -> str:
    """The figures as a few lines for a message: no name, no account, not even a reference."""
    night = report.night
    lies = names(night.day, night.run)
    first = [each for each in figures(night) if each.name in _NAMED or each.name == "unexplained"]
    lines = [f"{each.label}: {_told(each)}" for each in first]
    lines += [f"Opening balance: {_balance(night.opening)}"]
    lines += [f"Closing balance: {_balance(night.closing)}"]
    kinds = Counter((owner(each.kind).value, each.kind.value) for each in report.waiting)
    lines += [f"For {team}: {kind} ({count})" for (team, kind), count in sorted(kinds.items())]
    older = f"{len(report.older)} or more" if report.has_more else str(len(report.older))
    lines += [f"Open since before: {older}"]
    lines += [f"Attestation root: {night.root or 'none'}"]
    return "\n".join([subject(report), "", *lines, "", f"Report: {lies.markdown} and {lies.csv}"])


def _told(figure: Figure) -> str:
    amount = "" if figure.amount is None else f"{figure.amount} {CURRENCY}"
    count = "" if figure.count is None else str(figure.count)
    return f"{amount} ({count})" if amount and count else amount or count


def _balance(amount: Money | None) -> str:
    return "not known" if amount is None else f"{amount} {CURRENCY}"
