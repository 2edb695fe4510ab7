"""The simulated world: one store, one provider, one queue, and warm environments of our code.

Starts invocations and brings them what comes from outside: webhooks until they are acknowledged,
queued messages until they are done with. Who does what, and when, is `people.py`'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.fakes.dynamo_template import simulated_tables
from tests.simulation.books import FORGOTTEN, Books, Broken
from tests.simulation.connected import TOKEN
from tests.simulation.environment import Environment
from tests.simulation.faults import Kind
from tests.simulation.lasting import Lasting
from tests.simulation.monoova import API_KEY, Habits, SimulatedMonoova
from tests.simulation.post import Post
from tests.simulation.standing import Standing
from tests.simulation.story import Silence, Story
from tests.simulation.timeline import Invocation, Timeline
from tests.simulation.verdicts import cannot_read, is_refusal, shown
from tests.simulation.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.bank_book import BankBook
    from tests.simulation.bodies import Execution
    from tests.simulation.code import Code
    from tests.simulation.connected import Connected
    from tests.simulation.faults import Fate, Fault

# Lambda's own time-outs, in seconds, and how many environments are warm.
FUNCTIONS = {
    "api": (30.0, 3), "webhook": (10.0, 2), "reprocess": (60.0, 1), "poll": (60.0, 2),
    "wake": (60.0, 2), "night": (900.0, 2), "keep": (900.0, 2),
}  # fmt: skip
# Seconds after which a message that was not done with is seen again.
VISIBILITY = 360.0
# Seconds that a request may be under way: the quarantine less twice the clocks' skew, and a bit.
WITHIN_QUARANTINE = 9 * 60.0
LATEST_WRITE = 240.0

Ended = Any


class Business:
    """Everything of one week."""

    def __init__(
        self,
        fate: Fate,
        habits: Habits,
        codes: Sequence[Code],
        *,
        began: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        longest_flight: float = WITHIN_QUARANTINE,
        skewed: bool = True,
        witnessed: bool = True,
        story: Callable[[str], None] | None = None,
    ) -> None:
        self.fate = fate
        self.began = began
        self.timeline = Timeline()
        self.story = Story(self.timeline, story) if story else Silence()
        self.longest_flight = longest_flight
        self.skewed = skewed
        self.store, tables = simulated_tables(monotonic=lambda: self.timeline.now)
        self.tables = asdict(tables)
        self.lasting = Lasting()
        self.books = Books(self.tables, self.break_with, self.story)
        self.store.observer = self.books.committed
        self.secrets = {
            "api-key": _secret(API_KEY),
            "webhook-token": '{"current":"' + TOKEN + '"}',
        }
        self._ids = count(1)
        self.post = Post(self.timeline, began, fate, self.story, self._ids, self._deliver)
        self.provider = SimulatedMonoova(
            self.timeline, began, habits, fate.chance, self.post.send, self._check_execution,
            post=self.post,
        )  # fmt: skip
        if witnessed:
            witness = Witness(
                self.timeline, self.executions_of, self.is_at_odds,
                min(habits.status_lag, habits.entries_lag),
            )  # fmt: skip
            self.books.stepped.append(witness.hear)
        self.provider.broken_word.has_turned = self._has_turned
        self.standing = Standing(self)
        self.books.watchers.append(self.standing.changed)
        self.books.stepped.append(self.standing.hear)
        self.told: Counter[str] = Counter()
        # Told of each request to pay that begins, by its reference.
        self.callers: list[Callable[[str], None]] = []
        # What befalls a request to the provider, where that is not left to fate.
        self.weather: Callable[[Any], Fault | None] = lambda _call: None
        # Whose write it is that the books are told of, and in which call of our code.
        self.writer: Connected | None = None
        self.run: Invocation | None = None
        # What the bank has paid, where there is one; what is done once the faults have stopped.
        self.bank_book: BankBook | None = None
        self.finishing: list[Callable[[], None]] = []
        # Digests of the webhooks that we said we had.
        self.acknowledged: set[str] = set()
        # Digests of webhooks that nobody can apply, ever.
        self.poison: set[str] = set()
        # Whether our code has a defect by which it can read no webhook; and the money that has to
        # stay at the provider.
        self.cannot_read = False
        self.reserve = 0
        self.approvals = False  # whether other people have to agree to what is large
        # Whether receipts are anybody's business, so that they have to be matched soon.
        self.settles = False
        # The most that a payout of a schedule may be, in cents.
        self.most_cents = 10_000_00
        self.queued = 0
        self.codes = codes
        # Whether the version before runs beside ours.
        self.beside = len(codes) > 1
        self.books.forgets = FORGOTTEN if self.beside else set()
        self._pools: dict[str, list[Environment]] = {name: [] for name in FUNCTIONS}
        self._born = count(1)

    # Our code.

    def invoke(
        self, function: str, name: str, deed: Callable[[Environment], Any], ended: Ended = None
    ) -> None:
        """Call our code in an idle environment of a function."""
        environment = self._environment(function)
        environment.busy = True

        def over(told: str, value: Any) -> None:
            environment.busy = False
            if told == "killed":
                self._pools[function].remove(environment)
            if told == "raised" and cannot_read(environment, value):
                told, value = "killed", None  # nobody has an answer, and nothing has happened
                self.told["left alone by the version before"] += 1
            self._judge(name, told, value)
            self.story.tell(environment.name, f"{name}: {told}", by=shown(told, value))
            if ended is not None:
                ended(told, value)

        self.story.tell(environment.name, f"{name}: begins")
        invocation = Invocation(
            self.timeline, name, lambda: deed(environment), seconds=FUNCTIONS[function][0],
            ended=over,
        )  # fmt: skip
        environment.invocation = invocation
        invocation.start()

    def executions_of(self, life: str) -> list[Execution]:
        """What the provider and the bank have paid of a payout."""
        return self.provider.of(life) + (self.bank_book.of(life) if self.bank_book else [])

    def sworn(self, life: str) -> bool:
        """Whether people have sworn that the bank would not pay what it pays."""
        return self.bank_book is not None and self.bank_book.sworn(life)

    def is_at_odds(self, life: str) -> bool:
        """Whether the provider or people have said of a payout what is not so."""
        return self.provider.broken_word.broken_for(life) or self.sworn(life)

    def deploy(self, codes: Sequence[Code]) -> None:
        """From now on new environments are of these versions; idle old ones go."""
        self.codes = codes
        for pool in self._pools.values():
            pool[:] = [each for each in pool if each.busy or each.code in codes]

    def straighten(self) -> None:
        """Set all clocks right."""
        self.skewed = False
        for pool in self._pools.values():
            for environment in pool:
                environment.skew = 0.0

    def new_id(self) -> str:
        """A name that nobody else has."""
        return f"00000000-0000-4000-8000-{next(self._ids):012d}"

    def flight(self, kind: Kind) -> float:
        """Seconds that a late request is under way beyond our time-out."""
        return self.fate.flight(self.longest_flight if kind is Kind.PAY else LATEST_WRITE)

    # From outside.

    def receive(
        self, event: str, raw: bytes, *, number: int, token: str = TOKEN, ended: Ended = None
    ) -> None:
        """Deliver a webhook once; `number` is the provider's of it."""
        webhook_id = str(number)
        deed = methodcaller("receive", raw, event=event, webhook_id=webhook_id, token=token)

        def over(told: str, value: Any) -> None:
            if told == "returned":
                self.acknowledged.add(digest_of(raw))
            if ended is not None:
                ended(told, value)

        self.invoke("webhook", f"webhook {event}", deed, over)

    def _deliver(self, event: str, raw: bytes, number: int, ended: Ended) -> None:
        self.receive(event, raw, number=number, ended=ended)

    def queue_up(self, body: str, delay: int) -> None:
        """A message is in the queue."""
        self.queued += 1
        self.timeline.after(delay + 0.5, lambda: self._redrive(body))

    @property
    def forgotten(self) -> set[str]:
        """Webhooks that we said we had, and that neither the notices nor a person's list hold."""
        return self.acknowledged - self.books.tills.kept

    @property
    def missing(self) -> list[int]:
        """Webhooks that the provider sent, and that we do not have."""
        undelivered, kept = self.post.undelivered, self.books.tills.kept
        return [number for number, (_, raw) in undelivered.items() if digest_of(raw) not in kept]

    def rekey(self, key: str) -> None:
        """The provider knows another key now, and so does our secret."""
        self.provider.key = key
        self.secrets["api-key"] = _secret(key)

    def _redrive(self, body: str) -> None:
        def ended(told: str, _value: Any) -> None:
            if told != "returned":
                self.timeline.after(VISIBILITY, lambda: self._redrive(body))
                return
            self.queued -= 1
            if not self.fate.calm and self.fate.chance.random() < 0.05:
                self.queued += 1
                self.timeline.after(VISIBILITY, lambda: self._redrive(body))

        self.invoke("reprocess", "redrive", lambda env: env.reprocess(body), ended)

    # What must be true.

    def _check_execution(self, execution: Execution) -> None:
        self.story.tell("monoova", f"EXECUTES {execution.reference[-14:]}", cents=execution.cents)
        life = self.books.lives.get(execution.life)
        if life is None:
            self.break_with(Broken(f"{execution.reference} was executed, and nobody asked for it"))
        elif "archives" in life.row:
            self.break_with(Broken(f"{execution.reference} was executed, and is archived"))
        elif life.cents != execution.cents:
            self.break_with(Broken(f"{execution.reference} was executed with another amount"))
        elif len(self.provider.of(execution.life)) > 1 and self._twice_by_its_own_word(execution):
            self.told["executed twice against the provider's own word"] += 1
        elif len(self.provider.of(execution.life)) > 1:
            self.told["executed more than once"] += 1
            self.break_with(Broken(f"{execution.life} was executed more than once"))
        elif self.bank_book:
            self.bank_book.check_once(execution)

    def _has_turned(self, life: str) -> bool:
        """Whether a payout goes by another rail after a refusal, not only around one."""
        row = self.books.lives[life].row
        return "turns" in row and int(row["attempt"]["N"]) > 1

    def _twice_by_its_own_word(self, execution: Execution) -> bool:
        """Whether no attempt was executed twice, and all but one after they had been refused."""
        references = [each.reference for each in self.provider.of(execution.life)]
        kept = set(references) - self.provider.broken_word.references
        return len(references) == len(set(references)) and len(kept) <= 1

    def break_with(self, broken: Broken) -> None:
        self.story.tell("BROKEN", str(broken))
        if self.timeline.broken is None:
            self.timeline.broken = broken

    def _judge(self, name: str, told: str, value: Any) -> None:
        """Whoever is called may refuse; nothing may fall over."""
        if told == "raised" and not is_refusal(value):
            self.break_with(Broken(f"{name} raised {type(value).__name__}: {value}"))
        self.told[f"calls {told}"] += 1
        if told == "raised":
            for fault in getattr(value, "faults", ()):
                self.told[f"refused {fault.code}"] += 1

    def _environment(self, function: str) -> Environment:
        pool, chance = self._pools[function], self.fate.chance
        idle = [each for each in pool if not each.busy]
        if idle and len(pool) >= FUNCTIONS[function][1]:
            return chance.choice(idle) if len(idle) > 1 else idle[0]
        code = chance.choice(self.codes) if len(self.codes) > 1 else self.codes[0]
        skew = chance.uniform(-600, 600) if self.skewed else 0.0
        environment = Environment(self, code, f"{function}{next(self._born)}", skew)
        pool.append(environment)
        return environment


def digest_of(raw: bytes) -> str:
    """What a webhook's content is known by."""
    return sha256(raw).hexdigest()[:32]


def _secret(key: str) -> str:
    return '{"apiKey":"' + key + '","environment":"Local","baseUrl":"http://127.0.0.1:9"}'
