"""Serves moto made safe: one request at a time, nothing remembered, 127.0.0.1 only.

moto copies a whole table before each transaction without a lock, keeps every object it ever made,
and hashes a digest once more before it signs. All three are cured here, at its door. What stands
here serves; which services it serves is its caller's choice.

It refuses moto's own control pages, so that no page in a browser can empty it.
"""

import base64
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from moto.core.common_models import BaseModel
from moto.kms.exceptions import ValidationException
from moto.kms.responses import KmsResponse
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from local.leash import announce

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Answer = tuple[str, Sequence[tuple[str, str]], bytes]
EMPTY_POLL = 0.05  # seconds between two looks into an empty queue


def stop_tracking() -> None:
    """From now on moto keeps no list of the objects that it made: they would never be let go."""

    def untracked(cls: type, *_: object, **__: object) -> object:
        return object.__new__(cls)

    BaseModel.__new__ = untracked  # type: ignore[method-assign, assignment]


def sign_digests() -> None:
    """From now on moto signs a digest as it is: it hashes what it is told is hashed already.

    For ECDSA over SHA-256 alone; for anything else a digest is refused.
    """
    once = KmsResponse.sign

    def sign(self: Any) -> str:  # noqa: ANN401 - moto has no types
        if self._get_param("MessageType") != "DIGEST":
            return once(self)
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        digest, algorithm = self._get_param("Message"), self._get_param("SigningAlgorithm")
        if (algorithm, len(digest)) != ("ECDSA_SHA_256", 32) or key.key_usage != "SIGN_VERIFY":
            raise ValidationException("Digest is invalid length for algorithm.")
        signature = key.private_key.private_key.sign(digest, ECDSA(Prehashed(SHA256())))
        encoded = base64.b64encode(signature).decode()
        answer = {"KeyId": key.arn, "Signature": encoded, "SigningAlgorithm": algorithm}
        return json.dumps(answer)

    KmsResponse.sign = sign  # type: ignore[method-assign]


def moto_application() -> Application:
    """All of moto as it comes: every service, told apart by the signature of the request."""
    return cast(Application, DomainDispatcherApplication(create_backend_app))


class Serial:
    """One request at a time: between two of them nobody sees a half-done one.

    A long poll of a queue is broken up into short ones, or it would hold up everything else.
    """

    def __init__(
        self, application: Application, after: Callable[[str], None] | None = None
    ) -> None:
        self.application = application
        self.after = after or (lambda _target: None)
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entrance."""
        if environ["PATH_INFO"].startswith("/moto-api"):
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        poll = self._long_poll if target == "AmazonSQS.ReceiveMessage" else self._once
        status, headers, content = poll(environ, body, target)
        start_response(status, headers)
        return [content]

    def _once(self, environ: Environ, body: bytes, target: str) -> Answer:
        answer: list[Any] = []

        def started(status: str, headers: Sequence[tuple[str, str]], _error: object = None) -> None:
            answer.extend((status, headers))

        environ = environ | {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self.lock:
            content = b"".join(self.application(environ, started))
            if answer[0].startswith("2"):
                self.after(target)
        return answer[0], answer[1], content

    def _long_poll(self, environ: Environ, body: bytes, target: str) -> Answer:
        question = json.loads(body)
        deadline = time.monotonic() + question.get("WaitTimeSeconds", 0)
        short = json.dumps(question | {"WaitTimeSeconds": 0}).encode()
        while True:
            answer = self._once(environ, short, target)
            if b'"Messages"' in answer[2] or time.monotonic() >= deadline:
                return answer
            time.sleep(EMPTY_POLL)


def serve(application: Application) -> None:
    """Listens on a port of the system's choosing, prints {"url"}, and serves until it is ended."""
    server = make_server(
        "127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler
    )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request is no news
    announce(url=f"http://127.0.0.1:{server.server_port}")
    server.serve_forever()
