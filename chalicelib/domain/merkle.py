"""A Merkle tree's root over leaves that stream by: RFC 6962's hash, in memory that hardly grows.

Leaves and nodes are hashed apart from each other (0x00 and 0x01 in front), so that neither passes
for the other. Only the roots of the full subtrees so far are kept, at most one for each power of
two; they can be written down as text and taken up again. Refuses to prove single leaves: whoever
asks has them all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

_LEAF, _NODE = b"\x00", b"\x01"
_DIGEST = 32  # bytes


@dataclass(slots=True)
class Tree:
    """A tree that grows on its right side.

    `peaks` are the roots of its full subtrees, the largest first: one for each bit of `count`.
    """

    count: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Put a leaf at the right end."""
        peak = hashlib.sha256(_LEAF + leaf).digest()
        full = self.count
        # As a carry in binary: each subtree of the same size becomes the left half of the next.
        while full & 1:
            peak = _joined(self.peaks.pop(), peak)
            full >>= 1
        self.peaks.append(peak)
        self.count += 1

    @property
    def root(self) -> str:
        """The hexadecimal root of what is in it; of nothing, the hash of nothing."""
        if not self.peaks:
            return hashlib.sha256().hexdigest()
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = _joined(left, root)
        return root.hex()

    def text(self) -> str:
        """All there is of it: the count, and the peaks."""
        return " ".join([str(self.count), *(peak.hex() for peak in self.peaks)])

    @classmethod
    def from_text(cls, text: str) -> Tree:
        """The tree that `text` told.

        Raises:
            ValueError: it told no tree.
        """
        count, *peaks = text.split(" ")
        tree = cls(int(count), [bytes.fromhex(peak) for peak in peaks])
        if len(peaks) != tree.count.bit_count() or any(len(it) != _DIGEST for it in tree.peaks):
            raise ValueError("not the state of a tree")
        return tree


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
