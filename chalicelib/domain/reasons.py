"""Reasons in plain words: from the provider's codes and texts, and our own, to a `Meaning`.

Changes words, never outcomes: what a payout does next is `payout.LIFECYCLE`'s and `patience`'s to
say, and neither looks here. A text that could mean two things means none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.events import Doubt, Rejected, Returned, Unclear
from chalicelib.domain.ledger import Place
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import WHERE, Payout, Status
from chalicelib.domain.reason_texts import BECS, ENDS, SAYING_NOTHING, TEXTS
from chalicelib.domain.reasons_of_banks import OF_BANKS
from chalicelib.domain.reasons_of_ours import OF_OURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import Event
    from chalicelib.domain.meaning import Meaning

MEANINGS: Mapping[str, Meaning] = {each.name: each for each in (*OF_BANKS, *OF_OURS)}
_NUMBER = re.compile(r"(?:(?:becs|direct entry|return|reject|dishonour|reason|code|no) )*0?([1-9])")
_HTTP = "http_"
_LAPSED = "approval_lapsed"


def normalised(text: str) -> str:
    """Small letters and digits in words, one space between; an apostrophe joins."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", re.sub("['\u2019]", "", plain)))


def of_code(code: str) -> Meaning | None:
    """What one of the provider's codes means, by how it ends, or one of ours."""
    if code in MEANINGS:
        return MEANINGS[code]
    ends = [end for end in ENDS if code.endswith(end)]
    return MEANINGS[ENDS[max(ends, key=len)]] if ends else None


def of_text(text: str) -> Meaning | None:
    """What a bank's free text means; `None` where that is not known, or could be two things."""
    words = normalised(text)
    if number := _NUMBER.fullmatch(words):
        return MEANINGS[BECS[int(number[1])]]
    found = [phrase for phrase in _phrases() if f" {phrase} " in f" {words} "]
    outer = [one for one in found if not any(one != two and one in two for two in found)]
    names = {_phrases()[phrase] for phrase in outer} or _saying_nothing(words)
    return MEANINGS[names.pop()] if len(names) == 1 else None


def explain(payout: Payout) -> Meaning | None:
    """Why it ended badly, or waits, in plain words; `None` where there is nothing to explain.

    What is not proved to be over may neither be tried again nor be paid over another rail.
    """
    meaning = _meaning(payout)
    if meaning is None or WHERE[payout.status] is Place.AVAILABLE:
        return meaning
    return replace(meaning, may_retry=False, other_rail_safe=False)


def unmapped(event: Event) -> str:
    """The text or code of an event that the tables do not know; empty where there is none."""
    match event:
        case Rejected(reason=text) | Returned(reason=text) if of_text(text) is None:
            return text.strip()
        case Unclear(doubt=Doubt.NOT_UNDERSTOOD, detail=code) if of_code(code) is None:
            return "" if code.startswith(_HTTP) else code
        case _:
            return ""


def _meaning(payout: Payout) -> Meaning | None:
    match payout.status:
        case Status.REJECTED | Status.RETURNED:
            ended = MEANINGS[payout.status.value.lower()]
            return of_text(payout.error_message) or ended
        case Status.FAILED:
            return of_code(payout.error_code) or MEANINGS["failed"]
        case Status.DECLINED:
            return MEANINGS["declined"]
        case Status.CANCELLED if payout.error_code == _LAPSED:
            return MEANINGS[_LAPSED]
        case _:
            return _waits(payout)


def _waits(payout: Payout) -> Meaning | None:
    """Why it waits, if it does: for a person before all else."""
    if why := attention(payout):
        return of_code(why) or MEANINGS["needs_person"]
    match payout.status:
        case Status.UNCONFIRMED:
            return MEANINGS["unconfirmed"]
        case Status.AWAITING_APPROVAL:
            return MEANINGS["awaiting_approval"]
        case Status.QUEUED:
            return of_code(payout.hindrance)
        case _:
            return None


@cache
def _phrases() -> dict[str, str]:
    """The name of what each phrase means."""
    return {phrase: name for name, phrases in TEXTS.items() for phrase in phrases}


def _saying_nothing(words: str) -> set[str]:
    plain = " ".join(word for word in words.split() if not word.isdigit())
    return {name for name, texts in SAYING_NOTHING.items() if plain in texts}
