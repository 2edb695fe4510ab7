"""The provider's signature on its webhooks."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from chalicelib.adapters.monoova import signature
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.signature import Signatures, public_key_from
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.answers import Mishap
from chalicelib.domain.errors import Unavailable
from tests.adapters.samples import API_ARN, FakeSecretsManager, Seconds, api_secret

RAW = b'{"Amount": 2.00}\r\n'
ONE = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
GONE = Reply(Mishap.NOT_CONNECTED)


def der(key):
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.PKCS1
    )


def published(key, form="{}"):
    return Reply(http_status=200, raw=form.format(der(key).hex().upper()).encode())


def sign(key, raw=RAW):
    return base64.b64encode(key.sign(raw, padding.PKCS1v15(), hashes.SHA256())).decode()


@dataclass
class Publisher:
    """A provider that publishes a key; counts how often it is asked."""

    reply: Reply
    calls: list = field(default_factory=list)

    def send(self, call, *, base_url, api_key, seconds):
        self.calls.append((call.path, base_url, api_key, seconds))
        return self.reply


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def publisher():
    return Publisher(published(ONE))


@pytest.fixture
def manager():
    return FakeSecretsManager(api_key=api_secret())


@pytest.fixture
def signatures(publisher, seconds, manager):
    keys = KeyRing(Secrets(manager, monotonic=seconds), API_ARN, stage="local", on_lambda=False)
    return Signatures(keys, publisher, monotonic=seconds)


def test_the_providers_signature_fits_and_its_key_is_fetched_once(signatures, publisher):
    for _ in range(10):
        assert signatures.fits(sign(ONE), RAW)
    assert publisher.calls == [
        ("/public/v1/certificate/public-key", "http://127.0.0.1:9", None, signature.FETCH_SECONDS)
    ]


def test_whoever_comes_while_the_key_is_fetched_waits_for_it(signatures, publisher):
    asked, answer, send = threading.Event(), threading.Event(), publisher.send

    def slowly(*told, **more):
        asked.set()
        assert answer.wait(10)
        return send(*told, **more)

    publisher.send = slowly
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(signatures.fits, sign(ONE), RAW)
        assert asked.wait(10)
        others = [pool.submit(signatures.fits, sign(ONE), RAW) for _ in range(3)]
        answer.set()
        assert [each.result(10) for each in (first, *others)] == [True] * 4
    assert len(publisher.calls) == 1


def test_white_space_in_a_signature_is_nothing(signatures):
    signed = sign(ONE)
    folded = "\r\n            ".join(signed[i : i + 60] for i in range(0, len(signed), 60))
    assert signatures.fits(f" {folded}\n", RAW)


@pytest.mark.parametrize("raw", [b"", RAW.strip(), RAW + b" ", RAW.replace(b"2", b"3")])
def test_a_body_that_was_changed_by_a_byte_does_not_fit(signatures, raw):
    assert not signatures.fits(sign(ONE), raw)


@pytest.mark.parametrize("text", ["", " ", "!!!", "YWJj", "é", "\ud800", "YWJ"])
def test_rubbish_does_not_fit(signatures, text):
    assert not signatures.fits(text, RAW)


@pytest.mark.parametrize("text", ["", "!!!"])
def test_what_is_no_signature_at_all_costs_nothing(signatures, publisher, text):
    assert not signatures.fits(text, RAW)
    assert publisher.calls == []


def test_a_signature_with_another_hash_or_padding_does_not_fit(signatures):
    for made in (
        ONE.sign(RAW, padding.PKCS1v15(), hashes.SHA1()),  # noqa: S303 (that is the point)
        ONE.sign(RAW, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
    ):
        assert not signatures.fits(base64.b64encode(made).decode(), RAW)


def test_a_new_key_of_the_providers_is_fetched_when_the_old_does_not_fit(
    signatures, publisher, seconds
):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = published(OTHER)
    seconds.spent += signature.PAUSE_SECONDS + 1
    assert signatures.fits(sign(OTHER), RAW)
    assert len(publisher.calls) == 2


def test_what_was_signed_with_the_key_before_may_come_late_for_a_day(
    signatures, publisher, seconds
):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = published(OTHER)
    seconds.spent += signature.PAUSE_SECONDS + 1
    assert signatures.fits(sign(OTHER), RAW)
    seconds.spent += signature.LATE_SECONDS - 1
    assert signatures.fits(sign(ONE), RAW)
    assert not signatures.fits(sign(ONE), RAW + b" ")
    seconds.spent += 1
    assert not signatures.fits(sign(ONE), RAW)
    assert signatures.fits(sign(OTHER), RAW)


def test_only_one_key_before_is_believed(signatures, publisher, seconds):
    third = rsa.generate_private_key(65537, 2048)
    for key in (ONE, OTHER, third):
        publisher.reply = published(key)
        seconds.spent += signature.PAUSE_SECONDS + 1
        assert signatures.fits(sign(key), RAW)
    assert signatures.fits(sign(OTHER), RAW)
    assert not signatures.fits(sign(ONE), RAW)


def test_the_same_key_fetched_again_puts_off_no_end(signatures, publisher, seconds):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = published(OTHER)
    seconds.spent += signature.PAUSE_SECONDS + 1
    assert signatures.fits(sign(OTHER), RAW)
    for _ in range(3):
        seconds.spent += signature.LATE_SECONDS / 3
        assert not signatures.fits(sign(OTHER), b"rubbish")
    assert not signatures.fits(sign(ONE), RAW)


def test_the_same_key_fetched_again_does_not_push_the_one_before_out(
    signatures, publisher, seconds
):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = published(OTHER)
    for _ in range(3):
        seconds.spent += signature.PAUSE_SECONDS + 1
        assert not signatures.fits(sign(OTHER), b"rubbish")
    assert len(publisher.calls) == 4
    assert signatures.fits(sign(ONE), RAW)


def test_a_key_is_learnt_before_the_provider_tries_a_second_time():
    assert signature.PAUSE_SECONDS < 30


def test_rubbish_cannot_make_us_pester_the_provider(signatures, publisher, seconds):
    for _ in range(100):
        assert not signatures.fits(sign(OTHER), RAW)
    assert len(publisher.calls) == 1
    seconds.spent += signature.PAUSE_SECONDS + 1
    for _ in range(100):
        assert not signatures.fits(sign(OTHER), RAW)
    assert len(publisher.calls) == 2


def test_a_key_is_kept_for_a_day(signatures, publisher, seconds):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = published(OTHER)
    seconds.spent += signature.KEPT_SECONDS - 1
    assert signatures.fits(sign(ONE), RAW)
    seconds.spent += 2
    assert signatures.fits(sign(OTHER), RAW)


def test_the_last_key_is_used_while_the_provider_does_not_answer(signatures, publisher, seconds):
    assert signatures.fits(sign(ONE), RAW)
    publisher.reply = GONE
    seconds.spent += signature.KEPT_SECONDS + 1
    for _ in range(5):
        assert signatures.fits(sign(ONE), RAW)
    assert len(publisher.calls) == 2


@pytest.mark.parametrize(
    "reply",
    [GONE, Reply(http_status=500), Reply(http_status=200, raw=b"<html>"), Reply(http_status=200)],
)
def test_without_any_key_nothing_can_be_said(signatures, publisher, seconds, reply):
    publisher.reply = reply
    for _ in range(10):
        with pytest.raises(Unavailable):
            signatures.fits(sign(ONE), RAW)
    assert len(publisher.calls) == 1
    publisher.reply = published(ONE)
    seconds.spent += signature.RETRY_SECONDS + 1
    assert signatures.fits(sign(ONE), RAW)


def test_without_the_providers_address_nothing_can_be_said(signatures, manager):
    manager.down = True
    with pytest.raises(Unavailable):
        signatures.fits(sign(ONE), RAW)


@pytest.mark.parametrize("form", ["{}", '"{}"', "{}\r\n", ' "{}" \n'])
def test_a_published_key_is_hexadecimal_bare_or_quoted(form):
    assert public_key_from(published(ONE, form).raw) == ONE.public_key()


def test_a_published_key_may_be_in_the_other_usual_form():
    info = ONE.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert public_key_from(info.hex().encode()) == ONE.public_key()


def test_a_key_that_is_short_or_of_another_kind_is_none():
    curve = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    assert public_key_from(curve.hex().encode()) is None
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 (that is the point)
    assert public_key_from(der(short).hex().encode()) is None


@pytest.mark.parametrize("raw", [b"", b"zz", b"30", b"\xff", b"{}", b'"'])
def test_what_is_no_key_is_none(raw):
    assert public_key_from(raw) is None
