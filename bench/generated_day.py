"""A day of many payouts, made as it is read: the rows of our index, and the provider's answers.

Every row follows from its number, so a million of them take no memory. Sizes are those of the real
ones: index entries as DynamoDB counts them, the provider's rows with all of their fields.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.adapters.dynamo.payout_rows import payout_from, payout_row
from chalicelib.adapters.dynamo.values import Item, to_item
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.events import Accepted, Confirmed, Started
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.adapters.monoova.transport import Call
    from chalicelib.domain.payout import Payout

DAY = date(2026, 3, 6)
NOON = datetime(2026, 3, 6, 1, tzinfo=UTC)
NIGHT = datetime(2026, 3, 6, 16, tzinfo=UTC)  # three o'clock in Sydney, on the next day
FEE = Money(10)
PAGE = 1_000_000  # bytes that DynamoDB reads for one answer; it says 1 MB
PROJECTED = (
    "changed_on", "transaction_id", "status", "amount", "fee", "came_back", "rail", "attempt",
    "version", "last_hash", "created_on", "sent_on", "eve", "attention_bucket",
)  # fmt: skip
CALENDAR = Calendar(lambda _day: False)
OPENING = 10**12
_read = TypeDeserializer().deserialize


def payout_id(number: int) -> str:
    """The id of a payout, greater with its number."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def amount(number: int) -> int:
    """Its amount in cents."""
    return 1_000 + number % 9_000


def payout(number: int) -> Payout:
    """A payout that was asked for, sent and completed at noon."""
    sealed = SealedDestination(
        f"destination-{number}", PayoutMethod.BANK_ACCOUNT, "bank_account", "•••678", "J•••", b"x"
    )
    intent = Intent(
        payout_id(number), "customer-1", Money(amount(number)), Rail.NPP, sealed, NOON, "olive"
    )
    after = begin(intent, by="olive").after
    transaction = str(100_000 + number)
    for event in (
        Started(at=NOON, by="olive", claim_id="claim"),
        Accepted(
            at=NOON, by="provider", attempt=1, monoova_transaction_id=transaction, fee=FEE
        ),
        Confirmed(at=NOON + timedelta(minutes=1), by="webhook", attempt=1),
    ):  # fmt: skip
        after = advance(after, event).after
    return after


def row(number: int) -> Item:
    """A payout's row, as DynamoDB writes it."""
    return to_item(payout_row(payout(number), Patience(), CALENDAR))


class Table:
    """The transactions table: pages of its index by change, and rows by key, all counted."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pages = self.reads = 0
        whole = {name: value for name, value in row(0).items() if name in PROJECTED}
        self._entry = whole
        # As DynamoDB counts an index entry: its names and its values.
        self._size = sum(len(name) + len(str(next(iter(v.values())))) for name, v in whole.items())

    @property
    def entry_bytes(self) -> int:
        """What one entry of the index counts."""
        return self._size

    def query(self, **question: Any) -> dict[str, Any]:  # noqa: ANN401 (boto3's)
        """A page of a day's entries."""
        self.pages += 1
        values = question["ExpressionAttributeValues"]
        if values[":day"]["S"] != DAY.isoformat():
            return {"Items": []}
        start = question.get("ExclusiveStartKey", {}).get("transaction_id", values.get(":after"))
        first = int(start["S"][:8], 16) + 1 if start else 0
        until = min(first + PAGE // self._size, self.count)
        answer: dict[str, Any] = {"Items": [self._at(number) for number in range(first, until)]}
        if until < self.count:
            answer["LastEvaluatedKey"] = {"transaction_id": {"S": payout_id(until - 1)}}
        return answer

    def _at(self, number: int) -> dict[str, Any]:
        dollars = f"{amount(number) // 100}.{amount(number) % 100:02d}"
        return {
            **self._entry, "transaction_id": {"S": payout_id(number)}, "amount": {"N": dollars}
        }  # fmt: skip

    def get(self, transaction_id: str) -> Payout:
        """A payout by its key, as its row says."""
        self.reads += 1
        item = row(int(transaction_id[:8], 16))
        return payout_from({name: _read(value) for name, value in item.items()})


class Body:
    """An answer's body, made while it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = b""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        while len(self._rest) < size and (part := next(self._parts, b"")):
            self._rest += part
        now, self._rest = self._rest[:size], self._rest[size:]
        return now

    def close(self) -> None:
        """Nothing is left open."""


class Provider:
    """Answers in the place of a signed-in connection; `calls` counts what was asked."""

    def __init__(self, count: int, *, wrong: frozenset[int] = frozenset(), ready: bool) -> None:
        self.calls = 0
        self._count = count
        self._wrong = wrong
        # Made beforehand, an answer costs nothing while it is read.
        self._made = {name: [*self._parts(name)] for name in ("statuses", "items")} if ready else {}

    def send(self, call: Call, *, seconds: float) -> Reply:  # noqa: ARG002 (the true one's)
        """A long answer, or the status of one reference."""
        self.calls += 1
        if call.operation == "status":
            return Reply(http_status=200, raw=_status(0, call.path.rsplit("/", 1)[1]).encode())
        name = "statuses" if call.operation == "statuses" else "items"
        parts = iter(self._made[name]) if self._made else self._parts(name)
        return Reply(http_status=200, body=Body(parts))  # type: ignore[arg-type]

    def _parts(self, name: str) -> Iterator[bytes]:
        yield f'{{"durationMs":5,"status":"Ok","statusDescription":"Done","{name}":['.encode()
        comma, balance = "", OPENING
        for first in range(0, self._count, 100):
            rows = []
            for number in range(first, min(first + 100, self._count)):
                if name == "statuses":
                    rows.append(_status(number, f"{payout_id(number)}-1"))
                    continue
                paid = amount(number) + (number in self._wrong)
                balance -= paid
                rows.append(_line(number, 2 * number, paid, balance, "Payment"))
                balance -= FEE.cents
                rows.append(_line(number, 2 * number + 1, FEE.cents, balance, "Fee"))
            yield (comma + ",".join(rows)).encode()
            comma = ","
        yield b"]}"


def _status(number: int, reference: str) -> str:
    return (
        '{"statusDescription":"mAccount to NppCreditBankAccount","completedDate":"2026-03-06",'
        '"creditCardPaymentStatus":null,"dishonouredDate":null,"transactionStatus":"Complete",'
        f'"uniqueReference":"{reference}","bulkDirectDebits":null,'
        f'"waitingOnClearedFundsDate":null,"mPaymentsId":{number}}}'
    )


def _line(number: int, place: int, debit: int, balance: int, kind: str) -> str:
    reference = f"{payout_id(number)}-1"
    return (
        f'{{"credit":0.00,"dateTime":"2026-03-06T12:00:00","debit":{debit // 100}.{debit % 100:02d}'
        f',"description":"{reference} - NppCreditBankAccount",'
        '"destinationMAccountCardNumber":null,"isWaitingForFundsToClear":false,'
        f'"mPaymentsId":{place},"mWalletAccountNumber":null,"rowOrder":{place},'
        f'"runningBalance":{balance // 100}.{balance % 100:02d},'
        '"sourceMAccountCardNumber":"6279059700000000","subTransactionType":"NppCreditBankAccount",'
        '"transactionDescription":"NppCreditBankAccount",'
        f'"transactionId":{100_000 + number},"transactionType":"{kind}",'
        f'"uniqueReference":"{reference}"}}'
    )
