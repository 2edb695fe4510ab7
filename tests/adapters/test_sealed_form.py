"""What lies inside a sealed destination."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import exact_json
from chalicelib.adapters.sealed_form import opened, written
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import Corrupt, InvalidDestination
from tests.adapters.samples import JO

PLAIN = {
    "customer_id": "c-1", "destination_id": "d-1", "payIdType": "Email",
    "payId": "jo@example.com", "accountName": "Jo Citizen",
}  # fmt: skip


def open_it(plain):
    raw = plain if isinstance(plain, bytes) else exact_json.write(plain).encode()
    return opened(raw, customer_id="c-1", destination_id="d-1")


def test_a_plaintext_is_the_destination_that_it_was():
    assert open_it(PLAIN) == JO
    assert open_it(written(JO, customer_id="c-1", destination_id="d-1")) == JO


@pytest.mark.parametrize(
    "changes",
    [
        {"customer_id": "c-2"}, {"destination_id": "d-2"}, {"customer_id": None},
        {"payId": "Jo@Example.com"}, {"payId": 7}, {"payIdType": "Fax"}, {"payId": "nobody"},
        {"accountName": "Jo  Citizen"}, {"accountName": ""}, {"more": "than it should"},
        {"bsbNumber": "062-000"},
    ],
    ids=str,
)  # fmt: skip
def test_a_plaintext_that_is_not_exactly_a_destination_of_ours_is_none(changes):
    with pytest.raises(Corrupt):
        open_it(PLAIN | changes)


@pytest.mark.parametrize("plain", [b"", b"[]", b"{}", b"\xff", {"customer_id": "c-1"}])
def test_a_plaintext_that_is_rubbish_is_none(plain):
    with pytest.raises(Corrupt):
        open_it(plain)


TYPED = st.one_of(
    st.builds(lambda text: (PayId.parse, PayIdType.ORGANISATION, text), st.text(min_size=1)),
    st.builds(lambda local: (PayId.parse, PayIdType.EMAIL, f"{local}@example.com"), st.text()),
    st.builds(
        lambda digits: (PayId.parse, PayIdType.PHONE, digits), st.from_regex(r"\+?[0-9 ()-]{8,16}")
    ),
    st.builds(
        lambda bsb, number: (BankAccount.parse, bsb, number),
        st.from_regex(r"[0-9]{3}[- ]?[0-9]{3}", fullmatch=True),
        st.text(alphabet="0123456789 -abXY", min_size=1, max_size=30),
    ),
)


@given(TYPED, st.text(min_size=2, max_size=20))
def test_whatever_may_be_typed_reads_as_it_was_written(typed, name):
    parse, *parts = typed
    try:
        destination = parse(*parts, name)
    except InvalidDestination:
        return
    plain = written(destination, customer_id="c-1", destination_id="d-1")
    assert open_it(plain) == destination
