"""Whether everything that the service needs answers: each thing is asked for once, lightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from chalicelib.api.shapes import Shape
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import Fault, PayoutError, SignInRefused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.ports import Courier, DeadLetters, Gate, Vault

# Seconds that the provider has for answering.
LONGEST = 5


class HealthView(Shape):
    """It answers."""

    status: Literal["ok"]


class DeepHealthView(HealthView):
    """It answers, and so does everything that it needs.

    `off` is what nobody has set up: without it something else is not done.
    """

    checks: dict[str, Literal["ok", "off"]]


class Unhealthy(Unavailable):
    """Something that the service needs does not answer; `faults` names it."""

    code = "unhealthy"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Something that the service needs does not answer.")
        self.faults = tuple(faults)


class _GivenUp(Exception):
    """Messages failed so often that the queue put them aside, where nobody hears them."""


class Pings(Protocol):
    """What can ask the provider whether it answers, and knows us."""

    def ping(self, *, within: float) -> object:
        """Ask, in so many seconds; raises where it does not answer."""
        ...


def checked(
    gate: Gate,
    vault: Vault,
    provider: Pings,
    dead_letters: DeadLetters,
    courier: Courier,
    *,
    within: float,
) -> DeepHealthView:
    """Ask the store, the key service, the provider and the queue; all of them answered.

    The courier is not asked, for he would send something; only whether he reaches anybody.

    Raises:
        Unhealthy: those that did not, by the code or the type of what they raised.
    """
    checks: Mapping[str, Callable[[], object]] = {
        "store": gate.closed,
        "key": lambda: _seal_something(vault),
        "queue": lambda: _look_at(dead_letters),
        "provider": lambda: _ask(provider, gate, within=min(LONGEST, within)),
    }
    faults = [fault for name, check in checks.items() if (fault := _failure(name, check))]
    if faults:
        raise Unhealthy(faults)
    told = DeepHealthView(status="ok", checks=dict.fromkeys(checks, "ok"))
    told.checks["mail"] = "ok" if courier.reaches_people else "off"
    return told


def _ask(provider: Pings, gate: Gate, *, within: float) -> None:
    """Ask the provider, unless it refused our key: each refusal more brings the lock-out nearer."""
    if gate.closed():
        raise SignInRefused("The provider refused our key; no call goes out.")
    provider.ping(within=within)


def _look_at(dead_letters: DeadLetters) -> None:
    """Ask the queue, and whether it has given any message up: a person has to look at those."""
    dead_letters.check()
    if dead_letters.given_up():
        raise _GivenUp("has given up messages, which wait in the queue of last resort")


def _seal_something(vault: Vault) -> None:
    """Use the key, on nobody's account."""
    account = BankAccount.parse("000-000", "0", "Health Check")
    vault.seal(account, customer_id="health", destination_id="health")


def _failure(name: str, check: Callable[[], object]) -> Fault | None:
    try:
        check()
    except _GivenUp as given_up:
        return Fault(name, "messages_given_up", str(given_up))
    except PayoutError as error:
        return Fault(name, error.code, "does not answer")
    except Exception as error:  # noqa: BLE001 (whatever is wrong with it, it is not well)
        return Fault(name, "failed", f"failed with {type(error).__name__}")
    return None
