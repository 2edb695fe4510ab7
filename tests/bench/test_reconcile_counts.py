"""What a night costs, in calls, pages, reads and writes; never in seconds."""

from __future__ import annotations

from bench.reconcile import night


def test_a_night_of_ten_thousand_asks_twice_reads_few_pages_and_writes_differences_only():
    told = night(10_000)
    assert told["calls"] == 2
    assert told["pages"] <= 5 + 2  # the day itself, and the quiet ones on either side
    assert (told["reads"], told["writes"], told["found"]) == (5, 5, 5)
    assert told["agreed"] == 10_000 - 5
