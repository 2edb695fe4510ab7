"""One HTTP exchange over real sockets: what came back whole, or what befell it on the way."""

import json
import logging
import socket
import ssl
import threading
import time
from collections import deque
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.monoova.transport import LONGEST_IDLE, Call, Transport, mishap_of
from chalicelib.domain.answers import Mishap
from tests.adapters.samples import Seconds

POST = Call("execute", "POST", "/pay", b'{"totalAmount":100.00}')
GET = Call("status", "GET", "/status")
RESET = object()
SILENCE = 30.0  # seconds for which nothing comes


def http(body=b'{"status":"Ok"}', status=b"200 OK", more=b""):
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + length + more + b"\r\n" + body


class Wire:
    """A server that reads a request, then does what its script says: send, wait, close, reset.

    A wait ends with the test. `closed` counts the connections that the server has let go.
    """

    def __init__(self, context=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.listener.getsockname()[1]}"
        self.script: deque[list[Any]] = deque()
        self.requests = []
        self.connections = 0
        self.closed = threading.Semaphore(0)
        self.stop = threading.Event()
        self._context = context
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            while request := self._request(connection):
                self.requests.append(request)
                for act in self.script.popleft() if self.script else [http()]:
                    if act is RESET:
                        linger = b"\x01\0\0\0\0\0\0\0"
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        return
                    if act is None:
                        return
                    if isinstance(act, float):
                        self.stop.wait(act)
                    else:
                        connection.sendall(act)
        except OSError:
            return
        finally:
            connection.close()
            self.closed.release()

    @staticmethod
    def _request(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return b""
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n")
             if line.lower().startswith(b"content-length")), 0,
        )  # fmt: skip
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


@contextmanager
def wiring(context=None):
    wire = Wire(context)
    try:
        yield wire
    finally:
        wire.stop.set()
        wire.listener.close()


@pytest.fixture
def wire():
    with wiring() as made:
        yield made


@pytest.fixture
def transport():
    """One that waits for longer than a busy machine stands still."""
    return Transport(connect_timeout=10.0, read_timeout=20.0)


@pytest.fixture
def hasty():
    return Transport(connect_timeout=10.0, read_timeout=1.5)


def send(transport, call, wire, *, key="fake-api-key", seconds=40.0):
    return transport.send(call, base_url=wire.url, api_key=key, seconds=seconds)


def test_an_answer_that_comes_back_whole_is_told_as_it_is(transport, wire):
    reply = send(transport, POST, wire)
    assert (reply.mishap, reply.http_status, reply.raw) == (Mishap.NONE, 200, b'{"status":"Ok"}')


def test_the_request_carries_the_key_the_body_and_no_more_than_it_must(transport, wire):
    send(transport, POST, wire)
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    lines = {line.split(b":")[0].lower(): line.split(b": ")[1] for line in head.split(b"\r\n")[1:]}
    assert head.startswith(b"POST /pay HTTP/1.1\r\n")
    assert body == POST.body
    assert lines[b"authorization"] == b"Basic ZmFrZS1hcGkta2V5Og=="
    assert lines[b"content-type"] == b"application/json"
    assert lines[b"accept-encoding"] == b"identity"


