"""What a browser needs: the headers on every answer, for the configured origins and no others."""

import pytest

import app
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, ORIGINS, House
from tests.api.test_roles import path_of

ALLOW = "Access-Control-Allow-Origin"
PATHS = sorted({each.path for each in app.door.map})
OPERATIONS = [each for each in app.door.map if each.method != "OPTIONS"]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_names_the_origin_the_methods_and_the_headers(api: Api, path: str, origin: str):
    answer = api.call("OPTIONS", path_of(path), headers={"Origin": origin}, role="")
    assert answer.status == 204
    assert answer.headers[ALLOW] == origin
    assert answer.headers["Vary"] == "Origin"
    methods = {each.method for each in app.door.map if each.path == path}
    assert set(answer.headers["Access-Control-Allow-Methods"].split(",")) == methods
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(",")
    assert {"authorization", "content-type", "idempotency-key"} <= set(allowed)


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example.com", "null", ORIGINS[0] + ".evil.example.com", "*"]
)
def test_a_strangers_preflight_allows_nothing(api: Api, origin: str | None):
    headers = {} if origin is None else {"Origin": origin}
    answer = api.call("OPTIONS", "/payouts", headers=headers, role="")
    assert answer.status == 204
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("operation", OPERATIONS, ids="{0.name}".format)
@pytest.mark.parametrize("role", ["admin", "bot"])
@pytest.mark.parametrize("down", [False, True])
def test_every_answer_has_the_headers_errors_included(
    api: Api, house: House, operation, role: str, down: bool
):
    house.customer()
    house.store.state.down = down
    for origin in (*ORIGINS, "https://evil.example.com"):
        answer = api.call(
            operation.method, path_of(operation.path), headers={"Origin": origin}, role=role,
            key=KEY,
        )  # fmt: skip
        assert answer.headers.get(ALLOW) == (origin if origin in ORIGINS else None)
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_page_may_read_the_headers_that_matter(api: Api):
    answer = api.get("/health", headers={"Origin": ORIGINS[0]})
    exposed = answer.headers["Access-Control-Expose-Headers"].split(",")
    assert set(exposed) == {
        "Idempotent-Replayed", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate",
        "X-Amzn-Remapped-WWW-Authenticate", "X-Request-Id",
    }  # fmt: skip
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_any_origin_can_be_allowed(api: Api, house: House):
    house.rule(cors_origins=("*",))
    assert api.get("/health", headers={"Origin": "https://any.example.com"}).headers[ALLOW] == "*"
    assert api.call("OPTIONS", f"/customers/{CUSTOMER}", role="").headers[ALLOW] == "*"


def test_without_configured_origins_nobody_is_allowed(api: Api, house: House):
    house.rule(cors_origins=())
    assert ALLOW not in api.get("/health", headers={"Origin": ORIGINS[0]}).headers
