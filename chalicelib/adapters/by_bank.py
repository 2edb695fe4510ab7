"""The bank as a provider: payments go into a file, and what became of them is what people told.

Pays nothing by itself: a payment is stepped into a file that is open, and the bank is given the
file by a person. What nobody has told is not known, and never guessed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import aba
from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import BankFile, Line, Stage, may_be_filed
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    ProviderUnavailable,
    StoreUnavailable,
)
from chalicelib.domain.events import (
    Accepted,
    Doubt,
    Filed,
    Hindrance,
    NeverSent,
    Refused,
    Returned,
    Unclear,
)
from chalicelib.domain.money import ZERO
from chalicelib.domain.references import unique_reference
from chalicelib.ports import AccountEntry, Settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.liquidity import Financials
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import BankFiles, Clock, Payouts

BANK = "bank"
# Files listed at once.
PAGE = 20
# Longer than any row of days on which no bank pays: no file is dated further ahead.
AHEAD = timedelta(days=14)


class ByBank:
    """The port `Provider`. `file_id` names the file that payments are stepped into."""

    def __init__(self, files: BankFiles, payouts: Payouts, clock: Clock, file_id: str = "") -> None:
        self._files, self._payouts, self._clock, self._file_id = files, payouts, clock, file_id

    def into(self, file_id: str) -> ByBank:
        """The same, for payments into one file."""
        return ByBank(self._files, self._payouts, self._clock, file_id)

    def pay(self, payout: Payout, destination: Destination, *, within: float) -> News:
        """Step a payout that waits into the file; whatever happens is an event."""
        now, attempt = self._clock.now(), payout.attempt
        if payout.file_id and within > 0:
            return Unclear(at=now, by=BANK, attempt=attempt, doubt=Doubt.REFERENCE_EXISTS)
        against = self.validate(payout, destination, within=within)
        if against is not None:
            return against
        try:
            self._payouts.write(advance(payout, Filed(at=now, by=BANK, file_id=self._file_id)))
        except StoreUnavailable:
            return Unclear(at=now, by=BANK, attempt=attempt, doubt=Doubt.CONNECTION_LOST)
        except Conflict as conflict:
            return Refused(at=now, by=BANK, attempt=attempt, refusal=conflict.code)
        return Accepted(at=now, by=BANK, attempt=attempt, file_id=self._file_id)

    def validate(self, payout: Payout, destination: Destination, *, within: float) -> News | None:
        """Whether a line can carry it, and nothing of it may be alive; nothing is moved."""
        now, attempt = self._clock.now(), payout.attempt
        if within <= 0:
            return NeverSent(at=now, by=BANK, attempt=attempt, reason=Hindrance.OUT_OF_TIME)
        why = _why_not(payout, destination)
        return Refused(at=now, by=BANK, attempt=attempt, refusal=why) if why else None

    def status(self, payout: Payout, *, within: float) -> News | None:
        """What was told of the present attempt; `None` where it is in no file, or nobody told.

        Raises:
            ProviderUnavailable: the file could not be read.
        """
        _refuse_late(within)
        file = self._file(payout.file_id) if payout.file_id else None
        line = file.line_of(payout.transaction_id, payout.attempt) if file else None
        return self._news(file, line) if file and line else None

    def statuses(self, first: date, last: date, *, within: float) -> Mapping[str, News]:
        """What was told of all that went in files of those Sydney dates, by our reference.

        Raises:
            ProviderUnavailable: the files could not be read.
        """
        told = {
            _name(line): self._news(file, line) for file, line in self._lines(first, last, within)
        }
        return {name: news for name, news in told.items() if news is not None}

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """What the bank took and gave back of files of those Sydney dates.

        Raises:
            ProviderUnavailable: the files could not be read.
        """
        entries: list[AccountEntry] = []
        for file, line in self._lines(first, last, within):
            if file.stage is Stage.TAKEN:
                entries.append(AccountEntry(_name(line), line.reference, line.amount, ZERO))
            if line.came_back is not None:
                entries.append(AccountEntry(_name(line), line.reference, ZERO, line.came_back))
        return entries

    def financials(self, *, within: float) -> Financials | None:  # noqa: ARG002 (the port's)
        """Nothing: what the account at the bank holds, nobody tells us."""
        return None

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """What the bank took of files of a Sydney date; what it charges is not told."""
        return {
            _name(line): Settled(line.reference, ZERO)
            for file, line in self._lines(day, day, within)
            if file.stage is Stage.TAKEN
        }

    def _news(self, file: BankFile, line: Line) -> News | None:
        now = self._clock.now()
        if line.came_back is not None:
            return Returned(
                at=now, by=BANK, attempt=line.attempt, file_id=file.file_id,
                amount=line.came_back, reason=line.why,
            )  # fmt: skip
        if file.stage is Stage.TAKEN:
            return Accepted(at=now, by=BANK, attempt=line.attempt, file_id=file.file_id)
        return None

    def _lines(self, first: date, last: date, within: float) -> Iterator[tuple[BankFile, Line]]:
        """Every line of the files of those dates: of the date on which the bank was to pay.

        Of one file alone, where one is named: whoever asks about its payouts reads no other. Else
        the newest come first, and none is read that was made long before.
        Of a file that cannot be read there is neither a debit nor a credit: its own payouts are not
        complete by that, and those of others are not kept waiting.
        """
        _refuse_late(within)
        if self._file_id:
            yield from self._lines_of([self._file_or_none(self._file_id)], first, last)
            return
        position: Mapping[str, str] | None = None
        while True:
            try:
                some = self._files.page(limit=PAGE, position=position)
            except StoreUnavailable as unavailable:
                raise ProviderUnavailable("The bank files could not be read.") from unavailable
            files = [self._file_or_none(file_id) for file_id in some.items]
            yield from self._lines_of(files, first, last)
            position = some.position
            made = [sydney_date(file.created_at) for file in files if file is not None]
            if position is None or (made and made[-1] < first - AHEAD):
                return

    @staticmethod
    def _lines_of(
        files: Iterable[BankFile | None], first: date, last: date
    ) -> Iterator[tuple[BankFile, Line]]:
        for file in files:
            if file is not None and first <= file.pays_on <= last:
                yield from ((file, line) for line in file.lines)

    def _file_or_none(self, file_id: str) -> BankFile | None:
        try:
            return self._files.get(file_id)
        except StoreUnavailable as unavailable:
            raise ProviderUnavailable("The bank files could not be read.") from unavailable
        except Corrupt:
            return None

    def _file(self, file_id: str) -> BankFile | None:
        try:
            return self._files.get(file_id)
        except (StoreUnavailable, Corrupt) as error:
            raise ProviderUnavailable("A bank file could not be read.") from error


def _why_not(payout: Payout, destination: Destination) -> str:
    if not isinstance(destination, BankAccount) or not may_be_filed(payout):
        return "not_for_files"
    return aba.why_not(destination, payout.intent.amount)


def _name(line: Line) -> str:
    return unique_reference(line.transaction_id, line.attempt)


def _refuse_late(within: float) -> None:
    if within <= 0:
        raise ProviderUnavailable("There is no time to ask.")
