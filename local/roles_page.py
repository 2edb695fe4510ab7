"""The page of roles, made from the matrix that the doors go by.

`python -m local.roles_page > docs/roles.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.access import MATRIX, Access
from chalicelib.api.identity import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# Who may do what

Made by `python -m local.roles_page` from `chalicelib/api/access.py`: change the matrix there, then
write this page anew.

A role is a group of the user pool; a person may be in several, and may then do what any of them
may. In no group, or only in one that is not named here, they may nothing.

| Role | For |
|---|---|
| `viewer` | looking |
| `operator` | registering customers, asking for payouts, proposing |
| `approver` | deciding what others propose; asks for no payouts |
| `admin` | all of that, credits, the provider's sign-in, what is personal |
| `bot` | a program with a user of its own: drafts and previews; never sends, whatever else it is |

Having the role is not always enough: nobody agrees to what they asked for themselves, nor to a
payment that has to be agreed to because of a destination which they added, and what a bot asks for
needs a person's approval. Those are rules of the operations, not of the doors.

A route with *just now* also needs a sign-in of the last few minutes, so that an unattended browser
or a token that was carried off is not enough for what cannot be taken back: see
[below](#a-sign-in-of-just-now).
"""

FOOT = """\
## A sign-in of just now

An operation marked *just now* needs an ID token whose `auth_time`, the moment in which the person
proved who they are, is at most `STEP_UP_MINUTES` ago (10 unless set; a token that was refreshed
keeps the time of the sign-in). Where the token's `amr` names `mfa`, `STEP_UP_MFA_MINUTES` count (60
unless set). Otherwise the answer is 401 with the code `sign_in_again` and the challenge of RFC
9470, `WWW-Authenticate: Bearer error="insufficient_user_authentication", max_age=600`: have the
person sign in again, and send the same request with the new token and the same key. API Gateway
changes the name of that header when it comes from the app, to `X-Amzn-Remapped-WWW-Authenticate`,
and lets nobody prevent it: go by the code.

An `auth_time` that is missing, garbled or in the future counts as none. It is held against real
time, by which tokens are made, also where the service itself is run by a clock of its own.

## How it is held

No route names roles: the doors look each one up, and one without a row stops the service from
starting. `test_who_may_and_who_may_not` tries every route with every role and with nobody, by a
table of its own.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, "## The matrix", "", *_table(), "", FOOT])


def _table() -> Iterator[str]:
    yield "| Route | " + " | ".join(f"`{role}`" for role in Role) + " | Just now |"
    yield "|---|" + "---|" * (len(Role) + 1)
    for route, access in MATRIX.items():
        yield f"| `{route}` | " + " | ".join(_cells(access)) + " |"


def _cells(access: Access) -> Iterator[str]:
    for role in Role:
        may = access.roles is None or role in access.roles
        yield "yes" if may else "–"  # noqa: RUF001 (a dash for nothing)
    yield "everybody" if access.roles is None else "just now" if access.fresh else ""


if __name__ == "__main__":
    print(page(), end="")
