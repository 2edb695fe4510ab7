"""Bodies that Hypothesis makes: the provider's field names with whatever JSON there is.

Not near any example, but near what our reader looks for.
"""

from __future__ import annotations

import json

from hypothesis import strategies as st

NAMES = (
    "eventName", "UniqueReference", "uniqueReference", "TransactionReference", "TransactionId",
    "Status", "Amount", "amount", "currency", "timestamp", "TransactionDate", "Type",
    "ReturnReason", "ReturnDate", "ReturnTransactionId", "RejectionReasonDescription",
    "RejectionDateTime", "DirectCreditDetails", "DateTime", "SourceAccountName", "LodgementRef",
    "PaymentDescription", "MmsId", "data", "",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ("Payment Successful", "Rejected", "Credit", "Debit", "AUD", "100.00", "10.0000")
    ),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.uuids().map(lambda own: f"{own}-1"),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.decimals(places=2, allow_nan=False, allow_infinity=False).map(float),
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=12)
    ),
    max_leaves=25,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=14)
# NaN and Infinity are written as Python writes them: no JSON, and seen in the wild.
BODIES = (OBJECTS | OBJECTS | VALUES).map(lambda value: json.dumps(value).encode())
