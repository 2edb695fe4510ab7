"""Runs a module for as long as whoever started it lives, and not a moment longer.

Standard input is the leash: the starter holds the other end of the pipe, the system lets go of it
when the starter ends, however it ends, and this process then stops as if asked to (SIGTERM), so
that it may still save its state. Works wherever there are pipes, and needs nothing from the module
that it runs.

    python -m local.leash local.kms --state kms.json

Standard library only: it also runs inside the AWS emulator's own virtual environment.
"""

import json
import os
import runpy
import signal
import sys
import threading
import time

GRACE = 20.0  # seconds that a module gets to save what it holds


def hold() -> None:
    """Ends this process once nobody holds the other end of standard input."""
    threading.Thread(target=_until_let_go, name="leash", daemon=True).start()


def _until_let_go() -> None:
    while os.read(0, 4096):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def announce(**values: object) -> None:
    """Tells the launcher that this process is ready, in one line that nothing can cut in two."""
    sys.stdout.flush()
    os.write(1, (json.dumps(values) + "\n").encode())


def main() -> None:
    """Takes the module's name and its arguments off the command line and becomes that module."""
    module = sys.argv[1]
    del sys.argv[:1]
    hold()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
