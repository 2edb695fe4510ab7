"""A stand-in for the provider's simulator: takes subscriptions, tells the time, nothing else.

Started as a process like the real one, with the same command line and the same announcement.
"""

import json
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


class Provider(BaseHTTPRequestHandler):
    """Keeps subscriptions by the name of their event."""

    kept: ClassVar[dict[str, dict[str, Any]]] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        name = body["eventName"]
        if self.path.endswith("/create") and name in self.kept:
            self._answer(400, {"status": "WebhookAlreadySubscribed", "id": self.kept[name]["id"]})
            return
        self.kept[name] = {"id": len(self.kept) + 1} | body
        self._answer(200, {"status": "Ok", "id": self.kept[name]["id"]})

    def do_GET(self) -> None:
        if self.path == "/subscriptions/v1/list":
            listed = [{**each, "status": each["subscriptionStatus"]} for each in self.kept.values()]
            self._answer(200, {"status": "Ok", "eventname": listed})
            return
        clock = {"now": datetime.now(UTC).isoformat(), "offset_seconds": 0}
        self._answer(200, clock if self.path == "/_simulator/clock" else self.kept)

    def _answer(self, status: int, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Listens, says where, serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    url = f"http://127.0.0.1:{server.server_port}"
    known = {"url": url, "api_key": "fake-api-key", "account_number": "6279059719840015"}
    sys.stdout.write(json.dumps(known) + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
