"""What a night's report says, to people, to spreadsheets and in a message."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation
from chalicelib.domain.report import Names, Report, figures, names, subject, summary, verdict
from chalicelib.domain.report_forms import (
    COLUMNS,
    MOST_ROWS,
    csv_text,
    harmless,
    markdown,
    plain,
)
from tests.fakes.clock import START

DAY = date(2026, 3, 2)
PAYOUT = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
NIGHT = Reconciliation(
    DAY, 1, START, counts={"payouts": 9, "agreed": 8, "healed": 1, "healed_confirmed": 1},
    sums={"paid": Money(123_456_789), "waiting": Money(5), "fees": Money(33)},
    opening=Money(200_000_000), closing=Money(-1), root="ab" * 32,
)  # fmt: skip
WRONG = Finding(
    Kind.AMOUNT_DIFFERS, f"{PAYOUT}-1", START - timedelta(days=3), amount=Money(1_000),
    ours="100.00", theirs="110.00", assigned_to="anna-7", reopened=2,
)  # fmt: skip
STRANGE = Finding(Kind.UNEXPLAINED_DEBIT, "T100", START, amount=Money(-12_345))
OLD = Finding(Kind.RECEIPT_LATE, "N7", START - timedelta(days=30))


def made(*found: Finding, night: Reconciliation = NIGHT, **more) -> Report:
    return Report(night, START, found=found, **more)


def rows_of(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(report), newline="")))


def test_it_lies_beside_the_nights_other_papers_by_date_and_run():
    start = "nights/2026-03-02/report-run-3"
    assert names(DAY, 3) == Names(f"{start}.md", f"{start}.csv", f"{start}.txt")


def test_the_figures_that_people_ask_for_come_first_and_none_is_left_out():
    told = list(figures(NIGHT))
    assert [each.label for each in told] == [
        "Paid", "Waiting", "Came back", "Needs a person", "Fees", "Received", "Payouts looked at",
        "In agreement", "Healed", "Findings", "Unexplained", "Healed confirmed",
    ]  # fmt: skip
    by_name = {each.name: (each.count, each.amount) for each in told}
    assert by_name["paid"] == (None, Money(123_456_789))
    assert by_name["came_back"] == (None, Money(0))
    assert by_name["needs_person"] == (0, None)
    assert by_name["unexplained"] == (None, Money(0))
    assert by_name["healed_confirmed"] == (1, None)
    told = list(figures(replace(NIGHT, sums={"odd": Money(3)}, counts={"paid": 2})))
    assert told[0].count == 2
    assert (told[-1].name, told[-1].count, told[-1].amount) == ("odd", None, Money(3))


def test_a_clean_night_says_that_every_cent_is_explained():
    assert verdict(made()) == "every cent explained"
    assert subject(made()) == "Payouts 2026-03-02: every cent explained"
    assert "**Every cent explained.**" in markdown(made())
    assert "| Unexplained | | 0.00 |" in markdown(made()).replace("|  |", "| |")
    assert "Unexplained: 0.00 AUD" in summary(made())


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (made(WRONG), "1 finding, unexplained 0.00 AUD"),
        (made(WRONG, STRANGE, lost=("f-1",)), "3 findings, unexplained 0.00 AUD"),
        (made(lost=("f-1",)), "1 finding, unexplained 0.00 AUD"),
        (
            made(night=replace(NIGHT, unexplained=Money(12_345))),
            "0 findings, unexplained 123.45 AUD",
        ),
    ],
)
def test_a_night_with_anything_open_is_not_clean(report: Report, word: str):
    assert verdict(report) == word
    assert word in markdown(report)


def test_what_was_resolved_already_waits_for_nobody():
    ended = replace(WRONG, resolved_at=START, resolved_by="anna", reason="Jo wrote to us.")
    report = made(ended)
    assert verdict(report) == "every cent explained"
    assert "amount differs (resolved)" in markdown(report)
    assert rows_of(report)[-1]["status"] == "resolved"
    # What people write about findings may hold anything, and the archive forgets nothing.
    assert "Jo" not in markdown(report) + csv_text(report) + summary(report)


def test_a_message_is_short_and_ascii_and_tells_no_reference():
    night = replace(NIGHT, run=12, unexplained=Money(10**14))
    report = made(*[replace(WRONG, subject=str(each)) for each in range(9_999)], night=night)
    assert subject(report).startswith("Payouts 2026-03-02 (run 12): 9999 findings, unexplained ")
    assert len(subject(report)) < 100
    assert subject(report).isascii()
    report = made(WRONG, STRANGE, older=(OLD,))
    assert summary(report).splitlines() == [
        "Payouts 2026-03-02: 2 findings, unexplained 0.00 AUD",
        "",
        "Paid: 1234567.89 AUD",
        "Waiting: 0.05 AUD",
        "Came back: 0.00 AUD",
        "Needs a person: 0",
        "Fees: 0.33 AUD",
        "Received: 0.00 AUD",
        "Payouts looked at: 9",
        "In agreement: 8",
        "Healed: 1",
        "Findings: 0",
        "Unexplained: 0.00 AUD",
        "Opening balance: 2000000.00 AUD",
        "Closing balance: -0.01 AUD",
        "For finance: amount_differs (1)",
        "For finance: unexplained_debit (1)",
        "Open since before: 1",
        f"Attestation root: {'ab' * 32}",
        "",
        "Report: nights/2026-03-02/report-run-1.md and nights/2026-03-02/report-run-1.csv",
    ]


def test_a_message_says_what_is_not_known():
    night = replace(NIGHT, opening=None, root="", counts={"paid": 3})
    told = summary(made(night=night, older=(OLD,), has_more=True))
    assert "Opening balance: not known" in told
    assert "Attestation root: none" in told
    assert "Open since before: 1 or more" in told
    assert "Paid: 1234567.89 AUD (3)" in told


def test_people_see_both_sides_who_has_it_how_old_it_is_and_what_to_do():
    text = markdown(made(WRONG, older=(OLD,)))
    (line,) = [each for each in text.splitlines() if each.startswith("| amount differs")]
    assert [cell.strip() for cell in line.strip("|").split("|")] == [
        "amount differs, reopened 2 times", f"{PAYOUT}-1", "100.00", "110.00", "10.00",
        "finance, anna-7", "3",
        "Hold the provider's lines against ours, and settle the difference with them.",
    ]  # fmt: skip
    assert "| Paid |  | 1,234,567.89 |" in text
    assert "| Closing balance | | -0.01 |" in text
    assert f"`{'ab' * 32}`" in text
    assert text.index("## Open since before") < text.index("receipt late")


def test_people_see_what_there_is_not():
    text = markdown(made(night=replace(NIGHT, root="", opening=None), lost=("f-1",), has_more=True))
    assert "This day is not attested." in text
    assert "1 findings of the night are not stored any more" in text
    assert "There are more of them" in text
    assert text.count("None.") == 2


def test_a_very_long_table_ends_and_says_so():
    many = [replace(STRANGE, subject=f"T{each}") for each in range(MOST_ROWS + 7)]
    text = markdown(made(*many))
    assert text.count("| unexplained debit |") == MOST_ROWS
    assert "And 7 more: see the CSV." in text
    assert len([row for row in rows_of(made(*many)) if row["record"] == "finding"]) == len(many)


def test_a_spreadsheet_has_a_row_for_each_figure_and_each_finding():
    rows = rows_of(made(WRONG, older=(OLD,), lost=("f-1",)))
    assert rows[0].keys() == set(COLUMNS)
    told = {row["name"]: row for row in rows if row["record"] == "figure"}
    assert (told["paid"]["amount"], told["paid"]["currency"]) == ("1234567.89", "AUD")
    assert (told["closing_balance"]["amount"], told["agreed"]["count"]) == ("-0.01", "8")
    assert rows[-4] | {"subject": "ab" * 32} == rows[-4]
    assert rows[-3] == dict.fromkeys(COLUMNS, "") | {
        "record": "finding", "name": "amount_differs", "amount": "10.00", "currency": "AUD",
        "finding_id": WRONG.finding_id, "status": "open", "subject": f"{PAYOUT}-1",
        "transaction_id": PAYOUT, "ours": "100.00", "theirs": "110.00", "owner": "finance",
        "assigned_to": "anna-7", "found_at": "2026-02-27T01:00:00+00:00", "age_days": "3",
        "reopened": "2",
        "next_step": "Hold the provider's lines against ours, and settle the difference with them.",
    }  # fmt: skip
    assert (rows[-2]["record"], rows[-2]["name"]) == ("older_finding", "receipt_late")
    assert (rows[-2]["amount"], rows[-2]["currency"]) == ("", "")
    assert (rows[-1]["record"], rows[-1]["finding_id"]) == ("lost_finding", "f-1")


def test_a_spreadsheet_is_read_whatever_a_text_holds():
    odd = replace(WRONG, ours='a,"b"\r\n=c;d', theirs="=1+1")
    text = csv_text(made(odd))
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    (row,) = [each for each in rows_of(made(odd)) if each["record"] == "finding"]
    assert (row["ours"], row["theirs"]) == ('a,"b" =c;d', "'=1+1")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""), ("-5.00", "-5.00"), ("7", "7"), ("12.5", "12.5"), ("T-7", "T-7"),
        ("=1", "'=1"), ("+1", "'+1"), ("-1-1", "'-1-1"), ("@x", "'@x"), ("\t=1", "'=1"),
        (" =1", "'=1"), ("\u200b=1", "'=1"), ("\uff1d1", "'\uff1d1"), ("%x", "'%x"), ("|x", "'|x"),
        ("a\nb", "a b"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_and_numbers_stay_numbers(text: str, shown: str):
    assert harmless(text) == shown


def test_no_text_from_outside_is_markup():
    odd = "a|b\n<script>[x](http://x)`*_~&! \u202e"
    assert plain(odd) == r"a\|b \<script\>\[x\](http://x)\`\*\_\~\&\!"
    text = markdown(made(replace(WRONG, ours=odd, theirs=odd, assigned_to="x|y")))
    (line,) = [each for each in text.splitlines() if each.startswith("| amount differs")]
    assert line.replace(r"\|", "").count("|") == 9
    assert "<script>" not in text


def test_a_reference_that_somebody_worded_is_not_kept_for_seven_years():
    worded = replace(WRONG, subject="rent of Jo/0f34")
    told = markdown(made(worded)) + csv_text(made(worded)) + summary(made(worded))
    assert "Jo" not in told
    assert worded.finding_id in told
