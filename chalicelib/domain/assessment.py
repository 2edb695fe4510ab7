"""What was thought of a payout when it was asked for: the score, why, and under which policy.

Kept with the intent for ever, so that a changed policy can be tried on what was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assessment:
    """`signals` are the rules of risk that fired, each with its strength from 1 to 100.

    `needs` is how many people had to agree, `why` the codes of what demanded it. `name_check` says
    how the destination's registered name compared, `tier` how well the destination was known, and
    `repeats` is the payout that it seems to repeat. `checked_as` is what the account check
    is called that says so, `registered_name` the mask of the name that it told; empty without one.
    """

    policy_version: int
    score: int = 0
    signals: tuple[tuple[str, int], ...] = ()
    needs: int = 0
    why: tuple[str, ...] = ()
    name_check: str = "unknown"
    tier: str = "unverified"
    repeats: str = ""
    checked_as: str = ""
    registered_name: str = ""

    @property
    def plain(self) -> list[object]:
        """It in plain values, in a fixed order: a part of the intent's digest."""
        evidence = [self.checked_as, self.registered_name]
        return [
            self.policy_version, self.score, [list(each) for each in self.signals], self.needs,
            list(self.why), self.name_check, self.tier, self.repeats,
            *(evidence if any(evidence) else ()),
        ]  # fmt: skip
