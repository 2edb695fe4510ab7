"""The page of policies, made from the form that the API takes and the defaults that the code has.

`python -m local.policies_page > docs/policies.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from chalicelib.api.policy_terms import PolicyTerms
from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT, NO_LIMIT, bounds, values

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# The business's policy

Made by `python -m local.policies_page` from `chalicelib/api/policy_terms.py` and
`chalicelib/domain/policy.py`: change those, then write this page anew.

One policy says who has to agree to what, how much may go, and what counts as a risk. Every payout
keeps the version that it was decided under. What changes, changes for the next payout; what was
decided before stays as it was decided. The limits of a single payout are no part of it: those are
the settings `MIN_PAYOUT` and `MAX_PAYOUT`, which no request can change.

## Which policy is in force

Version 0 is the default below. A deployment may make it otherwise with the setting
`DEFAULT_POLICY`: JSON, with only the parts that differ, amounts as text or numbers.

    DEFAULT_POLICY={"approvals": {"one_above": "250.00"}, "risk": {"weights": {"odd_hour": 0}}}

Everything that is wrong with it is told at once when the service starts, which it then does not.
From version 1 on, what two admins have agreed to counts alone: a changed default changes nothing
any more.

## How it is changed

1. `GET /policies` tells the policy in force, its version, and what is proposed.
2. An admin sends the whole policy with `PUT /policies`, with the version that it was made of as
   `base_version`, and why. Another version in force, or another proposal: 409. Everything that is
   wrong: 400, each fault at its place.
3. Another admin reads the proposal and sends its `digest` to `POST /policies/agree`. The digest
   is of the policy, its version, who proposed it, when and why: if it is not just that any more, it
   is 409, and nothing changes. Nobody agrees to their own (403).
4. Or any admin takes it away with `POST /policies/dismiss`, with a reason.

`GET /policies/history` lists every proposal that ended: who proposed it, who agreed or dismissed,
when, why, and the ids of both requests. Nothing of it is ever deleted. Proposing and agreeing need
a sign-in of just now. All three take an `Idempotency-Key`, and done again, also with another key,
each is no failure and changes nothing.

One proposal waits at a time. Agreeing is one transaction: the policy in force takes the place of
the version that the proposal was made of, the history gets its row, and the proposal ends, or none
of it happens (`test_of_two_who_agree_at_once_one_has_agreed`,
`test_agreed_to_and_dismissed_at_once_it_is_one_of_the_two`). There is no cache between the policy
and a payout: it is read with everything else that deciding takes, in one consistent call.
"""

FOOT = """\
## Trying rules of risk first

`POST /policies/preview` takes weights and bounds, and judges with them the payouts that were asked
for on the last 1 to 31 Sydney dates, from what each of them keeps: the rules that fired, and how
strongly. It tells how many were allowed or reviewed, how many would be allowed, reviewed or
blocked, and from what to what they move. What it does not tell:

- Payouts that were blocked then were never made, so no trial sees them.
- It looks at the newest first, at 50,000 at most, and for as long as a request may take. `seen` is
  how many there were in that time; `complete` says whether that was all.
- Payouts without an assessment are seen, but not judged (`assessed`).
- Other limits would have let other payouts through, whose rules fire otherwise. It is an estimate.

It reads and changes nothing, and costs as much as listing those payouts does.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, "## What it says", "", *_table(), "", FOOT])


def _table() -> Iterator[str]:
    yield "| Field | Default | From | To | Meaning |"
    yield "|---|---|---|---|---|"
    yield from _rows("", PolicyTerms)


def _rows(place: str, part: type[BaseModel]) -> Iterator[str]:
    """A row for each value of a part; one without a default for each part within it."""
    for name, each in part.model_fields.items():
        here, kind = f"{place}/{name}", each.annotation
        shown = here[1:].replace("/", ".")
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield f"| **{shown}** |  |  |  | {each.description} |"
            yield from _rows(here, kind)
        else:
            yield f"| `{shown}` | " + " | ".join(_cells(here)) + f" | {each.description} |"


def _cells(place: str) -> list[str]:
    value = dict(values(DEFAULT))[place]
    least, most = (Money(0), NO_LIMIT) if isinstance(value, Money) else bounds(place)
    return [f"{value}", f"{least}", f"{most}"]


if __name__ == "__main__":
    print(page(), end="")
