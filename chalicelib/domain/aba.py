"""The bank's file of direct credits (ABA), and the file in which it tells what came back.

Lines of 120 characters, ended by CRLF: a head, a line for each payment, the totals. What a line
cannot carry is made such that it can, and said; what cannot be made so is refused. A file of
returns is taken whole or not at all: one that breaks off, or does not add up, says nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Fault
from chalicelib.domain.money import Money, total
from chalicelib.domain.references import unique_reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chalicelib.domain.destination import BankAccount

WIDTH = 120
END = "\r\n"
# What fits into the ten digits of the totals, in cents.
MOST_CENTS = 9_999_999_999
TITLE, REFERENCE, REMITTER = 32, 18, 16
CREDIT = "50"
_CREDITS = frozenset({"50", "51", "52", "53", "54", "55", "56", "57"})
_CARRIED = re.compile(r"[A-Za-z0-9 &',\-./+$!%()*#=:?\[\]_^@]")
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Letters that no accent can be taken from.
_SPELT: Mapping[str, str] = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "þ": "th", "Þ": "Th", "\u2018": "'", "\u2019": "'", "\u2010": "-",
    "\u2011": "-", "\u2013": "-", "\u2014": "-", '"': "'", "`": "'", ";": ",",
}  # fmt: skip
# The bank's codes, in the words of people.
REASONS: Mapping[str, str] = {
    "1": "Invalid BSB", "2": "Payment stopped", "3": "Account closed", "4": "Customer deceased",
    "5": "No account or incorrect account number", "6": "Refer to customer",
    "8": "Invalid user id", "9": "Technically invalid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays by the file, as the bank knows them."""

    bank: str
    user_name: str
    user_id: str
    description: str
    bsb: str = field(repr=False)
    account: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Payment:
    """One line, of what it has to carry."""

    destination: BankAccount
    amount: Money
    reference: str
    remitter: str


@dataclass(frozen=True, slots=True)
class Back:
    """One line of a file of returns: its row (from 1), whose, how much, and why."""

    row: int
    reference: str
    amount: Money
    code: str

    @property
    def reason(self) -> str:
        """Why, in words."""
        return REASONS.get(self.code, "Returned")


def reference_of(transaction_id: str, attempt: int) -> str:
    """What an attempt is known by in the bank's files: the same always, and nobody else's."""
    number = int(hashlib.sha256(unique_reference(transaction_id, attempt).encode()).hexdigest(), 16)
    text = ""
    while len(text) < REFERENCE - 1:
        number, rest = divmod(number, 36)
        text += _LETTERS[rest]
    return f"P{text}"


def carried(text: str, width: int) -> str:
    """The text in characters that a line carries, cut to its width; empty where nothing is left."""
    spelt = "".join(_SPELT.get(letter, letter) for letter in text)
    plain = unicodedata.normalize("NFKD", spelt)
    kept = "".join(
        letter if _CARRIED.fullmatch(letter) else " "
        for letter in plain
        if not unicodedata.combining(letter)
    )
    return " ".join(kept.split())[:width].rstrip()


def says(text: str) -> bool:
    """Whether anything of a text is left to read in characters that a line carries."""
    return bool(re.search(r"[A-Za-z0-9]", carried(text, len(text))))


def why_not(destination: BankAccount, amount: Money) -> str:
    """Why a line cannot carry a payment to a bank account, as a code; empty where it can."""
    details = destination.reveal()
    if not re.fullmatch(r"[0-9]{1,9}", details["accountNumber"]):
        return "account_number"
    if len(re.findall(r"[A-Za-z0-9]", carried(details["accountName"], TITLE))) < 2:
        return "account_name"
    return "" if 0 < amount.cents <= MOST_CENTS else "amount"


def changes(destination: BankAccount, remitter: str) -> tuple[str, ...]:
    """The names of what a line carries otherwise than it was written."""
    told = (
        ("account_name", destination.reveal()["accountName"], TITLE),
        ("remitter_name", remitter, REMITTER),
    )
    return tuple(name for name, text, width in told if carried(text, width) != text)


