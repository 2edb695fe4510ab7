"""What goes into a bank file: what waits, what was stepped into it, and the bytes that follow.

Which payouts are in a file follows from the payouts as their keys show them once nobody can be
stepped into it any more. The bytes are made again each time, and refused if they would be others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain import aba
from chalicelib.domain.bank_file import MOST, BankFile, Line, may_be_filed
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount, PayoutMethod
from chalicelib.domain.errors import Conflict, Corrupt, Unavailable
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.usecases.hear import existing
from chalicelib.usecases.originals import asks_first
from chalicelib.usecases.worry import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.ports import (
        BankFiles,
        Clock,
        Customers,
        Findings,
        Payouts,
        Provider,
        Sketch,
        Vault,
    )

# Seconds that one payout may need at the worst: with less left, none is begun.
RESERVE = 5.0
# What planning leaves of the time of a request: for making the file.
SHARE = 0.5
# Payouts read for one file: the index lags, and some of what looks fit may not be by then.
MOST_READ = 2 * MOST
# Files that are looked at for what they had to leave out.
LATEST = 25


class Bank(Protocol):
    """The bank as a provider, for each file."""

    def into(self, file_id: str) -> Provider:
        """The provider whose payments go into a file."""
        ...


class Means:
    """What making a file takes. `trouble` counts what went wrong with single payouts, by code."""

    def __init__(
        self,
        *,
        payouts: Payouts,
        customers: Customers,
        files: BankFiles,
        findings: Findings,
        bank: Bank,
        vault: Vault,
        clock: Clock,
        time_left: Callable[[], float],
    ) -> None:
        self.payouts, self.customers, self.files, self.findings = (
            payouts,
            customers,
            files,
            findings,
        )
        self.bank, self.vault, self.clock, self.time_left = bank, vault, clock, time_left
        self.trouble: Counter[str] = Counter()


def bytes_of(file: BankFile, *, means: Means) -> str:
    """The content of a sealed file, the same as it was when it was sealed.

    Raises:
        Conflict: it cannot be made again as it was.
    """
    payments = []
    for line in file.lines:
        payout = existing(means.payouts, line.transaction_id)
        payments.append(_payment(payout, line.attempt, file, means))
    text = aba.content(file.payer, file.pays_on, payments)
    if hashlib.sha256(text.encode()).hexdigest() != file.digest:
        raise Conflict("The file cannot be made again as it was: give it up.")
    return text


def waiting(means: Means) -> tuple[tuple[str, ...], int | None]:
    """What may go into a file, the oldest first, and how many more look as if they could.

    Bounded for each call: by what its totals can say, by so many payouts read, each by its key, and
    by half of the time there is; so whatever waits, some of it is planned. What the latest files
    had to leave out comes last, so that it is in nobody's way.
    """
    enough = means.time_left() * SHARE

    def has_time() -> bool:
        return means.time_left() >= enough

    fit, whole = _fit(means, has_time)
    planned: list[str] = []
    room, read = Money(aba.MOST_CENTS), 0
    for sketch in fit:
        if len(planned) == MOST or read == MOST_READ or (read and not has_time()):
            break
        read += 1
        payout = _planned(sketch.transaction_id, means)
        if payout is not None and payout.intent.amount <= room:
            planned.append(payout.transaction_id)
            room -= payout.intent.amount
    return tuple(planned), len(fit) - read if whole else None


def _fit(means: Means, has_time: Callable[[], bool]) -> tuple[list[Sketch], bool]:
    """What looks as if it may go into a file, in its order, and whether all was looked through."""
    fit: list[Sketch] = []
    whole = True
    for sketch in means.payouts.open_work():
        if fit and not has_time():
            whole = False
            break
        if sketch.by_bank:
            fit.append(sketch)
    late = _left_lately(means)
    return sorted(
        fit, key=lambda it: (it.transaction_id in late, it.created_at, it.transaction_id)
    ), whole


def _left_lately(means: Means) -> set[str]:
    """What was planned for one of the latest files, and is not in it."""
    left: set[str] = set()
    for file_id in means.files.page(limit=LATEST, position=None).items:
        with suppress(Corrupt):
            file = means.files.get(file_id)
            left |= {each for each, _ in file.left} if file else set()
    return left


def _planned(transaction_id: str, means: Means) -> Payout | None:
    with suppress(Corrupt):
        payout = means.payouts.get(transaction_id)
        if payout is not None and may_be_filed(payout):
            return payout if payout.intent.method is PayoutMethod.BANK_ACCOUNT else None
    return None


def filled(file: BankFile, means: Means) -> bool:
    """Whether each was tried; once the date is over nobody is stepped into it any more.

    Whatever goes wrong with one keeps only that one out of it.

    Raises:
        Unavailable: something does not answer; again goes on.
    """
    if sydney_date(means.clock.now()) > file.pays_on:
        return True
    provider = means.bank.into(file.file_id)
    for transaction_id in file.planned:
        if means.time_left() < RESERVE:
            return False
        try:
            _fill(transaction_id, provider, means)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            means.trouble[code_of(error)] += 1
    return True


def _fill(transaction_id: str, provider: Provider, means: Means) -> None:
    payout = means.payouts.get(transaction_id)
    if payout is None or _bar(payout, means):
        return
    intent = payout.intent
    destination = means.vault.unseal(intent.destination, customer_id=intent.customer_id)
    provider.pay(payout, destination, within=means.time_left())


def _bar(payout: Payout, means: Means) -> str:
    """The code of why it may go into no file, as it is read now; empty where it may."""
    if not may_be_filed(payout):
        return "not_waiting"
    if not _is_known(payout, means):
        return "customer_unreadable"
    # On the days of files nobody can be asked: it waits for whoever can say.
    return "original_refused" if asks_first(payout, payouts=means.payouts) else ""


def _is_known(payout: Payout, means: Means) -> bool:
    """Whether its customer can be read: nobody could say later whether they are stopped."""
    try:
        return means.customers.get(payout.intent.customer_id) is not None
    except Corrupt:
        return False


def content_of(
    file: BankFile, means: Means
) -> tuple[tuple[Line, ...], tuple[tuple[str, str], ...], str]:
    """The lines of a closed file, what was planned and is not in it, and the digest of its bytes.

    Read by their keys after nobody could be stepped into it any more: this is all of it.

    Raises:
        Unavailable: something does not answer; again goes on.
    """
    lines: list[Line] = []
    left: list[tuple[str, str]] = []
    payments: list[aba.Payment] = []
    for transaction_id in file.planned:
        try:
            payout = existing(means.payouts, transaction_id)
            if payout.file_id != file.file_id or payout.status is not Status.SENDING:
                left.append((transaction_id, _why_left(payout, means)))
                continue
            payment = _payment(payout, payout.attempt, file, means)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            means.trouble[code_of(error)] += 1
            left.append((transaction_id, "unreadable"))
            continue
        changed = aba.changes(payment.destination, payment.remitter)
        if payout.intent.description or payout.intent.reference:
            changed = (*changed, "description")
        payments.append(payment)
        lines.append(Line(transaction_id, payout.attempt, payout.intent.amount, changed))
    text = aba.content(file.payer, file.pays_on, payments) if payments else ""
    return tuple(lines), tuple(left), hashlib.sha256(text.encode()).hexdigest()


def _why_left(payout: Payout, means: Means) -> str:
    if bar := _bar(payout, means):
        return bar
    intent = payout.intent
    destination = means.vault.unseal(intent.destination, customer_id=intent.customer_id)
    account = destination if isinstance(destination, BankAccount) else None
    return (aba.why_not(account, intent.amount) if account else "") or "not_now"


def _payment(payout: Payout, attempt: int, file: BankFile, means: Means) -> aba.Payment:
    intent = payout.intent
    destination = means.vault.unseal(intent.destination, customer_id=intent.customer_id)
    if not isinstance(destination, BankAccount):
        raise Corrupt("A payout in a bank file goes to no bank account.")
    return aba.Payment(
        destination, intent.amount, aba.reference_of(payout.transaction_id, attempt),
        intent.remitter_name or file.payer.user_name,
    )  # fmt: skip
