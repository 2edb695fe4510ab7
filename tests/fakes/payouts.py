"""The payouts in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import allowance
from chalicelib.domain.breaker import waits_for_rail
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerErased,
    CustomerStopped,
    InsufficientFunds,
    Stale,
)
from chalicelib.domain.habits import Habits
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO, total
from chalicelib.domain.patience import attention, rests
from chalicelib.domain.pause import customer_key, sits_out
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE
from chalicelib.domain.rails import Rail
from chalicelib.domain.redraft import REDRAFTABLE
from chalicelib.domain.refusals import OriginalDisputed, Paused
from chalicelib.domain.soundness import refuse_more, refuse_unclaimed, refuse_unsound
from chalicelib.domain.wire import claims as sends
from chalicelib.ports import Opening, Page, PayoutFilter, Question, Recorded, Sketch
from tests.fakes.bank_files import refuse_misfiled
from tests.fakes.claims import refuse_broken, take
from tests.fakes.paging import paged
from tests.fakes.payout_looks import (
    by_age,
    matches,
    pays,
    place_of,
    read_by,
    recorded_of,
    sketch_of,
    turn_of,
)
from tests.fakes.receipts import hear_returns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.claims import Claims
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy import Policy
    from chalicelib.domain.step import Step
    from chalicelib.ports import Clock
    from tests.fakes.state import State


class MemoryPayouts:
    """The port `Payouts`."""

    def __init__(
        self,
        state: State,
        *,
        clock: Clock,
        patience: Patience,
        calendar: Calendar,
        default_policy: Policy = FREE,
    ) -> None:
        self._state = state
        self._clock = clock
        self._patience = patience
        self._calendar = calendar
        self._default = default_policy

    def opening(self, question: Question) -> Opening:
        """Everything that deciding on a new payout takes, at one moment."""
        keys = allowance.keys(question.customer_id, question.by, question.day)
        with self._state.reading():
            until, change = self._state.closed_until, self._state.policies.change
            return Opening(
                customer=self._state.customers.get(question.customer_id),
                payout=self._state.payouts.get(question.transaction_id),
                gate_closed=until is not None and until > self._clock.now(),
                short_of_funds=self._state.outlook.short_since is not None,
                npp_limit=self._state.outlook.npp_limit,
                costs=self._state.outlook.costs,
                circuits=self._state.board,
                policy=change.policy if change else self._default,
                spent={key: self._state.spent[key] for key in keys if key in self._state.spent},
                twin=self._state.twins.get(question.twin),
                habits=self._state.habits.get(question.customer_id, Habits()),
                pace=self._state.paces.get(question.by, 0),
                paused=frozenset().union(
                    *(self._state.paused(rail, question.customer_id) for rail in Rail)
                ),
            )

    def get(self, transaction_id: str) -> Payout | None:
        """The payout as it is now."""
        with self._state.reading():
            return self._state.payouts.get(transaction_id)

    def write(
        self, *steps: Step, notice: Notice | None = None, claims: Claims | None = None
    ) -> Payout:
        """All of it or nothing; what is written already is success."""
        refuse_unsound(steps)
        refuse_unclaimed(steps, claims)
        written = steps[-1].after
        with self._state.writing():
            if self._has(written):
                return written
            original = [claims.original] if claims and claims.original else []
            for first in [steps[0], *original]:
                self._check_payout(first)
            refuse_misfiled(self._state, steps)
            refuse_broken(self._state, claims)
            self._refuse_paid(steps)
            self._refuse_paused(steps)
            customer = self._customer_after(steps)
            for step in [*original, *steps]:
                own = step.after.transaction_id
                self._state.payouts[own] = step.after
                self._state.steps.setdefault(own, []).append(recorded_of(step))
            if customer is not None:
                self._state.customers[customer.customer_id] = customer
            hear_returns(self._state, steps)
            take(self._state, steps, claims)
            self._state.pass_by(steps)
            if notice is not None:
                self._state.keep_with_step(notice)
        return written

    def steps(self, transaction_id: str) -> Sequence[Recorded]:
        """The audit trail, oldest first."""
        with self._state.reading():
            recorded = self._state.steps.get(transaction_id, [])
            return [each for each in recorded if self._lasts(transaction_id, each)]

    def shrink(self, before: Payout, after: Payout) -> None:
        """Put a payout that says less in its place."""
        refuse_more(before, after)
        with self._state.writing():
            stored = self._state.payouts.get(after.transaction_id)
            if stored is None or read_by(stored) != read_by(before):
                raise Stale("The payout is not as it was read.")
            self._state.payouts[after.transaction_id] = after

    def expire_steps(self, transaction_id: str, steps: Sequence[Recorded], *, at: datetime) -> None:
        """Let steps go once `at` is past."""
        with self._state.writing():
            stored = self._state.payouts.get(transaction_id)
            if stored is None or stored.archived < steps[-1].sequence:
                raise Stale("The payout does not say where these steps lie.")
            there = {each.sequence: each for each in self._state.steps.get(transaction_id, [])}
            if any(there.get(each.sequence, each) != each for each in steps):
                raise Corrupt(f"a step of payout {transaction_id}")
            for each in [one for one in steps if one.sequence in there]:
                self._state.expiries.setdefault((transaction_id, each.sequence), at)

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of open payouts that are due, the longest due first."""
        with self._state.reading():
            times = [
                (self._patience.due(payout, self._calendar), payout.transaction_id)
                for payout in self._state.payouts.values()
                if not (waits_for_funds(payout) or waits_for_rail(payout) or sits_out(payout))
            ]
        due = sorted((at, each) for at, each in times if at is not None and at <= now)
        return (transaction_id for _, transaction_id in due)

    def in_line(self) -> Iterator[Sketch]:
        """Payouts that wait for funds, the oldest first."""
        return (each for each in self.open_work() if each.in_line)

    def stranded(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that wait for it, or the sign-in, the oldest first."""
        with self._state.reading():
            found = filter(waits_for_rail, self._state.payouts.values())
            return iter(by_age(sketch_of(each) for each in found if each.rail is rail))

    def count_stranded(self, most: int) -> int:
        """How many those are, up to `most`."""
        return min(most, sum(len(list(self.stranded(rail))) for rail in Rail))

    def sitting_out(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that sit a pause out, the oldest first."""
        with self._state.reading():
            found = filter(sits_out, self._state.payouts.values())
            return iter(by_age(sketch_of(each) for each in found if each.rail is rail))

    def open_work(self) -> Iterator[Sketch]:
        """Every payout that is due some time, the line first."""
        with self._state.reading():
            found = [
                sketch_of(each)
                for each in self._state.payouts.values()
                if rests(each) or self._patience.due(each, self._calendar) is not None
            ]
        found.sort(key=lambda each: (not each.in_line, each.created_at, each.transaction_id))
        return iter(found)

    def note_shortage(self, *, at: datetime) -> None:
        """Have openings tell that payouts wait for funds."""
        with self._state.writing():
            outlook = self._state.outlook
            self._state.outlook = replace(outlook, short_since=outlook.short_since or at)

    def page(
        self, wanted: PayoutFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Payout]:
        """Payouts, newest first."""
        with self._state.reading():
            found = [each for each in self._state.payouts.values() if matches(each, wanted)]
        return paged(
            found, place_of, name=wanted.customer_id or "dates", limit=limit, position=position,
            newest_first=True,
        )  # fmt: skip

    def awaiting_approval(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for others to agree, the oldest first, and then those with more."""
        with self._state.reading():
            found = [
                each
                for each in self._state.payouts.values()
                if each.status is Status.AWAITING_APPROVAL
            ]
        return paged(found, turn_of, name="approvals", limit=limit, position=position)

    def needing_attention(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for a person, the oldest first."""
        with self._state.reading():
            found = [each for each in self._state.payouts.values() if attention(each)]
        return paged(found, place_of, name="attention", limit=limit, position=position)

    def _lasts(self, transaction_id: str, each: Recorded) -> bool:
        at = self._state.expiries.get((transaction_id, each.sequence))
        return at is None or at > self._clock.now()

    def _has(self, written: Payout) -> bool:
        recorded = self._state.steps.get(written.transaction_id, [])
        return any(
            each.sequence == written.version and each.hash == written.last_hash for each in recorded
        )

    def _check_payout(self, first: Step) -> None:
        stored = self._state.payouts.get(first.after.transaction_id)
        before = first.before
        if (stored is None) != (before is None):
            raise Stale("The payout is not as it was read.")
        if stored and before and read_by(stored) != read_by(before):
            raise Stale("Somebody wrote another step first.")

    def _refuse_paid(self, steps: Sequence[Step]) -> None:
        """Refuse to send what replaces something that was paid after all."""
        before = steps[-1].after.intent.redraft_of if pays(steps) else ()
        for each in [self._state.payouts[own] for own in before]:
            if each.status not in REDRAFTABLE or each.needs_person == CONTRADICTION:
                raise OriginalDisputed

    def _refuse_paused(self, steps: Sequence[Step]) -> None:
        after = steps[-1].after
        if sends(steps) and self._state.paused(after.rail, ""):
            raise Paused

    def _customer_after(self, steps: Sequence[Step]) -> Customer | None:
        """The customer as the steps leave them; `None` where they do not concern them."""
        change = total(step.available_change for step in steps)
        stops = any(step.stops_customer for step in steps)
        first, paying = steps[0].before is None, pays(steps)
        if not (change or stops or paying):
            return None
        customer = self._state.customers.get(steps[0].after.intent.customer_id)
        if customer is None:
            raise Conflict("The customer does not exist any more.")
        if paying and customer.stopped:
            raise CustomerStopped
        if first and customer.erasure is not None:
            raise CustomerErased
        if sends(steps) and customer_key(customer.customer_id) in self._state.paused(
            steps[-1].after.rail, customer.customer_id
        ):
            raise Paused
        if change < ZERO and customer.available + change < ZERO:
            raise InsufficientFunds
        customer = replace(customer, available=customer.available + change)
        if not stops:
            return customer
        last = steps[-1].after
        return replace(
            customer,
            stopped=customer.stopped or f"payout {last.transaction_id} is disputed",
            version=customer.version + 1,
            updated_at=last.updated_at,
        )
