"""What no client should send: refused, nothing stored, no stack trace and no 500."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from local.monoova.control import Misused
from local.monoova.routes import ROUTES
from tests.local.monoova_bench import Bench, exact, order, simulated

BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"1",
    b"{}",
    b"\xff\xfe",
    b'{"uniqueReference": "\\ud800"}',
    b'{"totalAmount": NaN, "disbursements": [{}]}',
    b'{"totalAmount": 1e400}',
    b'{"totalAmount": 1e99999999999999999999}',
    b'{"totalAmount": ' + b"9" * 5000 + b"}",
    b'{"totalAmount": 1E-400, "disbursements": [{}]}',
    b'{"uniqueReference": 7}',
    b'{"uniqueReference": ["a"]}',
    b'{"mAccount": [], "disbursements": {}}',
    b'{"disbursements": [null]}',
    b'{"disbursements": [{"disbursementMethod": ["directCredit"]}]}',
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'{"eventName": [], "targetUrl": {}, "id": 1e400}',
    b'{"token": {}, "code": null, "creditMethod": {}}',
    b'{"accountNumber": {}, "frequency": []}',
]
POSTS = [route.template for route in ROUTES if route.method == "POST" and "{" not in route.template]
# What a body does not matter for, because none is read.
BODILESS = {"/_simulator/reset", "/_simulator/keys/rotate"}
LENIENT = {"/_simulator/settings", "/_simulator/webhooks/flush"}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with simulated() as house:
        yield house


@pytest.mark.parametrize("path", [path for path in POSTS if path not in BODILESS])
def test_no_body_breaks_an_endpoint(bench: Bench, path: str):
    for body in BODIES:
        told = bench.post(path, body)
        empty = path in LENIENT and body in {b"", b"{}"}
        assert told.status_code == (200 if empty else 400), (body[:60], told.text)
        assert "Traceback" not in told.text
    totals = bench.control.totals()
    assert totals.executions == ()
    assert totals.balance == 1000


@pytest.mark.parametrize(
    "path",
    [
        "/financial/v2/status/%00",
        "/financial/v2/status/%ff%fe",
        "/financial/v2/status/" + "x" * 5000,
        "/financial/v2/status/%00/%00",
        "/reports/v1/statement/2026-13-01",
        "/reports/v1/statement/0001-01-01",
        "/subscriptions/v1/report/x",
        "/subscriptions/v1/report/2026-01-01?skip=-1",
        "/subscriptions/v1/report/2026-01-01?take=99999999999999999999",
        "/mAccount/v1/financials/%27;drop",
        "/mAccount/v1/get/x",
        "/tools/v1/bsbValidate/%D9%A1%D9%A2%D9%A3-%D9%A1%D9%A2%D9%A3",
        "/tools/v1/abnValidate/%D9%A1",
    ],
)
def test_no_path_breaks_an_endpoint(bench: Bench, path: str):
    assert bench.get(path).status_code == 400


def test_what_is_not_there_is_a_404_and_a_wrong_method_a_405(bench: Bench):
    assert bench.get("/financial/v2/nothing").status_code == 404
    assert bench.get("/financial/v2/status/").status_code == 404
    assert bench.get("/financial/v2/transaction/execute").status_code == 405
    assert bench.session.put(f"{bench.url}/_simulator/clock", timeout=5).status_code == 405
    assert exact(bench.get("/"))["status"] == "ResourceNotFound"


def test_a_path_is_the_same_in_any_case_and_its_parameters_are_not(bench: Bench):
    bench.pay("Mixed-Case")
    assert exact(bench.get("/Financial/V2/Status/Mixed-Case"))["transactionStatus"] == "Complete"
    assert bench.get("/financial/v2/status/mixed-case").status_code == 400
    bench.control.reset()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", b'{"advance_seconds": -1}'),
        ("clock", b'{"advance_seconds": "1"}'),
        ("clock", b'{"advance_seconds": 1e30}'),
        ("clock", b"{}"),
        ("receive", b'{"amount": "0.00"}'),
        ("receive", b'{"amount": "1.001"}'),
        ("receive", b'{"amount": 5, "rail": "BPAY"}'),
        ("receive", b'{"amount": 5, "color": "red"}'),
        ("settings", b'{"refuses_repeats": "yes"}'),
        ("settings", b'{"default_outcome": "reject"}'),
        ("settings", b'{"npp_payout_limit": 0}'),
        ("settings", b'{"unknown": 1}'),
        ("happen", b'{"uniqueReference": "r-1", "ending": "explode"}'),
        ("webhooks/flush", b'{"hurry": 1}'),
        ("webhooks/send", b'{"eventName": "NppReturn", "body": 1}'),
    ],
)
def test_a_control_request_that_makes_no_sense_lists_why(bench: Bench, path: str, body: bytes):
    before = bench.control.settings()
    told = bench.post(f"/_simulator/{path}", body)
    assert told.status_code == 400
    assert all(set(error) == {"field", "problem"} for error in told.json()["errors"])
    assert bench.control.settings() == before


def test_time_stops_at_a_century(bench: Bench):
    bench.control.advance(90 * 365 * 86400)
    with pytest.raises(Misused, match="century"):
        bench.control.advance(20 * 365 * 86400)
    bench.control.reset()


def raw(bench: Bench, request: bytes) -> bytes:
    parts = urlsplit(bench.url)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: x", b"400"),
        (b"Content-Length: 99999999999", b"413"),
        (b"Content-Length: 99999999", b"413"),
    ],
)
def test_a_body_that_cannot_be_read_ends_the_connection(bench: Bench, header: bytes, status: bytes):
    request = b"POST /financial/v2/transaction/execute HTTP/1.1\r\nHost: x\r\n" + header
    answer = raw(bench, request + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"Connection: close" in answer


def test_a_client_that_asks_before_sending_its_body_is_told_to_go_on(bench: Bench):
    parts = urlsplit(bench.url)
    head = b"POST /_simulator/clock HTTP/1.1\r\nHost: x\r\nContent-Length: 22\r\n"
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=5) as connection:
        connection.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b'{"advance_seconds": 0}')
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_body_that_breaks_off_pays_nobody(bench: Bench):
    head = (
        b"POST /financial/v2/transaction/execute HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
    )
    assert raw(bench, head + b"{") == b""
    assert raw(bench, b"\x00\x01\r\n\r\n") != b"x"
    assert bench.control.totals().executions == ()


def test_a_connection_is_kept_and_serves_many_requests_quickly(bench: Bench):
    connection = http.client.HTTPConnection(str(urlsplit(bench.url).netloc), timeout=5)
    for _ in range(50):
        connection.request("GET", "/public/v1/ping")
        answer = connection.getresponse()
        assert (answer.status, answer.version) == (200, 11)
        assert b"Sandbox" in answer.read()
        held = connection.sock
    assert held is connection.sock
    connection.close()


def test_two_simulators_in_one_process_share_nothing(bench: Bench):
    with simulated(seed=8) as other:
        other.pay("r-1")
        assert other.running.api_key != bench.running.api_key
        assert bench.status("r-1") == "UniqueIdNotFound"
        assert other.execute(order("r-1")).status_code == 400
