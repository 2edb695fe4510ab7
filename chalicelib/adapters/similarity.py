"""How far two words are apart: edits of one letter, and neighbours exchanged."""

from __future__ import annotations


def word_distance(one: str, two: str) -> int:
    """How many letters of one word must change to make the other (Damerau and Levenshtein)."""
    from jellyfish import damerau_levenshtein_distance  # noqa: PLC0415 (most calls need it not)

    return int(damerau_levenshtein_distance(one, two))
