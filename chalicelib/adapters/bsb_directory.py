"""Banks and branches by BSB, from the directory of the clearing house that a package carries.

Reads no network and refuses nothing: a BSB that the directory does not know is one of its gaps as
often as not. It is read at the first look-up, in some 40 ms; other requests do not pay for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.destination import BankAccount

if TYPE_CHECKING:
    from chalicelib.domain.destination import Destination

# What the directory writes in the place of a branch's name, in small letters.
_GONE = {"closed": Caution.CLOSED, "merged": Caution.MERGED}
LONGEST = 80


class PackagedDirectory:
    """The port `BsbDirectory` on the package bsb-lookup."""

    def branch(self, destination: Destination) -> Branch | None:
        """The branch of a bank account; `None` for a PayID."""
        if not isinstance(destination, BankAccount):
            return None
        return branch_of(destination.reveal()["bsbNumber"].replace("-", ""))


def branch_of(digits: str) -> Branch:
    """The branch of six digits."""
    import bsb  # noqa: PLC0415 (reads its directory at the first look-up)

    info = bsb.to_bank_info(digits)
    bank = info.prefix_rule.abbreviation if info.prefix_rule else ""
    row = info.directory_entry
    if row is None:
        return Branch(bank[:LONGEST], "", (Caution.UNKNOWN_BSB,))
    gone = _GONE.get(row.name.strip().lower())
    cautions = [gone] if gone else []
    if info.npp_support is bsb.NPPSupport.LIKELY_UNSUPPORTED:
        cautions.append(Caution.NOT_REACHABLE_BY_NPP)
    # Of a branch that is gone the street says which one took its place.
    name = row.street if gone else row.name
    return Branch(bank[:LONGEST], " ".join(name.split())[:LONGEST], tuple(cautions))
