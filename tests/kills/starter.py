"""Ends a process when the one that started it is gone, however it went: nothing is left running."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_starter() -> None:
    """From now on; nothing where nobody of multiprocessing's started it."""
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_wait, name="starter", daemon=True).start()


def _wait() -> None:
    starter = multiprocessing.parent_process()
    if starter is not None:
        starter.join()
    os._exit(1)
