"""The same door over real HTTP: the local server on a port of this machine, fakes behind it.

What cannot be put on the wire as it is (a header of no Latin letters, say) is `Unsendable`. It
refuses to listen anywhere but on 127.0.0.1.
"""

from __future__ import annotations

import http.client
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from chalice.config import Config

import app
from local.chalice_local import create_local_server
from tests.api.client import Answer
from tests.api.house import CLIENT_ID, ISSUER, ORIGINS
from tests.fuzz.door import Packing, Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.door import Asked

SETTINGS = {
    "COGNITO_JWKS_URL": "http://127.0.0.1:9", "COGNITO_ISSUER": ISSUER,
    "COGNITO_CLIENT_ID": CLIENT_ID, "CORS_ORIGINS": ",".join(ORIGINS),
}  # fmt: skip
# Bytes of all headers that API Gateway takes.
LARGEST_HEADERS = 10_240


class Unsendable(Exception):
    """No client would send it."""


class HttpDoor:
    """The way in, over a connection for each request."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, asked: Asked) -> Answer:
        """What is answered.

        Raises:
            Unsendable: it is no HTTP.
        """
        lowered = [name.lower() for name in asked.headers]
        if asked.packing is not Packing.USUAL or len(set(lowered)) < len(lowered):
            raise Unsendable("a matter of the gateway's events")
        if not asked.method or len(repr(asked.headers)) > LARGEST_HEADERS:
            raise Unsendable("no gateway would pass it on")
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            return self._answer(connection, asked)
        finally:
            connection.close()

    def _answer(self, connection: http.client.HTTPConnection, asked: Asked) -> Answer:
        try:
            connection.request(asked.method, asked.target, asked.body, asked.headers)
        except (ValueError, UnicodeError) as wrong:
            raise Unsendable(str(wrong)) from None
        got = connection.getresponse()
        return Answer(got.status, dict(got.headers.items()), got.read().decode())


@contextmanager
def http_door() -> Iterator[HttpDoor]:
    """A server for as long as the block lasts; the app is left as it was."""
    kind, config = app.app.__class__, Config(
        chalice_stage="local", config_from_disk={"stages": {"local": {}}}
    )  # fmt: skip
    local = create_local_server(app.app, config, "127.0.0.1", 0, SETTINGS)
    handler: Any = local.server.RequestHandlerClass
    assert isinstance(handler, partial)
    handler.keywords["gateway"]._authorizer.verifier = Verifier()
    serving = Thread(target=local.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield HttpDoor(local.port)
    finally:
        local.shutdown()
        serving.join()
        local.server.server_close()
        local.server.drain(5)
        app.app.__class__ = kind
