"""A courier whose messages stay here, to be read by the test."""

from __future__ import annotations

from chalicelib.domain.errors import MailUnavailable


class FakeCourier:
    """The port `Courier`. `down` has it take nothing; it never takes any of `refuses`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.reaches_people = True
        self.down = False
        self.refuses: set[str] = set()

    def send(self, to: str, subject: str, text: str) -> None:
        """Remember it."""
        if not self.reaches_people:
            return
        if self.down or to in self.refuses:
            raise MailUnavailable("SES does not take a message: Fake.")
        self.sent.append((to, subject, text))
