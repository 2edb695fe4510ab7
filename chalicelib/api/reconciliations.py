"""Nights at the edge: which date to run, how far a run has come, and what it came to.

Figures are shown by their names, sums as amounts. A finding is shown by its id: what it is, and
what became of it since, the findings' own routes tell.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.api.fields import Day
from chalicelib.api.filters import Query
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape, SydneyDate
from chalicelib.api.times import rfc3339
from chalicelib.domain import attestation, report
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.night import Reconciliation, Stage

# Ids of findings in one answer; the report has them all.
MOST_FINDINGS = 1000
WORDS = {
    Stage.OPEN: "What is still open is being asked about.",
    Stage.COMPARED: "The day is being held against the provider's books.",
    Stage.ATTESTED: "What changed on the day is being signed for.",
    Stage.REPORTED: "The report is being written.",
    Stage.DONE: "The night is over.",
}


class NewReconciliation(Said):
    """Which Sydney date to hold against the provider's books."""

    model_config = ConfigDict(json_schema_extra=shown({"date": "2026-03-01"}))
    date: Day = Field(description="A Sydney date that is over, of the last 60 days.")


class ReportQuery(Query):
    """In which form."""

    format: Literal["markdown", "csv"] = Field(
        default="markdown", description="For people, or for a spreadsheet."
    )


class ReconciliationView(Shape):
    """A night's run. `stage` is what is being done, and `done` once nothing is left.

    `counts` and `sums` are its figures by name; they are whole from the stage `attested` on.
    """

    date: SydneyDate
    run: int
    stage: Literal["open", "compared", "attested", "reported", "done"]
    words: str
    counts: dict[str, int]
    sums: dict[str, AmountText]
    currency: str
    opening_balance: AmountText | None
    closing_balance: AmountText | None
    unexplained: AmountText
    findings: int
    root: str | None
    started_at: Moment
    started_by: str
    ended_at: Moment | None


class ReconciliationPage(PageView[ReconciliationView]):
    """Some runs."""


class ReportNames(Shape):
    """Where a run's report lies in the archive."""

    markdown: str
    csv: str


class ReconciliationWithRuns(ReconciliationView):
    """The latest run of a date, with the ids of its findings and the runs before it.

    `report` and `attestation` name objects of the archive, once they are there.
    """

    finding_ids: list[str]
    report: ReportNames | None
    attestation: str | None
    earlier_runs: list[ReconciliationView]


class ReportView(Shape):
    """A run's report, as it lies in the archive."""

    date: SydneyDate
    run: int
    format: Literal["markdown", "csv"]
    name: str
    text: str


def view(it: Reconciliation) -> ReconciliationView:
    """A run as it is now."""
    return ReconciliationView(
        date=it.day.isoformat(), run=it.run, stage=it.stage.value, words=WORDS[it.stage],
        counts=dict(sorted(it.counts.items())),
        sums={name: str(amount) for name, amount in sorted(it.sums.items())}, currency=CURRENCY,
        opening_balance=None if it.opening is None else str(it.opening),
        closing_balance=None if it.closing is None else str(it.closing),
        unexplained=str(it.unexplained), findings=len(it.findings), root=it.root or None,
        started_at=rfc3339(it.started_at), started_by=it.started_by,
        ended_at=None if it.ended_at is None else rfc3339(it.ended_at),
    )  # fmt: skip


def with_runs(it: Reconciliation, earlier: list[Reconciliation]) -> ReconciliationWithRuns:
    """The latest run of a date, and those before it, the newest first."""
    return ReconciliationWithRuns(
        **dict(view(it)),
        finding_ids=list(it.findings[:MOST_FINDINGS]),
        report=names(it) if it.is_over else None,
        attestation=attestation.name_of(it.day) if it.root else None,
        earlier_runs=[view(each) for each in reversed(earlier)],
    )


def names(it: Reconciliation) -> ReportNames:
    """Where a run's report lies, or will."""
    lies = report.names(it.day, it.run)
    return ReportNames(markdown=lies.markdown, csv=lies.csv)


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 3, 17, 0, tzinfo=UTC)
    done = Reconciliation(
        date(2026, 7, 3), 1, at, Stage.DONE,
        counts={"payouts": 3, "agreed": 2, "healed": 1, "findings": 1},
        sums={"paid": Money(30_000), "fees": Money(33)},
        findings=(derived_id("finding", "an example"),),
        opening=Money(1_000_000), closing=Money(969_967), root="5d" * 32,
        ended_at=at + timedelta(seconds=4), started_by="schedule",
    )  # fmt: skip
    lies = names(done)
    told = ReportView(
        date="2026-07-03", run=1, format="csv", name=lies.csv, text="figure,paid,300.00\n"
    )
    return {
        ReconciliationView: [view(done)],
        ReconciliationPage: [ReconciliationPage(data=[view(done)], next_cursor=None)],
        ReconciliationWithRuns: [with_runs(done, [])],
        ReportView: [told],
    }
