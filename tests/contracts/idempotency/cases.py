"""The twelve cases. Each docstring is the rule that it holds an API to; none knows any API.

A case raises `Broken` where the rule is broken, and lets `NotStaged` through where an adapter could
not bring its world into the state.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.contracts.idempotency.adapter import SECOND, NextCall, NotStaged, Order, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.idempotency.adapter import Answer, PayoutApi

DAY = timedelta(hours=25)
YEARS = timedelta(days=3 * 365)
AT_ONCE = 12  # requests of the same key at the same moment
HEAD_START = 0.2  # seconds that a first request gets before the second
AMOUNTS = count(10_01)  # cents: each order's own


class Broken(Exception):
    """The rule does not hold; the message says what was seen instead."""


def must(held: object, otherwise: str) -> None:
    """Raise `Broken` with what was seen, unless it held."""
    if not held:
        raise Broken(otherwise)


def new_key() -> str:
    """A key that nobody has used."""
    return f"contract-{uuid4()}"


def new_order() -> Order:
    """An order of an amount that no other has."""
    return Order(next(AMOUNTS))


def executed_once(api: PayoutApi, order: Order) -> None:
    """Hold the provider's books to one execution."""
    times = api.executions(order)
    must(times == 1, f"executed {times} times")


def paid(api: PayoutApi, key: str, order: Order) -> Answer:
    """A payout that was asked for and is paid."""
    first = told(api, key, order)
    settled = api.settle(first.payout)
    must(settled.outcome is Outcome.PAID, f"a plain payout ended {settled.outcome}")
    executed_once(api, order)
    return settled


def told(api: PayoutApi, key: str, order: Order) -> Answer:
    """Ask, and ask again with the same key, as a client does until it is told of its payout."""
    answer = api.create(key, order)
    for _ in range(6):
        if answer.is_success and answer.payout:
            return answer
        api.advance(timedelta(minutes=10))
        answer = api.create(key, order)
    raise Broken(f"never told of a payout: the last answer is {answer.status}")


def same(first: Answer, again: Answer) -> None:
    """Hold a repeated request to the payout that the first one made."""
    must(again.is_success, f"the repeated request is answered with {again.status}")
    must(again.payout == first.payout, "the repeated request is another payout")


def true_to_the_books(api: PayoutApi, payout: str, order: Order) -> None:
    """Hold what is told in the end to what was executed, at most once."""
    ended, times = api.settle(payout), api.executions(order)
    must(times <= 1, f"executed {times} times")
    must(ended.outcome in {Outcome.PAID, Outcome.FAILED}, f"it stays {ended.outcome}")
    must(
        (ended.outcome is Outcome.PAID) == (times == 1),
        f"told {ended.outcome}, and executed {times} times",
    )


def replay(api: PayoutApi) -> None:
    """The same key and body again are the same payout, and nothing is executed again."""
    key, order = new_key(), new_order()
    first = paid(api, key, order)
    again = api.create(key, order)
    same(first, again)
    must(again.outcome is Outcome.PAID, f"it was paid, and is now told to be {again.outcome}")
    executed_once(api, order)


def other_body(api: PayoutApi) -> None:
    """The same key with another body is refused; it neither pays nor changes the first payout."""
    key, order, other = new_key(), new_order(), new_order()
    first = paid(api, key, order)
    answer = api.create(key, other)
    must(answer.is_refusal, f"the other body is answered with {answer.status}")
    must(api.executions(other) == 0, "the other body was executed")
    must(api.read(first.payout).outcome is Outcome.PAID, "the first payout is not what it was")
    executed_once(api, order)


def in_flight(api: PayoutApi) -> None:
    """The same key while the first request is under way finds that payout, or is put off."""
    key, order = new_key(), new_order()
    api.next_call(NextCall.IS_SLOW)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(api.create, key, order)
        time.sleep(HEAD_START)
        if under_way.done():
            raise NotStaged("the first answer came before the second request was made")
        second = api.create(key, order)
        first = under_way.result()
    must(second.is_success or second.is_refusal, f"the second is answered with {second.status}")
    must(first.is_success, f"the first is answered with {first.status}")
    if second.is_success:
        same(first, second)
    api.settle(first.payout)
    executed_once(api, order)


def crash_between_store_and_send(api: PayoutApi) -> None:
    """A payout whose process died after it was stored is neither lost nor paid twice."""
    key, order = new_key(), new_order()
    api.crash_between_store_and_send(key, order)
    payout = told(api, key, order).payout
    ended = api.settle(payout)
    must(ended.outcome is Outcome.PAID, f"it ended {ended.outcome}")
    executed_once(api, order)
    same(ended, api.create(key, order))


