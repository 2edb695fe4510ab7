"""The vault: who may open what, and how seldom KMS is asked."""

from collections import Counter
from dataclasses import replace
from typing import Any

import aws_encryption_sdk
import boto3
import botocore.session
import pytest
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.identifiers import Algorithm
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from chalicelib.adapters.kms import CacheLimits, KmsVault
from chalicelib.adapters.sealed_form import written
from chalicelib.domain.destination import PayId, PayIdType
from chalicelib.domain.errors import Corrupt, VaultUnavailable
from tests.adapters.samples import BANK, JO

TABLE = "monoova-customers"
REGION = "ap-southeast-2"
OTHERS = [
    PayId.parse(PayIdType.PHONE, "0412 345 678", "Zoë Citizen"),
    PayId.parse(PayIdType.ABN, "51 824 753 556", "Example Pty Ltd"),
    PayId.parse(PayIdType.ACN, "004 085 616", "Example Pty Ltd"),
    PayId.parse(PayIdType.ORGANISATION, "Example.Payouts", "Example Pty Ltd"),
]


@pytest.fixture(scope="module", autouse=True)
def account():
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            environment.setenv(name, "fake")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        yield


@pytest.fixture(scope="module")
def key(account):  # noqa: ARG001 (it lives there)
    return boto3.client("kms").create_key()["KeyMetadata"]["Arn"]


class Watched:
    """Sessions whose calls to KMS are counted, and can be made to fail."""

    def __init__(self):
        self.calls: Counter[str] = Counter()
        self.fails: Any = None

    def __call__(self):
        session: Any = botocore.session.Session()
        session.register("before-call.kms", self._before)
        return session

    def _before(self, *, model, **_):
        self.calls[model.name] += 1
        if isinstance(self.fails, Exception):
            raise self.fails
        return self.fails


@pytest.fixture
def watched():
    return Watched()


@pytest.fixture
def vault(key, watched):
    return KmsVault(key, TABLE, session=watched)


def seal(vault, destination=JO, customer="c-1", named="d-1"):
    return vault.seal(destination, customer_id=customer, destination_id=named)


@pytest.mark.parametrize("destination", [JO, BANK, *OTHERS], ids=repr)
def test_what_was_sealed_is_unsealed_for_its_customer(vault, destination):
    sealed = seal(vault, destination)
    assert vault.unseal(sealed, customer_id="c-1") == destination
    assert sealed.method is destination.method
    assert (sealed.masked, sealed.masked_name) == (destination.masked, destination.masked_name)
    assert sealed.kind == getattr(destination, "kind", "")


def test_what_is_sealed_shows_nothing(vault):
    sealed = seal(vault, customer="customer-1", named="destination-1")
    # Long ones: three bytes come about by chance, once in some ten thousand runs.
    for secret in (b"jo@example.com", b"Citizen", b"customer-1", b"destination-1"):
        assert secret not in sealed.ciphertext
    assert "example.com" not in repr(sealed)


def test_the_same_destination_is_never_sealed_to_the_same_bytes(vault):
    assert seal(vault).ciphertext != seal(vault).ciphertext


def test_another_process_with_the_key_unseals_it(vault, key):
    assert KmsVault(key, TABLE).unseal(seal(vault), customer_id="c-1") == JO


def test_a_ciphertext_does_not_open_for_another_customer(vault):
    with pytest.raises(Corrupt):
        vault.unseal(seal(vault), customer_id="c-2")


def test_a_ciphertext_does_not_open_under_another_id(vault):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), destination_id="d-2"), customer_id="c-1")


def test_a_ciphertext_that_was_put_in_the_place_of_another_does_not_open(vault):
    mine, theirs = seal(vault), seal(vault, BANK, "c-2", "d-2")
    with pytest.raises(Corrupt):
        vault.unseal(replace(mine, ciphertext=theirs.ciphertext), customer_id="c-1")


