"""Archive, signatures and word to people as the app itself wires them, on the embedded engine."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from chalicelib.settings import Settings
from chalicelib.wiring import World
from tests.contracts.lasting import sha256, verifier


@pytest.fixture
def world(ministack, monkeypatch):
    for name, value in ministack.environment.items():
        monkeypatch.setenv(name, value)
    return World(Settings.read())


def test_the_app_keeps_signs_and_tells_with_what_its_environment_names(world):
    name = f"nights/{uuid4()}.json"
    assert world.archive.put(name, b"{}", kind="application/json").sha256 == sha256(b"{}")
    assert (world.archive.get(name), list(world.archive.names(name))) == (b"{}", [name])
    signed = world.signer.sign(hashlib.sha256(b"{}").digest())
    assert signed.key_id == world.settings.attestation_key_arn
    verifier(world.signer.public_key()).verify(signed.signature, b"{}", ECDSA(SHA256()))
    world.herald.tell("Payouts", "unexplained: 0.00")
