"""What the exhaustive runs run: a past in which all went well, and a deed that is cut anywhere.

Each deed is done again once where its door told whoever asked that it did not happen: as people,
the provider and the queue do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from tests.simulation import bodies
from tests.simulation.acquirer import Acquirer
from tests.simulation.business import Business
from tests.simulation.code import present
from tests.simulation.coming_in import check_what_came_in
from tests.simulation.ending import end_well
from tests.simulation.faults import Fault, PlannedFate
from tests.simulation.monoova import REPEATS, Habits
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.brakes import Brakes

KEY = "idempotency-key-0000"
OWN = derived_id("payout", KEY)
QUARANTINE = 31 * MINUTE
Deed = Callable[["Stage"], None]


@dataclass(frozen=True)
class Scene:
    """`before` goes well; `deed` does not. `does` is the call that it is about.

    Where every pair of faults would be too many for each commit, `in_pairs` is not set.
    """

    does: str
    deed: Deed
    before: Deed = lambda _stage: None
    in_pairs: bool = True


class Stage:
    """A business with one customer, who has money, and a payout to come."""

    def __init__(self, plan: dict[int, Fault], habits: Habits = REPEATS, way: float = 0.0) -> None:
        self.fate = PlannedFate(calm=True, way=way)
        self._plan = plan
        self.business = Business(
            self.fate, habits, [present()], began=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
            skewed=False,
        )  # fmt: skip
        self.business.provider.settles_after = 3.0
        # Who sends settlements, in the scenes about them.
        self.acquirer: Acquirer | None = None
        # Who holds pauses and holds to their promise; and what must be true in the end.
        self.brakes: Brakes | None = None
        self.checks: list[Callable[[], None]] = []
        self.invoke("api", methodcaller("register", "customer-0"))
        self.business.post.send(*bodies.receipt("N1", 40_000, "", self.business.began))
        self.run(1)
        self.invoke("api", methodcaller("credit", "customer-0", 20_000, key="first-credit-key"))

    def invoke(self, function: str, deed: Callable[[Any], Any]) -> tuple[str, Any]:
        """Call our code and wait for what it says."""
        heard: list[tuple[str, Any]] = []
        self.business.invoke(function, "deed", deed, lambda *told: heard.append(told))
        while not heard:
            # Only as far as the next thing that happens: others are as quick.
            upcoming = self.business.timeline.next_at()
            assert upcoming is not None
            self.business.timeline.run(upcoming)
        return heard[0]

    def twice(self, function: str, deed: Callable[[Any], Any]) -> None:
        """Call our code, and again where it did not say that it was done."""
        if self.invoke(function, deed)[0] != "returned":
            self.run(1)
            self.invoke(function, deed)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.business.timeline.run(self.business.timeline.now + seconds)

    def end(self) -> None:
        """Let everything come to its end.

        Raises:
            Broken: an invariant does not hold.
        """
        self.fate.calm = True
        end_well(self.business)
        if self.acquirer is not None:
            check_what_came_in(self.business, self.acquirer)
        for check in self.checks:
            check()

    def expects(self) -> Acquirer:
        """From here on receipts are somebody's business."""
        self.business.settles = True
        self.acquirer = Acquirer(self.business, self.fate.chance)
        self.acquirer.received["N1"] = 40_000
        return self.acquirer

    def act(self, deed: Deed) -> None:
        """From here on what is planned happens."""
        self.business.post.hold = False
        self.fate.calm = False
        self.fate.plan = self._plan
        deed(self)
        self.fate.calm = True

    def meanwhile(self, *faults: Fault) -> None:
        """Have the next requests to pay meet these, in a past that otherwise goes well."""
        self.fate.calm = False
        calls = iter(faults)
        self.fate.pays = lambda: next(calls, Fault.NONE)

    def quietly(self) -> None:
        """All goes well again."""
        self.fate.calm = True
        self.fate.pays = None
        self.fate.asked.clear()


def asked_for(rail: str = "") -> Callable[[Any], Any]:
    """The request for the payout of all scenes, to be made in an environment."""
    return methodcaller(
        "pay", key=KEY, by="olive", customer_id="customer-0", cents=5_000,
        method="BankAccount", rail=rail,
    )  # fmt: skip


