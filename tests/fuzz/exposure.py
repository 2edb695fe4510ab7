"""Where a personal value may be shown, and why. Everything else is a leak; in a log line all are.

1. A customer's name and e-mail, in the answers whose shape is a customer or a list of them: people
   with a role keep customers there. Who has no such role is answered 401 or 403, a problem, which
   is of another shape. The payees' own values are masked there like everywhere.
   The name alone on the approvers' desk: they have to see whom they agree to pay.
   Accounts and payees in the file for the bank, which is made of nothing else.
2. What a believed webhook says in a field that we quote to people as the provider's own words (its
   reason, its reference, its transaction id, its amount): a mutation that exchanges values may
   put an account there. Shown to people with a role only, never in the webhook's own answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.approvals import DeskPage
from chalicelib.api.shapes import CustomerPage, CustomerView
from tests.fuzz import planted
from tests.fuzz.rewriting import Literal, members, read

if TYPE_CHECKING:
    from tests.api.client import Answer
    from tests.fuzz.door import Asked

SHOW_CUSTOMERS = (CustomerView, CustomerPage)
OF_CUSTOMERS = frozenset(
    planted.PERSONAL[each] for each in (planted.CUSTOMER_NAME, planted.CUSTOMER_EMAIL)
)
ON_THE_DESK = frozenset({planted.PERSONAL[planted.CUSTOMER_NAME]})
IN_THE_FILE = frozenset(
    planted.PERSONAL[each] for each in (planted.ACCOUNT, planted.PAYEE) if each in planted.PERSONAL
)
QUOTED = frozenset({
    "uniquereference", "transactionreference", "transactionid", "returntransactionid",
    "rejectionreasondescription", "returnreason", "amount",
})  # fmt: skip


def may_show(asked: Asked, answer: Answer) -> frozenset[str]:
    """What of the planted values an answer may show, by what they are called."""
    operation = asked.operation
    if operation is None or answer.status >= 300:
        return frozenset()
    if operation.name == "download_export":
        return IN_THE_FILE
    if operation.gives is DeskPage:
        return ON_THE_DESK
    return OF_CUSTOMERS if operation.gives in SHOW_CUSTOMERS else frozenset()


def quoted(raw: bytes) -> str:
    """What a webhook says in the fields that we quote, one a line."""
    told = (value for name, value in members(read(raw)) if name.lower() in QUOTED)
    return "\n".join(each.text if isinstance(each, Literal) else str(each) for each in told)
