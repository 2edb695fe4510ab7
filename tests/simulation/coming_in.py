"""What must be true in the end of all that came in: each receipt once, each row once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain.ledger import Place
from tests.simulation.bodies import RETURNS
from tests.simulation.books import Broken

if TYPE_CHECKING:
    from tests.simulation.acquirer import Acquirer, Expected
    from tests.simulation.business import Business
    from tests.simulation.tills import Tills

SHORT, ALLOCATED = "allocation_short", "return_allocated"
# Ways in which a settlement's money comes that explain themselves.
_PLAIN = {"exactly", "late", "twice"}


def check_what_came_in(business: Business, acquirer: Acquirer) -> None:
    """Hold the funds against what the acquirer sent.

    Raises:
        Broken: money is missing, or counted twice, or on nobody's list, or a row is not allocated.
    """
    tills, findings = business.books.tills, set(business.books.tills.open_findings())
    missing = acquirer.received.keys() - tills.receipts.keys()
    _require(not missing, f"{sorted(missing)} came in, and were never banked")
    banked = Counter[str]()
    for name, row in tills.receipts.items():
        if row.get("state", {"S": "open"})["S"] != "returned":
            banked[name] = tills.cents(row["amount"])
    backs = {f"N{each.number + RETURNS:011d}" for each in business.provider.executions}
    for name, cents in banked.items():
        if name in acquirer.received:
            _require(cents == acquirer.received[name], f"{name} was banked with another amount")
        else:
            _require(name in backs, f"{name} was banked, and nobody sent it")
            told = (ALLOCATED, name) in findings
            _require(told, f"{name} is a return, and counted as received as well")
    lost = [name for name in acquirer.received if not banked[name]]
    _require(not lost, f"{lost} are said to be returns")
    deposited = -business.books.total(Place.DEPOSITED)
    _require(deposited == banked.total(), f"{deposited} deposited, {banked.total()} banked")
    if business.settles:
        _everything_is_told(tills, findings)
        for it in acquirer.expected:
            _allocated(it, tills, findings)


def _everything_is_told(tills: Tills, findings: set[tuple[str, str]]) -> None:
    subjects = {subject for _, subject in findings}
    for name in tills.open_receipts():
        row = tills.receipts[name]
        _require("state" not in row or name in subjects, f"{name} is open, and no finding says so")
    _require(not tills.following or bool(findings), f"{tills.following} are followed by nobody")


def _allocated(it: Expected, tills: Tills, findings: set[tuple[str, str]]) -> None:
    """A settlement that came as it should has become its customers'."""
    if not it.posted or it.way not in _PLAIN:
        return
    stage = tills.settlements[it.settlement_id]["stage"]["S"]
    if it.withdrawn and stage == "Cancelled":
        return
    short = (SHORT, it.settlement_id) in findings
    _require(stage == "Settled" or short, f"{it.reference} has come, and is {stage}")
    _require(short or tills.allocated[it.reference] == len(it.rows), f"{it.reference}: rows")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)
