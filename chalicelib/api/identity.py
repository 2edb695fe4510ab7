"""Who is asking: a principal from the claims that the gateway verified, checked once more here.

API Gateway proves the token's signature and time. That it is an ID token of our client from our
user pool is checked by the app itself. Fails closed: what is missing or odd is nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import Forbidden, PayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """The groups of the user pool."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"
    BOT = "bot"


Roles = frozenset[Role]

_SUBJECT = re.compile(r"[\x21-\x7e]{1,128}")


class Unidentified(PayoutError):
    """Nobody that we know of is asking."""

    code = "unauthorized"

    @property
    def challenge(self) -> str:
        """What a client is told to bring (RFC 6750)."""
        return "Bearer"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: the pool's `sub`, which says nothing of the person, and their roles.

    `claims` are those of their token, as they came.
    """

    id: str
    roles: Roles
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def may(self, roles: Roles) -> None:
        """Pass, or not.

        Raises:
            Forbidden: none of these roles is theirs.
        """
        if not self.roles & roles:
            needed = ", ".join(sorted(roles))
            raise Forbidden(f"This needs one of the roles {needed}.")


def principal(context: Mapping[str, Any], *, client_id: str, issuer: str) -> Principal:
    """The principal of a request context, by the claims of its ID token.

    Raises:
        Unidentified: no claims, or not those of an ID token of this client and this pool.
    """
    claims = _claims(context)
    if not (client_id and issuer):
        raise Unidentified("Nobody can be identified here.")
    expected = {"token_use": "id", "aud": client_id, "iss": issuer}
    if any(claims.get(name) != value for name, value in expected.items()):
        raise Unidentified("The token is not an ID token of this service.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise Unidentified("The token names nobody.")
    return Principal(subject, _roles(claims.get("cognito:groups")), claims)


def words(told: object) -> tuple[object, ...]:
    """What a claim lists: a list, or text as API Gateway joins it: `a,b`, `[a, b]` or `[a b]`."""
    if isinstance(told, str):
        return tuple(re.split(r"[\s,]+", told.strip("[]")))
    return tuple(told) if isinstance(told, list) else ()


def _claims(context: Mapping[str, Any]) -> Mapping[str, Any]:
    authorizer = context.get("authorizer")
    claims = authorizer.get("claims") if isinstance(authorizer, dict) else None
    if not isinstance(claims, dict) or not claims:
        raise Unidentified("An ID token is needed in the Authorization header.")
    return claims


def _roles(groups: object) -> Roles:
    return frozenset(role for role in Role if role.value in words(groups))
