"""Money is exact or it is refused."""

from __future__ import annotations

from decimal import Decimal
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.money import LARGEST_CENTS, ZERO, Money, total

cents = st.integers(-LARGEST_CENTS, LARGEST_CENTS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0.01", 1),
        ("1000", 100_000),
        ("1000.0", 100_000),
        ("12.5", 1250),
        ("007.10", 710),
        ("-3.20", -320),
        ("0", 0),
        (12, 1200),
        (Decimal("12.34"), 1234),
        (Decimal("1E+2"), 10_000),  # how a JSON reader gives 1e2
    ],
)
def test_an_amount_is_read_as_people_write_it(written, expected):
    assert Money.parse(written) == Money(expected)


UNREADABLE: list[object] = [
    1.0, 0.1, float("nan"), float("inf"), True, False, None, [], {}, b"1", ..., 1j,
    "", " ", "abc", "1,000", "1_000", "+5", " 5", "5 ", "5\n", "\t5", "5\u00a0", "--5", "- 5",
    "$5", "5 AUD", "0x10", "1e2", "1E2", ".5", "5.", ".", "-", "1.2.3", "5\x00",
    "١٢", "\uff11\uff12", "5\u0660", "²", "½", "\ud800",
    "NaN", "sNaN", "-NaN", "Infinity", "-inf", "1e400", "1e-400", "1e999999999",
]  # fmt: skip


@pytest.mark.parametrize("written", UNREADABLE, ids=repr)
def test_what_is_no_amount_is_refused_whole(written):
    with pytest.raises(InvalidAmount):
        Money.parse(written)


@pytest.mark.parametrize("written", ["0.001", "1.000", "100.000", "0.009", Decimal("1.230")])
def test_a_third_decimal_is_refused_and_never_rounded(written):
    with pytest.raises(InvalidAmount, match="two decimals"):
        Money.parse(written)


@pytest.mark.parametrize(
    "number",
    [
        Decimal("1e400"), Decimal("1e-400"), Decimal("1e999999999"), Decimal("-1e999999999"),
        Decimal("1e-999999999"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"),
        10**400, -(10**400), LARGEST_CENTS, Decimal(LARGEST_CENTS), str(LARGEST_CENTS),
        "1" * 40, "1" * 100_000, "0." + "0" * 100_000,
    ],
    ids=lambda number: f"{type(number).__name__} {str(number)[:12]}",
)  # fmt: skip
@pytest.mark.parametrize("read", [Money.parse, Money.exactly])
def test_a_monstrous_number_is_refused_at_once(read, number):
    started = thread_time()
    with pytest.raises(InvalidAmount):
        read(number)
    assert thread_time() - started < 0.5


@pytest.mark.parametrize("zero", [Decimal("0E+999999999"), Decimal("0E-999999999"), Decimal("-0")])
def test_nothing_is_nothing_however_it_is_written(zero):
    started = thread_time()
    assert Money.exactly(zero) == ZERO
    assert thread_time() - started < 0.5


@pytest.mark.parametrize(
    ("written", "expected"),
    [("10.0000", 1000), ("5", 500), ("12.5", 1250), (5, 500), (Decimal("0.0100"), 1)],
)
def test_the_provider_may_write_more_decimals_as_long_as_they_are_exact(written, expected):
    assert Money.exactly(written) == Money(expected)


@pytest.mark.parametrize(
    "written",
    [
        "0.001", "10.0001", Decimal("1e-20"), 1.5, True, "1_000", "\uff11\uff12", "NaN", "ten", "",
        # More digits than Decimal calculates with: the last one counts, too.
        "1.0000000000000000000000000000000000001", Decimal("1." + "0" * 200 + "1"),
        Decimal("9" * 14 + "." + "0" * 20 + "1"),
    ],
    ids=str,
)  # fmt: skip
def test_the_provider_may_not_write_a_fraction_of_a_cent(written):
    with pytest.raises(InvalidAmount):
        Money.exactly(written)


@given(cents)
def test_what_is_printed_is_read_back_as_the_same(amount):
    money = Money(amount)
    assert Money.parse(str(money)) == money
    assert Money.parse(money.decimal) == money
    assert Money.exactly(f"{money}00") == money
    assert str(money.decimal) == str(money)


@given(st.text() | st.floats() | st.binary() | st.none() | st.booleans())
def test_whatever_is_read_is_an_exact_amount_or_an_error_of_ours(written):
    try:
        money = Money.parse(written)
    except InvalidAmount:
        return
    assert Decimal(written) == money.decimal


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_read_exactly_or_not_at_all(number):
    try:
        money = Money.exactly(number)
    except InvalidAmount:
        return
    assert money.decimal == number


@given(st.lists(cents), cents, cents)
def test_amounts_add_up_in_whole_cents(amounts, one, two):
    assert total(map(Money, amounts)) == Money(sum(amounts))
    assert Money(one) - Money(two) == Money(one) + -Money(two) == Money(one - two)
    assert (Money(one) < Money(two)) is (one < two)
    assert bool(Money(one)) is (one != 0)
