"""Signing in, and being locked out after five failures in a row."""

import base64
from collections.abc import Iterator

import pytest

from tests.local.monoova_bench import ANSWERS, Bench, exact, simulated

PING = "/tools/v1/ping"


@pytest.fixture(scope="module")
def house() -> Iterator[Bench]:
    with simulated(api_key="fake-api-key") as bench:
        yield bench


@pytest.fixture
def bench(house: Bench) -> Iterator[Bench]:
    house.refresh()
    yield house
    house.session.auth = ("fake-api-key", "")


def tried(bench: Bench, key: str, password: str = "") -> str:
    bench.session.auth = (key, password)
    told = bench.get(PING)
    assert told.status_code == (200 if exact(told)["status"] == "Ok" else 401)
    return str(exact(told)["status"])


def test_a_wrong_key_is_a_401_in_the_provider_s_envelope(bench: Bench):
    bench.session.auth = ("fake-other-key", "")
    told = bench.get(PING)
    assert told.status_code == 401
    assert told.headers["WWW-Authenticate"].startswith("Basic")
    assert set(exact(told)) == ANSWERS
    assert exact(told)["status"] == "MerchantFailedToLogin"


def test_the_key_with_a_password_is_wrong_too(bench: Bench):
    assert tried(bench, "fake-api-key", "secret") == "MerchantFailedToLogin"


def test_the_fifth_failure_in_a_row_locks_the_right_key_out_for_an_hour(bench: Bench):
    told = [tried(bench, "fake-other-key") for _ in range(6)]
    assert told == ["MerchantFailedToLogin"] * 4 + ["MerchantLockedOut"] * 2
    assert tried(bench, "fake-api-key") == "MerchantLockedOut"
    bench.control.advance(3590)
    assert tried(bench, "fake-api-key") == "MerchantLockedOut"
    bench.control.advance(11)
    assert tried(bench, "fake-api-key") == "Ok"


def test_a_success_in_between_starts_the_count_again(bench: Bench):
    for _ in range(3):
        assert [tried(bench, "x") for _ in range(4)] == ["MerchantFailedToLogin"] * 4
        assert tried(bench, "fake-api-key") == "Ok"


def test_no_credentials_are_refused_and_not_counted(bench: Bench):
    bench.session.auth = None
    assert {bench.get(PING).status_code for _ in range(9)} == {401}
    assert tried(bench, "fake-api-key") == "Ok"


@pytest.mark.parametrize(
    "header",
    ["Basic !!!", "Basic ZmFrZQ", "Basic ", "Bearer fake-api-key", "Basic /w==", "x" * 500],
)
def test_credentials_that_make_no_sense_are_refused(bench: Bench, header: str):
    bench.session.auth = None
    told = bench.get(PING, headers={"Authorization": header})
    assert (told.status_code, exact(told)["status"]) == (401, "MerchantFailedToLogin")


def test_the_scheme_is_basic_in_any_case(bench: Bench):
    bench.session.auth = None
    encoded = base64.b64encode(b"fake-api-key:").decode()
    assert bench.get(PING, headers={"Authorization": f"basic {encoded}"}).status_code == 200


def test_who_is_locked_out_still_reads_what_is_public(bench: Bench):
    for _ in range(5):
        tried(bench, "x")
    assert bench.get("/public/v1/ping").status_code == 200
    assert bench.get("/public/v1/certificate/public-key").status_code == 200
