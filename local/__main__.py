"""The service on this machine until Ctrl-C: `python -m local`, with --json for programs.

For people it prints where everything is, who may sign in and a call that works, and then follows
the logs. For programs it prints one line of JSON when all is ready, and nothing else. Either way
SIGTERM and Ctrl-C end everything in order, with status 0; a process that dies takes everything
with it, with status 1.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from local.engines import NotHere, to_stderr
from local.launcher import Running, running
from local.ministack_home import InstallFailed
from local.processes import ROOT, ChildDied
from local.resources import Outdated
from local.screen import Screen
from local.state import StateInUse, default_root
from local.subscriptions import NotSubscribed
from local.template import NotUnderstood

FAILURES = (ChildDied, InstallFailed, NotHere, NotSubscribed, NotUnderstood, Outdated, StateInUse)


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or the terminal's end: not an error, so nothing catches it on its way out."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Turns the first signal into Stopped; the next ones are ignored: stopping is under way."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in signals:
        signal.signal(number, stop)
    try:
        yield
    except Stopped:
        return


def port(text: str) -> int:
    """A port's number; 0 is any free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m local", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--json", action="store_true", help="one line of JSON when ready, nothing else"
    )
    parser.add_argument(
        "--state", type=Path, help=f"the folder to keep state in ({default_root()})"
    )
    parser.add_argument("--project", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--simulator", default="local.monoova", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=port, default=0, help="the app's port (any free one)")
    parser.add_argument("--seed", type=int, default=7, help="the simulator's seed (7)")
    parser.add_argument(
        "--every", type=float, default=2.0, help="seconds between two runs of the poller (2)"
    )
    return parser.parse_args()


def for_programs(chosen: argparse.Namespace) -> None:
    """One line, then silence."""
    with start(chosen, Screen(quiet=True)) as whole:
        print(json.dumps(whole.as_dict()), flush=True)
        whole.watch()


def for_people(chosen: argparse.Namespace) -> None:
    """Where everything is, then the logs as they are written."""
    screen = Screen(quiet=False)
    with start(chosen, screen) as whole:
        screen.welcome(whole)
        whole.watch()


@contextmanager
def start(chosen: argparse.Namespace, screen: Screen) -> Iterator[Running]:
    """The whole, as the command line wants it."""
    with running(
        chosen.state,
        project=chosen.project.resolve(),
        simulator=chosen.simulator,
        seed=chosen.seed,
        every=chosen.every,
        port=chosen.port,
        tell=screen.tell,
        heard=screen.heard,
    ) as whole:
        try:
            yield whole
        finally:
            screen.tell("Stopping")


def main() -> int:
    """Returns the exit status."""
    chosen = arguments()
    try:
        with stoppable():
            (for_programs if chosen.json else for_people)(chosen)
    except (*FAILURES, OSError) as failure:
        to_stderr(f"\n{failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
