"""The archive in memory: what lies in it stays as it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from chalicelib.domain.errors import ArchiveUnavailable, Conflict
from chalicelib.ports import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryArchive:
    """The port `Archive`. `down` has it not answer; `lost_replies` writes and does not say so."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.kinds: dict[str, str] = {}
        self.down = False
        self.lost_replies = 0

    def put(self, name: str, content: bytes, *, kind: str) -> Kept:
        """Keep an object for good."""
        self._answer()
        if self.objects.get(name, content) != content:
            raise Conflict(f"Other content lies under {name}.")
        self.objects[name] = content
        self.kinds[name] = kind
        if self.lost_replies:
            self.lost_replies -= 1
            raise ArchiveUnavailable("The reply was lost.")
        return Kept(name, hashlib.sha256(content).hexdigest())

    def get(self, name: str) -> bytes | None:
        """The content of an object."""
        self._answer()
        return self.objects.get(name)

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so, in their order."""
        self._answer()
        return iter(sorted(name for name in self.objects if name.startswith(prefix)))

    def _answer(self) -> None:
        if self.down:
            raise ArchiveUnavailable("The archive is down.")
