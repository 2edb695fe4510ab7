"""Hold one payout against what the provider tells of it: it agrees, is to be heard, or differs.

One fault is one difference: where the money differs, nothing is said of status or fee. What the
table of a payout's life may allow is news to be heard, not a difference. Pure: reads nothing, hears
nothing; whoever acts on it has read the payout by its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.attempts import (
    BACK,
    LEFT,
    PAID,
    UNDER_WAY,
    as_debited,
    is_late,
    moved,
    says_nothing,
)
from chalicelib.domain.calendar import start_of, sydney_date
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Difference
from chalicelib.domain.night_news import accepted, news_of
from chalicelib.domain.payout import OPEN, UNSENT, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.account_day import Attempt, Reading
    from chalicelib.domain.events import News
    from chalicelib.domain.night import Sighting
    from chalicelib.domain.payout import Payout

# What the provider says of a payout whose status here is right.
FITTING: Mapping[tuple[Status, Rail], frozenset[str]] = {
    (Status.PENDING, Rail.NPP): UNDER_WAY,
    (Status.PENDING, Rail.DIRECT_ENTRY): UNDER_WAY | PAID,
    **{(Status.COMPLETED, rail): PAID for rail in Rail},
    **{(Status.RETURNED, rail): PAID | BACK for rail in Rail},
    **{(Status.REJECTED, rail): BACK for rail in Rail},
}
_GIVEN_BACK = frozenset({Status.RETURNED, Status.REJECTED})
_NEVER_LEFT = UNSENT | {Status.FAILED, Status.DECLINED, Status.CANCELLED}
# A fee may be heard by these without anything else being concluded from it.
_LEARNS_FEE = LEFT | {Status.REJECTED, Status.DISPUTED}
# How near to midnight a payment may be dated otherwise by the provider: a request's life, and a
# clock of ours that is ten minutes wrong.
MIDNIGHT = timedelta(minutes=15)
NOTHING = str(ZERO)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be heard, and what differs; neither, where it agrees.

    `waits` says that nothing can be said yet: ours is in doubt, and theirs knows nothing of it.
    """

    events: tuple[News, ...] = ()
    differences: tuple[Difference, ...] = ()
    waits: bool = False


AGREES = Judgement()


def fits(ours: Sighting, attempts: Sequence[Attempt], reading: Reading) -> bool:
    """Whether all agrees already by what the index shows, as nearly always: to the cent.

    Where this says no, nothing is said yet: the payout has to be read by its key.
    """
    if len(attempts) != 1:
        return not attempts and not is_sought(ours, reading)
    one = attempts[0]
    back = came_back(ours.status, ours.amount, ours.came_back).cents
    if one.number != ours.attempt or one.back != back:
        return False
    if not one.debits and not one.fee_lines:
        return back > 0 and not one.word  # it came back, days later
    return (
        one.word == one.other_word
        and ours.sent_on is not None
        and one.paid_on is not None
        and one.paid_on <= ours.sent_on
        and one.word in FITTING.get((ours.status, ours.rail), ())
        and one.debits == 1
        and one.paid == ours.amount.cents
        and _fee_fits(ours.fee, one, reading)
    )


def is_sought(ours: Sighting, reading: Reading) -> bool:
    """Whether a payout of which the provider tells nothing has to be looked into."""
    if ours.status in _GIVEN_BACK and ours.last.on >= reading.day:
        return True
    return ours.status in LEFT and is_due(ours.sent_on, ours.last.on, reading.day)


def is_due(happened: date | None, changed_on: date, day: date) -> bool:
    """Whether what happened on a date is this night's to judge.

    What has changed since the night before judged it is judged once more: it may have been under
    way then, and left alone.
    """
    return happened == day or (
        happened is not None and happened == day - timedelta(days=1) and changed_on >= day
    )


def came_back(status: Status, amount: Money, told: Money | None) -> Money:
    """What ours says has come back."""
    if status is Status.REJECTED:
        return amount
    return (told or ZERO) if status in {Status.RETURNED, Status.DISPUTED} else ZERO


