"""What a scanner finds, held against what is excused, each with its reason.

What is found and not excused is a fault, and so is an excuse that nothing needs any more. A scanner
is believed only once it has found what was put there for it, and has looked at all that it should:
one that sees nothing would call anything clean. Nothing is excused within a source or a template.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


class NotLooked(Exception):
    """Nobody has looked, or not at everything; carries why."""


@dataclass(frozen=True, order=True)
class Finding:
    """A rule of a scanner that something breaks: a resource, or a file."""

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule} {self.where}: {self.what}"


@dataclass(frozen=True)
class Excused:
    """A rule that may be broken at these places, and why."""

    rule: str
    where: tuple[str, ...]
    why: str

    def places(self, found: Iterable[Finding]) -> dict[str, bool]:
        """Of each place whether something was found there."""
        here = [each.where for each in found if each.rule == self.rule]
        return {place: any(fnmatchcase(each, place) for each in here) for place in self.where}

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this one."""
        there = any(fnmatchcase(finding.where, place) for place in self.where)
        return finding.rule == self.rule and there


@dataclass(frozen=True)
class Seen:
    """What was found, and the names of all that was looked at."""

    found: frozenset[Finding]
    looked_at: frozenset[str]


Look = Callable[[], Seen]


def seen(look: Look, planted: Look, rules: Iterable[str], wanted: Iterable[str]) -> Seen:
    """What a scanner sees, once it has seen what was planted for it.

    Raises:
        NotLooked: it did not find one of `rules` where each of them is broken, or it did not look
            at all that is `wanted`.
    """
    noticed = {each.rule for each in planted().found}
    if blind := sorted(set(rules) - noticed):
        raise NotLooked(f"{', '.join(blind)} was not found where it is broken on purpose")
    answer = look()
    if missing := sorted(set(wanted) - answer.looked_at):
        raise NotLooked(f"{', '.join(missing)} was not looked at")
    return answer


def faults(found: Iterable[Finding], excused: Iterable[Excused]) -> list[str]:
    """What is to be mended: findings without an excuse, and excuses that nothing needs."""
    everything, excuses = sorted(found), list(excused)
    bare = [str(each) for each in everything if not any(one.covers(each) for one in excuses)]
    idle = [
        f"{one.rule} {place}: excused, and not found any more"
        for one in excuses
        for place, needed in one.places(everything).items()
        if not needed
    ]
    return bare + idle
