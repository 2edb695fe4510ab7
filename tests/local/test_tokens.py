"""Who is let in: nobody whose ID token the pool did not sign, for this client, for now."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWKClient, PyJWKClientConnectionError
from jwt.algorithms import RSAAlgorithm

from local.refusals import Refusal
from local.tokens import FETCHING, TokenVerifier, as_text

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER = "https://cognito-idp.ap-southeast-2.amazonaws.com/ap-southeast-2_fake"


class Keys(PyJWKClient):
    """A key set that is not fetched."""

    def __init__(self, *names: str, reachable: bool = True) -> None:
        super().__init__("http://127.0.0.1:9/jwks.json", **FETCHING)
        self.names = list(names)
        self.reachable = reachable
        self.fetched = 0

    def fetch_data(self) -> Any:
        self.fetched += 1
        if not self.reachable:
            raise PyJWKClientConnectionError("down")
        public = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": name, "use": "sig"} for name in self.names]}


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "sub": "fake-subject",
        "iss": ISSUER,
        "aud": "fake-client",
        "token_use": "id",
        "iat": now,
        # Made when tests are collected: a long run comes to them much later.
        "exp": now + timedelta(days=1),
        "cognito:groups": ["operator", "approver"],
        "email_verified": True,
    } | changes


def signed(key: Any = KEY, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": "k1"})


def verifier(keys: Keys | None = None) -> TokenVerifier:
    return TokenVerifier(keys or Keys("k1"), ISSUER, "fake-client")


@pytest.mark.parametrize("scheme", ["", "Bearer "])
def test_a_good_token_gives_its_claims_as_text(scheme: str) -> None:
    known = verifier().claims(scheme + signed(exp=datetime(2099, 1, 2, 3, 4, 5, tzinfo=UTC)))
    assert known["sub"] == "fake-subject"
    assert known["cognito:groups"] == "operator,approver"
    assert known["email_verified"] == "true"
    assert known["exp"] == "Fri Jan 02 03:04:05 UTC 2099"
    assert {type(value) for value in known.values()} == {str}


def test_a_claim_of_any_other_kind_is_text_too() -> None:
    assert as_text("auth_time", 12) == "12"


YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def handmade(algorithm: str, secret: bytes = b"") -> str:
    """A token that no library would make."""
    parts = ({"alg": algorithm, "typ": "JWT", "kid": "k1"}, claims(iat=1, exp=4102444800))
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    signature = hmac.digest(secret, b".".join(encoded), "sha256") if secret else b""
    return b".".join([*encoded, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def confused() -> str:
    """Signed with the public key, as if it were a shared secret."""
    return handmade(
        "HS256", KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (None, "needed in the Authorization header"),
        ("", "needed in the Authorization header"),
        ("Bearer ", "needed in the Authorization header"),
        ("garbage", "not one of this user pool's"),
        ("a.b.c", "not one of this user pool's"),
        ("\u2603.\u2603.\u2603", "not one of this user pool's"),
        (signed(STRANGER), "not one of this user pool's"),
        (signed()[:-6] + "AAAAAA", "not one of this user pool's"),
        (handmade("none"), "not one of this user pool's"),
        (confused(), "not one of this user pool's"),
        (signed(aud="another-client"), "not one of this user pool's"),
        (signed(iss=ISSUER + "2"), "not one of this user pool's"),
        (signed(exp=YESTERDAY), "has expired"),
        (signed(token_use="access"), "not another kind"),
    ],
)
def test_nobody_else_is_let_in(token: str | None, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        verifier().claims(token)
    assert refused.value.status == 401
    assert why in refused.value.detail


def test_a_new_key_of_the_pool_is_fetched_once_it_is_met() -> None:
    keys = Keys("k0")
    check = verifier(keys)
    with pytest.raises(Refusal):
        check.claims(signed())
    keys.names.append("k1")
    assert check.claims(signed())["sub"] == "fake-subject"


def test_the_keys_are_fetched_once_for_many_tokens() -> None:
    keys = Keys("k1")
    check = verifier(keys)
    for _ in range(3):
        check.claims(signed())
    assert keys.fetched == 1


def test_without_keys_nobody_is_let_in() -> None:
    with pytest.raises(Refusal) as refused:
        verifier(Keys(reachable=False)).claims(signed())
    assert refused.value.status == 503


def test_without_its_settings_the_server_does_not_start() -> None:
    with pytest.raises(LookupError, match="COGNITO_ISSUER"):
        TokenVerifier.of({"COGNITO_JWKS_URL": "http://127.0.0.1:9", "COGNITO_CLIENT_ID": "x"})