def test_a_payid_does_not_open_as_a_bank_account(vault):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), method=BANK.method), customer_id="c-1")


def changed(sealed, place):
    ciphertext = bytearray(sealed.ciphertext)
    ciphertext[place] ^= 1
    return replace(sealed, ciphertext=bytes(ciphertext))


def test_every_byte_that_is_changed_is_noticed(vault):
    sealed = seal(vault)
    assert vault.unseal(sealed, customer_id="c-1") == JO
    for place in range(0, len(sealed.ciphertext), 7):
        # In the name that KMS has for its own key, a change looks like a key that is forbidden.
        with pytest.raises((Corrupt, VaultUnavailable)):
            vault.unseal(changed(sealed, place), customer_id="c-1")


@pytest.mark.parametrize("place", [0, 1, 5, -1, -17, -60])
def test_a_change_of_the_message_itself_is_corrupt(vault, place):
    with pytest.raises(Corrupt):
        vault.unseal(changed(seal(vault), place), customer_id="c-1")


def test_a_data_key_that_kms_cannot_have_made_is_corrupt(vault):
    sealed = seal(vault)
    place = sealed.ciphertext.index(b":key/") + len(":key/") + 36
    length = int.from_bytes(sealed.ciphertext[place : place + 2])
    without = sealed.ciphertext[:place] + b"\0\0" + sealed.ciphertext[place + 2 + length :]
    for _ in range(3):
        with pytest.raises(Corrupt):
            vault.unseal(replace(sealed, ciphertext=without), customer_id="c-1")
    assert vault.unseal(sealed, customer_id="c-1") == JO


def test_a_changed_data_key_is_corrupt(vault, watched):
    sealed = seal(vault)
    place = sealed.ciphertext.index(b":key/") + len(":key/") + 36 + 2 + 60
    with pytest.raises(Corrupt):
        vault.unseal(changed(sealed, place), customer_id="c-1")
    assert watched.calls["Decrypt"] == 1


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_a_ciphertext_that_was_cut_does_not_open(vault, cut):
    sealed = seal(vault)
    with pytest.raises(Corrupt):
        vault.unseal(replace(sealed, ciphertext=sealed.ciphertext[:cut]), customer_id="c-1")


@pytest.mark.parametrize("rubbish", [b"", b"\x02", b"rubbish" * 50, bytes(500)])
def test_what_is_no_ciphertext_does_not_open(vault, rubbish):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), ciphertext=rubbish), customer_id="c-1")


def test_what_was_sealed_for_another_table_does_not_open(vault, key):
    elsewhere = seal(KmsVault(key, "dev-monoova-customers"))
    with pytest.raises(Corrupt):
        vault.unseal(elsewhere, customer_id="c-1")


def encrypted(key, *, policy, suite, purpose="payout-destination"):
    """A ciphertext that somebody else made with the same SDK and key."""
    ciphertext, _ = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy).encrypt(
        source=written(JO, customer_id="c-1", destination_id="d-1"),
        key_provider=aws_encryption_sdk.StrictAwsKmsMasterKeyProvider(key_ids=[key]),
        encryption_context={"purpose": purpose, "table": TABLE},
        algorithm=suite,
    )
    return ciphertext


def test_what_was_encrypted_for_another_purpose_does_not_open(vault, key):
    policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    suite = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
    ours = encrypted(key, policy=policy, suite=suite)
    assert vault.unseal(replace(seal(vault), ciphertext=ours), customer_id="c-1") == JO
    theirs = encrypted(key, policy=policy, suite=suite, purpose="something-else")
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), ciphertext=theirs), customer_id="c-1")


def test_a_suite_without_commitment_does_not_open(vault, key):
    ciphertext = encrypted(
        key,
        policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
        suite=Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA256,
    )
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), ciphertext=ciphertext), customer_id="c-1")


def test_what_was_sealed_under_another_key_does_not_open(vault, watched):
    another = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(Corrupt):
        vault.unseal(seal(KmsVault(another, TABLE)), customer_id="c-1")
    assert watched.calls["Decrypt"] == 0


