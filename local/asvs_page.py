"""The page of the Application Security Verification Standard, made from its data.

`python -m local.asvs_page > docs/asvs.md` writes it anew; a test holds the two together. It judges
nothing: what is met and what is not is said in `docs/asvs.toml`, by people.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = ROOT / "docs" / "asvs.toml"
STATES = {
    "met": "met",
    "amazon": "left to Amazon",
    "not met": "**not met**",
    "no matter": "no matter",
}
HEAD = """\
# The Application Security Verification Standard

Made by `python -m local.asvs_page` from `docs/asvs.toml`: change the data, then write this page
anew.

All requirements of levels 1 and 2 of OWASP's ASVS 5.0.0, and three of level 3. The ids are the
standard's; what they ask for is said there, and here in a few words of ours to find one's way. The
judgement is the project's own. Nobody else has looked at it, and nothing of it was tried on a
deployed stage.

*Met* names the tests that show it, or the place where it is to be read. *Left to Amazon* is done by
a service of Amazon's as the template sets it up, and was not seen. *No matter*: there is nothing
here that it could be about. A requirement of which a part is open is *not met*.
"""


@dataclass(frozen=True)
class Row:
    """What is said of some requirements of one chapter."""

    ids: tuple[str, ...]
    about: str
    state: str
    how: str
    tests: tuple[str, ...]
    where: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter of the standard."""

    number: int
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Mapping:
    """All that is said, and which ids are of which level."""

    levels: dict[str, int]
    chapters: tuple[Chapter, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all chapters."""
        return tuple(row for chapter in self.chapters for row in chapter.rows)


def read(text: str) -> Mapping:
    """What the data say."""
    told = tomllib.loads(text)
    levels = {each: level for level in (1, 2) for each in told[f"level_{level}"].split()}
    chapters = tuple(
        Chapter(each["number"], each["name"], tuple(map(_row, each["rows"])))
        for each in told["chapter"]
    )
    return Mapping(levels, chapters)


def _row(told: dict[str, Any]) -> Row:
    return Row(
        tuple(told["ids"].split()), told["about"], told["is"], told["how"],
        tuple(told.get("tests", ())), tuple(told.get("where", ())),
    )  # fmt: skip


def page() -> str:
    """The whole page, in Markdown."""
    mapping = read(DATA.read_text("utf-8"))
    lines = [HEAD, *_sums(mapping), ""]
    for chapter in mapping.chapters:
        lines += [f"## {chapter.number}. {chapter.name}", "", *_table(chapter, mapping.levels), ""]
    return "\n".join(lines)


def _sums(mapping: Mapping) -> Iterator[str]:
    counted = Counter(
        (mapping.levels[each], row.state)
        for row in mapping.rows for each in row.ids if each in mapping.levels
    )  # fmt: skip
    yield "| Level | " + " | ".join(STATES.values()) + " |"
    yield "|---" * (len(STATES) + 1) + "|"
    for level in (1, 2):
        yield f"| {level} | " + " | ".join(str(counted[level, state]) for state in STATES) + " |"


def _table(chapter: Chapter, levels: dict[str, int]) -> Iterable[str]:
    yield "| Requirement | Level | About | | Here | Shown by |"
    yield "|---|---|---|---|---|---|"
    for row in chapter.rows:
        level = ", ".join(str(each) for each in sorted({levels.get(i, 3) for i in row.ids}))
        shown = ", ".join(f"`{name}`" for name in (*row.tests, *row.where))
        yield (
            f"| {', '.join(row.ids)} | {level} | {row.about} | {STATES[row.state]} "
            f"| {row.how} | {shown} |"
        )


if __name__ == "__main__":
    print(page(), end="")
