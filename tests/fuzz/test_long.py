"""The long forms: one number to be read, a range to be counted, settings that are refused."""

from __future__ import annotations

import pytest

from tests.fuzz.long import CHUNKS, TOTALS, WORK, run, settings


def test_the_long_forms_are_a_million_webhooks_and_a_hundred_thousand_calls():
    assert TOTALS == {"webhooks": 1_000_000, "api": 100_000}
    assert WORK.keys() == TOTALS.keys() == CHUNKS.keys()


@pytest.mark.parametrize("what", WORK)
def test_one_number_is_told_to_be_read(what: str, capsys: pytest.CaptureFixture[str]):
    assert run([what, "--first", "12", "--total", "1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Number 12: ")
    assert "asked -> " in told
    assert told.endswith("Nothing was found.\n")


def test_a_range_is_counted_in_parallel_and_can_go_on(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    words = ["webhooks", "--total", "40", "--chunk", "20", "--processes", "1"]
    assert run(words) == 0
    assert "40 of 40 done (40 now" in capsys.readouterr().out
    assert run(words) == 0
    assert "40 of 40 done (0 now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "one of webhooks, api"),
        (["payouts"], "one of webhooks, api, not 'payouts'"),
        (["--help"], "python -m tests.fuzz.long api"),
    ],
)
def test_what_is_not_one_of_the_two_is_told_so(words: list[str], message: str):
    with pytest.raises(SystemExit, match=message):
        settings(words)


@pytest.mark.parametrize("words", [["--total", "0"], ["--first", "x"], ["--minutes", "0"]])
def test_impossible_settings_are_refused_with_a_message(
    words: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit):
        settings(["api", *words])
    assert "python -m tests.fuzz.long api: error: argument" in capsys.readouterr().err
