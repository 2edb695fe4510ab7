"""KMS on a laptop: moto's, whose keys outlive it.

moto encrypts for real but forgets its keys when it stops. Here every change of a key is on the
disk before its answer goes out, so that what was encrypted before a restart, or a crash, decrypts
after it. Symmetric keys only: it refuses to keep any other kind. The file holds key material in
the clear, like everything here it is worth nothing outside of this machine; its mode is 0600.

    python -m local.kms --state FOLDER/kms.json
"""

import argparse
import base64
from pathlib import Path
from typing import Any

from moto.kms.models import Key, KmsBackend, kms_backends

from local.files import read_json, write_json
from local.moto_server import Serial, moto_application, serve, stop_tracking

READS = ("Encrypt", "Decrypt", "Generate", "Describe", "List", "Get", "ReEncrypt")
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
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.multi_region:
        raise ValueError(f"only symmetric keys of one region are kept here, not {key.key_spec}")
    values = {name: getattr(key, name) for name in KEPT}
    material = base64.b64encode(key.key_material).decode()
    return values | {"key_material": material, "aliases": sorted(key.aliases)}


def restore(backend: KmsBackend, values: dict[str, Any]) -> None:
    """A key as it was, under the id and with the material that it had."""
    key = backend.create_key(values["policy"], "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None)
    del backend.keys[key.id]
    for name in KEPT:
        setattr(key, name, values[name])
    key.key_material = base64.b64decode(values["key_material"])
    backend.keys[key.id] = key
    for alias in values["aliases"]:
        backend.create_alias(key.id, alias)


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
    keeper.load()
    serve(Serial(moto_application(), after=keeper.save))


if __name__ == "__main__":
    main()
