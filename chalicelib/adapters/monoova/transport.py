"""One HTTP exchange with the provider: what came back whole, or what befell it on the way.

Sends nothing twice, follows no redirect, takes no proxy, cookie or password from the environment.
An exchange counts as never sent only where no connection was ever made.
"""

from __future__ import annotations

import http.client
import ssl
import time
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from chalicelib.adapters import telemetry
from chalicelib.domain.answers import Mishap

if TYPE_CHECKING:
    from collections.abc import Callable

# A connection idle for longer may be gone without a word, and a request on it would be a doubt.
LONGEST_IDLE = 20.0
# Seconds that a long answer may keep silent, as while it is made.
LONGEST_SILENCE = 60.0
SMALL = 1 << 20
LARGE = 64 << 20
_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
_LENGTHS = ("Content-Length", "Transfer-Encoding")
_TIME_OUTS = (urllib3.exceptions.ReadTimeoutError, requests.ReadTimeout, TimeoutError)


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A request; `operation` is its name in logs, `largest` the most bytes an answer may have."""

    operation: str
    method: str
    path: str
    body: bytes | None = None
    largest: int = SMALL
    streamed: bool = False  # whether a good answer is to be read as it arrives, however long

    def __repr__(self) -> str:
        return f"Call({self.operation})"


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back. `raw` is empty where the body was too large; `detail` is for people."""

    mishap: Mishap = Mishap.NONE
    http_status: int = 0
    raw: bytes = b""
    detail: str = ""
    body: Arriving | None = None  # of a call that is streamed: to be read, or closed

    def __repr__(self) -> str:
        return f"Reply({self.mishap}, {self.http_status})"


class Broken(Exception):
    """An answer broke off while it arrived: what was read of it is worth nothing."""


class Arriving:
    """The body of a good answer, part by part, up to a deadline; read once."""

    def __init__(self, response: requests.Response, in_time: Callable[[], bool]) -> None:
        self._response = response
        self._in_time = in_time

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at its end.

        Raises:
            Broken: the connection broke, or the time is over.
        """
        if not self._in_time():
            raise Broken(str(Mishap.TIMED_OUT))
        if size == 0:
            return b""
        try:
            part: bytes = self._response.raw.read1(size, decode_content=True)
        except _FAILURES as error:
            raise Broken(f"{mishap_of(error)} {type(error).__name__}") from None
        return part

    def close(self) -> None:
        """Let the connection go."""
        self._response.close()


class Transport:
    """The connections to the provider, kept alive. Time-outs are in seconds, for each wait."""

    def __init__(
        self,
        *,
        connect_timeout: float = 3.0,
        read_timeout: float = 12.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._monotonic = monotonic
        self._session = _session()
        self._used_at = monotonic()

    def send(self, call: Call, *, base_url: str, api_key: str | None, seconds: float) -> Reply:
        """Make the call, once, within `seconds`; without a key it goes out unsigned.

        The time is kept to between two arrivals of data: a provider that sends byte by byte can
        overrun it by one time-out.
        """
        self._forget_idle()
        began = time.monotonic()
        reply = self._exchange(call, base_url, api_key, seconds)
        mishap = "" if reply.mishap is Mishap.NONE else str(reply.mishap)
        telemetry.outbound(
            f"monoova.{call.operation}", began=began, http_status=reply.http_status, mishap=mishap
        )
        return reply

    def _exchange(self, call: Call, base_url: str, api_key: str | None, seconds: float) -> Reply:
        deadline = self._monotonic() + seconds
        connect = min(self._connect_timeout, seconds / 3)
        longest = LONGEST_SILENCE if call.streamed else self._read_timeout
        read = min(longest, seconds - connect)
        try:
            response = self._session.request(
                call.method,
                base_url + call.path,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body is not None else None,
                auth=HTTPBasicAuth(api_key, "") if api_key is not None else None,
                timeout=(connect, read),
                allow_redirects=False,
                stream=True,
            )
        except _FAILURES as error:
            return Reply(mishap_of(error), detail=type(error).__name__)
        reply = Reply(http_status=response.status_code)
        if call.streamed and response.status_code == 200:
            return replace(reply, body=Arriving(response, lambda: self._monotonic() <= deadline))
        try:
            return replace(reply, raw=self._body(response, call.largest, deadline))
        except _TooLarge:
            return replace(reply, detail="the answer is too large")
        except _FAILURES as error:
            # A refused sign-in is known from the first line: nothing was done.
            mishap = Mishap.NONE if reply.http_status == 401 else mishap_of(error)
            return replace(reply, mishap=mishap, detail=type(error).__name__)
        finally:
            response.close()

    def _body(self, response: requests.Response, largest: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        length = 0
        while part := response.raw.read1(1 << 16, decode_content=True):
            parts.append(part)
            length += len(part)
            if length > largest:
                raise _TooLarge
            if self._monotonic() > deadline:
                raise requests.ReadTimeout
        if not parts and not any(name in response.headers for name in _LENGTHS):
            # Neither a body nor the word that there is none: the head itself was cut off.
            raise urllib3.exceptions.ProtocolError("cut off")
        return b"".join(parts)

    def _forget_idle(self) -> None:
        now = self._monotonic()
        if now - self._used_at > LONGEST_IDLE:
            self._session.close()
        self._used_at = now


class _TooLarge(Exception):
    """More bytes than anything the provider has to say."""


def mishap_of(error: Exception) -> Mishap:
    """What a failed exchange proves: never sent only where no connection was ever made."""
    reason = _reason(error)
    if isinstance(reason, urllib3.exceptions.ConnectTimeoutError):  # NewConnectionError is one
        return Mishap.NOT_CONNECTED
    if isinstance(reason, ssl.SSLCertVerificationError):
        # Checked before a byte of the request leaves.
        return Mishap.NOT_CONNECTED
    if isinstance(reason, _TIME_OUTS):
        return Mishap.TIMED_OUT
    return Mishap.CONNECTION_LOST


def _reason(error: Exception) -> Exception:
    """The innermost cause: `requests` and `urllib3` wrap it in each other's errors."""
    inner: object = error
    while isinstance(inner, Exception):
        error = inner
        inner = getattr(error, "reason", None)
        if not isinstance(inner, Exception):
            inner = error.args[0] if error.args else None
    return error


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # neither proxies nor .netrc nor other certificates
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update(
        {"User-Agent": "payouts", "Accept": "application/json", "Accept-Encoding": "identity"}
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(max_retries=0, pool_maxsize=32))
    return session


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as requests has it)
        super().init_poolmanager(*args, ssl_minimum_version=ssl.TLSVersion.TLSv1_2, **kwargs)
