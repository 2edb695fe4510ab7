"""What can be asked: a payment's status, the account's transactions, statement and financials.

Reads only. With a lookup lag it does not yet know what has just happened, as a provider might not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from local.monoova.answers import Answer, Refused, ok
from local.monoova.books import Books
from local.monoova.clock import VirtualClock
from local.monoova.dates import (
    instant,
    read_day,
    read_moment,
    seconds_form,
    start_of,
    today,
)
from local.monoova.entries import Execution, Posting
from local.monoova.fees import of_cents
from local.monoova.identity import AUTOMATCHER_BSB, Identity
from local.monoova.orders import read_body
from local.monoova.shapes import dollars
from local.monoova.switches import SwitchBoard

TEXTS = {
    "Pending": "The payment is on its way; ask again later and do not send it again.",
    "Rejected": "The receiving bank rejected the transaction.",
}
LONGEST = timedelta(days=93)


@dataclass(frozen=True)
class Reports:
    """The provider's answers about the past."""

    clock: VirtualClock
    switches: SwitchBoard
    books: Books
    identity: Identity

    def status(self, reference: str) -> Answer:
        """The status of one payment: neither an amount nor a transaction id is in it."""
        found = self.books.latest(reference)
        if found is None or found.executed_at >= self._known_until():
            raise Refused("UniqueIdNotFound", "The uniqueReference was not found")
        cleared = {"expectedClearanceDateForFunds": None, "fundsClearedDate": None}
        return ok(_status(found) | cleared)

    def statuses(self, first: str, last: str) -> Answer:
        """The status of every payment executed on some days, if it has a reference."""
        begin, end = _days(read_day(first), read_day(last))
        found = self.books.executions(begin, min(end, self._known_until()))
        lines = [
            _status(each) | {"waitingOnClearedFundsDate": None}
            for each in found
            if each.unique_reference is not None
        ]
        return ok({"statuses": lines})

    def transactions(self, body: bytes) -> Answer:
        """The account's ledger over some time: every receipt, payment, fee and reversal."""
        fields = read_body(body)
        self._owned(fields.get("accountNumber"))
        begin, end = self._period(fields)
        rows = self.books.postings(begin, min(end, self._known_until()))
        opening = self.books.balance_before(begin)
        items = [_item(number, row, self.identity) for number, row in enumerate(rows)]
        if fields.get("descending") is True:
            items.reverse()
        return ok(
            {
                "openingBalance": dollars(opening),
                "closingBalance": dollars(rows[-1].balance if rows else opening),
                "totalDebits": dollars(sum(row.debit for row in rows)),
                "totalCredits": dollars(sum(row.credit for row in rows)),
                "items": items,
            }
        )

    def statement(self, day: str) -> Answer:
        """The successful payments of a day in Sydney."""
        begin, end = _days(read_day(day), read_day(day))
        found = self.books.executions(begin, min(end, self._known_until()))
        return ok(
            {"transactions": [_line(each) for each in found if each.told_status == "Complete"]}
        )

    def financials(self, account: str) -> Answer:
        """The account's balances and limits."""
        self._owned(account)
        return ok({"financials": self._financials()})

    def account(self, account: str) -> Answer:
        """The account's details, balances and options."""
        self._owned(account)
        details = {
            "accountNumber": int(self.identity.account_number),
            "name": "Simulated Merchant",
            "abn": "51824753556",
            "contactName": "Simulated",
            "contactNumber": "0200000000",
            "email": "jo@example.com",
            "addressLine1": "",
            "addressLine2": "1 Example Street",
            "suburb": "Sydney",
            "state": "NSW",
            "postCode": "2000",
            "bsb": AUTOMATCHER_BSB,
            "bankAccountNumber": self.identity.bank_account,
            "bankAccountTitle": "Simulated Merchant",
            "allowDuplicates": False,
            "feeAccount": None,
            "financials": self._financials(),
            "options": [{"key": "DebitTplusXDays", "value": "1"}],
        }
        return ok({"details": details})

    def _financials(self) -> dict[str, object]:
        balance = dollars(self.books.balance())
        return {
            "accountNumber": int(self.identity.account_number),
            "actualBalance": balance,
            "clearedFundsOnly": True,
            "creditLimit": dollars(0),
            "feeAccountActualBalance": None,
            "feeAccountNumber": None,
            "hasSeparateFeeAccount": False,
            "lowerCreditLimit": dollars(0),
            "minimumSettlementAmount": dollars(2),
            "settlementFrequency": "None",
            "upperCreditLimit": dollars(0),
            "availableToDebit": balance,
            "availableToCredit": dollars(10**9),
            "nppBalance": balance,
            "nppPayoutLimit": dollars(self.switches.now.npp_payout_limit),
            "isFeeAccount": False,
            "isParentAccount": True,
            "isParentClearedFunds": None,
            "clearedFundsAccountFinancials": {
                "availableBalance": balance,
                "unclearedFunds": dollars(0),
                "uniqueReferencesWaitingToClear": [],
            },
        }

    def _owned(self, account: object) -> None:
        if account != self.identity.account_number:
            raise Refused("InvalidMAccount", "mAccount was not found")

    def _known_until(self) -> datetime:
        """Nothing from this moment on is known yet."""
        lag = timedelta(microseconds=int(self.switches.now.lookup_lag_seconds * 10**6))
        return self.clock.now() - lag + timedelta(microseconds=1)

    def _period(self, fields: Mapping[str, object]) -> tuple[datetime, datetime]:
        day = today(self.clock.now())
        this_month = day.replace(day=1)
        last_month = (this_month - timedelta(days=1)).replace(day=1)
        match fields.get("frequency"):
            case "Today":
                return _days(day, day)
            case "ThisMonth":
                return _days(this_month, day)
            case "LastMonth":
                return _days(last_month, this_month - timedelta(days=1))
            case "Custom":
                return _custom(fields)
        raise Refused("InvalidFrequency", "frequency is Today, ThisMonth, LastMonth or Custom")


