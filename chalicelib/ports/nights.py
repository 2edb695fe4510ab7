"""What a night needs besides the payouts: its runs, the archive, a signature, somebody to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from chalicelib.domain.agenda import Agenda
    from chalicelib.domain.night import Line, Reconciliation, Sighting, Told
    from chalicelib.ports.store import Page


class Changes(Protocol):
    """Payouts by the Sydney date of their latest change; may lag: a key tells."""

    def of_day(self, day: date, *, after: str = "") -> Iterator[Sighting]:
        """Every payout whose latest step is of that date, by ascending id, from after one on.

        Read page by page as it is used, out of a narrow index.
        """
        ...


class Nights(Protocol):
    """The runs of the nights."""

    def get(self, day: date, run: int | None = None) -> Reconciliation | None:
        """A run of a date, the latest where none is named (consistent)."""
        ...

    def save(self, night: Reconciliation) -> None:
        """Keep a run: new at version 1, else in the place of the version before.

        Raises:
            Stale: somebody else has written it.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Reconciliation]:
        """Runs, the newest first; may lag."""
        ...

    def runs(self, day: date) -> Sequence[Reconciliation]:
        """Every run of a date, the first one first (consistent)."""
        ...

    def agenda(self) -> Agenda:
        """Which dates are still to be done, by one consistent read of one row."""
        ...

    def arrange(self, agenda: Agenda) -> None:
        """Keep it as version + 1.

        Raises:
            Stale: somebody else has arranged it since it was read.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...


class DayBook(Protocol):
    """The provider's side of some Sydney days, streamed: as many rows as there are."""

    def statuses(self, first: date, last: date, *, within: float) -> Iterator[Told]:
        """What the provider says of every transaction of those dates; one call.

        Raises:
            ProviderUnavailable: it could not be asked, or what it says cannot be read to its end.
        """
        ...

    def lines(self, first: date, last: date, *, within: float) -> Iterator[Line]:
        """The account's own lines of those dates, in any order (`Line.order` sorts them); one call.

        Raises:
            ProviderUnavailable: as above.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An object of the archive: its name, and the hexadecimal SHA-256 of its bytes."""

    name: str
    sha256: str


class Archive(Protocol):
    """The bucket whose objects stay for seven years; nothing in it is ever overwritten."""

    def put(self, name: str, content: bytes, *, kind: str) -> Kept:
        """Keep an object for good; the same content under the same name is no failure.

        `kind` is its media type.

        Raises:
            Conflict: other content lies under that name.
            ArchiveUnavailable: whether it is kept is not known; again is safe.
        """
        ...

    def get(self, name: str) -> bytes | None:
        """The content of an object; `None` where there is none.

        Raises:
            ArchiveUnavailable: it could not be read.
        """
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so, in their order.

        Raises:
            ArchiveUnavailable: they could not be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature over the SHA-256 of a document, and the key that made it."""

    signature: bytes
    key_id: str
    algorithm: str


class Signer(Protocol):
    """Signs with an asymmetric key that nobody can read."""

    def sign(self, digest: bytes) -> Signed:
        """The signature of a SHA-256 (32 bytes).

        Raises:
            VaultUnavailable: the key service does not answer.
        """
        ...

    def public_key(self) -> bytes:
        """The public key, DER (SubjectPublicKeyInfo).

        Raises:
            VaultUnavailable: the key service does not answer.
        """
        ...


class Herald(Protocol):
    """Tells people: a short text, without a name or an account in it."""

    def tell(self, subject: str, text: str) -> None:
        """Send it to whoever has subscribed; where nobody is configured, nobody is told.

        Raises:
            QueueUnavailable: whether it was sent is not known; again may tell it twice.
        """
        ...
