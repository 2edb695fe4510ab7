"""Plays the scenes and compares the books; status 0 only if everything happened and is equal.

What it was played with is gone afterwards, unless a folder is named to keep it in.
"""

import sys
import tempfile
import time
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path

from rich.console import Console

from local.__main__ import FAILURES, stoppable
from local.client import Client, Refused
from local.demo.books import books_table, compare, payouts_table
from local.demo.controls import CONTROL_SCENES
from local.demo.filed import FILE_SCENES
from local.demo.later import LATER_SCENES
from local.demo.money import MONEY_SCENES
from local.demo.nights import first_night, night
from local.demo.scenes import SCENES
from local.demo.stage import Failed, Stage
from local.demo.stopping import STOPPING_SCENES
from local.engines import to_stderr
from local.launcher import Running, running
from local.monoova.control import Control

# Less than in production, so that a dead letter is no long wait.
SETTINGS = {
    "MAX_REDRIVES": "1",
    # One customer is paid many times within minutes here, which is a risk anywhere else.
    "DEFAULT_POLICY": '{"risk": {"review_from": 80}}',
}


def play(whole: Running, console: Console) -> bool:
    """All scenes, then the books; whether they are equal."""
    stage = Stage(
        admin=Client(whole.api, whole.token("admin")),
        operator=Client(whole.api, whole.token("operator")),
        approver=Client(whole.api, whole.token("approver")),
        second_admin=Client(whole.api, whole.token("admin2")),
        simulator=Control(whole.provider.url),
        console=console,
    )
    stage.say(f"Signed in as operator and admin. API {whole.api}, provider {whole.provider.url}")
    first_night(stage)
    parts = (
        SCENES,
        CONTROL_SCENES,
        LATER_SCENES,
        STOPPING_SCENES,
        FILE_SCENES,
        MONEY_SCENES,
        (night,),
    )
    for scene in chain.from_iterable(parts):
        scene(stage)
    stage.heading("What is left")
    console.print(payouts_table(stage))
    stage.say(f"available to the customer {stage.balance()}")
    lines = compare(stage)
    console.print(books_table(lines))
    return all(line.equal for line in lines)


def _folder(words: list[str]) -> AbstractContextManager[str]:
    if words:
        return nullcontext(words[0])
    return tempfile.TemporaryDirectory(prefix="payouts-demo-")


def main(words: list[str]) -> int:
    """The exit status: 0 if all went as it must."""
    console = Console(highlight=False, force_terminal=sys.stdout.isatty() or None, width=100)
    equal = False
    started = time.monotonic()
    try:
        with (
            _folder(words) as folder,
            stoppable(),
            running(Path(folder), every=0.5, settings=SETTINGS, tell=to_stderr) as whole,
        ):
            equal = play(whole, console)
    except FAILURES as failure:
        to_stderr(f"\n{failure}")
    except (Failed, Refused) as failure:
        console.print(f"\n[bold red]Not as it must be:[/] {failure}", markup=True)
    seconds = f"{time.monotonic() - started:.0f} s"
    if equal:
        console.print(f"\n[bold green]Equal to the cent.[/] {seconds}")
    else:
        console.print(f"\n[bold red]Something differs.[/] {seconds}")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
