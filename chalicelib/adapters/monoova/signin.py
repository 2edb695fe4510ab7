"""Calls under our key, and what happens when the provider refuses it: nothing more goes out.

Five refused sign-ins lock the account, so a refused one is never repeated; only a key that turns
out to have been replaced is tried, once. The gate is then shut for everybody.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from chalicelib.adapters.monoova.credentials import Misconfigured
from chalicelib.adapters.monoova.reading import code_of
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.domain.answers import Mishap
from chalicelib.domain.errors import Unavailable
from chalicelib.json_lines import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.adapters.monoova.credentials import Credentials, KeyRing
    from chalicelib.adapters.monoova.transport import Call, Transport
    from chalicelib.ports import Gate

LOG = logging.getLogger("payouts.provider")
# How long a refusal that this process met is remembered without asking the store.
REMEMBERED = 60.0
# Seconds below which no call is begun.
LEAST = 1.0
SIGN_IN_CODES = ("MerchantFailedToLogin", "MerchantLockedOut")


class SignedIn:
    """Sends calls under the current key, as long as the provider takes it."""

    def __init__(
        self,
        keys: KeyRing,
        transport: Transport,
        gate: Gate,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._transport = transport
        self._gate = gate
        self._monotonic = monotonic
        self._refused_at: float | None = None

    def send(self, call: Call, *, seconds: float) -> Reply:
        """Make the call within `seconds`; a refused sign-in is a reply of HTTP 401."""
        if seconds < LEAST:
            return Reply(Mishap.NO_TIME)
        if self._shut():
            return Reply(Mishap.GATE_CLOSED, detail="the provider refused our key")
        deadline = self._monotonic() + seconds
        try:
            known = self._keys.credentials()
        except Misconfigured as error:
            tell(LOG, "provider_misconfigured", {"why": str(error)}, logging.ERROR)
            return Reply(Mishap.GATE_CLOSED, detail=str(error))
        except Unavailable as error:
            return Reply(Mishap.NOT_CONNECTED, detail=str(error))
        reply = self._under(known, call, seconds)
        return self._refused(call, known, reply, deadline) if is_refused(reply) else reply

    def _refused(self, call: Call, known: Credentials, reply: Reply, deadline: float) -> Reply:
        """What follows a refusal: once more if the key has been replaced, else nothing more."""
        renewed = self._renewed(known)
        if renewed is not None:
            left = deadline - self._monotonic()
            if left < LEAST:
                return Reply(Mishap.NO_TIME)
            reply = self._under(renewed, call, left)
            if not is_refused(reply):
                return reply
        self._shut_for_all()
        return Reply(http_status=401, raw=reply.raw)

    def _under(self, credentials: Credentials, call: Call, seconds: float) -> Reply:
        return self._transport.send(
            call, base_url=credentials.base_url, api_key=credentials.api_key, seconds=seconds
        )

    def _renewed(self, known: Credentials) -> Credentials | None:
        """Other credentials than those, if the secret has been replaced."""
        try:
            renewed = self._keys.credentials(fresh=True)
        except (Misconfigured, Unavailable):
            return None
        return renewed if renewed.api_key != known.api_key else None

    def _shut(self) -> bool:
        """Whether this process knows of a refusal that nobody has cleared yet."""
        if self._refused_at is None:
            return False
        if self._monotonic() - self._refused_at < REMEMBERED:
            return True
        try:
            shut = self._gate.closed()
        except Unavailable:
            shut = True
        self._refused_at = self._monotonic() if shut else None
        return shut

    def _shut_for_all(self) -> None:
        self._refused_at = self._monotonic()
        why = "the provider refused our key: no further call goes out"
        tell(LOG, "sign_in_refused", {"why": why}, logging.ERROR)
        try:
            self._gate.close()
        except Unavailable as error:
            # This process remembers; another one will meet the refusal itself, and close it.
            tell(LOG, "gate_not_closed", {"error": type(error).__name__}, logging.ERROR)


def is_refused(reply: Reply) -> bool:
    """Whether the provider refused the sign-in, by status or by code: nothing was done then."""
    if reply.mishap is not Mishap.NONE or reply.http_status >= 500:
        return False
    return reply.http_status == 401 or code_of(reply).endswith(SIGN_IN_CODES)
