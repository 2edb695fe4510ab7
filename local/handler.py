"""The HTTP side of the local server: Chalice's, without its stalls, and with API Gateway's limits.

Chalice writes each answer in pieces, which costs 40 ms on a kept-alive connection, and lets five
connections wait. It refuses bodies that Lambda would not take, and answers every refusal as a
problem, never with a page of HTML.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socket import SHUT_WR, socket
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chalice.local import ChaliceRequestHandler, LocalGatewayException, ThreadedHTTPServer

from local.bodies import read_body
from local.gateway import Gateway
from local.refusals import Refusal, cors_headers, headers, no_answer, no_such_route

if TYPE_CHECKING:
    from functools import partial

LINGER = 1.0  # seconds
LOG = logging.getLogger("local.server")


class Server(ThreadedHTTPServer):
    """Many connections at once; knows how many requests are under way."""

    request_queue_size = 512
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: "partial[Handler]") -> None:
        self._under_way = 0
        self._changed = threading.Condition()
        super().__init__(address, handler)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Counts one request in, and out."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def drain(self, seconds: float) -> None:
        """Waits until no request is under way, or for so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, seconds)


class Handler(ChaliceRequestHandler):
    """One connection."""

    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 75
    server_version = "payouts"
    sys_version = ""
    server: Server
    local_gateway: Gateway

    def __init__(
        self, request: socket, client_address: tuple[str, int], server: Server, gateway: Gateway
    ) -> None:
        self.local_gateway = gateway
        self.started = time.monotonic()
        BaseHTTPRequestHandler.__init__(self, request, client_address, server)

    def _generic_handle(self) -> None:
        self.started = time.monotonic()
        request_id = str(uuid4())
        with self.server.serving():
            try:
                response = self._handle_binary(self._asked(request_id))
            except Refusal as refusal:
                self._refuse(refusal, request_id)
            except LocalGatewayException as error:
                self._send_error_response(error)
            else:
                headers = (
                    response["headers"]
                    | response["multiValueHeaders"]
                    | {"x-amzn-RequestId": request_id}
                )
                self._send_http_response(response["statusCode"], headers, response["body"])

    # The names are http.server's.
    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle  # noqa: N815

    def _asked(self, request_id: str) -> dict[str, Any]:
        body = read_body(self.rfile, self.headers)
        try:
            return self.local_gateway.answer(
                self.command, self.path, dict(self.headers), body, request_id
            )
        except (Refusal, LocalGatewayException):
            raise
        except Exception:
            LOG.exception("the app let an error through")
            raise no_answer() from None

    def _refuse(self, refusal: Refusal, request_id: str) -> None:
        origin = self.headers.get("origin") if hasattr(self, "headers") else None
        told = cors_headers(origin, self.local_gateway.origins) | headers(refusal.status)
        told |= {"X-Request-Id": request_id, "x-amzn-RequestId": request_id}
        if refusal.closing:
            self.close_connection = True
        self._send_http_response_with_body(refusal.status, told, refusal.body(request_id))
        if refusal.closing:
            self._linger()

    def _linger(self) -> None:
        """Waits for the sender to stop: closing on what it still sends would cost it our answer."""
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(SHUT_WR)
            self.connection.settimeout(LINGER)
            deadline = time.monotonic() + LINGER
            while time.monotonic() < deadline and self.connection.recv(65536):
                continue

    def _send_http_response_with_body(
        self, code: int, headers: dict[str, Any], body: str | bytes
    ) -> None:
        content = body if isinstance(body, bytes) else body.encode()
        headers = (
            {"Content-Type": "application/json"} | headers | {"Content-Length": str(len(content))}
        )
        if self.close_connection:
            # Whoever is not told keeps the connection, and meets its end with the next request.
            headers["Connection"] = "close"
        self.send_response(code)
        self._send_headers(headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_error(
        self, code: int, message: str | None = None, _explain: str | None = None
    ) -> None:
        """What http.server itself cannot make sense of, as a problem."""
        refusal = Refusal(HTTPStatus(code), "bad_request", message or HTTPStatus(code).phrase)
        if code == HTTPStatus.NOT_IMPLEMENTED:  # a method that nobody has heard of
            refusal = no_such_route()
        refusal.closing = True
        self._refuse(refusal, str(uuid4()))

    def log_request(self, code: int | str = "-", _size: int | str = "-") -> None:
        """One line for each answer, without the query: that may hold whom it is about."""
        path = getattr(self, "path", "-").partition("?")[0]
        status = int(code) if isinstance(code, int) else code
        LOG.info(
            "%s %s %s %.0f ms", self.command, path, status, (time.monotonic() - self.started) * 1000
        )
