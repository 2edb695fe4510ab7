"""The life of a payout as a drawing, made from the table that the code goes by.

`python -m local.drawing > docs/payout-life.md` writes it anew; a test holds the two together. Draws
what moves; what is heard without moving a payout is listed below the drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import Requested
from chalicelib.domain.ledger import Place
from chalicelib.domain.payout import LIFECYCLE, OPEN, WHERE, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.events import Event

HEAD = """\
# The life of a payout

Made by `python -m local.drawing` from `LIFECYCLE` in `chalicelib/domain/payout.py`: change the
table, then write this page anew.
"""

NOTES = """\
What the policy wants other people to agree to is put before them in the same write that asks for
it: nothing of it leaves before enough of them have agreed to the same, never its maker, and before
its time is up. To be asked again makes void what was agreed to before. What is declined, or lapses,
was never sent. While news contradicts it, it is neither released nor does it lapse.

Where the table says Returned, a return of another amount than was paid leads to Disputed instead.
On Direct Entry, Confirmed is heard as Accepted: the provider calls a direct credit complete as
soon as it is sent. Sending and Resending are shown to people as Pending. What is in no row is
refused: a person's wish as not possible, news as a contradiction, which goes before a person.

Out of funds is the provider's refusal because our account does not hold enough. The payout is then
Queued for funds, and goes on as its next attempt, under another reference: the refused one may be
used up. Before that the provider is asked once more whether the refused one is dead indeed.
Payouts that wait for funds stand in one line, the oldest first, and go out by themselves
when money arrives, as long as the reserve stays untouched. The first that does not fit stops all
behind it, smaller ones too, or a large one would never go. What the poller finds queued for another
reason joins the line while there is one, and new payouts wait behind it. What waits for a person
holds up nobody, nor does one of whose refused attempt nothing was told for half an hour.

Redrafted says that what came back is paid once more, by another payout that begins a life of its
own: [redraft.md](redraft.md).
"""

MONEY = {
    Place.HELD: "held",
    Place.WITH_PROVIDER: "with the provider",
    Place.PAID: "paid",
    Place.AVAILABLE: "back with the customer",
}


def page() -> str:
    """The whole page, in Markdown."""
    drawing = ["```mermaid", *_drawing(), "```"]
    return "\n".join([HEAD, *drawing, "", *_table(), "", NOTES])


def _drawing() -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    yield f"    [*] --> {Status.QUEUED.value}: {_words([Requested])}"
    for status, row in LIFECYCLE.items():
        for target in dict.fromkeys(row.values()):
            if target is not status:
                kinds = [kind for kind, to in row.items() if to is target]
                yield f"    {status.value} --> {target.value}: {_words(kinds)}"
    for status in Status:
        if status not in OPEN:
            yield f"    {status.value} --> [*]"


def _table() -> Iterator[str]:
    yield "| Status | The money is | Heard without moving it |"
    yield "|---|---|---|"
    for status, row in LIFECYCLE.items():
        stays = [kind for kind, to in row.items() if to is status]
        yield f"| {status.value} | {MONEY[WHERE[status]]} | {_words(stays)} |"


def _words(kinds: Iterable[type[Event]]) -> str:
    """`StartedAgain` as "started again"."""
    names = (kind.__name__ for kind in kinds)
    return ", ".join(
        "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
        for name in names
    )


if __name__ == "__main__":
    print(page(), end="")
