"""Nights: what they came to, and a run that somebody asks for."""

from __future__ import annotations

from contextlib import suppress
from datetime import date as calendar_date
from typing import TYPE_CHECKING

from chalicelib.api import log, pages
from chalicelib.api import reconciliations as shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.reconciliations import NewReconciliation, ReportQuery
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import NotFound, PayoutError
from chalicelib.entrance import door
from chalicelib.usecases.night import Means, go_on, start

if TYPE_CHECKING:
    from chalicelib.wiring import World


def means_of(w: World) -> Means:
    """What a night works with."""
    return Means(
        payouts=w.payouts, changes=w.changes, nights=w.nights, day_book=w.day_book,
        receipts=w.receipts, checks=w.account_checks, findings=w.findings, provider=w.provider,
        gate=w.gate, archive=w.archive, signer=w.signer, herald=w.herald, clock=w.clock,
        calendar=w.calendar, patience=w.patience, workbench=lambda: w.workbench,
    )  # fmt: skip


@door("GET /reconciliations", Listing, shapes.ReconciliationPage)
def list_reconciliations(call: Call[Listing], w: World) -> Reply:
    """List the nights' runs, newest first."""
    some = pages.some(
        lambda place: w.nights.page(limit=call.said.limit, position=place), call.position
    )
    return call.page([shapes.view(each) for each in some.items], some.position)


@door("GET /reconciliations/{date}", Nothing, shapes.ReconciliationWithRuns)
def show_reconciliation(_: Call[Nothing], w: World, date: str) -> Reply:
    """Show what the night of a date came to, in its latest run."""
    runs = w.nights.runs(calendar_date.fromisoformat(date))
    if not runs:
        raise NotFound("reconciliation")
    return Reply(shapes.with_runs(runs[-1], list(runs[:-1])))


@door("GET /reconciliations/{date}/report", ReportQuery, shapes.ReportView)
def show_report(call: Call[ReportQuery], w: World, date: str) -> Reply:
    """Show the report of a date's latest run that has one."""
    runs = w.nights.runs(calendar_date.fromisoformat(date))
    done = next((each for each in reversed(runs) if each.is_over), None)
    name = getattr(shapes.names(done), call.said.format) if done else ""
    content = w.archive.get(name) if done else None
    if done is None or content is None:
        raise NotFound("report")
    return Reply(shapes.ReportView(
        date=date, run=done.run, format=call.said.format, name=name, text=content.decode()
    ))  # fmt: skip


def _latest(call: Call[NewReconciliation], w: World) -> Reply:
    runs = w.nights.runs(call.said.date)
    if not runs:
        raise NotFound("reconciliation")
    return Reply(shapes.view(runs[-1]))


@door("POST /reconciliations", NewReconciliation, shapes.ReconciliationView, 202,
      key=Key.OPTIONAL, again=_latest, refuses={422})  # fmt: skip
def run_reconciliation(call: Call[NewReconciliation], w: World) -> Reply:
    """Run the night of a date, or again; one that is unfinished is gone on with."""
    means = means_of(w)
    night = start(call.said.date, by=call.by, means=means)
    log.deed("reconciliation_asked", {
        "request_id": call.request_id, "date": night.day.isoformat(), "run": night.run,
        "principal": call.by,
    })  # fmt: skip
    # What is in its way now, is not in the schedule's for ever: the run is on the agenda.
    with suppress(PayoutError):
        go_on(night, means=means, time_left=call.time_left)
    return Reply(shapes.view(w.nights.get(night.day, night.run) or night))