def reuse_after_failure(api: PayoutApi) -> None:
    """A key whose payout failed still names that failed payout: a new attempt takes a new key."""
    key, order = new_key(), new_order()
    api.next_call(NextCall.IS_REFUSED)
    first = told(api, key, order)
    ended = api.settle(first.payout)
    must(ended.outcome is Outcome.FAILED, f"a refused payout ended {ended.outcome}")
    again = api.create(key, order)
    must(again.is_success or again.is_refusal, f"the repeat is answered with {again.status}")
    must(again.outcome in {Outcome.FAILED, Outcome.NONE}, f"the repeat is {again.outcome}")
    must(again.payout in {"", first.payout}, "the repeat is another payout")
    must(api.executions(order) == 0, "the repeat was executed")


def after_a_day(api: PayoutApi) -> None:
    """A key is not forgotten overnight: a day later it is still the same payout."""
    _much_later(api, DAY)


def after_years(api: PayoutApi) -> None:
    """A key is never forgotten: years later it is the same payout, or refused as used."""
    _much_later(api, YEARS)


def _much_later(api: PayoutApi, span: timedelta) -> None:
    key, order = new_key(), new_order()
    first = paid(api, key, order)
    api.advance(span)
    again = api.create(key, order)
    if again.payout:
        same(first, again)
        api.settle(again.payout)
    else:
        must(again.is_refusal, f"the repeated request is answered with {again.status}")
    executed_once(api, order)


def other_principal(api: PayoutApi) -> None:
    """A key is its principal's: somebody else's request with it neither sees nor changes theirs."""
    key, order = new_key(), new_order()
    first = paid(api, key, order)
    others = api.create(key, order, SECOND)
    must(others.payout != first.payout, "the payout is told to somebody else")
    must(others.is_refusal or others.payout, f"the other is answered with {others.status}")
    if others.payout:  # keys may also be each principal's own: then it is a payout of theirs
        api.settle(others.payout)
    times = api.executions(order)
    must(times == (2 if others.payout else 1), f"executed {times} times")
    same(first, api.create(key, order))


def other_route(api: PayoutApi) -> None:
    """A key on another operation is another thing: neither answers for the other nor spoils it."""
    key, order = new_key(), new_order()
    first = paid(api, key, order)
    elsewhere = api.other_route(key)
    must(elsewhere.is_success or elsewhere.is_refusal, f"answered with {elsewhere.status}")
    must(elsewhere.payout != first.payout, "the other operation answers with the payout")
    same(first, api.create(key, order))
    executed_once(api, order)
    key, order = new_key(), new_order()
    api.other_route(key)
    answer = api.create(key, order)
    must(answer.payout or answer.is_refusal, f"after it, a payout is answered {answer.status}")
    if answer.payout:
        true_to_the_books(api, answer.payout, order)
        executed_once(api, order)


def time_out(api: PayoutApi) -> None:
    """A call that was never answered is not guessed about: what is told in the end is so."""
    key, order = new_key(), new_order()
    api.next_call(NextCall.TIMES_OUT)
    api.create(key, order)
    again = told(api, key, order)
    true_to_the_books(api, again.payout, order)


def lost_reply(api: PayoutApi) -> None:
    """A call that was executed and not answered is paid, once, and told so in the end."""
    key, order = new_key(), new_order()
    api.next_call(NextCall.LOSES_REPLY)
    api.create(key, order)
    again = told(api, key, order)
    true_to_the_books(api, again.payout, order)
    executed_once(api, order)


def concurrent(api: PayoutApi) -> None:
    """Of many requests with one key at one moment one is executed; all that succeed are it."""
    key, order, start = new_key(), new_order(), Barrier(AT_ONCE)

    def ask(_number: int) -> Answer:
        start.wait(30)
        return api.create(key, order)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, range(AT_ONCE)))
    odd = sorted({each.status for each in answers if not (each.is_success or each.is_refusal)})
    must(not odd, f"some are answered with {odd}")
    ids = {each.payout for each in answers if each.is_success}
    must(len(ids) <= 1, f"they became {len(ids)} payouts")
    payout = told(api, key, order).payout
    must(ids <= {payout}, "a later request with the key is another payout")
    api.settle(payout)
    executed_once(api, order)


CASES: tuple[Callable[[PayoutApi], None], ...] = (
    replay,
    other_body,
    in_flight,
    crash_between_store_and_send,
    reuse_after_failure,
    after_a_day,
    after_years,
    other_principal,
    other_route,
    time_out,
    lost_reply,
    concurrent,
)
