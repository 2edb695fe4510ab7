"""The sockets: HTTP/1.1, connections kept, 127.0.0.1 only; and a way to run it inside a process.

    with serve(Options(opening=100_00)) as running:
        requests.get(f"{running.url}/public/v1/ping")

Refuses to say anything about a request but its method, its path's template and the status.
"""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TextIO

from local.monoova import transport
from local.monoova.answers import Answer, Misfire
from local.monoova.control import Control
from local.monoova.door import respond
from local.monoova.shapes import write_json
from local.monoova.simulator import Options, Simulator

HOST = "127.0.0.1"
LARGEST_BODY = 16 * 1024 * 1024
JSON = "application/json; charset=utf-8"


class Server(ThreadingHTTPServer):
    """Listens for one simulator; each connection has a thread."""

    request_queue_size = 512
    daemon_threads = True
    # Waiting for the threads is done by `close`, after their connections were ended.
    block_on_close = False

    def __init__(self, simulator: Simulator, port: int, log: TextIO | None) -> None:
        self.simulator = simulator
        self.stopping = threading.Event()
        self._log = log
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((HOST, port), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.server_address[1]}"

    def note(self, method: str, template: str, outcome: str) -> None:
        """One line of the log."""
        if self._log is not None:
            print(method, template, outcome, file=self._log, flush=True)

    def process_request(self, request: object, client_address: object) -> None:
        """Remembers the connection, so that it can be ended."""
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def shutdown_request(self, request: object) -> None:
        """Ends a connection, abruptly if that was asked for."""
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.discard(request)
            if transport.is_reset(request):
                request.close()
                return
        super().shutdown_request(request)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left in the middle is no news."""

    def close(self) -> None:
        """Ends every connection, then waits a little for their threads."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        end = time.monotonic() + 5
        while self._open and time.monotonic() < end:
            with self._guard:
                for connection in self._open:
                    _end(connection)
            time.sleep(0.005)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "MonoovaSimulator"
    sys_version = ""
    # Without these a small answer on a kept connection waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answers a GET."""
        self._respond()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names are the library's

    def handle_expect_100(self) -> bool:
        """Lets a client send its large body; the library forgets that its words are buffered."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Says nothing: the library's lines have the whole path in them."""

    def _respond(self) -> None:
        started = time.monotonic()
        body = self._body()
        if body is None:
            return
        target, sign_in = self.path, self.headers.get("Authorization")
        reply = respond(self.server.simulator, self.command, target, body, sign_in)
        answer, misfire = reply.answer, reply.answer.misfire
        self.server.note(
            self.command, reply.template, misfire.kind if misfire else str(answer.status)
        )
        if misfire is None:
            self._send(answer, started)
        else:
            self._misfire(misfire, answer, started)

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding"):
            self._abort(411)
        elif not (length.isascii() and length.isdigit()):
            self._abort(400)
        elif len(length) > 9 or int(length) > LARGEST_BODY:
            self._abort(413)
        else:
            body = self.rfile.read(int(length))
            self.close_connection = self.close_connection or len(body) < int(length)
            return body if len(body) == int(length) else None
        return None

    def _abort(self, status: int) -> None:
        self.close_connection = True
        self._write(status, b"", JSON)

    def _send(self, answer: Answer, started: float) -> None:
        content = answer.content
        if isinstance(content, Mapping):
            if answer.timed:
                content = dict(content) | {"durationMs": int((time.monotonic() - started) * 1000)}
            content = write_json(content)
        self._write(answer.status, content.encode(), answer.content_type)

    def _misfire(self, misfire: Misfire, answer: Answer, started: float) -> None:
        match misfire.kind:
            case "late":
                self.server.stopping.wait(float(misfire.seconds))
                self._send(answer, started)
            case "error":
                page = transport.GATEWAY.format(status=misfire.status)
                self._write(misfire.status, page.encode(), "text/html")
            case "unparsable":
                self._write(200, transport.GARBLED, JSON)
            case kind:
                self.close_connection = True
                if kind == "timeout":
                    transport.hold(self.connection, misfire.seconds, self.server.stopping)
                else:
                    transport.reset(self.connection)

    def _write(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="Monoova simulator"')
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


@dataclass(frozen=True)
class Running:
    """A simulator that serves; `control` talks to it, `simulator` is its inside."""

    url: str
    api_key: str
    account_number: str
    control: Control
    simulator: Simulator

    def __repr__(self) -> str:
        """Without the key."""
        return f"Running({self.url!r})"


@contextmanager
def serve(
    options: Options | None = None, *, port: int = 0, log: TextIO | None = None
) -> Iterator[Running]:
    """Runs a simulator for as long as the block lasts; port 0 is any free one.

    Raises:
        StateTaken: the state folder cannot be had.
        OSError: the port cannot be had.
    """
    simulator = Simulator(options or Options())
    try:
        server = Server(simulator, port, log)
    except OSError:
        simulator.close()
        raise
    thread = threading.Thread(
        target=server.serve_forever, args=(0.05,), name="monoova", daemon=True
    )
    thread.start()
    simulator.start()
    control = Control(server.url)
    identity = simulator.identity
    try:
        yield Running(server.url, identity.api_key, identity.account_number, control, simulator)
    finally:
        control.close()
        server.close()
        thread.join(5)
        simulator.close()


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
