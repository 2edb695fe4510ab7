"""Weeks by number: `python -m tests.simulation --weeks 2000`, or one as a story: `--seed 17`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter

from tests.long_runs import at_least
from tests.simulation.week import Outcome, play

USUAL = 2000


def main() -> int:
    """Play the weeks that were asked for; 1 where an invariant did not hold, else 0."""
    asked = _asked()
    logging.disable(logging.CRITICAL)
    if asked.weeks is None and asked.seed is not None:
        return _tell(asked.seed)
    first, weeks = asked.seed or 0, asked.weeks or USUAL
    counts: Counter[str] = Counter()
    broken: list[Outcome] = []
    began = time.perf_counter()
    for seed in range(first, first + weeks):
        outcome = play(seed)
        counts.update(outcome.counts)
        if outcome.broken:
            broken.append(outcome)
            print(f"FAILED seed {seed}: {outcome.broken}", flush=True)
            if asked.stop_at_first:
                print(f"after {seed - first + 1} weeks; as a story: make simulate SEED={seed}")
                return 1
    took = time.perf_counter() - began
    print(summary(counts))
    print(f"{weeks} weeks from {first} on, {len(broken)} broken, {weeks / took:.1f} a second")
    return 1 if broken else 0


def summary(counts: Counter[str]) -> str:
    """The counts, and the shares that show that it lives."""
    lines = [f"{name:<64} {number:>12,}" for name, number in sorted(counts.items())]
    return "\n".join([*lines, *liveness(counts)])


def liveness(counts: Counter[str]) -> list[str]:
    """What share of the payouts got anywhere, and of what came in."""
    stored = counts["payouts stored"] or 1
    reached = counts["payouts that reached the provider"] / stored
    ended = counts["payouts ended"] / stored
    waited, went = (counts[f"payouts that waited for funds{end}"] for end in ("", " and went"))
    rows, wanted = counts["rows allocated"], counts["rows wanted"]
    healed, lost = counts["webhooks healed"], counts["webhooks lost"]
    asked, agreed, no = (
        counts[f"steps {kind}"] for kind in ("ApprovalAsked", "Released", "Declined")
    )
    told = [
        f"{reached:.1%} of all payouts stored reached the provider",
        f"{ended:.1%} of all payouts stored have ended",
        f"{went:,} of {waited:,} that waited for funds went out",
        f"{agreed:,} of {asked:,} that others had to agree to went on, {no:,} were declined",
        f"{counts['receipts matched']:,} receipts matched, {rows:,} of {wanted:,} rows allocated",
        f"{healed:,} of {lost:,} lost webhooks came back by themselves",
        f"{counts['letters heard']:,} parked letters were heard",
        f"{counts['nights']:,} nights explain everything, {counts['leaves signed for']:,} leaves",
        f"{counts['payouts archived']:,} payouts archived, {counts['steps let go']:,} steps gone",
        (
            f"{counts['customers erased']:,} customers forgotten, "
            f"{counts['backups restored']:,} of them again after a backup was restored"
        ),
    ]
    return [f"liveness: {each}" for each in told]


def _tell(seed: int) -> int:
    outcome = play(seed, story=print)
    print(summary(outcome.counts))
    print(f"BROKEN: {outcome.broken}" if outcome.broken else "nothing is broken")
    return 1 if outcome.broken else 0


def _asked() -> argparse.Namespace:
    made = argparse.ArgumentParser(prog="simulate", description=__doc__)
    made.add_argument("--weeks", type=at_least(1), help=f"how many (default {USUAL})")
    made.add_argument("--seed", type=at_least(0), help="the first; alone: tell it as a story")
    made.add_argument("--stop-at-first", action="store_true", help="stop at the first failure")
    return made.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # whoever read it has seen enough
        sys.stderr.close()
        sys.exit(1)
