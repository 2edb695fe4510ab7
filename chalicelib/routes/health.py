"""How the service is: whether it answers, and whether what it needs does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import health
from chalicelib.api.operation import Call, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /health", Nothing, health.HealthView)
def healthy(_: Call[Nothing], __: World) -> Reply:
    """Say that it answers; it asks nobody else."""
    return Reply(health.HealthView(status="ok"))


@door("GET /health/deep", Nothing, health.DeepHealthView)
def healthy_throughout(call: Call[Nothing], w: World) -> Reply:
    """Say whether everything that it needs answers, too."""
    within = call.time_left()
    return Reply(
        health.checked(w.gate, w.vault, w.provider, w.dead_letters, w.courier, within=within)
    )