def judge(payout: Payout, attempts: Sequence[Attempt], reading: Reading, at: datetime) -> Judgement:
    """A payout as it is now against all attempts of it that the provider tells of.

    News is to be heard whenever it is met; a difference is only this night's if its date is.
    """
    judgement = _judge(payout, attempts, reading, at)
    if judgement.differences and not _is_tonight(payout, attempts, reading):
        return Judgement(judgement.events, waits=judgement.waits)
    return judgement


def differs(
    kind: Kind, payout: Payout, ours: str, theirs: str, amount: Money | None = None
) -> Judgement:
    """The one difference of a payout."""
    name = payout.unique_reference
    return Judgement(differences=(Difference(kind, name, ours, theirs, amount, name),))


def status_differs(payout: Payout, attempts: Sequence[Attempt]) -> Judgement:
    """Theirs is a status to which no step leads from ours."""
    theirs = ",".join(sorted({word for each in attempts for word in _words(each)}))
    shown, amount = payout.status.shown, payout.intent.amount
    return differs(Kind.STATUS_DIFFERS, payout, shown, theirs or "debited", amount)


def is_tonights(ours: Sighting, attempts: Sequence[Attempt], reading: Reading) -> bool:
    """Whether a payout belongs to the day: by its debit, or where there is none, by our sending."""
    paid = min((each.paid_on for each in attempts if each.paid_on), default=ours.sent_on)
    return paid == reading.day


def missing_here(attempts: Sequence[Attempt], day: date) -> Difference | None:
    """A payout of ours by its name that nobody here knows; `None` where that is another night's."""
    dates = {each.paid_on or each.back_on for each in attempts} - {None}
    if dates and day not in dates:
        return None
    first = next((each for each in attempts if each.debits), attempts[0])
    paid = Money(sum(each.paid for each in attempts))
    return Difference(
        Kind.MISSING_HERE, first.reference, "", ",".join(_words(first)) or "debited",
        paid or None, first.reference,
    )  # fmt: skip


def _judge(
    payout: Payout, attempts: Sequence[Attempt], reading: Reading, at: datetime
) -> Judgement:
    amount = payout.intent.amount.cents
    attempts = [as_debited(payout, each) for each in attempts]
    gone = sum(each.paid - each.back for each in attempts if each.is_live)
    if gone > amount and (_many(attempts) or any(each.debits > 1 for each in attempts)):
        return differs(
            Kind.PAID_TWICE, payout, str(payout.intent.amount), str(Money(gone)),
            Money(gone - amount),
        )  # fmt: skip
    late = next((each for each in attempts if is_late(payout, each)), None)
    if late is not None:
        sent_on = str(sydney_date(payout.sent_at or payout.updated_at))
        again = Money(late.paid - late.back)
        return differs(Kind.PAID_TWICE, payout, sent_on, str(late.paid_on), again)
    stray = [each for each in attempts if each.number != payout.attempt and moved(each)]
    if stray and says_nothing(stray[0]):
        return status_differs(payout, stray[:1])
    if stray:
        return Judgement((news_of(stray[0], at),))
    present = next((each for each in attempts if each.number == payout.attempt), None)
    if present is None:
        return _absent(payout, reading)
    return _present(payout, present, reading, at)


def _absent(payout: Payout, reading: Reading) -> Judgement:
    if payout.status in OPEN - {Status.PENDING}:
        return Judgement(waits=True)
    sent_at, changed = payout.sent_at, sydney_date(payout.updated_at)
    if payout.status not in LEFT or sent_at is None:
        return AGREES
    if not is_due(sydney_date(sent_at), changed, reading.day):
        return AGREES
    if sent_at < start_of(reading.first) + MIDNIGHT:
        return AGREES  # the provider may well have it the day before what was read
    return differs(
        Kind.MISSING_THERE, payout, payout.status.shown, "", payout.intent.amount
    )  # fmt: skip


