"""What of others' ships, as a software bill of materials: CycloneDX 1.6, in JSON.

Made of the locks alone, so it names what a package is built from and asks nobody; the same locks
make the same bytes. It says nothing of licences or weaknesses, which the locks do not know.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from deployment.locked import Locked

SPECIFICATION = "1.6"
# Chalice builds the package, and its runtime is in it.
ALSO_SHIPS = "chalice"
_HASHES = "payouts:lock:sha256"


def ships(app: Sequence[Locked], building: Sequence[Locked]) -> list[Locked]:
    """The packages that ship: the app's own, and the runtime that Chalice puts beside them."""
    return sorted(
        [*app, *(each for each in building if each.name == ALSO_SHIPS)], key=lambda each: each.name
    )


def bom(shipped: Sequence[Locked]) -> dict[str, Any]:
    """The bill of materials."""
    names = {each.name for each in shipped}
    asks = {name: sorted(reference(each) for each in shipped if name in each.via) for name in names}
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPECIFICATION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": _serial(shipped),
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "payouts", "bom-ref": "payouts"}},
        "components": [_component(each) for each in shipped],
        "dependencies": [
            {"ref": "payouts", "dependsOn": sorted(map(reference, _roots(shipped, names)))},
            *({"ref": reference(each), "dependsOn": asks[each.name]} for each in shipped),
        ],
    }


def written(shipped: Sequence[Locked]) -> str:
    """The bill of materials as the text of a file."""
    return json.dumps(bom(shipped), indent=2) + "\n"


def reference(package: Locked) -> str:
    """What a package is called everywhere: its package URL."""
    return f"pkg:pypi/{package.name}@{package.version}"


def _roots(shipped: Sequence[Locked], names: set[str]) -> list[Locked]:
    return [each for each in shipped if not names & set(each.via)]


def _component(package: Locked) -> dict[str, Any]:
    # A package is one of several files, by the machine: they are no hashes of the component.
    files = [{"name": _HASHES, "value": each} for each in package.hashes]
    return {
        "type": "library", "bom-ref": reference(package), "name": package.name,
        "version": package.version, "purl": reference(package), "properties": files,
    }  # fmt: skip


def _serial(shipped: Sequence[Locked]) -> str:
    named = "\n".join(f"{reference(each)} {' '.join(each.hashes)}" for each in shipped)
    digest = hashlib.sha256(named.encode()).hexdigest()
    # A UUID of version 8, of its content: the same content has the same number.
    parts = (digest[:8], digest[8:12], f"8{digest[13:16]}", f"8{digest[17:20]}", digest[20:32])
    return f"urn:uuid:{'-'.join(parts)}"
