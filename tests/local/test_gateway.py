"""The local server from outside: what a client sees of routes, limits and refusals."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import chalice.local
import pytest
from chalice.app import Chalice, CognitoUserPoolAuthorizer, CORSConfig, Request
from chalice.cli.factory import CLIFactory
from chalice.config import Config

from deployment.refused import responses
from local.bodies import LARGEST
from local.chalice_local import create_local_server, install
from local.gateway import Routes
from tests.local.test_tokens import ISSUER, KEY, Keys, signed

ORIGIN = "http://localhost:3000"
GONE = {"code": "no_such_route", "status": 403}


def asked(app: Chalice) -> Request:
    """The request that the app is answering."""
    request = app.current_request
    assert request is not None
    return request


def some_app() -> Chalice:
    """An app with one route of each kind."""
    app = Chalice(app_name="some")
    people = CognitoUserPoolAuthorizer("people", provider_arns=["arn:aws:cognito-idp:::userpool/x"])
    cors = CORSConfig(allow_origin="http://localhost:1", allow_headers=["Idempotency-Key"])

    @app.route("/health")
    def health() -> dict[str, str]:
        return {"request": asked(app).context["requestId"]}

    @app.route("/payouts", methods=["GET", "POST"], authorizer=people, cors=cors)
    def payouts() -> dict[str, Any]:
        request = asked(app)
        caller = request.context["authorizer"]["claims"]["sub"]
        return {"caller": caller, "bytes": len(request.raw_body), "query": request.query_params}

    @app.route("/payouts/{transaction_id}")
    def payout(transaction_id: str) -> dict[str, Any]:
        left = app.lambda_context.get_remaining_time_in_millis()
        return {"transaction_id": transaction_id, "left": left}

    @app.route("/broken")
    def broken() -> dict[str, object]:
        return {"value": object()}

    return app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that runs some app behind a verifier with a key of the test's own."""
    settings = {
        "COGNITO_JWKS_URL": "http://127.0.0.1:9",
        "COGNITO_ISSUER": ISSUER,
        "COGNITO_CLIENT_ID": "fake-client",
        "CORS_ORIGINS": f"{ORIGIN}, http://localhost:5173",
    }
    config = Config(chalice_stage="local", config_from_disk={"stages": {"local": {}}})
    local = create_local_server(some_app(), config, "127.0.0.1", 0, settings)
    handler = local.server.RequestHandlerClass
    assert isinstance(handler, partial)
    handler.keywords["gateway"]._authorizer.verifier.keys = Keys("k1")
    serving = Thread(target=local.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield local.port
    local.shutdown()
    serving.join()
    local.server.server_close()


class Reply:
    """An answer, read to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def is_problem(reply: Reply, **expected: object) -> bool:
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json
    assert problem["status"] == reply.status
    assert problem["request_id"] == reply.headers["x-amzn-RequestId"]
    return expected.items() <= problem.items()


def test_without_a_token_the_answer_is_a_complete_problem(port: int) -> None:
    reply = ask(port, "GET", "/payouts")
    assert is_problem(reply, status=401, code="unauthorized", retryable=False, errors=[])
    assert reply.json.keys() == {
        *("type", "title", "status", "detail", "code", "request_id", "errors", "retryable"),
        *("error", "message", "timestamp"),
    }


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/payouts", "UNAUTHORIZED"),
        ("/nowhere", "MISSING_AUTHENTICATION_TOKEN"),
        ("/broken", "INTEGRATION_FAILURE"),
    ],
)
def test_a_refusal_reads_here_as_the_gateway_that_deploys_says_it(
    port: int, path: str, kind: str
) -> None:
    told = responses()[kind]
    there = json.loads(told["responseTemplates"]["application/json"])
    reply = ask(port, "GET", path)
    its_own = {"request_id", "timestamp"}
    assert list(reply.json) == list(there)
    assert {k: v for k, v in reply.json.items() if k not in its_own} == {
        k: v for k, v in there.items() if k not in its_own
    }
    assert reply.status == told["statusCode"]
    for name, value in told["responseParameters"]["Fn::If"][2].items():
        assert f"'{reply.headers[name.removeprefix('gatewayresponse.header.')]}'" == value


@pytest.mark.parametrize("scheme", ["", "Bearer "])
def test_a_verified_caller_reaches_the_app(port: int, scheme: str) -> None:
    reply = ask(port, "POST", "/payouts", b"{}", Authorization=scheme + signed(KEY))
    assert (reply.status, reply.json["caller"]) == (200, "fake-subject")


@pytest.mark.parametrize("token", ["garbage", "a.b.c", signed(KEY)[:-4] + "AAAA"])
def test_a_token_that_does_not_hold_is_no_token(port: int, token: str) -> None:
    assert is_problem(ask(port, "GET", "/payouts", Authorization=token), status=401)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/"),
        ("GET", "/payouts//"),
        ("DELETE", "/payouts"),
        ("PATCH", "/health"),
        ("OPTIONS", "/nowhere"),
        ("BREW", "/payouts"),
        ("GET", "//[::1"),
    ],
)
def test_what_no_route_takes_is_forbidden_as_on_api_gateway(
    port: int, method: str, path: str
) -> None:
    assert is_problem(ask(port, method, path), **GONE)


def test_who_asks_for_the_end_of_the_connection_is_told_of_it(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/health", headers={"Connection": "close"})
    assert connection.getresponse().getheader("Connection") == "close"
    connection.close()


def test_an_answer_to_head_has_no_body_and_the_connection_goes_on(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for method, status in (("HEAD", 403), ("GET", 200)):
        connection.request(method, "/health")
        assert Reply(connection.getresponse()).status == status
    connection.close()


@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:5173"])
@pytest.mark.parametrize(
    ("path", "status"), [("/payouts", 401), ("/nowhere", 403), ("/broken", 502)]
)
def test_a_page_of_ours_can_read_every_refusal(
    port: int, origin: str, path: str, status: int
) -> None:
    reply = ask(port, "GET", path, Origin=origin)
    assert reply.status == status
    assert reply.headers["Access-Control-Allow-Origin"] == origin
    assert reply.headers["Vary"] == "Origin"


def test_a_page_of_a_stranger_cannot(port: int) -> None:
    reply = ask(port, "GET", "/payouts", Origin="http://evil.example")
    assert reply.headers["Access-Control-Allow-Origin"] is None


def test_a_preflight_names_the_methods_and_the_origin_that_asked(port: int) -> None:
    reply = ask(port, "OPTIONS", "/payouts", Origin=ORIGIN)
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert set(reply.headers["Access-Control-Allow-Methods"].split(",")) == {
        "GET",
        "POST",
        "OPTIONS",
    }
    assert "Idempotency-Key" in reply.headers["Access-Control-Allow-Headers"]


def test_path_parameters_are_decoded(port: int) -> None:
    reply = ask(port, "GET", "/payouts/a%2Fb%20c%C3%A9+?x=1")
    assert reply.json["transaction_id"] == "a/b cé+"


def test_a_handler_has_as_long_as_api_gateway_waits(port: int) -> None:
    assert 25_000 < ask(port, "GET", "/payouts/1").json["left"] <= 29_000


def test_the_app_and_the_caller_see_one_request_id(port: int) -> None:
    reply = ask(port, "GET", "/health")
    assert reply.json["request"] == reply.headers["x-amzn-RequestId"]


def test_a_body_that_lambda_would_not_take_is_refused(port: int) -> None:
    token = signed(KEY)
    reply = ask(port, "POST", "/payouts", b"x" * LARGEST, Authorization=token)
    assert (reply.status, reply.json["bytes"]) == (200, LARGEST)
    reply = ask(port, "POST", "/payouts", b"x" * (LARGEST + 1), Authorization=token)
    assert is_problem(reply, status=413, code="body_too_large")


def test_a_chunked_body_is_put_together(port: int) -> None:
    chunks = iter([b"ab", b"c" * 70_000, b"d"])
    reply = ask(port, "POST", "/payouts", chunks, Authorization=signed(KEY))
    assert (reply.status, reply.json["bytes"]) == (200, 70_003)
    chunks = iter([b"x" * 1_000_000] * 7)
    reply = ask(port, "POST", "/payouts", chunks, Authorization=signed(KEY))
    assert is_problem(reply, status=413, code="body_too_large")


def sent_raw(port: int, head: str, rest: bytes = b"") -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(f"POST /payouts HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode("latin-1"))
        with suppress(OSError):  # it may have been refused and closed already
            connection.sendall(rest)
            connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            return answer.read()


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("Content-Length: x", b""),
        ("Content-Length: -1", b""),
        ("Content-Length: 1e3", b""),
        ("Content-Length: \u00b2", b""),
        ("Content-Length: 5", b"abc"),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
        ("Transfer-Encoding: gzip", b""),
        ("Transfer-Encoding: chunked", b"-5\r\nabc"),
        ("Transfer-Encoding: chunked", b"5\r\nabcdefgh\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", b"5\r\nabc"),
    ],
)
def test_a_body_whose_end_is_in_doubt_is_refused(port: int, head: str, rest: bytes) -> None:
    answer = sent_raw(port, head, rest)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert b"\r\nConnection: close\r\n" in answer


def test_nonsense_instead_of_http_gets_a_problem(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"one two three four five\r\n\r\n")
        with connection.makefile("rb") as answer:
            assert json.loads(answer.read())["status"] == 400


def test_an_app_that_ends_with_an_error_is_a_bad_gateway(port: int) -> None:
    reply = ask(port, "GET", "/broken")
    assert is_problem(reply, status=502, code="no_answer")
    assert b"object" not in reply.body


def test_three_hundred_callers_at_once_are_all_served(port: int) -> None:
    with ThreadPoolExecutor(100) as pool:
        replies = pool.map(lambda _n: ask(port, "GET", "/health").status, range(300))
        assert set(replies) == {200}


def test_small_answers_on_one_connection_do_not_stall(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    taken = []
    for _ in range(51):
        started = time.monotonic()
        connection.request("GET", "/health")
        connection.getresponse().read()
        taken.append(time.monotonic() - started)
    connection.close()
    assert min(taken[30:]) < 0.03  # a stall costs 40 ms, every time once they begin


def test_literal_segments_win_over_captured_ones() -> None:
    routes = Routes(["/a/{x}", "/a/b", "/{y}/c/{z}"])
    assert routes.find("/a/b") == ("/a/b", {})
    assert routes.find("/a/d/") == ("/a/{x}", {"x": "d"})
    assert routes.find("/a/c/d") == ("/{y}/c/{z}", {"y": "a", "z": "d"})
    assert routes.find("/a/") is None


def test_chalice_itself_makes_servers_of_our_kind_once_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COGNITO_ISSUER", raising=False)
    before = chalice.local.create_local_server
    install()
    try:
        with pytest.raises(LookupError, match="the local authorizer needs"):
            CLIFactory(str(tmp_path)).create_local_server(some_app(), Config(), "127.0.0.1", 0)
    finally:
        setattr(chalice.local, "create_local_server", before)  # noqa: B010
