"""What `make up` shows on the terminal: progress, everything one needs, and the logs.

The passwords and the token that it shows open nothing but this machine's own emulators. It writes
to standard error when quiet, so that standard output stays one line of JSON.
"""

import json
import shlex
import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from local.launcher import Running

COLOURS = {
    "app": "green",
    "triggers": "cyan",
    "simulator": "magenta",
    "ministack": "yellow",
    "kms": "yellow",
}


class Screen:
    """One terminal, shared by the threads that hear the processes."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.console = Console(stderr=quiet, highlight=False)
        self._following = threading.Event()

    def tell(self, line: str) -> None:
        """Progress. Programs hear nothing of it."""
        if not self.quiet:
            self.console.print(Text(line, style="dim"))

    def heard(self, name: str, line: str) -> None:
        """A line of a process; shown once the welcome is, unless it is said every two seconds."""
        if self._following.is_set() and not is_routine(line):
            text = Text(f"{name:>9} ", style=COLOURS.get(name, "white")).append(line, "default")
            self.console.print(text, soft_wrap=True)

    def welcome(self, whole: "Running") -> None:
        """Where everything is, who may sign in, a call that works; from now on the logs."""
        self.console.print(self._places(whole))
        self.console.print(self._people(whole))
        self.console.print(
            "The app's environment, as for `chalice local --stage local`:", style="bold"
        )
        print(exports(whole))
        self.console.print("\nA token of the operator's, good for 15 minutes:", style="bold")
        print(sign_in_call(whole))
        self.console.print("\nA call that works for the next 15 minutes:", style="bold")
        print(call(whole), flush=True)  # as it is: it is there to be copied
        self.console.print(
            f"\nLogs, also in {whole.state.logs} (Ctrl-C stops everything):", style="bold"
        )
        self._following.set()

    def _places(self, whole: "Running") -> Table:
        table = Table.grid(padding=(0, 2))
        for name, place in (
            ("API", whole.api),
            ("documentation", f"{whole.api}/docs"),
            ("Monoova simulator", whole.provider.url),
            ("AWS", whole.cloud.environment["AWS_ENDPOINT_URL"]),
            ("KMS", whole.cloud.environment["AWS_ENDPOINT_URL_KMS"]),
            ("state", str(whole.state.root)),
        ):
            table.add_row(Text(name, style="bold"), place)
        return table

    def _people(self, whole: "Running") -> Table:
        table = Table("user", "password", title="Who may sign in", title_justify="left")
        for name, person in whole.cloud.people.items():
            table.add_row(name, person.password)
        return table


def is_routine(line: str) -> bool:
    """Whether a line says no more than that the poller runs, and how it all stands."""
    if line.startswith("GET /_simulator/clock 200"):
        return True
    if '"event": "gauges"' in line:
        return True
    if '"event": "outbound"' in line:
        return '"mishap": ""' in line
    return '"operation": "poll"' in line and '"error' not in line


def call(whole: "Running") -> str:
    """A curl that works: an operator's look at the payouts."""
    return f"curl -s '{whole.api}/payouts' -H 'Authorization: {whole.token('operator')}'"


def exports(whole: "Running") -> str:
    """The app's environment, for a shell to read."""
    told = sorted(whole.cloud.environment.items())
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in told)


def sign_in_call(whole: "Running") -> str:
    """A curl by which the operator signs in, as everybody does; the API takes its IdToken."""
    environment, person = whole.cloud.environment, whole.cloud.people["operator"]
    body = {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": environment["COGNITO_CLIENT_ID"],
        "AuthParameters": {"USERNAME": person.username, "PASSWORD": person.password},
    }
    return (
        f"curl -s '{environment['AWS_ENDPOINT_URL']}' "
        "-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' "
        f"-H 'Content-Type: application/x-amz-json-1.1' -d '{json.dumps(body)}'"
    )
