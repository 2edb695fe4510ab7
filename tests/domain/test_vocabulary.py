"""What is kept of a bank's text can hold nothing personal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.reason_texts import TEXTS
from chalicelib.domain.reasons import normalised
from chalicelib.domain.vocabulary import LONGEST, masked, vocabulary


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Account of JO CITIZEN (12345678) was merged", "account of … # was merged"),
        ("jo.citizen@example.com is not reachable at 062-000", "… is not reachable at #"),
        ("Ask Mr. O'Brien, tel. 0412 345 678!", "… #"),
        ("SomeNewCodeIsInvalid", "… new code is invalid"),
        ("ＪＯ account ①②", "… account #"),  # noqa: RUF001 (as some keyboards write)
        ("Account 1 2 3 4 5 6", "account #"),
        ("", ""),
        ("...", ""),
    ],
)  # fmt: skip
def test_only_words_of_the_trade_are_kept(text, kept):
    assert masked(text) == kept


@given(st.text(max_size=400))
def test_whatever_is_written_nothing_but_the_vocabulary_and_marks_remains(text):
    kept = masked(text)
    assert len(kept) <= LONGEST
    assert set(kept.split()) <= vocabulary() | {"…", "#"}


@given(st.lists(st.sampled_from(sorted(vocabulary())), max_size=60))
def test_a_long_text_is_cut_between_words(words):
    kept = masked(" ".join(words)).split()
    assert kept == words[: len(kept)]
    assert len(" ".join(kept)) <= LONGEST
    assert len(" ".join(words)) <= LONGEST or len(" ".join(words[: len(kept) + 1])) > LONGEST


def test_the_vocabulary_holds_the_words_of_the_tables_and_no_names():
    assert {word for texts in TEXTS.values() for text in texts for word in text.split()} <= (
        vocabulary()
    )
    assert all(normalised(word) == word for word in vocabulary())
    names = (
        "jo john mary citizen smith jones brown white young king lee grant mark bill will may rich "
        "rose grace faith hope dawn frank jack pat drew dean earl guy ray sue victor brook cook"
    )
    assert not set(names.split()) & vocabulary()
    numbers = {word for word in vocabulary() if any(letter.isdigit() for letter in word)}
    assert all(re.fullmatch("[a-z]{2}[0-9]{2}", word) for word in numbers), "codes of ISO 20022"