def _present(payout: Payout, present: Attempt, reading: Reading, at: datetime) -> Judgement:
    if says_nothing(present):
        return status_differs(payout, [present])
    wrong = _wrong_amount(payout, present, reading)
    if wrong:
        return wrong
    if not _status_fits(payout, present):
        return Judgement((news_of(present, at),))
    if not present.word and present.debits and present.paid_on == reading.day:
        # Both its own dates were read: whatever was debited on the day has a status, too.
        return status_differs(payout, [present])
    return _fee(payout, present, reading, at)


def _wrong_amount(payout: Payout, present: Attempt, reading: Reading) -> Judgement | None:
    amount, paid, back = payout.intent.amount, Money(present.paid), Money(present.back)
    if present.debits and paid != amount and payout.status is not Status.DISPUTED:
        off = Money(abs(paid.cents - back.cents - amount.cents))
        return differs(Kind.AMOUNT_DIFFERS, payout, str(amount), str(paid), off or amount)
    if present.word in UNDER_WAY | PAID and not present.debits and payout.status in LEFT:
        sent_at = payout.sent_at or payout.updated_at
        if is_due(sydney_date(sent_at), sydney_date(payout.updated_at), reading.day):
            return differs(Kind.AMOUNT_DIFFERS, payout, str(amount), NOTHING, amount)
    if payout.status not in _GIVEN_BACK:
        return None
    ours = came_back(payout.status, amount, payout.came_back)
    unseen = not back and sydney_date(payout.updated_at) > reading.last
    if back == ours or unseen or (not present.is_live and not back):
        return None
    if payout.status is Status.REJECTED and present.word not in BACK | {""}:
        return None  # that is about more than an amount
    return differs(
        Kind.AMOUNT_DIFFERS, payout, str(ours), str(back), Money(abs(ours.cents - back.cents))
    )


def _status_fits(payout: Payout, present: Attempt) -> bool:
    status, word = payout.status, present.word
    if status is Status.DISPUTED:
        return True  # a person has it
    if status in _NEVER_LEFT and word in BACK and not present.is_live:
        return status not in UNSENT or not present.debits
    if status in {Status.PENDING, Status.COMPLETED} and present.back:
        return False
    if not word:
        # Only its lines are known: the status is of a date that was not read. A fee proves nothing.
        return status in _LEARNS_FEE or not (present.debits or present.back)
    return word in FITTING.get((status, payout.rail), ())


def _fee(payout: Payout, present: Attempt, reading: Reading, at: datetime) -> Judgement:
    if _fee_fits(payout.fee, present, reading) or payout.status in OPEN - {Status.PENDING}:
        return AGREES
    if payout.fee is None and payout.status in _LEARNS_FEE:
        return Judgement((accepted(present, at),))
    ours, theirs = payout.fee or ZERO, Money(present.fees)
    off = Money(abs(ours.cents - theirs.cents))
    return differs(Kind.FEE_DIFFERS, payout, str(ours), str(theirs), off)


def _fee_fits(ours: Money | None, present: Attempt, reading: Reading) -> bool:
    if present.fee_lines:
        return ours is not None and ours.cents == present.fees
    # An account whose fees are taken from another one shows none at all.
    return not ours or not present.debits or not reading.has_fees


def _many(attempts: Sequence[Attempt]) -> bool:
    return sum(each.is_live for each in attempts) > 1


def _words(attempt: Attempt) -> list[str]:
    return sorted({attempt.word, attempt.other_word} - {""})


def _is_tonight(payout: Payout, attempts: Sequence[Attempt], reading: Reading) -> bool:
    changed = sydney_date(payout.updated_at)
    if any(reading.day in {each.back_on, each.last_on} for each in attempts):
        return True
    paid = min((each.paid_on for each in attempts if each.paid_on), default=None)
    if paid is None and payout.sent_at is not None:
        paid = sydney_date(payout.sent_at)
    return paid is None or is_due(paid, changed, reading.day)
