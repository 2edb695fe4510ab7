"""HTTP Basic sign-in with the API key as user name and no password; five failures in a row lock it.

A request without credentials is refused and not counted: nothing was attempted.
"""

import base64
import binascii
import hmac
from datetime import timedelta

from local.monoova.answers import Refused
from local.monoova.clock import VirtualClock, micros, moment
from local.monoova.store import Store

ATTEMPTS = 5
LOCKED = timedelta(hours=1)


class SignIn:
    """The door of the sign-in account. Failures and the lock survive a restart."""

    def __init__(self, store: Store, clock: VirtualClock, api_key: str) -> None:
        self._store = store
        self._clock = clock
        self._expected = f"{api_key}:".encode()
        self._failures = int(store.fact("sign_in_failures") or 0)
        self._locked_until = int(store.fact("sign_in_locked_until") or 0)

    @property
    def is_locked(self) -> bool:
        """Whether nobody may sign in at this moment."""
        return micros(self._clock.now()) < self._locked_until

    def admit(self, header: str | None) -> None:
        """Lets a request in.

        Raises:
            Refused: HTTP 401, `MerchantLockedOut` or `MerchantFailedToLogin`.
        """
        with self._store.writing():
            refused = self._judged(header)
        if refused is not None:
            raise refused

    def lock(self) -> None:
        """Locks the account for an hour from now."""
        until = micros(self._clock.now() + LOCKED)
        with self._store.writing():
            self._set(0, until)

    def reset(self) -> None:
        """No failures, no lock."""
        self._set(0, 0)

    def _judged(self, header: str | None) -> Refused | None:
        if self.is_locked:
            return self._locked_out()
        if _credentials(header) == b"":
            return _failed("No credentials were sent")
        if hmac.compare_digest(_credentials(header), self._expected):
            if self._failures:
                self._set(0, 0)
            return None
        self._set(self._failures + 1, 0)
        if self._failures < ATTEMPTS:
            return _failed("The API key or the password is wrong")
        self.lock()
        return self._locked_out()

    def _set(self, failures: int, locked_until: int) -> None:
        self._failures, self._locked_until = failures, locked_until
        self._store.remember("sign_in_failures", str(failures))
        self._store.remember("sign_in_locked_until", str(locked_until))

    def _locked_out(self) -> Refused:
        until = moment(self._locked_until).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Refused("MerchantLockedOut", f"The account is locked until {until} (UTC)", http=401)


def _failed(why: str) -> Refused:
    return Refused("MerchantFailedToLogin", why, http=401)


def _credentials(header: str | None) -> bytes:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.casefold() != "basic" or not encoded.strip():
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True) or b"\0"
    except (binascii.Error, ValueError):
        return b"\0"
