"""Are two names the same person's? A verdict from their words, in any order, with small slips.

Refuses to guess: names in two scripts, or without a letter, are compared with nothing. Keeps and
tells neither name. How far two words are apart is asked of a function that the caller brings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    # How many letters of one word must change to make the other.
    Distance = Callable[[str, str], int]


class NameMatch(StrEnum):
    """What comparing a name with the registered one says."""

    MATCH = "match"
    CLOSE = "close"  # a slip, an initial, one of two joint owners: a person looks
    NO_MATCH = "no_match"
    UNKNOWN = "unknown"  # there is nothing to compare


# What a name may have before it, and what a company's may have around it.
TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "sir", "dame", "rev",
    "reverend", "hon",
})  # fmt: skip
FORMS = frozenset({
    "pty", "ltd", "limited", "proprietary", "co", "company", "inc", "incorporated", "corp",
    "corporation", "plc", "nl",
})  # fmt: skip
# What joins names, and what says for whom an account is held.
LINKS = frozenset({"and", "und", "the", "trustee", "trustees", "for", "as", "atf"})
_LEFT_OUT = TITLES | FORMS | LINKS
_TRADING = re.compile(r"\bt/a\b|\btrading as\b")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
# Letters that are no letter with an accent to Unicode.
_OTHER_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
# From this class of Unicode's on a mark is an accent; those below make other letters.
_ACCENTS = 10
# From so many letters on the longer of two words may have so many slips, if both have three.
_SLIPS = ((7, 2), (4, 1))
_LEAST = 3


def compare(ours: str, registered: str, *, distance: Distance) -> NameMatch:
    """How the name that we have goes with the registered one."""
    one, two = words_of(ours), words_of(registered)
    if not one or not two or _scripts(one) != _scripts(two):
        return NameMatch.UNKNOWN
    if "".join(one) == "".join(two):
        return NameMatch.MATCH
    return _verdict(_pair(one, two, distance))


def words_of(name: str) -> list[str]:
    """The words of a name that tell it from others, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_OTHER_LETTERS)
    plain = "".join(letter for letter in plain if unicodedata.combining(letter) < _ACCENTS)
    plain = _APOSTROPHES.sub("", _TRADING.sub(" ", unicodedata.normalize("NFC", plain)))
    words = "".join(letter if _in_words(letter) else " " for letter in plain).split()
    telling = [word for word in words if word not in _LEFT_OUT]
    return telling or words


@dataclass(slots=True)
class _Pairs:
    """How many words went together in what way, and the words of each name that found none."""

    exact: int
    slips: int
    initials: int
    ours: list[str]
    theirs: list[str]


def _pair(ours: list[str], theirs: list[str], distance: Distance) -> _Pairs:
    ours, theirs = list(ours), list(theirs)
    exact = _take(ours, theirs, str.__eq__)
    if ours and "".join(ours) == "".join(theirs):  # `De Luca`, and `Deluca`
        return _Pairs(exact + 1, 0, 0, [], [])
    slips = _take(ours, theirs, lambda one, two: _is_slip(one, two, distance))
    initials = _take(ours, theirs, _is_initial)
    return _Pairs(exact, slips, initials, ours, theirs)


def _take(ours: list[str], theirs: list[str], goes: Callable[[str, str], bool]) -> int:
    """Take out words that go together, each once; how many did."""
    taken = 0
    for word in list(ours):
        other = next((each for each in theirs if goes(word, each)), None)
        if other is not None:
            ours.remove(word)
            theirs.remove(other)
            taken += 1
    return taken


def _is_slip(one: str, two: str, distance: Distance) -> bool:
    if not (one.isalpha() and two.isalpha()):
        return False  # one number is not nearly another
    short, long = sorted((len(one), len(two)))
    allowed = next((slips for length, slips in _SLIPS if long >= length), 0)
    return short >= _LEAST and distance(one, two) <= allowed


def _is_initial(one: str, two: str) -> bool:
    return _is_letter(min(one, two, key=len)) and one[0] == two[0]


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word.isascii()


def _verdict(pairs: _Pairs) -> NameMatch:
    """What the pairs amount to; a middle initial too many is none."""
    ours = [word for word in pairs.ours if not _is_letter(word)]
    theirs = [word for word in pairs.theirs if not _is_letter(word)]
    if pairs.exact + pairs.slips == 0 or pairs.slips > max(pairs.exact, 1):
        return NameMatch.NO_MATCH
    if ours and theirs:
        return NameMatch.NO_MATCH
    if ours or theirs:
        # Part of the other name: one of two owners, or without the middle name.
        whole = pairs.exact + pairs.slips >= 2
        return NameMatch.CLOSE if whole else NameMatch.NO_MATCH
    if pairs.ours and pairs.theirs:
        return NameMatch.NO_MATCH  # other initials
    if pairs.slips or pairs.initials:
        return NameMatch.CLOSE
    # A surname, with an initial or without: anybody's.
    return NameMatch.MATCH if pairs.exact >= 2 else NameMatch.CLOSE


def _in_words(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _scripts(words: list[str]) -> set[str]:
    """The scripts that the letters are of, by the first word of what Unicode calls them."""
    letters = {letter for word in words for letter in word if letter.isalpha()}
    return {unicodedata.name(letter, "?").split()[0] for letter in letters}
