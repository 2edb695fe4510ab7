"""Who is asking: only an ID token of our client from our pool makes a principal."""

import pytest

from chalicelib.api.identity import Principal, Role, Unidentified, principal
from chalicelib.domain.errors import Forbidden
from tests.api.client import Api, claims
from tests.api.house import CLIENT_ID, ISSUER, House


def identified(told: object, *, client_id: str = CLIENT_ID, issuer: str = ISSUER) -> Principal:
    context = {"authorizer": {"claims": told}}
    return principal(context, client_id=client_id, issuer=issuer)


def test_a_principal_is_the_subject_and_its_roles():
    assert identified(claims("admin", "somebody")) == Principal("somebody", frozenset({Role.ADMIN}))


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ("admin", {"admin"}),
        ("admin,operator", {"admin", "operator"}),
        ("[admin, operator]", {"admin", "operator"}),
        ("[admin operator]", {"admin", "operator"}),
        (["admin", "operator"], {"admin", "operator"}),
        (["admin,operator"], set()),
        ("", set()),
        ("ADMIN", set()),
        ("administrators,viewer", {"viewer"}),
        (None, set()),
        (7, set()),
        ({"admin": True}, set()),
        ([["admin"]], set()),
    ],
)
def test_groups_are_read_as_text_or_as_a_list(groups: object, roles: set[str]):
    told = {**claims(""), "cognito:groups": groups}
    assert identified(told).roles == roles


@pytest.mark.parametrize(
    "changed",
    [
        {"token_use": "access"},
        {"token_use": None},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID]},
        {"aud": ""},
        {"iss": "https://cognito.example.com/another"},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "two words"},
        {"sub": "x" * 129},
        {"sub": "line\nbreak"},
    ],
)
def test_anything_odd_about_the_claims_is_nobody(changed: dict[str, object]):
    with pytest.raises(Unidentified):
        identified({**claims("admin"), **changed})


@pytest.mark.parametrize("missing", ["token_use", "aud", "iss", "sub"])
def test_a_claim_that_is_missing_is_nobody(missing: str):
    told = claims("admin")
    del told[missing]
    with pytest.raises(Unidentified):
        identified(told)


@pytest.mark.parametrize(
    "context",
    [
        {}, {"authorizer": None}, {"authorizer": "admin"}, {"authorizer": {}},
        {"authorizer": {"claims": None}}, {"authorizer": {"claims": {}}},
        {"authorizer": {"claims": "admin"}}, {"authorizer": {"claims": []}},
    ],
)  # fmt: skip
def test_without_claims_there_is_nobody(context: dict[str, object]):
    with pytest.raises(Unidentified):
        principal(context, client_id=CLIENT_ID, issuer=ISSUER)


def test_a_service_that_does_not_know_its_own_pool_knows_nobody():
    for client_id, issuer in (("", ""), (CLIENT_ID, ""), ("", ISSUER)):
        fitting = {**claims("admin"), "aud": client_id, "iss": issuer}
        with pytest.raises(Unidentified):
            identified(fitting, client_id=client_id, issuer=issuer)


def test_a_principal_without_any_of_the_roles_may_not():
    who = Principal("somebody", frozenset({Role.VIEWER}))
    who.may(frozenset({Role.VIEWER, Role.ADMIN}))
    with pytest.raises(Forbidden):
        who.may(frozenset({Role.ADMIN}))
    with pytest.raises(Forbidden):
        who.may(frozenset())


@pytest.mark.parametrize("context", [{}, {"claims": {"sub": "x"}}, {"claims": None}, {"x": 1}])
def test_an_authorizer_that_let_somebody_through_without_proof_is_not_enough(
    api: Api, house: House, context: dict[str, object]
):
    house.customer()
    answer = api.get("/customers", context=context)
    assert (answer.status, answer.code) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
