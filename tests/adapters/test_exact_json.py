"""JSON whose numbers stay exact."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import exact_json


def test_amounts_are_written_digit_by_digit():
    told = {"totalAmount": Decimal("100.10"), "small": Decimal("0.01"), "big": Decimal("1E+3")}
    assert exact_json.write(told) == '{"totalAmount":100.10,"small":0.01,"big":1000}'


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_what_is_written_is_read_as_it_was(amount):
    read = exact_json.read(exact_json.write([amount]))
    assert [Decimal(value) for value in read] == [amount]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_has_no_decimals_is_written_as_the_standard_library_would(value):
    assert json.loads(exact_json.write(value)) == value


@pytest.mark.parametrize("value", [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), b"x"])
def test_nothing_inexact_is_ever_written(value):
    with pytest.raises(TypeError):
        exact_json.write({"amount": value})


def test_numbers_are_read_exactly():
    assert exact_json.read("[100.000000000000001, 10.0000]") == [
        Decimal("100.000000000000001"),
        Decimal("10.0000"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"nonsense", b"\xff\xfe\xfd", b"[NaN]", b"[Infinity]", b"[-Infinity]",
        b"[" * 200_000, b'{"a":' * 200_000, b"[1e99999999999999999999]", b"[" + b"9" * 5000 + b"]",
    ],
    ids=lambda raw: repr(raw[:12]),
)  # fmt: skip
def test_rubbish_of_every_kind_is_not_json(raw):
    with pytest.raises(exact_json.NotJson):
        exact_json.read(raw)


def test_a_list_is_not_an_object():
    with pytest.raises(exact_json.NotJson):
        exact_json.read_object(b"[1]")


def test_the_error_does_not_quote_the_text():
    with pytest.raises(exact_json.NotJson) as caught:
        exact_json.read(b'{"email": "jo@example.com"')
    assert "jo@" not in repr(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" N001 ", "N001"), (1022, "1022"), (True, ""), (None, ""), ({}, ""), ("x" * 65, ""),
        (10**40, ""), (Decimal(1), ""),
    ],
)  # fmt: skip
def test_a_text_is_a_text_or_a_whole_number(value, expected):
    assert exact_json.text(value, 64) == expected


def test_what_is_shown_is_printable_and_short():
    assert exact_json.printable("ok\ud800\x00\n" + "é" * 20, 8) == "ok???ééé"
    assert exact_json.printable(None, 8) == ""
