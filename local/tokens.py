"""Verifies ID tokens as API Gateway does: signature, time, issuer and audience, or no entry.

It refuses access tokens, other algorithms than RS256 and everything it could not check: nothing is
let in because a key could not be fetched.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import jwt
from jwt import PyJWKClient, PyJWKClientConnectionError

from local.refusals import Refusal, unauthorized

# Seconds. A key id that is not known fetches the key set again at once.
FETCHING: dict[str, Any] = {"lifespan": 300, "timeout": 5, "cooldown_duration": 0}
SETTINGS = ("COGNITO_JWKS_URL", "COGNITO_ISSUER", "COGNITO_CLIENT_ID")


class TokenVerifier:
    """Turns an Authorization header into the claims that API Gateway would hand on."""

    def __init__(self, keys: PyJWKClient, issuer: str, audience: str) -> None:
        self.keys = keys
        self.issuer = issuer
        self.audience = audience

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "TokenVerifier":
        """The verifier for the pool that the environment names.

        Raises:
            LookupError: it names none; without it nobody could be told from anybody.
        """
        missing = [name for name in SETTINGS if not environment.get(name)]
        if missing:
            raise LookupError(
                f"the local authorizer needs {', '.join(missing)}: make up prints all of them"
            )
        url, issuer, audience = (environment[name] for name in SETTINGS)
        return cls(PyJWKClient(url, **FETCHING), issuer, audience)

    def claims(self, header: str | None) -> dict[str, str]:
        """The verified claims, all as text.

        Raises:
            Refusal: 401 without a token that holds; 503 when the pool's keys cannot be had.
        """
        token = (header or "").removeprefix("Bearer ").strip()
        if not token:
            raise unauthorized("An ID token is needed in the Authorization header.")
        try:
            claims = self._verified(token)
        except jwt.ExpiredSignatureError:
            raise unauthorized("The token has expired.") from None
        except PyJWKClientConnectionError:
            detail = "The user pool's keys cannot be had at the moment."
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "authorizer_unavailable", detail
            ) from None
        except (jwt.PyJWTError, ValueError):
            raise unauthorized("The token is not one of this user pool's.") from None
        if claims.get("token_use") != "id":
            raise unauthorized("An ID token is needed, not another kind.")
        return {name: as_text(name, value) for name, value in claims.items()}

    def _verified(self, token: str) -> dict[str, Any]:
        key = self.keys.get_signing_key_from_jwt(token).key
        return dict(
            jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self.audience,
                issuer=self.issuer,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "token_use"]},
            )
        )


def as_text(name: str, value: object) -> str:
    """A claim as API Gateway passes it on: groups joined, times spelt out, everything text."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if name in {"exp", "iat"} and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    return str(value)
