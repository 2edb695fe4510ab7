"""The payouts and their steps: one read to decide, one transaction for every step.

Refuses a write that is not on top of what was read. A write whose reply was lost is known again by
the hash that only it can have written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import (
    circuits,
    claim_rows,
    keeping,
    liquidity,
    payout_lists,
    wire_rows,
)
from chalicelib.adapters.dynamo.bank_file_rows import file_parts, undoubted_parts, went
from chalicelib.adapters.dynamo.claims import CLAIM, claim_parts
from chalicelib.adapters.dynamo.customer_rows import customer_from
from chalicelib.adapters.dynamo.event_rows import recorded_from, step_row
from chalicelib.adapters.dynamo.gate import GATE, is_closed
from chalicelib.adapters.dynamo.notices import transact_keeping
from chalicelib.adapters.dynamo.parts import (
    customer_part,
    needs_unstopped,
    new_row,
    originals_part,
    payout_part,
)
from chalicelib.adapters.dynamo.payout_rows import payout_from
from chalicelib.adapters.dynamo.policy_rows import CURRENT, policy_from
from chalicelib.adapters.dynamo.receipt_rows import return_parts
from chalicelib.adapters.dynamo.refused import CUSTOMER, explain
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import from_item, in_expression
from chalicelib.domain.errors import (
    Stale,
)
from chalicelib.domain.policy import FREE
from chalicelib.domain.soundness import refuse_more, refuse_unclaimed, refuse_unsound
from chalicelib.domain.wire import claims as sends
from chalicelib.ports import Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import (
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
    )

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.breaker import Board
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.claims import Claims
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy import Policy
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.step import Step
    from chalicelib.ports import Clock, Page, PayoutFilter, Question, Recorded, Sketch

PAYOUT = "payout"


class DynamoPayouts:
    """The port `Payouts` on DynamoDB. `written` is told every step that is durable.

    `default_policy` holds until another one is in force. `saw` is told each opening's circuits.
    """

    def __init__(  # noqa: PLR0913 (two of them are told what goes by)
        self,
        session: Session,
        tables: Tables,
        *,
        clock: Clock,
        patience: Patience,
        calendar: Calendar,
        default_policy: Policy = FREE,
        written: Callable[[Sequence[Step]], None] = lambda _steps: None,
        saw: Callable[[Board], None] = lambda _board: None,
    ) -> None:
        self._session = session
        self._tables = tables
        self._clock = clock
        self._patience = patience
        self._calendar = calendar
        self._default = default_policy
        self._told = written
        self._saw = saw

    def opening(self, question: Question) -> Opening:
        """Everything that deciding on a new payout takes: one call."""
        tables = self._tables
        wire = wire_rows.shard(question.transaction_id)
        keys = (
            GATE, liquidity.LIQUIDITY, CURRENT, wire, *circuits.KEYS, *claim_rows.keys_of(question)
        )  # fmt: skip
        found = self._session.batch(
            {
                tables.customers: [{"customer_id": question.customer_id}],
                tables.transactions: [{"transaction_id": question.transaction_id}],
                tables.control: [{"key": key} for key in keys],
            }
        )
        customer, payout = (
            next(iter(found[table]), None) for table in (tables.customers, tables.transactions)
        )
        control = {row["key"]: row for row in found[tables.control]}
        board = circuits.board_from(control)
        outlook = liquidity.outlook_from(control.get(liquidity.LIQUIDITY))
        self._saw(board)
        return Opening(
            customer=customer_from(customer) if customer else None,
            payout=payout_from(payout) if payout else None,
            gate_closed=is_closed(control.get(GATE), self._clock.now()),
            short_of_funds=outlook.short_since is not None,
            npp_limit=outlook.npp_limit,
            costs=outlook.costs,
            circuits=board,
            policy=policy_from(control.get(CURRENT), self._default),
            spent=claim_rows.spent_from(control, question),
            twin=claim_rows.twin_from(control.get(claim_rows.TWIN + question.twin)),
            habits=claim_rows.habits_from(control.get(claim_rows.HABITS + question.customer_id)),
            pace=claim_rows.pace_from(control.get(claim_rows.RATE + question.by)),
            paused=wire_rows.paused_from(control.get(wire), customer, question.customer_id),
        )

    def get(self, transaction_id: str) -> Payout | None:
        """The payout as it is now."""
        row = self._session.row(self._tables.transactions, {"transaction_id": transaction_id})
        return payout_from(row) if row else None

    def write(
        self, *steps: Step, notice: Notice | None = None, claims: Claims | None = None
    ) -> Payout:
        """Write consecutive steps of one payout, their postings and a notice: one transaction.

        Raises:
            Stale, InsufficientFunds, Conflict, StoreUnavailable: as the port says.
            ValueError: the steps are none that may be written, or not the first ones and claim.
        """
        refuse_unsound(steps)
        refuse_unclaimed(steps, claims)
        written = steps[-1].after
        try:
            transact_keeping(
                self._session, self._tables.control, self._parts(steps, claims), notice,
                recognise=lambda: self._has(written),
            )  # fmt: skip
        except Refused as refused:
            self._explain(refused, written, pays=needs_unstopped(steps), sends=sends(steps))
        else:
            self._told(steps)
        return written

    def steps(self, transaction_id: str) -> Sequence[Recorded]:
        """The audit trail, oldest first."""
        question: QueryInputTypeDef = {
            "TableName": self._tables.events,
            "KeyConditionExpression": "account = :account",
            "ExpressionAttributeValues": in_expression({"account": transaction_id}),
            "ConsistentRead": True,
        }
        recorded: list[Recorded] = []
        while True:
            answer = self._session.call(self._session.client.query, **question)
            recorded += [recorded_from(from_item(item)) for item in answer["Items"]]
            if not answer.get("LastEvaluatedKey"):
                return recorded
            question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def shrink(self, before: Payout, after: Payout) -> None:
        """Put a payout that says less in the place of the one that was read; no step is made."""
        refuse_more(before, after)
        part = payout_part(self._tables.transactions, before, after, self._patience, self._calendar)
        keeping.shrink(self._session, part, after)

    def expire_steps(self, transaction_id: str, steps: Sequence[Recorded], *, at: datetime) -> None:
        """Let steps go once `at` is past; only those of a payout that says where they lie."""
        keeping.expire(self._session, self._tables, transaction_id, steps, at=at)

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of open payouts that are due, the longest due first; may lag: read them again."""
        return payout_lists.due(self._session, self._tables.transactions, now)

    def in_line(self) -> Iterator[Sketch]:
        """Payouts that wait for funds, the oldest first; may lag: read them again."""
        return payout_lists.in_line(self._session, self._tables.transactions)

    def stranded(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that wait for it, or the sign-in, the oldest first; may lag."""
        return payout_lists.stranded(self._session, self._tables.transactions, rail)

    def count_stranded(self, most: int) -> int:
        """How many those are, up to `most`; may lag."""
        return payout_lists.count_stranded(self._session, self._tables.transactions, most)

    def sitting_out(self, rail: Rail) -> Iterator[Sketch]:
        """Payouts by a rail that sit a pause out, the oldest first; may lag: read them again."""
        return payout_lists.sitting_out(self._session, self._tables.transactions, rail)

    def open_work(self) -> Iterator[Sketch]:
        """Every payout that is due some time, or queued and held: the line first; may lag."""
        return payout_lists.open_work(self._session, self._tables.transactions)

    def note_shortage(self, *, at: datetime) -> None:
        """Have openings tell from now on that payouts wait for funds."""
        liquidity.note_shortage(self._session, self._tables.control, at=at)

    def page(
        self, wanted: PayoutFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Payout]:
        """Payouts, newest first; may lag behind by a moment."""
        return payout_lists.page(
            self._session, self._tables.transactions, wanted, limit=limit, position=position
        )

    def awaiting_approval(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for others to agree, the oldest first; may lag behind by a moment."""
        return payout_lists.awaiting_approval(
            self._session, self._tables.transactions, limit=limit, position=position
        )

    def needing_attention(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Payout]:
        """Payouts that wait for a person, the oldest first; may lag behind by a moment."""
        return payout_lists.needing_attention(
            self._session, self._tables.transactions, limit=limit, position=position
        )

    def _parts(
        self, steps: Sequence[Step], claims: Claims | None
    ) -> dict[str, TransactWriteItemTypeDef]:
        """The payout first, for its refusal says more than the others'."""
        tables = self._tables
        before, after = steps[0].before, steps[-1].after
        put = payout_part(tables.transactions, before, after, self._patience, self._calendar)
        events = {
            f"step {step.after.version}": new_row(tables.events, step_row(step), key="account")
            for step in steps
        }
        customer = customer_part(tables.customers, steps)
        more = return_parts(tables.control, steps) | claim_parts(tables.control, steps, claims)
        original = claims.original if claims else None
        more |= originals_part(tables.transactions, steps, original)
        more |= self._replaced(original) if original else {}
        more |= wire_rows.wire_parts(tables.control, steps) | file_parts(tables.control, steps)
        if sends(steps):
            more |= undoubted_parts(tables.control, steps, self._went(after))
        return {PAYOUT: put} | events | more | ({CUSTOMER: customer} if customer else {})

    def _went(self, claimed: Payout) -> Iterator[tuple[str, str]]:
        """By which files, that were given up, it may yet be paid, or what it is to replace.

        What it replaces has ended, as its own part of the transaction asks: no more files come.
        """
        yield from went(claimed.transaction_id, claimed.attempt, claimed.filed)
        for each in claimed.intent.redraft_of:
            row = self._session.row(self._tables.transactions, {"transaction_id": each}) or {}
            yield from went(each, int(row.get("attempt", 0)), row.get("filed") or ())

    def _replaced(self, step: Step) -> dict[str, TransactWriteItemTypeDef]:
        """What a redraft replaces says so, and is as it was read: unpaid, and with no other."""
        put = payout_part(
            self._tables.transactions, step.before, step.after, self._patience, self._calendar
        )
        event = new_row(self._tables.events, step_row(step), key="account")
        return {f"{CLAIM} original": put, f"{CLAIM} original's step": event}

    def _explain(self, refused: Refused, written: Payout, *, pays: bool, sends: bool) -> None:
        """Say why a write was refused; return where it was not, but done before."""
        if PAYOUT in refused.found:
            self._explain_payout(refused.found[PAYOUT], written)
            return
        explain(refused, written.transaction_id, pays=pays, sends=sends)

    def _explain_payout(self, row: Row | None, written: Payout) -> None:
        if row is None or row["version"] < written.version:
            raise Stale("The payout is not as it was read.")
        ours = row["version"] == written.version and row["last_hash"] == written.last_hash
        if not ours and not (row["version"] > written.version and self._has(written)):
            raise Stale("Somebody wrote another step first.")

    def _has(self, written: Payout) -> bool:
        """Whether the steps of the payout hold the one that led to it as it was written."""
        key = {"account": written.transaction_id, "sequence": written.version}
        row = self._session.row(self._tables.events, key)
        return row is not None and row["hash"] == written.last_hash