def _custom(fields: Mapping[str, object]) -> tuple[datetime, datetime]:
    first, last = read_moment(fields.get("startDate")), read_moment(fields.get("endDate"))
    if first is None or last is None:
        return _days(None, None)
    if fields.get("useTime") is not True:
        return _days(first.date(), last.date())
    _days(first.date(), last.date())
    return instant(first), instant(last) + timedelta(seconds=1)


def _days(first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in Sydney."""
    if first is None or last is None or not timedelta() <= last - first <= LONGEST:
        text = "Dates are yyyy-MM-dd, in order, and at most three months apart"
        raise Refused("InvalidDateRange", text)
    try:
        return start_of(first), start_of(last + timedelta(days=1))
    except OverflowError as error:
        raise Refused("InvalidDateRange", "Such a date is not kept") from error


def _status(found: Execution) -> dict[str, object]:
    text, status = f"mAccount to {found.method}", found.told_status
    ended = found.completed_on or (today(found.executed_at) if found.told_as else None)
    return {
        "statusDescription": TEXTS.get(status, text),
        "completedDate": ended.isoformat() if ended and status != "Pending" else None,
        "creditCardPaymentStatus": None,
        "dishonouredDate": None,
        "transactionStatus": status,
        "uniqueReference": found.unique_reference,
        "bulkDirectDebits": None,
    }


def _line(found: Execution) -> dict[str, object]:
    return {
        "uniqueReferenced": found.unique_reference,
        "transactionId": found.transaction_id,
        "dateTime": seconds_form(found.executed_at),
        "status": "OK",
        "totalAmount": dollars(found.left),
        **(found.fee if found.fee_left == found.fee.charged else of_cents(found.fee_left)).fields(),
    }


def _item(number: int, row: Posting, identity: Identity) -> dict[str, object]:
    return {
        "credit": dollars(row.credit),
        "dateTime": seconds_form(row.at),
        "debit": dollars(row.debit),
        "description": row.description,
        "destinationMAccountCardNumber": identity.account_number if row.credit else None,
        "isWaitingForFundsToClear": False,
        "mPaymentsId": row.row_id,
        "mWalletAccountNumber": None,
        "rowOrder": number,
        "runningBalance": dollars(row.balance),
        "sourceMAccountCardNumber": identity.account_number if row.debit else None,
        "subTransactionType": row.subkind,
        "transactionDescription": row.subkind,
        "transactionId": row.transaction_id,
        "transactionType": row.kind,
        "uniqueReference": row.unique_reference,
    }
