"""Account checks in memory, and a provider that verifies accounts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalicelib.domain.account_check import Heard, KeptCheck
from chalicelib.domain.branch import Branch, Caution
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.erasure import forgotten_check
from chalicelib.domain.errors import Stale
from chalicelib.domain.money import Money
from chalicelib.ports import Beginning, Judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.destination import Destination
    from tests.fakes.state import State

CODE = "555555"
FEE = Money(110)


class MemoryAccountChecks:
    """The port `AccountChecks`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def current(self, destination_id: str) -> KeptCheck | None:
        """The latest check of a destination."""
        with self._state.reading():
            return self._state.checks.get(destination_id)

    def called(self, destination_id: str, identifier: str) -> KeptCheck | None:
        """A check by what it is called."""
        with self._state.reading():
            return self._state.checks_called.get((destination_id, identifier))

    def write(self, kept: KeptCheck, *, version: int) -> None:
        """Store a destination's check as version + 1."""
        named = kept.check.destination_id
        with self._state.writing():
            before = self._state.checks.get(named)
            if (before.version if before else 0) != version:
                raise Stale("The destination's check is not as it was read.")
            after = replace(kept, version=version + 1)
            self._state.checks[named] = after
            self._state.checks_called[named, kept.check.identifier] = after

    def started_on(self, day: date) -> Sequence[KeptCheck]:
        """The checks that were started on a Sydney date, the oldest first."""
        with self._state.reading():
            found = list(self._state.checks_called.values())
        those = [each for each in found if sydney_date(each.check.started_at) == day]
        return sorted(those, key=lambda each: each.check.started_at)

    def forget(self, customer_id: str) -> int:
        """Destroy tokens and masked names of all of a customer's checks."""
        with self._state.writing():
            own = {
                key: each for key, each in self._state.checks_called.items()
                if each.customer_id == customer_id
            }  # fmt: skip
            for key, each in own.items():
                self._state.checks_called[key] = forgotten_check(each)
            for name in {destination_id for destination_id, _ in own}:
                self._state.checks[name] = forgotten_check(self._state.checks[name])
        return sum(forgotten_check(each) != each for each in own.values())


@dataclass
class FakeVerifier:
    """The port `Verifier`: takes every start, knows one code, and can be told to do otherwise.

    `sent` has the identifier of every cent; `owner` is told of PayIDs. What stands in `starts` or
    in `codes` is answered first, and is done nothing about unless it says so.
    """

    owner: str = "Jo Citizen"
    sent: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    starts: list[Beginning] = field(default_factory=list)
    codes: list[Judged] = field(default_factory=list)

    def start(self, destination: Destination, *, identifier: str, within: float) -> Beginning:
        """Send a cent."""
        if within <= 0:
            return Beginning(Heard.NOT_SENT, reason="out_of_time")
        if self.starts:
            told = self.starts.pop(0)
            if told.heard in {Heard.SENT, Heard.IN_DOUBT}:
                self.sent.append(identifier)
            return told
        self.sent.append(identifier)
        owner = "" if isinstance(destination, BankAccount) else self.owner
        return Beginning(Heard.SENT, token=f"fake-token-{len(self.sent)}", owner=owner, fee=FEE)

    def confirm(self, token: str, code: str, *, within: float) -> Judged:
        """Say whether it is the code."""
        if within <= 0:
            return Judged(Heard.NOT_ASKED, "out_of_time")
        self.asked.append(token)
        if self.codes:
            return self.codes.pop(0)
        return Judged(Heard.RIGHT if code == CODE else Heard.WRONG, "")


class FakeDirectory:
    """The port `BsbDirectory`: one bank, whose branch of 999 is closed."""

    def branch(self, destination: Destination) -> Branch | None:
        """A branch for every account."""
        if not isinstance(destination, BankAccount):
            return None
        closed = destination.masked.startswith("999")
        return Branch("Example Bank", "1 Example Street", (Caution.CLOSED,) if closed else ())
