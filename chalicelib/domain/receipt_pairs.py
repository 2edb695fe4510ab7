"""Which credit of the account is which receipt: each is the other's, once.

A line and the notice of the same money may bear different numbers. So it goes by the number first,
and then by the exact amount, on the same date or across the midnight that is nearer to the receipt:
so no receipt could be given to one line on one night and to another on the next. Deterministic; who
is left over stays so.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import SYDNEY, sydney_date
from chalicelib.domain.funding import movement_id
from chalicelib.domain.receipts import State

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import date

    from chalicelib.domain.account_day import Stranger
    from chalicelib.domain.receipts import Banked

    Pairs = dict[Stranger, Banked]

_DAY, _NOON = timedelta(days=1), 12


def by_number(credits_: Iterable[Stranger], banked: Iterable[Banked]) -> Pairs:
    """Credits and receipts of one number: first those of one amount, too, then whichever."""
    credits_, banked = list(credits_), list(banked)
    same = _joined(
        credits_, banked,
        lambda it: (movement_id(it.transaction_id), it.credit),
        lambda it: (movement_id(it.receipt_id), it.amount.cents),
    )  # fmt: skip
    other = _joined(
        _rest(credits_, same), _left(banked, same),
        lambda it: movement_id(it.transaction_id), lambda it: movement_id(it.receipt_id),
    )  # fmt: skip
    return same | other


def by_amount(credits_: Iterable[Stranger], banked: Iterable[Banked]) -> Pairs:
    """Credits and receipts of one amount: of one date first, then across the nearer midnight.

    What came in as a payout's return is that, and explains no other line.
    """
    credits_ = list(credits_)
    banked = [each for each in banked if each.state is not State.RETURNED]
    same = _joined(
        credits_, banked,
        lambda it: (it.on, it.credit),
        lambda it: (sydney_date(it.receipt.received_at), it.amount.cents),
    )  # fmt: skip
    across = _joined(
        _rest(credits_, same), _left(banked, same),
        lambda it: (it.on, it.credit), lambda it: (_across(it), it.amount.cents),
    )  # fmt: skip
    return same | across


def _joined(
    credits_: Iterable[Stranger],
    banked: Iterable[Banked],
    of_credit: Callable[[Stranger], Hashable],
    of_receipt: Callable[[Banked], Hashable],
) -> Pairs:
    """One to one, the first with the first, where both have the same to say."""
    waiting: dict[Hashable, list[Banked]] = defaultdict(list)
    by_time = sorted(banked, key=lambda it: (it.receipt.received_at, it.receipt_id))
    for each in reversed(by_time):
        waiting[of_receipt(each)].append(each)
    pairs: Pairs = {}
    for one in sorted(credits_, key=lambda it: (it.on, len(it.transaction_id), it.transaction_id)):
        if found := waiting.get(of_credit(one)):
            pairs[one] = found.pop()
    return pairs


def _rest(credits_: Iterable[Stranger], pairs: Pairs) -> list[Stranger]:
    return [each for each in credits_ if each not in pairs]


def _left(banked: Iterable[Banked], pairs: Pairs) -> list[Banked]:
    taken = {each.receipt_id for each in pairs.values()}
    return [each for each in banked if each.receipt_id not in taken]


def _across(banked: Banked) -> date:
    """The date on the other side of the midnight that is nearer."""
    local = banked.receipt.received_at.astimezone(SYDNEY)
    return local.date() + (_DAY if local.hour >= _NOON else -_DAY)
