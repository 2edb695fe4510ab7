"""Whether somebody has just signed in: asked before what cannot be taken back.

An ID token says when its holder last proved who they are (`auth_time`), and a refresh keeps that
moment; `amr` may say that a second factor was part of it. What is missing, garbled or yet to come
counts as never. Time here is that of whoever issues tokens, real time, whatever clock the service
itself goes by: a simulated one would make every sign-in look old, or none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.api.identity import Unidentified, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# Seconds by which the issuer's clock may be ahead of ours.
SKEW = 60
_SECONDS = re.compile(r"[0-9]{1,12}")


class SignInAgain(Unidentified):
    """The person is known, but has not signed in just now, which this operation needs."""

    code = "sign_in_again"

    def __init__(self, max_age: int) -> None:
        super().__init__("This needs a sign-in of the last few minutes: sign in again.")
        self.max_age = max_age

    @property
    def challenge(self) -> str:
        """RFC 9470's: what kind of sign-in would do, in seconds since it."""
        return f'Bearer error="insufficient_user_authentication", max_age={self.max_age}'


@dataclass(frozen=True, slots=True)
class StepUp:
    """For how many minutes a sign-in counts: any, and one with a second factor."""

    minutes: int
    mfa_minutes: int

    def demand(self, claims: Mapping[str, object], *, now: datetime) -> None:
        """Pass, if the token of these claims comes from a sign-in that counts `now`.

        Raises:
            SignInAgain: it does not, or nobody can tell.
        """
        longest = max(self.minutes, self.mfa_minutes) if _with_mfa(claims) else self.minutes
        signed_in = _auth_time(claims)
        if signed_in is None or not -SKEW <= int(now.timestamp()) - signed_in <= longest * 60:
            raise SignInAgain(self.minutes * 60)


def _auth_time(claims: Mapping[str, object]) -> int | None:
    """The moment of the sign-in in Unix seconds, which API Gateway passes on as text."""
    told = claims.get("auth_time")
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    return int(told) if isinstance(told, str) and _SECONDS.fullmatch(told) else None


def _with_mfa(claims: Mapping[str, object]) -> bool:
    return "mfa" in words(claims.get("amr"))
