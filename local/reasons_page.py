"""The page of reasons, made from the tables that the code goes by.

`python -m local.reasons_page > docs/reasons.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.reason_texts import BECS, ENDS, SAYING_NOTHING, TEXTS
from chalicelib.domain.reasons_of_banks import OF_BANKS
from chalicelib.domain.reasons_of_ours import OF_OURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.meaning import Meaning

HEAD = """\
# Reasons in plain words

Made by `python -m local.reasons_page` from `chalicelib/domain/reason_texts.py`,
`chalicelib/domain/reasons_of_banks.py` and `chalicelib/domain/reasons_of_ours.py`: change the
tables, then write this page anew.

A payout that failed, was rejected, came back or waits is shown with an `explanation`: what
happened, whose turn it is, whether the same may be tried once more (*again*), whether the other
rail may be used instead (*other rail*), what to ask the customer, and a sentence that may be sent
to them as it is. The tables change words and never outcomes: nothing that decides about a payout
looks at them (`test_nothing_that_decides_looks_at_reasons`).

*Again* and *other rail* are only ever said of a payout that is over, with its money back in the
balance (`test_what_is_not_over_is_neither_tried_again_nor_paid_over_another_rail`). For *again* a
person still asks for a new payout; nothing is tried again by itself because of a word.

The provider's codes are known by how they end, the longest end first. A bank's free text is brought
to small letters and single spaces; a phrase of the table counts where it stands in it as whole
words. Where two phrases lie one within the other, the longer counts. A text that could mean two
things means none, and is listed as not known. A bare number is a return code of Direct Entry.
"""

FOOT = """\
## Texts that nobody knows yet

`GET /reasons/unmapped` lists texts that no table knows, and codes of the provider's that were not
understood, with how often, when first and when last each was heard, and the latest payout, where
the whole text is to be read. It is the list of what to add to the tables.

- **Nothing personal is kept.** A bank may write a name or an account into its reason. Only words of
  a fixed vocabulary of the trade are kept (`chalicelib/domain/vocabulary.py`); any other word
  becomes `…`, anything with a digit `#`, and 80 characters are the most. Texts that then look alike
  are counted together, so the row's key cannot tell more than its text does.
- **It costs a healthy payout nothing.** Only a step whose text is not known is counted, after it is
  written: one call, or two for a text that is new.
- **It can make nothing fail.** Each count is one try without retries, whatever goes wrong is let
  go, and after a failure nothing is counted for five minutes: a store in trouble costs a process at
  most one wait, of four seconds at the worst, in that time. So a count may be lost; none is made
  twice.
- **It is bounded.** At most 500 texts have a row. What comes beyond is not listed until the tables
  are made longer and rows are deleted, with the row `unmapped` that counts them.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([
        HEAD,
        "## What banks say", "", *_table(OF_BANKS), "",
        "## What the provider and we say", "", *_table(OF_OURS), "",
        "## How it is told", "", *_texts(), "",
        FOOT,
    ])  # fmt: skip


def _table(meanings: Iterable[Meaning]) -> Iterator[str]:
    yield "| Reason | What happened | Whose turn | Again | Other rail | Ask | Say |"
    yield "|---|---|---|---|---|---|---|"
    for each in meanings:
        again, rail = ("yes" if yes else "no" for yes in (each.may_retry, each.other_rail_safe))
        yield (
            f"| `{each.name}` | {each.what} | {each.turn} | {again} | {rail} "
            f"| {each.ask or '–'} | {each.say} |"  # noqa: RUF001 (a dash for nothing)
        )


def _texts() -> Iterator[str]:
    yield "| Reason | Codes, by their ends | Direct Entry | Texts |"
    yield "|---|---|---|---|"
    for each in (*OF_BANKS, *OF_OURS):
        ends = ", ".join(f"`{end}`" for end, name in ENDS.items() if name == each.name)
        numbers = ", ".join(str(number) for number, name in BECS.items() if name == each.name)
        texts = ", ".join((*TEXTS.get(each.name, ()), *SAYING_NOTHING.get(each.name, ())))
        if ends or numbers or texts:
            yield f"| `{each.name}` | {ends} | {numbers} | {texts} |"


if __name__ == "__main__":
    print(page(), end="")
