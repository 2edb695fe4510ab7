"""Whoever takes a message to one person's mailbox."""

from __future__ import annotations

from typing import Protocol


class Courier(Protocol):
    """Sends e-mails."""

    @property
    def reaches_people(self) -> bool:
        """Whether anything is sent at all: somebody has said from which address."""
        ...

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a plain text to one address.

        Raises:
            MailUnavailable: whether it was sent is not known; again may send it twice.
        """
        ...