def test_without_a_key_nothing_is_signed_in_whatever_the_home_directory_says(
    transport, wire, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password fake\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    send(transport, GET, wire, key=None)
    assert b"authorization" not in wire.requests[0].lower()


def test_no_proxy_of_the_environment_is_used(wire, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert send(Transport(), GET, wire).http_status == 200


def test_cookies_are_not_kept(transport, wire):
    wire.script.append([http(more=b"Set-Cookie: a=b; Path=/\r\n")])
    send(transport, GET, wire)
    send(transport, GET, wire)
    assert b"cookie" not in wire.requests[1].lower()


def test_a_connection_is_kept_and_used_again(transport, wire):
    for _ in range(5):
        assert send(transport, GET, wire).http_status == 200
    assert wire.connections == 1


def test_a_connection_that_was_idle_for_long_is_not_trusted(wire):
    seconds = Seconds()
    transport = Transport(monotonic=seconds)
    send(transport, GET, wire)
    seconds.spent += LONGEST_IDLE + 1
    send(transport, GET, wire)
    assert wire.connections == 2


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary", b"308 Permanent"])
def test_no_redirect_is_followed(transport, wire, status):
    wire.script.append([http(b"{}", status, b"Location: /elsewhere\r\n")])
    reply = send(transport, POST, wire)
    assert reply.http_status == int(status[:3])
    assert len(wire.requests) == 1


def test_a_connection_that_is_refused_is_never_sent(transport):
    reply = transport.send(POST, base_url="http://127.0.0.1:9", api_key="k", seconds=5)
    assert (reply.mishap, reply.http_status) == (Mishap.NOT_CONNECTED, 0)


def test_a_host_that_has_no_address_is_never_sent(transport):
    reply = transport.send(POST, base_url="http://no-such-host.invalid", api_key="k", seconds=5)
    assert reply.mishap is Mishap.NOT_CONNECTED


def test_a_connection_that_does_not_come_about_in_time_is_never_sent():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        time.sleep(0.05)
        transport = Transport(connect_timeout=0.2)
        reply = transport.send(
            POST, base_url=f"http://127.0.0.1:{address[1]}", api_key="k", seconds=5
        )
        for each in waiting:
            each.close()
    assert reply.mishap is Mishap.NOT_CONNECTED


def test_an_answer_that_does_not_come_in_time_has_timed_out(hasty, wire):
    wire.script.append([SILENCE])
    assert send(hasty, POST, wire).mishap is Mishap.TIMED_OUT
    wire.stop.set()
    assert wire.closed.acquire(timeout=20)
    assert (len(wire.requests), wire.connections) == (1, 1)


def test_an_answer_that_stops_in_the_middle_has_timed_out(hasty, wire):
    wire.script.append([http()[:-3], SILENCE])
    reply = send(hasty, POST, wire)
    assert (reply.mishap, reply.http_status) == (Mishap.TIMED_OUT, 200)


def test_an_answer_that_trickles_is_not_waited_for_beyond_the_time(transport, wire):
    """No wait of it is too long, all of them together are."""
    wire.script.append([http(b"x" * 1000)[:-1000], *[b"x", 0.05] * 1000])
    reply = send(transport, POST, wire, seconds=1.0)
    assert reply.mishap is Mishap.TIMED_OUT


@pytest.mark.parametrize(
    "acts",
    [[None], [RESET], [http()[:-3], None], [http()[:-3], RESET],
     [b"HTTP/1.1 200 OK\r\nConte", None], [b"rubbish\r\n\r\n", None],
     [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", None],
     [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", None]],
    ids=["closed", "reset", "cut", "cut and reset", "cut head", "rubbish", "chunk", "cut chunk"],
)  # fmt: skip
def test_a_connection_that_breaks_after_the_request_is_lost_not_unsent(transport, wire, acts):
    wire.script.append(acts)
    reply = send(transport, POST, wire)
    assert (reply.mishap, len(wire.requests)) == (Mishap.CONNECTION_LOST, 1)


@pytest.mark.parametrize("acts", [[None], [RESET]], ids=["closed", "reset"])
def test_a_kept_connection_that_breaks_under_a_request_is_lost_and_nothing_is_sent_twice(
    transport, wire, acts
):
    wire.script.extend([[http()], acts])
    send(transport, GET, wire)
    reply = send(transport, POST, wire)
    assert (reply.mishap, wire.connections) == (Mishap.CONNECTION_LOST, 1)
    assert len(wire.requests) == 2


def test_a_kept_connection_that_was_closed_before_is_replaced(transport, wire):
    wire.script.append([http(), None])
    send(transport, GET, wire)
    assert wire.closed.acquire(timeout=20)
    assert send(transport, POST, wire).http_status == 200
    assert wire.connections == 2


def test_a_refused_sign_in_is_known_from_its_first_line(transport, wire):
    wire.script.append([http(b"x" * 50, b"401 Unauthorized")[:-30], RESET])
    reply = send(transport, POST, wire)
    assert (reply.mishap, reply.http_status) == (Mishap.NONE, 401)


@pytest.mark.parametrize("status", [b"400 Bad Request", b"429 Too Many", b"403 Forbidden"])
def test_a_refusal_that_did_not_come_back_whole_is_none(transport, wire, status):
    wire.script.append([http(b"x" * 50, status)[:-30], None])
    assert send(transport, POST, wire).mishap is Mishap.CONNECTION_LOST


def test_an_answer_without_an_end_is_not_read_to_it(transport, wire):
    wire.script.append([http(b"x" * 5000)])
    reply = send(transport, Call("status", "GET", "/", largest=1000), wire)
    assert (reply.mishap, reply.http_status, reply.raw) == (Mishap.NONE, 200, b"")


def test_an_answer_that_is_packed_is_measured_unpacked(transport, wire):
    import gzip  # noqa: PLC0415 (here only)

    packed = http(gzip.compress(b"x" * 5000), more=b"Content-Encoding: gzip\r\n")
    wire.script.extend([[packed], [packed]])
    assert send(transport, Call("status", "GET", "/", largest=1000), wire).raw == b""
    assert send(transport, Call("status", "GET", "/", largest=9000), wire).raw == b"x" * 5000


def test_time_outs_are_shortened_to_the_time_that_is_left(wire):
    wire.script.append([SILENCE])
    began = time.monotonic()
    reply = send(Transport(read_timeout=SILENCE), POST, wire, seconds=0.3)
    assert reply.mishap is Mishap.TIMED_OUT
    assert time.monotonic() - began < SILENCE


def certificate(tmp_path, host="127.0.0.1"):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ) + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return file


def test_a_certificate_that_is_not_trusted_is_never_sent_to(transport, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with wiring(context) as wire:
        reply = send(transport, POST, wire)
        assert (reply.mishap, wire.requests) == (Mishap.NOT_CONNECTED, [])


def test_no_tls_older_than_1_2_is_spoken():
    adapter: Any = Transport()._session.get_adapter("https://example.com")
    assert adapter.poolmanager.connection_pool_kw["ssl_minimum_version"] is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError(urllib3.exceptions.ProtocolError("", ConnectionResetError())),
        requests.ConnectionError(OSError("anything")),
        requests.exceptions.ChunkedEncodingError(urllib3.exceptions.IncompleteRead(1, 2)),
        requests.exceptions.SSLError(urllib3.exceptions.SSLError(ssl.SSLEOFError("eof"))),
        requests.exceptions.SSLError("anything"),
        requests.exceptions.ContentDecodingError("gzip"),
        requests.exceptions.InvalidURL("anything"),
        requests.RequestException(),
        ValueError("anything"),
    ],
    ids=repr,
)  # fmt: skip
def test_whatever_does_not_prove_that_nothing_was_sent_is_lost(error):
    assert mishap_of(error) is Mishap.CONNECTION_LOST


def test_every_call_has_its_line_without_anything_that_was_said(transport, wire, caplog):
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    send(transport, POST, wire)
    transport.send(POST, base_url="http://127.0.0.1:9", api_key="fake-api-key", seconds=5)
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [(line["operation"], line["http_status"], line["mishap"]) for line in lines] == [
        ("monoova.execute", 200, ""),
        ("monoova.execute", 0, "not_connected"),
    ]
    assert "fake-api-key" not in caplog.text
    assert "totalAmount" not in caplog.text


def test_neither_calls_nor_replies_show_what_they_carry(transport, wire):
    assert "totalAmount" not in repr(POST)
    assert "Ok" not in repr(send(transport, POST, wire))
