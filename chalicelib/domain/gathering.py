"""How far the leaves of a night are gathered: enough to go on from, as a short text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.attestation import Chunk, canonical
from chalicelib.domain.merkle import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.attestation import Leaf


@dataclass(frozen=True, slots=True)
class Gathering:
    """The chunks that are kept, the tree over them, the payout that they end after.

    `whole` says that there are no more.
    """

    chunks: tuple[Chunk, ...] = ()
    tree: str = field(default_factory=lambda: Tree().text())
    after: str = ""
    whole: bool = False

    @property
    def root(self) -> str:
        """The root over all that is gathered."""
        return Tree.from_text(self.tree).root

    @property
    def leaves(self) -> int:
        """How many leaves that is."""
        return Tree.from_text(self.tree).count

    def with_chunk(self, chunk: Chunk, leaves: Sequence[Leaf]) -> tuple[tuple[Chunk, ...], str]:
        """The chunks and the tree with one chunk more."""
        tree = Tree.from_text(self.tree)
        for leaf in leaves:
            tree.add(leaf.line)
        return (*self.chunks, chunk), tree.text()

    def text(self) -> str:
        """All of it, as a night keeps its position."""
        chunks = [[each.name, each.sha256, each.leaves] for each in self.chunks]
        return canonical([chunks, self.tree, self.after, self.whole]).decode()

    @classmethod
    def parse(cls, text: str) -> Gathering:
        """The gathering of a position; an empty one is the beginning."""
        if not text:
            return cls()
        chunks, tree, after, whole = json.loads(text)
        return cls(tuple(Chunk(*each) for each in chunks), tree, after, whole)
