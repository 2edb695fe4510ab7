"""Removes what the local cloud keeps: the usual state folder and the emulator's own environment.

It refuses while a launcher uses that state. States elsewhere (--state) are their owners' to remove.

    python -m local.clean
"""

import shutil
import sys

from local.state import StateInUse, cache_root, default_root, held


def main() -> int:
    """Returns the exit status."""
    try:
        with held(patience=0):
            shutil.rmtree(default_root())
    except StateInUse as busy:
        print(busy, file=sys.stderr)
        return 1
    shutil.rmtree(cache_root(), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
