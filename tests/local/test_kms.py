"""KMS on a laptop: a key that was ever used to encrypt is never lost."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local.clients import Clients
from local.engines import Endpoints
from local.processes import Family


@contextmanager
def kms(folder: Path, family: Family) -> Iterator[Clients]:
    state = str(folder / "kms.json")
    url = family.start("kms", "local.kms", "--state", state, environment={}).ready()["url"]
    clients = Clients(Endpoints(url, url))
    yield clients
    clients.close()


def test_what_was_encrypted_decrypts_after_a_crash(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family:
        with kms(tmp_path, family) as before:
            key = before.kms.create_key(Description="destinations")["KeyMetadata"]
            before.kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
            sealed = before.kms.encrypt(KeyId=key["Arn"], Plaintext=b"secret")["CiphertextBlob"]
            family.children[0].process.kill()
        with kms(tmp_path, family) as after:
            assert after.kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"secret"
            described = after.kms.describe_key(KeyId="alias/mine")["KeyMetadata"]
            assert described["Arn"] == key["Arn"]
            assert described["Description"] == "destinations"


def test_what_was_signed_verifies_after_a_crash_and_the_key_still_signs(tmp_path: Path) -> None:
    def sign(clients: Clients, key: str, text: bytes) -> bytes:
        digest = hashlib.sha256(text).digest()
        return clients.kms.sign(
            KeyId=key, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256"
        )["Signature"]

    def verifies(public: bytes, signature: bytes, text: bytes) -> bool:
        key = load_der_public_key(public)
        assert isinstance(key, EllipticCurvePublicKey)
        with suppress(InvalidSignature):
            key.verify(signature, text, ECDSA(SHA256()))
            return True
        return False

    with Family(tmp_path / "logs") as family:
        with kms(tmp_path, family) as before:
            key = before.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")[
                "KeyMetadata"
            ]["Arn"]
            public = before.kms.get_public_key(KeyId=key)["PublicKey"]
            signature = sign(before, key, b"before")
            family.children[0].process.kill()
        with kms(tmp_path, family) as after:
            assert after.kms.get_public_key(KeyId=key)["PublicKey"] == public
            assert verifies(public, signature, b"before")
            assert not verifies(public, signature, b"after")
            assert verifies(public, sign(after, key, b"after"), b"after")
            described = after.kms.describe_key(KeyId=key)["KeyMetadata"]
            assert (described["KeySpec"], described["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
            assert after.kms.verify(
                KeyId=key, Message=b"before", Signature=signature, SigningAlgorithm="ECDSA_SHA_256"
            )["SignatureValid"]


def test_keys_that_an_earlier_version_kept_are_taken_up_as_symmetric(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family:
        with kms(tmp_path, family) as before:
            key = before.kms.create_key()["KeyMetadata"]["Arn"]
            sealed = before.kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
        family.stop()
        file = tmp_path / "kms.json"
        told = json.loads(file.read_text())
        for keys in told.values():
            for each in keys:
                del each["key_spec"], each["key_usage"]
        file.write_text(json.dumps(told))
        with kms(tmp_path, family) as after:
            assert after.kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"secret"


def test_a_key_that_could_not_be_kept_is_not_made(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family, kms(tmp_path, family) as clients:
        with pytest.raises(ClientError):
            clients.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
        assert not (tmp_path / "kms.json").exists()


def test_a_rotating_key_still_rotates_after_a_restart(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family:
        with kms(tmp_path, family) as before:
            key = before.kms.create_key()["KeyMetadata"]["KeyId"]
            before.kms.enable_key_rotation(KeyId=key)
        family.stop()
        with kms(tmp_path, family) as after:
            assert after.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]


def test_using_a_key_writes_nothing_and_the_file_is_private(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family, kms(tmp_path, family) as clients:
        key = clients.kms.create_key()["KeyMetadata"]["KeyId"]
        file = tmp_path / "kms.json"
        written = file.stat().st_mtime_ns
        clients.kms.generate_data_key(KeyId=key, KeySpec="AES_256")
        assert file.stat().st_mtime_ns == written
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(json.loads(file.read_text())) == 1


def test_no_page_can_empty_it(tmp_path: Path) -> None:
    with Family(tmp_path / "logs") as family, kms(tmp_path, family) as clients:
        key = clients.kms.create_key()["KeyMetadata"]["KeyId"]
        url = clients.endpoints.kms
        assert requests.post(f"{url}/moto-api/reset", timeout=10).status_code == 404
        assert clients.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"] == key