def content(payer: Payer, pays_on: date, payments: Sequence[Payment]) -> str:
    """The file; the same of the same, always.

    Raises:
        ValueError: there are no payments, or more than its totals can say.
    """
    credit = total(each.amount for each in payments)
    if not payments or credit.cents > MOST_CENTS:
        raise ValueError("no file of nothing, or of more than its totals can say")
    lines = [_head(payer, pays_on), *(_line(payer, each) for each in payments)]
    lines.append(_totals(credit, Money(0), len(payments)))
    if any(len(line) != WIDTH for line in lines):
        raise ValueError("a line has 120 characters")
    return "".join(line + END for line in lines)


def read_returns(text: str, payer_id: str) -> tuple[list[Back], list[Fault]]:
    """What a file of returns tells, or all that is wrong with it: then it tells nothing."""
    rows = text.replace(END, "\n").removesuffix("\n").split("\n")
    faults = [
        Fault("/content", "invalid_line", "must have 120 plain characters", row=number)
        for number, row in enumerate(rows, 1)
        if len(row) != WIDTH or not row.isascii() or not row.isprintable()
    ]
    if faults:
        return [], faults
    if len(rows) < 3 or rows[0][0] != "0" or rows[-1][0] != "7":
        return [], [_fault("incomplete", "must begin with its head and end with its totals")]
    if rows[0][56:62] != payer_id:
        faults.append(_fault("another_user", "must be of the user id that files are made with", 1))
    backs = []
    for number, row in enumerate(rows[1:-1], 2):
        back = _back(number, row, payer_id)
        if back is None:
            faults.append(_fault("invalid_return", "must be a returned credit of ours", number))
        else:
            backs.append(back)
    if not faults and rows[-1] != _as_read(rows[-1], backs):
        faults.append(_fault("totals_differ", "must add up to its lines", len(rows)))
    return backs, faults


def _head(payer: Payer, pays_on: date) -> str:
    return (
        f"0{'':17}01{payer.bank:3}{'':7}{carried(payer.user_name, 26):26}{payer.user_id:0>6}"
        f"{carried(payer.description, 12):12}{pays_on:%d%m%y}{'':40}"
    )


def _line(payer: Payer, it: Payment) -> str:
    details = it.destination.reveal()
    # Who pays is never left blank: the bank's own name for us, where theirs cannot be carried.
    remitter = it.remitter if says(carried(it.remitter, REMITTER)) else payer.user_name
    title, remitter = carried(details["accountName"], TITLE), carried(remitter, REMITTER)
    return (
        f"1{details['bsbNumber']}{details['accountNumber']:>9} {CREDIT}{it.amount.cents:010d}"
        f"{title:{TITLE}}{it.reference:{REFERENCE}}{payer.bsb}{payer.account:>9}"
        f"{remitter:{REMITTER}}{'':0>8}"
    )


def _totals(credit: Money, debit: Money, count: int) -> str:
    net = abs(credit.cents - debit.cents)
    return (
        f"7999-999{'':12}{net:010d}{credit.cents:010d}{debit.cents:010d}{'':24}{count:06d}{'':40}"
    )


def _as_read(row: str, backs: Sequence[Back]) -> str:
    """The totals as they have to be: banks tell returned credits as credits or as debits."""
    sum_ = total(each.amount for each in backs)
    ways = (_totals(sum_, Money(0), len(backs)), _totals(Money(0), sum_, len(backs)))
    return row if row in ways else ways[0]


def _back(number: int, row: str, payer_id: str) -> Back | None:
    kind, code, transaction, cents = row[0], row[17], row[18:20], row[20:30]
    fine = kind == "2" and code in REASONS and transaction in _CREDITS and cents.isdecimal()
    if not fine or row[114:120] != payer_id or not int(cents):
        return None
    return Back(number, row[62:80].strip(), Money(int(cents)), code)


def _fault(code: str, detail: str, row: int | None = None) -> Fault:
    return Fault("/content", code, detail, row=row)
