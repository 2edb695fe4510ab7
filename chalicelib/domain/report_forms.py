"""A report as Markdown for people and as CSV for spreadsheets.

Whatever came from outside is made harmless: no cell is a formula, no text is markup, and none
breaks out of its row.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.next_steps import age_in_days, next_step, owner
from chalicelib.domain.report import figures, names, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.findings import Finding
    from chalicelib.domain.report import Report

# Rows of a table in Markdown; the CSV has them all.
MOST_ROWS = 200
COLUMNS = (
    "record", "name", "count", "amount", "currency", "finding_id", "status", "subject",
    "transaction_id", "ours", "theirs", "owner", "assigned_to", "found_at", "age_days", "reopened",
    "next_step",
)  # fmt: skip
# Characters that a spreadsheet may take for the beginning of a formula, the wide ones included.
_FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MARKUP = re.compile(r"([\\`*_\[\]!|~<>&])")
_CODE = re.compile(r"[0-9A-Za-z#:/._-]{1,160}")
_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_TABLE = ("what", "about", "ours", "theirs", "amount", "owner", "age in days", "next step")


def markdown(report: Report) -> str:
    """The report for people."""
    night, word = report.night, verdict(report)
    head = [
        f"# Payouts of {night.day.isoformat()}, run {night.run}",
        "",
        f"**{word[:1].upper()}{word[1:]}.** Amounts are in {CURRENCY}.",
        "",
    ]
    return "\n".join([*head, *_figures(report), *_findings(report), *_proof(report)]) + "\n"


def csv_text(report: Report) -> str:
    """The report for spreadsheets (RFC 4180): a row for each figure and for each finding."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, "", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return text.getvalue()


def harmless(value: str) -> str:
    """A cell on one line that no spreadsheet takes for a formula; numbers stay numbers."""
    line = _INVISIBLE.sub(" ", value).strip()
    return f"'{line}" if line[:1] in _FORMULA and not _NUMBER.fullmatch(line) else line


def plain(value: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _MARKUP.sub(r"\\\1", _INVISIBLE.sub(" ", value).strip())


def about(finding: Finding) -> str:
    """The subject of a finding where it is a code; else its id, for somebody may have written it.

    A reference that a stranger chose can be a sentence, and the archive forgets nothing.
    """
    return finding.subject if _CODE.fullmatch(finding.subject) else finding.finding_id


def _rows(report: Report) -> Iterator[dict[str, str]]:
    night = report.night
    for each in figures(night):
        yield _figure_row(each.name, each.count, each.amount)
    yield _figure_row("opening_balance", None, night.opening)
    yield _figure_row("closing_balance", None, night.closing)
    yield {"record": "attestation", "name": "root", "subject": night.root}
    for record, some in (("finding", report.found), ("older_finding", report.older)):
        for finding in some:
            yield {"record": record, **_finding_row(finding, report.made_at)}
    for lost in report.lost:
        yield {"record": "lost_finding", "finding_id": lost}


def _figure_row(name: str, count: int | None, amount: Money | None) -> dict[str, str]:
    return {
        "record": "figure",
        "name": name,
        "count": "" if count is None else str(count),
        "amount": "" if amount is None else str(amount),
        "currency": "" if amount is None else CURRENCY,
    }


def _finding_row(it: Finding, now: datetime) -> dict[str, str]:
    return {
        "name": it.kind.value,
        "amount": "" if it.amount is None else str(it.amount),
        "currency": "" if it.amount is None else CURRENCY,
        "finding_id": it.finding_id,
        "status": "open" if it.is_open else "resolved",
        "subject": about(it),
        "transaction_id": it.transaction_id,
        "ours": it.ours,
        "theirs": it.theirs,
        "owner": owner(it.kind).value,
        "assigned_to": it.assigned_to,
        "found_at": it.found_at.isoformat(timespec="seconds"),
        "age_days": str(age_in_days(it, now)),
        "reopened": str(it.reopened),
        "next_step": next_step(it),
    }


def _figures(report: Report) -> list[str]:
    night = report.night
    lines = ["| figure | how many | amount |", "|---|---:|---:|"]
    lines += [
        f"| {plain(each.label)} | {_count(each.count)} | {_money(each.amount)} |"
        for each in figures(night)
    ]
    return [
        *lines,
        f"| Opening balance | | {_money(night.opening)} |",
        f"| Closing balance | | {_money(night.closing)} |",
        "",
        "Paid, waiting and needs a person count the payouts of this day; what waits in all is at",
        "`GET /payouts` and `GET /attention`. Healed: news that a payout's life allows, and that",
        "the night heard by itself. The opening balance, with all credits and less all debits, is",
        "the closing balance.",
        "",
    ]


def _findings(report: Report) -> list[str]:
    lines = ["## Findings of the night", "", *_table(report.found, report.made_at)]
    if report.lost:
        lines += [f"{len(report.lost)} findings of the night are not stored any more: see the CSV."]
        lines += [""]
    lines += ["## Open since before", "", *_table(report.older, report.made_at)]
    if report.has_more:
        lines += ["There are more of them: `GET /findings` has them all.", ""]
    return lines


def _table(some: Sequence[Finding], now: datetime) -> list[str]:
    if not some:
        return ["None.", ""]
    lines = [f"| {' | '.join(_TABLE)} |", "|---|---|---|---|---:|---|---:|---|"]
    lines += [f"| {' | '.join(_line(each, now))} |" for each in some[:MOST_ROWS]]
    rest = len(some) - MOST_ROWS
    return [*lines, *(["", f"And {rest} more: see the CSV."] if rest > 0 else []), ""]


def _line(it: Finding, now: datetime) -> tuple[str, ...]:
    who = f"{owner(it.kind).value}, {it.assigned_to}" if it.assigned_to else owner(it.kind).value
    again = f", reopened {it.reopened} times" if it.reopened else ""
    what = it.kind.value.replace("_", " ") + ("" if it.is_open else " (resolved)") + again
    return (
        plain(what), plain(about(it)), plain(it.ours), plain(it.theirs), _money(it.amount),
        plain(who), str(age_in_days(it, now)), plain(next_step(it)),
    )  # fmt: skip


def _proof(report: Report) -> list[str]:
    night = report.night
    return [
        "## Proof",
        "",
        f"Attestation root: `{night.root}`" if night.root else "This day is not attested.",
        "",
        f"Made at {report.made_at.isoformat(timespec='seconds')}.",
        "",
        f"The same as rows: `{names(night.day, night.run).csv}`.",
    ]


def _count(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _money(amount: Money | None) -> str:
    """Thousands apart, for people; exact."""
    return "" if amount is None else f"{amount.decimal:,.2f}"
