"""Webhooks by the thousand: mutated, forged, misaddressed; and the judges of them tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.usecases.fund import bank
from tests.fuzz import books, webhooks
from tests.fuzz.bodies import Seed, seeds
from tests.fuzz.deliveries import EVENTS, FORGERIES, Delivery
from tests.fuzz.door import Asked, Door
from tests.fuzz.mutations import mutated
from tests.fuzz.planted import TOKEN
from tests.fuzz.shaped import BODIES
from tests.fuzz.signing import signature
from tests.fuzz.webhooks import Webhooks, trying
from tests.fuzz.world import CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.api.client import Answer

PARTS, EACH = 6, 600


@pytest.fixture
def tried() -> Iterator[Webhooks]:
    with trying() as each:
        yield each


@pytest.mark.parametrize("part", range(PARTS))
def test_no_webhook_breaks_leaks_or_moves_what_it_must_not(part: int):
    told = webhooks.work(part * EACH, EACH)
    assert told.failures == []
    assert told.counts["proved: 200"] > EACH / 2
    assert told.counts["not proved: 401"] > EACH / 10
    assert told.counts["elsewhere: 403"] > EACH / 100


def test_mutations_reach_every_kind_of_news():
    """A fuzz that the first check turned away would find nothing, for ever."""
    counts: Counter[str] = Counter()
    with trying() as each:
        for number in range(500):
            counts.update(each.run(number).counts)
    for name in ("step Confirmed", "step Rejected", "step Returned", "new receipts", "new parked"):
        assert counts[name] > 5, name


def test_a_number_is_one_input_whatever_came_before(tried: Webhooks):
    stories = [_told(tried, number) for number in (7, 424, 9)]
    with trying() as other:
        assert [_told(other, number) for number in (9, 424, 7)] == stories[::-1]


def test_what_hypothesis_makes_of_the_examples_is_taken_like_any_other(tried: Webhooks):
    known = seeds(tried.world)
    raws = [each.raw for each in known]

    @settings(max_examples=150)
    @given(st.randoms(use_true_random=False), st.sampled_from(known), st.booleans())
    def taken(chance: Random, seed: Seed, named: bool) -> None:
        raw, _ = mutated(seed.raw, raws, chance)
        way = f"/webhooks/monoova/{seed.event}" if named else "/webhooks/monoova"
        assert tried.judge(1, _signed(raw, way)).findings == []

    taken()


def test_what_hypothesis_makes_of_nothing_is_taken_like_any_other(tried: Webhooks):
    @settings(max_examples=100)
    @given(st.one_of(BODIES, st.binary(max_size=200)), st.sampled_from(("", *EVENTS)))
    def taken(raw: bytes, event: str) -> None:
        way = f"/webhooks/monoova/{event}".rstrip("/")
        assert tried.judge(1, _signed(raw, way)).findings == []

    taken()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused_though_its_body_is_true(tried: Webhooks, forgery: str):
    true, other = next(each.raw for each in seeds(tried.world) if each.payout), b'{"another": 1}'
    refused = 0
    for number in range(20):
        made = _signed(true, "/webhooks/monoova/NppPaymentStatus")
        chance = Random(number)  # noqa: S311 (the same each time)
        FORGERIES[forgery](made.asked.headers, other, other, chance)
        outcome = tried.judge(number, made)
        assert outcome.findings == []
        refused += outcome.counts["not proved: 401"]
    assert refused > 15 if forgery == "a proof edited" else refused == 20


def test_what_is_proved_is_heard(tried: Webhooks):
    pending = tried.world.named["pending"]  # what went in a bank file hears the bank only
    true = next(each.raw for each in seeds(tried.world) if each.payout == pending)
    outcome = tried.judge(0, _signed(true, "/webhooks/monoova/NppPaymentStatus"))
    assert outcome.findings == []
    assert outcome.counts["step Confirmed"] == 1


def _signed(raw: bytes, target: str) -> Delivery:
    headers = {"Authorization": TOKEN, "Verification-Signature": signature(raw), "Webhookid": "1"}
    return Delivery(Asked("POST", target, headers, raw), "both", "made by a test")


class Trusting(Door):
    """A door that lets in whatever has the token: it forgets the signature."""

    def ask(self, asked: Asked) -> Answer:
        raw = asked.body or b""
        forged = {**asked.headers, "Verification-Signature": signature(raw)}
        return super().ask(replace(asked, headers=forged))


class Slow(Door):
    """A door that answers and leaves the rest for later, which never comes."""

    def ask(self, asked: Asked) -> Answer:
        return super().ask(replace(asked, method="GET", target="/health", body=None))


@pytest.mark.parametrize(
    ("door", "finding"),
    [(Trusting, "not proved, and payouts changed"), (Slow, "acknowledged, and kept nowhere")],
)
def test_a_door_that_is_wrong_is_found(door: Callable[[], Door], finding: str):
    with trying(door) as each:
        found = [finding for number in range(300) for finding in each.run(number).findings]
    assert finding in found


def _poorer(parts):
    customer = parts["customers"][CUSTOMER]
    parts["customers"][CUSTOMER] = replace(customer, available=customer.available - Money(1))


def _torn(parts):
    steps = next(iter(parts["steps"].values()))
    steps[1] = replace(steps[1], previous_hash=steps[0].previous_hash)


def _shortened(parts):
    own = next(iter(parts["payouts"]))
    del parts["steps"][own][-1]


def _moved(parts):
    steps = next(iter(parts["steps"].values()))
    steps[0] = replace(steps[0], postings=tuple(reversed(steps[0].postings)))


def _finished(parts):
    own, payout = next(iter(parts["payouts"].items()))
    parts["payouts"][own] = replace(payout, fee=Money(1))


def _forgotten(parts):
    del parts["entries"][-1]


DAMAGES = {
    "a balance": (_poorer, "the balance is not the sum of its postings"),
    "a link": (_torn, "the chain is torn"),
    "a step left out": (_shortened, "it is not what its last step says"),
    "postings": (_moved, "is not what its hash says"),
    "a payout": (_finished, "it is not the replay of its steps"),
    "an entry": (_forgotten, "the funds are not what their last entry says"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_books_is_found(tried: Webhooks, damage: str):
    tried.world.restore()
    assert list(books.faults(None, tried.world.snapshot())) == []
    spoil, finding = DAMAGES[damage]
    now = tried.world.snapshot()
    spoil(now.parts)
    assert any(finding in each for each in books.faults(None, now))


def test_money_that_no_body_names_is_found(tried: Webhooks):
    tried.world.restore()
    bank(Receipt("N9", Money(777), "NPP", tried.world.clock.now()), treasury=tried.world.treasury)
    now = tried.world.snapshot()
    assert list(books.faults(tried.world.kept, now)) == []
    found = list(webhooks._unlawful(tried.world.kept, now, b'{"Amount": 7.78}'))
    assert found == ["receipt of 7.77, which the body does not say"]
    assert list(webhooks._unlawful(tried.world.kept, now, b'{"amount": "7.770"}')) == []


def _told(tried: Webhooks, number: int) -> tuple[object, ...]:
    """What came of a number, but for what a clock on the wall has a part in."""
    came = tried.run(number)
    answers = [(what, answer.status) for what, answer in came.answers]
    return came.made_of, came.asked, answers, came.counts, came.findings
