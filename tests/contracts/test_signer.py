"""What `Signer` promises: a signature that anybody verifies who has the public key."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1
from cryptography.hazmat.primitives.hashes import SHA256

from chalicelib.domain.errors import VaultUnavailable
from tests.contracts.lasting import FakeKey, KmsKey, verifier

DOCUMENT = b'{"date":"2026-11-20"}'
DIGEST = hashlib.sha256(DOCUMENT).digest()


@pytest.fixture(params=["fake", "ministack", "moto"])
def key(request):
    return FakeKey() if request.param == "fake" else KmsKey(request.getfixturevalue(request.param))


def test_a_signature_verifies_over_the_document_with_the_public_key_alone(key):
    signed = key.port.sign(DIGEST)
    public = verifier(key.port.public_key())
    assert isinstance(public.curve, SECP256R1)
    public.verify(signed.signature, DOCUMENT, ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signed.signature, DOCUMENT + b" ", ECDSA(SHA256()))


def test_a_signature_names_its_key_and_how_it_was_made(key):
    signed = key.port.sign(DIGEST)
    assert signed.key_id
    assert signed.algorithm == "ECDSA_SHA_256"
    assert key.port.sign(DIGEST).key_id == signed.key_id


def test_a_key_that_is_away_says_so(key):
    key.go_away()
    with pytest.raises(VaultUnavailable):
        key.port.sign(DIGEST)
    with pytest.raises(VaultUnavailable):
        key.port.public_key()


def test_what_is_no_sha_256_is_not_signed(ministack):
    with pytest.raises(ValueError, match="only a SHA-256"):
        KmsKey(ministack).port.sign(DOCUMENT)


def test_the_public_key_is_asked_for_once(ministack):
    kms = KmsKey(ministack)
    asked = []
    kms.port._client.meta.events.register(
        "before-call.kms.GetPublicKey", lambda **_: asked.append(1)
    )
    assert kms.port.public_key() == kms.port.public_key()
    assert asked == [1]


def test_the_key_signs_digests_and_encrypts_nothing(engine):
    kms, arn = engine.clients.kms, engine.environment["ATTESTATION_KEY_ARN"]
    told = kms.describe_key(KeyId=arn)["KeyMetadata"]
    assert (told["KeySpec"], told["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    with pytest.raises(kms.exceptions.ClientError):
        kms.sign(
            KeyId=arn, Message=b"short", MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
        )
    raw = kms.sign(
        KeyId=arn, Message=DOCUMENT, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
    )["Signature"]
    public = verifier(kms.get_public_key(KeyId=arn)["PublicKey"])
    public.verify(raw, DOCUMENT, ECDSA(SHA256()))
