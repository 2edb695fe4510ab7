"""SES: a plain text to one person's mailbox.

Neither address nor text is ever logged or part of an error, and SES's own words are neither: they
may repeat an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.errors import MailUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Ses(Protocol):
    """As much of a client of SES (version 2) as is used."""

    def send_email(
        self,
        *,
        FromEmailAddress: str,  # noqa: N803 (AWS's names)
        Destination: Mapping[str, object],  # noqa: N803
        Content: Mapping[str, object],  # noqa: N803
    ) -> object:
        """Take a message."""
        ...


class SesCourier:
    """The port `Courier`; without an address to send from nobody is told, and no client is made."""

    def __init__(self, client: Callable[[], Ses], sender: str | None) -> None:
        self._make = client
        self._sender = sender
        self._client: Ses | None = None

    @property
    def reaches_people(self) -> bool:
        """Whether anything is sent at all."""
        return bool(self._sender)

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a plain text to one address.

        Raises:
            MailUnavailable: whether it was sent is not known; again may send it twice.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        if not self._sender:
            return
        content = {
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
            }
        }
        try:
            self._client = self._client or self._make()
            self._client.send_email(
                FromEmailAddress=self._sender, Destination={"ToAddresses": [to]}, Content=content
            )
        except (BotoCoreError, ClientError) as error:
            # Not even as its cause: an address may be repeated in it.
            raise MailUnavailable(_what(error)) from None


def _what(error: Exception) -> str:
    told = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    return f"SES does not take a message: {told or type(error).__name__}."
