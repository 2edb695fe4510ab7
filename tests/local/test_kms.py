"""KMS on a laptop: a key that was ever used to encrypt is never lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

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
