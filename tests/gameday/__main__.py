"""Plays the days, and says of each who was called: `make gameday`, or one by its name."""

from __future__ import annotations

import logging
import sys

from tests.gameday.scenes import SCENES, Scene
from tests.gameday.town import Town
from tests.local.monoova_bench import listening, simulated


def play(scene: Scene) -> dict[str, int]:
    """Play a day from the beginning; everything that rang, and how many minutes later."""
    with simulated() as bench, listening() as ears:
        bench.refresh()
        bench.control.advance(86_400)  # what the account was opened with is no news of yesterday's
        town = Town(bench, ears).open_for_business()
        scene.happens(town)
        return town.rang


def main(names: list[str]) -> int:
    """Play those, or all; whether each day called whom it had to, and nobody else."""
    logging.getLogger("payouts").propagate = False
    wrong = 0
    for scene in SCENES:
        if names and scene.name not in names:
            continue
        rang = play(scene)
        silent, false = scene.rings - set(rang), set(rang) - scene.rings
        wrong += bool(silent or false)
        told = [f"{each} after {minutes} min" for each, minutes in sorted(rang.items())]
        print(f"{scene.name}: {', '.join(told) or 'nobody is called'}")
        for each in sorted(silent):
            print(f"  SILENT: {each}")
        for each in sorted(false):
            print(f"  FALSE: {each}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
