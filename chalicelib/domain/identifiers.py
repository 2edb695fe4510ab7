"""Names that follow from what they name: ids from idempotency keys, fingerprints from content.

The same key is the same thing, for ever; the same content has the same fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

KEY_LENGTHS = range(16, 256)


def derived_id(kind: str, key: str) -> str:
    """A UUID (version 8) for a thing of a kind, from the key of the request that made it.

    SHA-256 cut to 122 bits: nobody finds two keys of one id.
    """
    digest = bytearray(hashlib.sha256(f"{kind}\x00{key}".encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest)))


def fingerprint(told: object) -> str:
    """Hexadecimal SHA-256 of plain values, the same whatever the order of their names."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