def test_a_thousand_payees_cost_one_data_key_and_one_decryption(vault, watched):
    sealed = [seal(vault, JO, f"c-{n}", f"d-{n}") for n in range(1000)]
    for n, each in enumerate(sealed):
        assert vault.unseal(each, customer_id=f"c-{n}") == JO
    assert watched.calls == {"GenerateDataKey": 1, "Decrypt": 1}


def test_a_data_key_serves_so_many_messages_and_no_more(key, watched):
    vault = KmsVault(key, TABLE, session=watched, limits=CacheLimits(messages=10))
    for _ in range(25):
        seal(vault)
    assert watched.calls["GenerateDataKey"] == 3


def test_a_data_key_is_not_kept_beyond_its_age(key, watched):
    vault = KmsVault(key, TABLE, session=watched, limits=CacheLimits(age=0.000001))
    sealed = seal(vault)
    for _ in range(3):
        vault.unseal(sealed, customer_id="c-1")
    assert watched.calls["Decrypt"] == 3


class Answer:
    def __init__(self, status):
        self.status_code = status
        self.headers = {}


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "AccessDeniedException", "DisabledException"]
)
def test_a_kms_that_refuses_is_unavailable_and_nothing_is_called_corrupt(vault, key, watched, code):
    sealed = seal(KmsVault(key, TABLE))
    watched.fails = (Answer(400), {"Error": {"Code": code}, "ResponseMetadata": {}})
    with pytest.raises(VaultUnavailable):
        vault.unseal(sealed, customer_id="c-1")
    with pytest.raises(VaultUnavailable):
        seal(vault)
    watched.fails = None
    assert vault.unseal(sealed, customer_id="c-1") == JO


def test_a_kms_that_cannot_be_reached_is_unavailable_however_often(key):
    sealed = seal(KmsVault(key, TABLE))
    vault = KmsVault(key, TABLE, session=cut_off)
    for _ in range(3):
        with pytest.raises(VaultUnavailable):
            vault.unseal(sealed, customer_id="c-1")
        with pytest.raises(VaultUnavailable):
            seal(vault)


def cut_off():
    """A session from which nothing arrives."""
    session = botocore.session.Session()
    session.set_default_client_config(Config(retries={"total_max_attempts": 1}))

    def refuse(*, request, **_):
        raise EndpointConnectionError(endpoint_url=request.url)

    session.get_component("event_emitter").register_first("before-send.kms", refuse)
    return session


def test_the_trouble_of_one_call_is_not_told_of_the_next(vault, key, watched):
    sealed = seal(KmsVault(key, TABLE))
    watched.fails = (
        Answer(400),
        {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {}},
    )
    with pytest.raises(VaultUnavailable):
        vault.unseal(sealed, customer_id="c-1")
    watched.fails = None
    with pytest.raises(Corrupt):
        vault.unseal(replace(sealed, ciphertext=b"rubbish"), customer_id="c-1")


def test_making_a_vault_asks_nothing(watched):
    KmsVault("arn:aws:kms:ap-southeast-2:000000000000:key/fake", TABLE, session=watched)
    assert not watched.calls


def test_a_place_is_known_under_the_key_of_places_alone(watched):
    arn = "arn:aws:kms:ap-southeast-2:000000000000:key/fake"
    one = KmsVault(arn, TABLE, place_key=lambda: b"fake-key", session=watched)
    other = KmsVault(arn, TABLE, place_key=lambda: b"another", session=watched)
    assert one.place(JO) == JO.place(b"fake-key") != other.place(JO) == JO.place(b"another")
    assert not watched.calls


def test_without_a_key_of_places_nothing_is_compared(watched):
    vault = KmsVault("arn:aws:kms:ap-southeast-2:000000000000:key/fake", TABLE, session=watched)
    with pytest.raises(VaultUnavailable):
        vault.place(JO)
