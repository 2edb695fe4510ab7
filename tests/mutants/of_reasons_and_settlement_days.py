"""Mutants of the words about a payout, and of the days on which banks settle."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import SETTLES, WORDS

CALENDAR = "chalicelib/domain/calendar.py"
PATIENCE = "chalicelib/domain/patience.py"
REASONS = "chalicelib/domain/reasons.py"
VOCABULARY = "chalicelib/domain/vocabulary.py"
LISTEN = "chalicelib/usecases/listen.py"
T_CALENDAR = "tests/domain/test_calendar.py::test_"
T_PATIENCE = "tests/domain/test_patience.py::test_"
T_REASONS = "tests/domain/test_reasons.py::test_"
T_VOCABULARY = "tests/domain/test_vocabulary.py::test_"
T_LISTEN = "tests/usecases/test_listen.py::test_"

MUTANTS = (
    Mutant(
        "a payment at the last moment leaves on the day before",
        CALENDAR,
        "(sent_at + DOUBT).astimezone(SYDNEY)",
        "sent_at.astimezone(SYDNEY)",
        SETTLES,
        (T_CALENDAR + "a_direct_credit_leaves_on_a_business_day_before_eight_in_the_evening",),
    ),
    Mutant(
        "daylight saving is overlooked",
        CALENDAR,
        "(sent_at + DOUBT).astimezone(SYDNEY)",
        "(sent_at + DOUBT).astimezone(UTC) + timedelta(hours=10)",
        SETTLES,
        (T_CALENDAR + "a_window_counts_business_days_from_the_day_that_it_leaves_on",),
    ),
    Mutant(
        "a window is that of the asking, not of the sending",
        PATIENCE,
        "payout.sent_at or payout.updated_at, self.window_days",
        "payout.intent.created_at, self.window_days",
        SETTLES,
        (T_PATIENCE + "a_sending_again_starts_the_window_anew",),
    ),
    Mutant(
        "what is not over is paid over another rail",
        REASONS,
        "return replace(meaning, may_retry=False, other_rail_safe=False)",
        "return meaning",
        WORDS,
        (T_REASONS + "what_is_not_over_is_neither_tried_again_nor_paid_over_another_rail",),
    ),
    Mutant(
        "of two meanings the first is believed",
        REASONS,
        "if len(names) == 1 else None",
        "if names else None",
        WORDS,
        (T_REASONS + "what_is_not_known_or_could_be_two_things_is_guessed_by_nobody",),
    ),
    Mutant(
        "a word of a name is kept",
        VOCABULARY,
        "else WORD",
        "else word",
        WORDS,
        (T_VOCABULARY + "only_words_of_the_trade_are_kept",),
    ),
    Mutant(
        "a number of an account is kept",
        VOCABULARY,
        "return NUMBER if any",
        "return word if any",
        WORDS,
        (T_VOCABULARY + "only_words_of_the_trade_are_kept",),
    ),
    Mutant(
        "a text is counted as it was heard",
        LISTEN,
        "words.count(masked(text),",
        "words.count(text,",
        WORDS,
        (T_LISTEN + "a_text_that_nobody_knows_is_counted_masked_with_its_payout",),
    ),
    Mutant(
        "news is lost where nothing can be counted",
        LISTEN,
        "with suppress(Exception):",
        "with suppress(KeyError):",
        WORDS,
        (T_LISTEN + "no_news_is_lost_where_nothing_can_be_counted",),
    ),
)
