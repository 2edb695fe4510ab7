"""One simulator: its parts, put together around one store.

Several may live in one process; they share nothing.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from local.monoova.books import Books
from local.monoova.clock import MICROSECOND, VirtualClock
from local.monoova.debits import Debits
from local.monoova.delivery import Delivery, Worker
from local.monoova.endings import Endings
from local.monoova.faults import Faults
from local.monoova.identity import Identity, identify
from local.monoova.notifications import Notifications
from local.monoova.payments import Payments
from local.monoova.receipts import Receipts
from local.monoova.reports import Reports
from local.monoova.signin import SignIn
from local.monoova.signing import Signer
from local.monoova.store import Store
from local.monoova.subscriptions import Subscriptions
from local.monoova.switches import SwitchBoard, Switches
from local.monoova.tampering import Tampering
from local.monoova.tools import Tools
from local.monoova.verification import Verification


@dataclass(frozen=True)
class Options:
    """How a simulator begins. What a state folder has wins over all but the API key.

    opening: cents in the account at the very beginning.
    """

    state: Path | None = None
    seed: int | None = None
    api_key: str | None = None
    opening: int = 0
    switches: Switches = field(default_factory=Switches)


class Simulator:
    """All parts, as attributes; `start` and `close` are its life."""

    def __init__(self, options: Options) -> None:
        self._opening = options.opening
        self.store = store = Store(options.state)
        self.identity: Identity = identify(store, seed=options.seed, api_key=options.api_key)
        self.clock = clock = VirtualClock(int(store.fact("clock_offset") or 0) * MICROSECOND)
        self.switches = switches = SwitchBoard(store, options.switches)
        self.signer = Signer(store, clock)
        self.sign_in = SignIn(store, clock, self.identity.api_key)
        self.books = books = Books(store, self.identity.first_transaction)
        self.faults = Faults(store, switches)
        self.subscriptions = Subscriptions(store, clock)
        self.notifications = Notifications(store, clock, switches, self.faults, self.subscriptions)
        self.endings = Endings(store, clock, switches, books, self.notifications)
        self.tampering = Tampering(store, clock, books, self.faults)
        self.payments = Payments(
            store, clock, switches, books, self.endings, self.faults, self.tampering,
            self.identity.account_number,
        )  # fmt: skip
        self.receipts = Receipts(store, clock, books, self.notifications, self.identity)
        self.debits = Debits(store, clock, books, self.notifications, self.receipts)
        self.reports = Reports(clock, switches, books, self.identity)
        self.tools = Tools(clock, self.signer)
        self.verification = Verification(store, clock, books)
        self.delivery = Delivery(self.notifications, self.subscriptions, self.signer)
        self.worker = Worker(clock, self.endings, self.notifications, self.delivery)
        self._open()

    def start(self) -> None:
        """Begins to work in the background."""
        self.worker.start()

    def advance(self, by: timedelta) -> None:
        """Moves virtual time forward, and keeps how far.

        Raises:
            ValueError: it would run backwards.
        """
        with self.store.writing():
            offset = self.clock.advance(by)
            self.store.remember("clock_offset", str(offset // MICROSECOND))
        self.worker.wake()

    def reset(self) -> None:
        """As at the very beginning; who it is and its signing key stay."""
        with self.store.writing():
            self.store.wipe()
            self.clock.reset()
            self.store.remember("clock_offset", "0")
            self.store.remember("opened", "")
            self.sign_in.reset()
            self.switches.reset()
            self.faults.clear()
            self._open()

    def close(self) -> None:
        """Ends the background work, then closes the store."""
        self.worker.stop()
        self.delivery.close()
        self.store.close()

    def _open(self) -> None:
        with self.store.writing():
            if not self.store.fact("opened"):
                self.receipts.open_with(self._opening)
                self.store.remember("opened", "yes")
