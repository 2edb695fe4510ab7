"""A door before a DynamoDB that can keep one reply back: what is written is written, unheard.

So a process can be ended at the very point between storing and whatever it does next. It changes no
request and no answer.
"""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

WAIT = 30.0  # seconds at most, for whatever has to come
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class HeldReplies(ThreadingHTTPServer):
    """Listens at `url`, and asks `upstream` once that is known."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.upstream = ""
        self.known = threading.Event()
        self.kept = threading.Event()
        self.released = threading.Event()
        self._wanted = b""
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        self.known.set()
        self.shutdown()
        self.server_close()

    def forward_to(self, url: str) -> None:
        """From now on requests are answered from there."""
        self.upstream = urlsplit(url).netloc
        self.known.set()

    def keep_back(self, text: str) -> None:
        """Keep the reply to the next transaction that has this text in it; `kept` tells when."""
        self.kept.clear()
        self.released.clear()
        with self._lock:
            self._wanted = text.encode()

    def keeps(self, target: str, body: bytes) -> bool:
        """Whether the reply to this request is the one; only once."""
        with self._lock:
            if not self._wanted or self._wanted not in body or "TransactWrite" not in target:
                return False
            self._wanted = b""
            return True


class _Door(BaseHTTPRequestHandler):
    """One connection, and one of its own to the other side."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: HeldReplies

    def setup(self) -> None:
        super().setup()
        self.server.known.wait(WAIT)
        self.other = HTTPConnection(self.server.upstream, timeout=WAIT)

    def finish(self) -> None:
        self.other.close()
        super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        told = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        self.other.request("POST", self.path, body, told)
        answer = self.other.getresponse()
        content = answer.read()
        if self.server.keeps(self.headers.get("x-amz-target", ""), body):
            self.server.kept.set()
            self.server.released.wait(WAIT)
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the two sides have logs of their own."""