def asks(stage: Stage) -> None:
    """Somebody asks for the payout."""
    stage.twice("api", asked_for())


def _asks_directly(stage: Stage) -> None:
    stage.twice("api", asked_for("DirectEntry"))


def polls(stage: Stage) -> None:
    """The poller comes round."""
    stage.invoke("poll", methodcaller("poll"))


def cancels(stage: Stage) -> None:
    stage.twice("api", methodcaller("cancel", OWN, by="olive"))


def _proposes(verdict: str) -> Deed:
    return lambda stage: stage.twice("api", methodcaller("propose", OWN, verdict, by="paul"))


def _agrees(verdict: str) -> Deed:
    return lambda stage: stage.twice("api", methodcaller("agree", OWN, verdict, by="anna"))


def waits(seconds: float) -> Deed:
    """Time passes."""
    return lambda stage: stage.run(seconds)


def _met(*faults: Fault) -> Deed:
    """A payout was asked for, and its request to pay met these."""

    def before(stage: Stage) -> None:
        stage.meanwhile(*faults)
        stage.invoke("api", asked_for())
        stage.quietly()

    return before


def hears_nothing(stage: Stage) -> None:
    """The provider's webhooks are late."""
    stage.business.post.hold = True


def one_after_the_other(*deeds: Deed) -> Deed:
    """Several deeds as one."""

    def deed(stage: Stage) -> None:
        for each in deeds:
            each(stage)

    return deed


def is_told(stage: Stage) -> None:
    """The provider's webhook, delivered until it is acknowledged; then what lies in the queue."""
    stage.run(2 * HOUR)


def _dead_letter(stage: Stage) -> None:
    """A webhook that could not be applied lies in the queue."""
    asks(stage)
    hears_nothing(stage)
    stage.run(2 * MINUTE)
    event, raw = stage.business.post.take()
    stage.fate.calm = False
    stage.fate.throttles = True
    stage.invoke(
        "webhook",
        methodcaller(
            "receive", raw, event=event, webhook_id="1", token="Bearer fake-webhook-token"
        ),
    )
    stage.fate.throttles = False
    stage.quietly()
    assert stage.business.queued == 1


_IN_DOUBT = one_after_the_other(_met(Fault.LOSE_REQUEST), waits(2 * MINUTE), polls)
OF_PAYOUTS: dict[str, Scene] = {

    "a payout": Scene("monoova.execute", asks),
    "a payout and its webhook": Scene(
        "store.transact_write_items", one_after_the_other(asks, is_told)
    ),
    "a webhook": Scene("store.transact_write_items", is_told, asks),
    "a redrive": Scene("store.transact_write_items", waits(HOUR), _dead_letter),
    "a poll that sends": Scene(
        "monoova.execute", polls,
        one_after_the_other(_met(*[Fault.NOT_CONNECTED] * 4), waits(2 * MINUTE)),
    ),
    "a poll that finds": Scene(
        "monoova.statement", polls,
        one_after_the_other(hears_nothing, _met(Fault.LOSE_REPLY), waits(2 * MINUTE)),
    ),
    "a poll that does not find": Scene(
        "monoova.entries", polls,
        one_after_the_other(_met(Fault.LOSE_REQUEST), waits(2 * MINUTE)),
    ),
    "a poll that sends again": Scene(
        "monoova.execute", polls, one_after_the_other(_IN_DOUBT, waits(QUARANTINE))
    ),
    "a poll that closes a window": Scene(
        "monoova.entries", polls, one_after_the_other(_asks_directly, waits(9 * DAY))
    ),
    "a cancellation": Scene(
        "store.transact_write_items", cancels,
        one_after_the_other(_met(*[Fault.NOT_CONNECTED] * 4), waits(2 * MINUTE)),
    ),
    "a death": Scene(
        "monoova.status", one_after_the_other(_proposes("dead"), _agrees("dead")),
        one_after_the_other(_IN_DOUBT, waits(QUARANTINE)),
    ),
    "a new reference": Scene(
        "monoova.status",
        one_after_the_other(_proposes("new_reference"), _agrees("new_reference")),
        one_after_the_other(_IN_DOUBT, waits(QUARANTINE)),
    ),
}  # fmt: skip
