"""Mail on a laptop: SES takes a message of an address that it knows, and keeps it to be read.

No message leaves the machine. Whoever wants to read them asks the emulator:
`GET $AWS_ENDPOINT_URL/_ministack/ses/messages`.
"""

from typing import Any, Protocol

from botocore.exceptions import ClientError


class Mail(Protocol):
    """As much of a client of SES (version 2) as is used."""

    def create_email_identity(self, *, EmailIdentity: str) -> Any:  # noqa: ANN401, N803 (AWS's)
        """Know an address."""
        ...

    def close(self) -> None:
        """Let go of its connections."""
        ...


def let_send(ses: Mail, sender: str) -> None:
    """From now on messages of this address are taken; again changes nothing."""
    try:
        ses.create_email_identity(EmailIdentity=sender)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
