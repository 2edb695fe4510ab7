"""How a call of our code ended, as the weeks see it: a refusal, a row left alone, a status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.simulation.code import present

if TYPE_CHECKING:
    from tests.simulation.environment import Environment


def is_refusal(error: Exception) -> bool:
    """By name, for each version of the code has classes of its own."""
    return any(kind.__name__ == "PayoutError" for kind in type(error).__mro__)


def cannot_read(environment: Environment, error: Exception) -> bool:
    """Whether the version before met what it must leave alone: a row of a kind that it misreads."""
    return environment.code is not present() and type(error).__name__ == "Corrupt"


def shown(told: str, value: Any) -> str:
    if told == "raised":
        return type(value).__name__
    payout = getattr(value, "payout", value)
    status = getattr(payout, "status", None)
    return str(status) if status is not None else type(value).__name__
