"""The whole app over the simulator: its own wiring, a real door for webhooks, a store in memory.

Nothing of it is a fake but AWS: the table of control, the journal, the secrets, the queue.
"""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

from chalicelib.adapters.clock import FollowingClock, offset_at
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.calendar import sydney_date
from chalicelib.ports import NoticeFilter
from chalicelib.settings import Settings
from chalicelib.usecases.repair import repair
from chalicelib.usecases.reprocess import reprocess
from chalicelib.wiring import World
from tests.adapters.samples import FakeSecretsManager
from tests.api.client import Api
from tests.fakes.archive import MemoryArchive
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.queue import FakeDeadLetters
from tests.fakes.signer import FakeHerald, FakeSigner
from tests.fakes.vault import FakeVault
from tests.free_policy import FREE_POLICY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from chalicelib import ports
    from tests.local.monoova_bench import Bench

TOKEN = "Bearer fake-token-of-the-webhooks"
_HERE = "ap-southeast-2:000000000000"
_SECRET = f"arn:aws:secretsmanager:{_HERE}:secret:monoova/"
ENVIRONMENT = {
    "STAGE": "local",
    "MONOOVA_API_SECRET_ARN": f"{_SECRET}api-key",
    "MONOOVA_WEBHOOK_SECRET_ARN": f"{_SECRET}webhook",
    "CURSOR_SECRET_ARN": f"{_SECRET}cursor",
    "DYNAMODB_TABLE_TRANSACTIONS": "TransactionsTable",
    "DYNAMODB_TABLE_CUSTOMERS": "CustomersTable",
    "DYNAMODB_TABLE_EVENTS": "EventsTable",
    "DYNAMODB_TABLE_CONTROL": "ControlTable",
    "DLQ_URL": "http://127.0.0.1:9/000000000000/dead-letters",
    "KMS_KEY_ARN": f"arn:aws:kms:{_HERE}:key/00000000-0000-4000-8000-000000000000",
    "ARCHIVE_BUCKET": "archive-of-nowhere",
    "ATTESTATION_KEY_ARN": f"arn:aws:kms:{_HERE}:key/00000000-0000-4000-8000-000000000001",
    "COGNITO_USER_POOL_ID": "ap-southeast-2_fake",
    "COGNITO_USER_POOL_ARN": f"arn:aws:cognito-idp:{_HERE}:userpool/ap-southeast-2_fake",
    "COGNITO_CLIENT_ID": "fake-client-id",
    "COGNITO_ISSUER": "https://cognito.example.com/pool",
    "DEFAULT_POLICY": FREE_POLICY,
}


class TownWorld(World):
    """The app's wiring, but for what is AWS. `down` has the store not answer."""

    def __init__(self, settings: Settings, secrets: FakeSecretsManager, dynamo: Any) -> None:
        super().__init__(settings)
        self.manager = secrets
        self.dynamo = dynamo
        self.queue = FakeDeadLetters()

    @cached_property
    def _session(self) -> Session:
        return Session(self.dynamo, within=0.2)

    @cached_property
    def _secrets(self) -> Secrets:
        return Secrets(cast(Any, self.manager))

    @cached_property
    def clock(self) -> ports.Clock:
        """The simulator's, asked each time."""
        turns = itertools.count()
        asked = offset_at(self.settings.clock_url or "")
        return FollowingClock(asked, monotonic=lambda: float(next(turns)))

    @cached_property
    def vault(self) -> ports.Vault:
        """Destinations."""
        return FakeVault()

    @cached_property
    def archive(self) -> ports.Archive:
        """What stays."""
        return MemoryArchive()

    @cached_property
    def signer(self) -> ports.Signer:
        """Signatures."""
        return FakeSigner()

    @cached_property
    def herald(self) -> ports.Herald:
        """Nobody but the test is told."""
        return FakeHerald()

    @cached_property
    def dead_letters(self) -> ports.DeadLetters:
        """The queue."""
        return self.queue


class Town:
    """A simulator, our app, and the door between them. `deaf` has it answer so, and do nothing."""

    def __init__(self, bench: Bench, url: str) -> None:
        self.bench = bench
        self.control = bench.control
        self.url = url
        api = {"apiKey": bench.running.api_key, "environment": "Local", "baseUrl": bench.url}
        self.secrets = FakeSecretsManager(
            api_key=api, webhook={"current": TOKEN, "previous": None}, cursor={"key": "fake-" * 8}
        )
        self.dynamo, self.tables = simulated_tables()
        self.deaf = 0
        self.guard = threading.Lock()
        self.world = self.process()
        self.api = Api(cast(Any, self.world))

    def process(self) -> TownWorld:
        """Another process of the app, on the same store and secrets."""
        settings = Settings.read(
            ENVIRONMENT
            | {"CLOCK_URL": f"{self.bench.url}/_simulator/clock", "WEBHOOK_URL": self.url,
               "MONOOVA_MACCOUNT_TOKEN": self.bench.account}
        )  # fmt: skip
        return TownWorld(settings, self.secrets, self.dynamo)

    def take(self, path: str, raw: bytes, headers: dict[str, str]) -> int:
        """What our door answers to a webhook."""
        if self.deaf:
            return self.deaf
        with self.guard:
            return self.api.post(path, raw=raw, headers=headers, role="", context={}).status

    def apply(self, *delete: str) -> Any:
        """What an admin gets who applies the subscriptions."""
        with self.guard:
            return self.api.post("/provider/subscriptions/apply", {"delete": list(delete)})

    def look(self) -> Any:
        """What an admin gets who looks at them."""
        with self.guard:
            return self.api.get("/provider/subscriptions")

    def repair(self, world: TownWorld | None = None) -> Counter[str]:
        """The poller comes by."""
        w = world or self.world
        return repair(
            base=w.settings.webhook_url or "", bulletins=w.subscriptions, repairs=w.repairs,
            findings=w.findings, gate=w.gate, clock=w.clock, time_left=lambda: 60.0,
        )  # fmt: skip

    def wait(self, minutes: int = 10) -> None:
        """Let time pass; what is due is told before it is over."""
        self.control.advance(minutes * 60)

    def redrive(self) -> None:
        """Hear every dead letter again."""
        w = self.world
        while w.queue.queued:
            reprocess(
                w.queue.take(), most=8, inbox=w.inbox, payouts=w.payouts, treasury=w.treasury,
                notices=w.notices, findings=w.findings, parked=w.parked,
                dead_letters=w.dead_letters, clock=w.clock,
            )  # fmt: skip

    def receive(self, amount: str = "10.00", **more: Any) -> str:
        """Money arrives; the webhook's id."""
        return str(self.control.receive(amount, **more).webhook_id)

    @property
    def received(self) -> int:
        """Cents that our own books say have come in."""
        return self.world.treasury.funds().received.cents

    @property
    def notices(self) -> int:
        """How many notices of today are kept."""
        wanted = NoticeFilter(day=sydney_date(self.world.clock.now()))
        return len(self.world.notices.page(wanted, limit=1000, position=None).items)


@contextmanager
def town_of(bench: Bench) -> Iterator[Town]:
    """A town around a simulator; every event is subscribed."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(town.take(self.path, raw, dict(self.headers)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (Python's)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    town = Town(bench, f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
