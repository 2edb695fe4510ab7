"""What the fuzz found, in the smallest form in which it happens."""

from __future__ import annotations

import base64

import pytest

from chalicelib.api.body import raw_bytes
from tests.fuzz.door import Asked, Packing
from tests.fuzz.planted import TOKEN
from tests.fuzz.signing import signature
from tests.fuzz.stage import stage


@pytest.mark.parametrize("text", ["é", "a", "abcde", '{"a": 1}'])
def test_a_text_that_is_said_to_be_base64_and_is_not_is_the_text_that_it_is(text: str):
    assert raw_bytes({"body": text, "isBase64Encoded": True}) == text.encode()


def test_what_is_base64_is_still_unpacked():
    packed = base64.b64encode(b"\x00\xff").decode()
    assert raw_bytes({"body": packed, "isBase64Encoded": True}) == b"\x00\xff"


@pytest.mark.parametrize(("token", "status"), [(TOKEN, 200), ("Bearer wrong", 401)])
def test_a_webhook_with_a_wrong_flag_is_judged_like_any_other(token: str, status: int):
    raw = b'{"a": 1}'
    headers = {"Authorization": token, "Verification-Signature": signature(raw)}
    asked = Asked("POST", "/webhooks/monoova", headers, raw, Packing.FLAG_ONLY)
    with stage() as on:
        assert on.door.ask(asked).status == status
