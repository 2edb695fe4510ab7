"""Who may do what: every route and every role, in one table.

The doors take it from here, and so do the OpenAPI document and `docs/roles.md`: a route says
nothing about roles itself, and one without a row here cannot be registered. A bot is a program with
a user of its own: it may draft and preview, and nothing that it asks for moves money before a
person has approved it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.api.identity import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.api.identity import Roles

READERS = frozenset({Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.ADMIN})
MAKERS = frozenset({Role.OPERATOR, Role.ADMIN})
DRAFTERS = MAKERS | {Role.BOT}
PROPOSERS = frozenset({Role.OPERATOR, Role.APPROVER, Role.ADMIN})
APPROVERS = frozenset({Role.APPROVER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
# No authorizer and no principal: to be written out in a row, never a default.
PUBLIC: Roles | None = None


class UnknownRoute(LookupError):
    """A route that no row of the matrix speaks of: nobody has decided who may use it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may: `roles`, `None` where it is public; `fresh` where they must just have signed in."""

    roles: Roles | None
    fresh: bool = False


ANYBODY = Access(PUBLIC)
MATRIX: Mapping[str, Access] = {
    # How the service is, and the provider's way in, which brings its own proof.
    "GET /health": ANYBODY,
    "GET /openapi.json": ANYBODY,
    "GET /docs": ANYBODY,
    "POST /webhooks/monoova": ANYBODY,
    "POST /webhooks/monoova/{event_name}": ANYBODY,
    "GET /health/deep": Access(READERS),
    "GET /attention": Access(READERS),
    # Customers.
    "GET /customers": Access(READERS),
    "GET /customers/{customer_id}": Access(READERS),
    "GET /customers/{customer_id}/destinations": Access(READERS),
    "POST /customers": Access(MAKERS),
    "PATCH /customers/{customer_id}": Access(MAKERS),
    "POST /customers/{customer_id}/destinations": Access(MAKERS),
    "DELETE /customers/{customer_id}/destinations/{destination_id}": Access(MAKERS),
    "PUT /customers/{customer_id}/destinations/{destination_id}/default": Access(MAKERS),
    "GET /customers/{customer_id}/destinations/{destination_id}/verification": Access(READERS),
    "POST /customers/{customer_id}/destinations/{destination_id}/verification": Access(MAKERS),
    "POST /customers/{customer_id}/destinations/{destination_id}/verification/confirm": Access(
        MAKERS
    ),
    "POST /customers/{customer_id}/stop": Access(PROPOSERS, fresh=True),
    "POST /customers/{customer_id}/resume": Access(ADMINS, fresh=True),
    "GET /customers/{customer_id}/legal-hold": Access(ADMINS),
    "PUT /customers/{customer_id}/legal-hold": Access(ADMINS),
    "DELETE /customers/{customer_id}/legal-hold": Access(ADMINS),
    "DELETE /customers/{customer_id}": Access(ADMINS, fresh=True),
    "GET /customers/{customer_id}/erasure": Access(READERS),
    "DELETE /customers/{customer_id}/erasure": Access(ADMINS),
    # Payouts.
    "GET /payouts": Access(READERS),
    "GET /payouts/{transaction_id}": Access(READERS),
    "GET /payouts/{transaction_id}/story": Access(READERS),
    "POST /payouts": Access(DRAFTERS),
    "POST /payouts/preview": Access(DRAFTERS | APPROVERS),
    "POST /payouts/{transaction_id}/redraft": Access(DRAFTERS),
    "POST /payouts/{transaction_id}/cancel": Access(MAKERS),
    "POST /payouts/{transaction_id}/hold": Access(PROPOSERS),
    "POST /payouts/{transaction_id}/release": Access(APPROVERS, fresh=True),
    "POST /pause": Access(PROPOSERS, fresh=True),
    "POST /resume": Access(APPROVERS, fresh=True),
    "GET /pauses": Access(READERS),
    "GET /pauses/{pause_id}": Access(READERS),
    "POST /payouts/{transaction_id}/resolution": Access(PROPOSERS),
    "POST /payouts/{transaction_id}/resolution/agree": Access(APPROVERS, fresh=True),
    "POST /payouts/{transaction_id}/resolution/dismiss": Access(APPROVERS),
    # Payouts for later, and again.
    "GET /schedules": Access(READERS),
    "GET /schedules/{schedule_id}": Access(READERS),
    "POST /schedules": Access(DRAFTERS),
    "POST /schedules/{schedule_id}/cancel": Access(MAKERS),
    "POST /schedules/{schedule_id}/pause": Access(MAKERS),
    "POST /schedules/{schedule_id}/resume": Access(MAKERS),
    # Files for the bank, on days without the provider.
    "GET /exports": Access(READERS),
    "POST /exports/aba": Access(ADMINS, fresh=True),
    "GET /exports/{file_id}": Access(READERS),
    "GET /exports/{file_id}/file": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/confirm": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/returns": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/give-up": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/give-up/agree": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/doubt": Access(ADMINS, fresh=True),
    "POST /exports/{file_id}/doubt/agree": Access(ADMINS, fresh=True),
    # The approvers' desk.
    "GET /approvals": Access(READERS),
    "POST /approvals/{transaction_id}/approve": Access(APPROVERS, fresh=True),
    "POST /approvals/{transaction_id}/decline": Access(APPROVERS, fresh=True),
    "POST /approvals/credits/{credit_id}/approve": Access(ADMINS, fresh=True),
    "POST /approvals/credits/{credit_id}/decline": Access(ADMINS, fresh=True),
    "GET /reasons/unmapped": Access(READERS),
    # The money that comes in.
    "GET /funds": Access(READERS),
    "GET /funding": Access(READERS),
    "POST /customers/{customer_id}/credits": Access(ADMINS, fresh=True),
    "GET /settlements": Access(READERS),
    "GET /settlements/{settlement_id}": Access(READERS),
    "POST /settlements": Access(MAKERS),
    "POST /settlements/{settlement_id}/cancel": Access(MAKERS),
    "POST /settlements/{settlement_id}/match": Access(ADMINS),
    "GET /receipts": Access(READERS),
    "POST /receipts/close": Access(ADMINS),
    # The provider.
    "POST /provider/sign-in/open": Access(ADMINS, fresh=True),
    "POST /provider/sign-in/close": Access(ADMINS, fresh=True),
    "GET /provider/subscriptions": Access(ADMINS),
    "POST /provider/subscriptions/apply": Access(ADMINS),
    "GET /rails": Access(READERS),
    "POST /rails/{rail}/open": Access(ADMINS, fresh=True),
    "POST /rails/{rail}/reset": Access(ADMINS, fresh=True),
    "GET /notices": Access(READERS),
    "GET /notices/{notice_id}": Access(ADMINS),
    "GET /dead-letters": Access(READERS),
    "GET /dead-letters/{letter_id}": Access(ADMINS),
    "POST /dead-letters/redrive": Access(MAKERS),
    "POST /dead-letters/{letter_id}/redrive": Access(MAKERS),
    "POST /dead-letters/{letter_id}/discard": Access(ADMINS),
    # The business's policy.
    "GET /policies": Access(READERS),
    "GET /policies/history": Access(READERS),
    "PUT /policies": Access(ADMINS, fresh=True),
    "POST /policies/agree": Access(ADMINS, fresh=True),
    "POST /policies/dismiss": Access(ADMINS),
    "POST /policies/preview": Access(APPROVERS),
    # Nights, and what they found.
    "GET /reconciliations": Access(READERS),
    "GET /reconciliations/{date}": Access(READERS),
    "GET /reconciliations/{date}/report": Access(READERS),
    "GET /reconciliations/{date}/verification": Access(READERS),
    "POST /reconciliations": Access(ADMINS),
    "GET /findings": Access(READERS),
    "GET /findings/{finding_id}": Access(READERS),
    "POST /findings/{finding_id}/assign": Access(PROPOSERS),
    "POST /findings/{finding_id}/comment": Access(PROPOSERS),
    "POST /findings/{finding_id}/resolve": Access(APPROVERS),
}


def only_drafts(roles: Roles) -> bool:
    """Whether they never send: a bot, whatever else it is; other people agree to what it asks."""
    return Role.BOT in roles or not roles & MAKERS


def access_to(route: str) -> Access:
    """Who may use a route such as `GET /customers/{customer_id}`.

    Raises:
        UnknownRoute: no row speaks of it.
    """
    try:
        return MATRIX[route]
    except KeyError:
        where = "MATRIX of chalicelib/api/access.py"
        raise UnknownRoute(f"{route}: who may use it? Add a row to {where}.") from None
