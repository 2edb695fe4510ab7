"""The provider's webhooks by a script: which bodies say what, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotAuthentic, ProviderUnavailable
from chalicelib.domain.notices import Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.notices import Tiding

TOKEN = "Bearer fake-webhook-token"


class FakeInbox:
    """The port `Inbox`: what carries `TOKEN` is authentic, and says what it was taught to say."""

    def __init__(self) -> None:
        self.down = False
        self._says: dict[bytes, Callable[[datetime], Sequence[Tiding]]] = {}

    def teach(self, raw: bytes, *tidings: Tiding) -> None:
        """From now on this body says that."""
        self._says[raw] = lambda _at: tidings

    def teach_later(self, raw: bytes, says: Callable[[datetime], Sequence[Tiding]]) -> None:
        """From now on this body says what follows from when it arrived."""
        self._says[raw] = says

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:  # noqa: ARG002 (a port)
        """Refuse whatever does not carry the token."""
        if self.down:
            raise ProviderUnavailable("The provider's key cannot be read.")
        if headers.get("authorization") != TOKEN:
            raise NotAuthentic("The token is not ours.")

    def read(self, event_name: str, raw: bytes, *, at: datetime) -> Sequence[Tiding]:
        """What it was taught, or that it is not understood."""
        says = self._says.get(raw)
        return says(at) if says else (Unheard(f"not_understood {event_name}".strip()),)
