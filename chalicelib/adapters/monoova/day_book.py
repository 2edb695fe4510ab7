"""The provider's side of whole days, read as it arrives: statuses, and the account's own lines.

However long they are they take no memory, and numbers stay exact. An answer that breaks off, or a
row that cannot be read, makes all of it worthless: no day is ever read shorter than it was.
"""

from __future__ import annotations

import re
import time
from contextlib import closing
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import ijson

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import dates, reading
from chalicelib.adapters.monoova.asking import Exchanges
from chalicelib.adapters.monoova.long_answer import LongAnswer, NotReadable
from chalicelib.adapters.monoova.transport import Broken, Call
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.money import LARGEST_CENTS, ZERO, Money
from chalicelib.domain.night import Line, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.adapters.monoova.signin import SignedIn
    from chalicelib.ports import Clock

    Fields = dict[str, Any]

T = TypeVar("T")
_CENT, _MOST = Decimal(1), LARGEST_CENTS // 100
_MANY = 10**18
_LOCAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")
_UNREADABLE = (ijson.JSONError, ValueError, ArithmeticError, RecursionError, Broken, NotReadable)


class MonoovaDayBook:
    """The `DayBook` port on Monoova's HTTP interface. `account` is the one whose lines are read."""

    def __init__(
        self,
        signed_in: SignedIn,
        *,
        account: str,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account = account
        self._exchanges = Exchanges(signed_in, clock=clock, sleep=sleep)

    def statuses(self, first: date, last: date, *, within: float) -> Iterator[Told]:
        """What the provider says of every transaction of those dates; one call.

        Raises:
            ProviderUnavailable: it could not be asked, or what it says cannot be read to its end.
        """
        path = f"/financial/v2/status/{first.isoformat()}/{last.isoformat()}"
        call = Call("statuses", "GET", path, streamed=True)
        return self._rows(call, "statuses", _told, within)

    def lines(self, first: date, last: date, *, within: float) -> Iterator[Line]:
        """The account's own lines of those dates, in any order; one call.

        Raises:
            ProviderUnavailable: as above, or no account is configured.
        """
        if not self._account:
            raise ProviderUnavailable("MONOOVA_MACCOUNT_TOKEN is not set: which account to read?")
        wanted = reading.wanted_entries(self._account, first, last)
        body = exact_json.write(wanted).encode("ascii")
        call = Call("lines", "POST", "/mAccount/v1/transactions", body, streamed=True)
        return self._rows(call, "items", _line, within)

    def _rows(
        self, call: Call, name: str, read: Callable[[Fields], T], within: float
    ) -> Iterator[T]:
        """Each row of a long answer, once it is known to be a good one.

        Raises:
            ProviderUnavailable: there is none, or it cannot be read to its end.
        """
        reply = self._exchanges.asked(call, within)
        if reply.body is None:
            code = reading.code_of(reply) or reply.detail or "no code"
            raise ProviderUnavailable(f"{call.operation}: HTTP {reply.http_status}, {code}.")
        with closing(reply.body):
            answer = LongAnswer(reply.body, name)
            try:
                for row in answer.rows():
                    yield read(row)
                answer.refuse_unless_good()
            except _UNREADABLE as error:
                # What is wrong may quote what it says, which may be personal.
                why = error.args[0] if isinstance(error, (Broken, NotReadable)) else "not readable"
                raise ProviderUnavailable(f"{call.operation}: {why}.") from None


def _told(row: Fields) -> Told:
    reference, word = row.get("uniqueReference"), row.get("transactionStatus")
    if reference is not None and not isinstance(reference, (str, int)):
        raise NotReadable("a reference that is none")
    shown = _word(word) if isinstance(word, str) else type(word).__name__
    return Told(exact_json.text(reference, reading.LONGEST_REFERENCE), shown)


def _line(row: Fields) -> Line:
    kind, order = row.get("transactionType"), row.get("rowOrder")
    kind = kind if isinstance(kind, str) else ""
    told = f"{kind} {row.get('subTransactionType')}"
    if not isinstance(order, int) or isinstance(order, bool):
        raise NotReadable("a line without its place")
    is_fee, credit = "fee" in told.lower(), _amount(row.get("credit"))
    return Line(
        order=order,
        on=_day(row.get("dateTime")),
        kind=_kind(kind),
        is_fee=is_fee,
        reference=_reference(row, came_in=credit.cents > 0 and not is_fee),
        transaction_id=_name(row.get("transactionId")),
        debit=_amount(row.get("debit")),
        credit=credit,
        balance=_cents(row.get("runningBalance")),
    )


def _reference(row: Fields, *, came_in: bool) -> str:
    """The reference of a line; what comes in is described by whoever sent it, as they like."""
    if came_in:
        return exact_json.text(row.get("uniqueReference"), reading.LONGEST_REFERENCE)
    return reading.entry_reference(row)


def _amount(value: object) -> Money:
    """An amount of a line: none where nothing is told."""
    amount = ZERO if value is None else _cents(value)
    if amount.cents < 0:
        raise NotReadable("a line of less than nothing")
    return amount


def _cents(value: object) -> Money:
    """An exact number of dollars, half up to the cent as the provider books it."""
    if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        raise NotReadable("a line without its amount or balance")
    if not value:
        return ZERO
    # The magnitude first: scaling 1e400000000 would take the machine with it.
    if not -_MOST < value < _MOST:
        raise NotReadable("an amount beyond all measure")
    scaled = value * 100
    cents = int(scaled)
    if cents != scaled:
        cents = int(Decimal(scaled).quantize(_CENT, ROUND_HALF_UP))
    return Money(cents)


def _day(text: object) -> date:
    local = _LOCAL.fullmatch(text) if isinstance(text, str) else None
    return _local_day(local[1]) if local else _odd_day(text)


def _name(value: object) -> str:
    if type(value) is int and 0 < value < _MANY:
        return str(value)
    return reading.transaction_id(value) or ""


# Words and dates are few, and the same again and again.
@lru_cache(maxsize=512)
def _word(text: str) -> str:
    return text if reading.is_code(text) else type(text).__name__


@lru_cache(maxsize=512)
def _kind(value: str) -> str:
    return exact_json.printable(value, 60)


@lru_cache(maxsize=512)
def _local_day(text: str) -> date:
    return date.fromisoformat(text)


def _odd_day(text: object) -> date:
    """A date in another of the provider's forms."""
    moment = dates.moment(text)
    if moment is None:
        raise NotReadable("a line without its date")
    return sydney_date(moment)
