"""KMS on a laptop: moto's, whose keys outlive it.

moto encrypts for real but forgets its keys when it stops. Here every change of a key is on the
disk before its answer goes out, so that what was encrypted before a restart, or a crash, decrypts
after it, and what is signed after it verifies with the public key from before. Symmetric keys and
those that sign by ECDSA: it refuses to keep any other kind. The file holds key material in
the clear, like everything here it is worth nothing outside of this machine; its mode is 0600.

    python -m local.kms --state FOLDER/kms.json
"""

import argparse
import base64
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.utils import ECDSAPrivateKey

from local.files import read_json, write_json
from local.moto_server import Serial, moto_application, serve, sign_digests, stop_tracking

READS = (
    "Encrypt", "Decrypt", "Generate", "Describe", "List", "Get", "ReEncrypt", "Sign", "Verify",
)  # fmt: skip
SYMMETRIC = ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
KEPT = (
    "id",
    "arn",
    "creation_date",
    "policy",
    "description",
    "key_state",
    "enabled",
    "key_rotation_status",
)


def kept(key: Key) -> dict[str, Any]:
    """A key as it goes to the disk."""
    signing = key.private_key if isinstance(key.private_key, ECDSAPrivateKey) else None
    if not (signing or key.key_spec == SYMMETRIC[0]) or key.multi_region:
        raise ValueError(f"keys of that kind are not kept here: {key.key_spec}")
    values = {name: getattr(key, name) for name in KEPT}
    material = _written(signing.private_key) if signing else key.key_material
    return values | {
        "key_spec": key.key_spec,
        "key_usage": key.key_usage,
        "key_material": base64.b64encode(material).decode(),
        "aliases": sorted(key.aliases),
    }


def restore(backend: KmsBackend, values: dict[str, Any]) -> None:
    """A key as it was, under the id and with the material that it had."""
    # What an earlier version kept was symmetric, and did not say so.
    spec, usage = values.get("key_spec", SYMMETRIC[0]), values.get("key_usage", SYMMETRIC[1])
    key = backend.create_key(values["policy"], usage, spec, "", None)
    del backend.keys[key.id]
    for name in KEPT:
        setattr(key, name, values[name])
    material = base64.b64decode(values["key_material"])
    if spec == SYMMETRIC[0]:
        key.key_material = material
    elif isinstance(key.private_key, ECDSAPrivateKey):
        key.private_key.private_key = _read(material)
    backend.keys[key.id] = key
    for alias in values["aliases"]:
        backend.create_alias(key.id, alias)


def _written(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _read(material: bytes) -> EllipticCurvePrivateKey:
    key = load_der_private_key(material, None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("the file holds a key of another kind than it says")
    return key


class Keeper:
    """Brings the keys of all accounts and regions to the disk, and back."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def load(self) -> None:
        """Restores what the file holds, if there is one."""
        for place, keys in read_json(self.file, default={}).items():
            account, region = place.split("/")
            for values in keys:
                restore(kms_backends[account][region], values)

    def save(self, target: str) -> None:
        """Called after each answer: writes unless the operation only read or used a key."""
        if target.removeprefix("TrentService.").startswith(READS):
            return
        found = {
            f"{account}/{region}": [kept(key) for key in backend.keys.values()]
            for account, regions in kms_backends.items()
            for region, backend in regions.items()
            if backend.keys
        }
        write_json(self.file, found)


def main() -> None:
    """Restores, listens, serves."""
    parser = argparse.ArgumentParser(prog="python -m local.kms")
    parser.add_argument("--state", type=Path, required=True, help="the file that keeps the keys")
    keeper = Keeper(parser.parse_args().state)
    stop_tracking()
    sign_digests()
    keeper.load()
    serve(Serial(moto_application(), after=keeper.save))


if __name__ == "__main__":
    main()
