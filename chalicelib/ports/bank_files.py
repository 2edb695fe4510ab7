"""The bank files, as the use cases need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.bank_file import BankFile
    from chalicelib.ports.store import Page


class BankFiles(Protocol):
    """Files of payouts that go out by the bank.

    What the steps of payouts ask of a file's stage, `Payouts.write` holds in its own transaction.
    """

    def add(self, file: BankFile) -> None:
        """Store a new file.

        Raises:
            Stale: the id is taken.
            StoreUnavailable: whether it is there is not known; again is safe.
        """
        ...

    def get(self, file_id: str) -> BankFile | None:
        """The file as it is now.

        Raises:
            Corrupt: it cannot be read.
        """
        ...

    def write(self, file: BankFile) -> None:
        """Store a change in the place of the version before it.

        Raises:
            Stale: somebody else has changed it since.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def unsettled(self) -> Iterator[str]:
        """Ids of files with something left to do, the oldest first; may lag: read them again."""
        ...

    def waiting(self) -> Iterator[str]:
        """Ids of files that wait for a person, or for the bank, the oldest first; may lag."""
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[str]:
        """Ids of all files, the newest first; may lag behind by a moment."""
        ...
