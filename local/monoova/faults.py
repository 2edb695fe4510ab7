"""Faults by rule and by seed. Which strikes is decided here; what it does is done where it strikes.

Rules are asked first, in the order in which they came; each is used up by its number of times. The
seed then strikes at its rate, and draws the same faults for the same calls in the same order.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from local.monoova.answers import Misfire
from local.monoova.fault_rules import (
    FLAWS,
    LOCK_OUT,
    TRANSPORT,
    WEBHOOK,
    Facts,
    Rule,
    kept_rule,
)
from local.monoova.forms import Form
from local.monoova.shapes import read_json, write_json
from local.monoova.store import Store
from local.monoova.switches import SwitchBoard

MILLION = 1_000_000


@dataclass(frozen=True)
class Dice:
    """Faults by seed: at a rate in millionths, out of these kinds, perhaps on webhooks alone."""

    seed: int
    rate: int
    kinds: tuple[str, ...]
    on: str = "any"

    def shown(self) -> dict[str, object]:
        """As our endpoints write it."""
        rate = Decimal(self.rate) / MILLION
        return {"on": self.on, "seed": self.seed, "rate": rate, "faults": list(self.kinds)}

    def possible(self, place: str, kinds: Collection[str]) -> list[str]:
        """What it may do there, in a fixed order."""
        webhook = place == "webhook"
        here = self.on == "any" or webhook == (self.on == "webhook")
        return sorted(kind for kind in self.kinds if kind in kinds) if here else []

    def draw(self, number: int, possible: list[str]) -> str | None:
        """The fault that strikes draw `number`, if one does."""
        chance = random.Random(f"{self.seed} {number}")  # noqa: S311 - has to be repeatable
        strikes = chance.randrange(MILLION) < self.rate
        return chance.choice(possible) if strikes else None


class Faults:
    """All faults that are waiting to strike."""

    def __init__(self, store: Store, switches: SwitchBoard) -> None:
        self._store = store
        self._switches = switches
        self._rules: dict[int, tuple[Rule, int | None]] = {}
        self._dice: Dice | None = None
        self.load()

    @property
    def are_waiting(self) -> bool:
        """Whether anything can strike at all."""
        return bool(self._rules) or self._dice is not None

    def load(self) -> None:
        """Reads what the store has, as after a restart."""
        with self._store.writing():
            rows = self._store.rows("SELECT * FROM faults ORDER BY id")
            self._rules = {
                row["id"]: (kept_rule(read_json(str(row["rule"]).encode())), row["remaining"])
                for row in rows
            }
            kept = self._store.fact("dice")
            shown = read_json(kept.encode()) if kept else None
            self._dice = read_dice(Form(shown)) if isinstance(shown, dict) else None

    def add(self, rule: Rule) -> int:
        """Lets a rule wait, and gives back its number."""
        with self._store.writing():
            number = self._store.run(
                "INSERT INTO faults (rule, remaining) VALUES (?, ?)",
                write_json(rule.shown()),
                rule.times,
            )
            self._rules[number] = (rule, rule.times)
            return number

    def roll(self, dice: Dice) -> None:
        """Lets the seed strike."""
        with self._store.writing():
            self._store.remember("dice", write_json(dice.shown()))
            self._dice = dice

    def clear(self) -> None:
        """No more faults."""
        with self._store.writing():
            self._store.run("DELETE FROM faults")
            self._store.remember("dice", "null")
            self._rules.clear()
            self._dice = None

    def shown(self) -> dict[str, object]:
        """As our endpoints write them."""
        with self._store.writing():
            rules = [
                {"id": number} | rule.shown() | {"remaining": remaining}
                for number, (rule, remaining) in self._rules.items()
            ]
            return {"faults": rules, "random": self._dice.shown() if self._dice else None}

    def take(self, kinds: Collection[str], place: str, path: str, facts: Facts) -> Rule | None:
        """The first waiting rule of some kinds that strikes there; that is one of its times."""
        with self._store.writing():
            for number, (rule, remaining) in self._rules.items():
                if rule.fault in kinds and rule.strikes(place, path, facts):
                    self._use(number, rule, remaining)
                    return rule
        return None

    def on_call(self, place: str, path: str, facts: Facts) -> Rule | None:
        """What goes wrong with a call on the wire, or a lock-out."""
        if not self.are_waiting:
            return None
        kinds = TRANSPORT | {LOCK_OUT}
        return self.take(kinds, place, path, facts) or self._rolled(
            place, facts, TRANSPORT - {"late"}
        )

    def on_notification(self, facts: Facts) -> Rule | None:
        """What goes wrong with a notification."""
        if not self.are_waiting:
            return None
        return self.take(WEBHOOK, "webhook", "", facts) or self._rolled("webhook", facts, WEBHOOK)

    def misfire(self, rule: Rule) -> Misfire:
        """What a rule does to the answer."""
        seconds = self._switches.now.timeout_seconds if rule.seconds is None else rule.seconds
        kind = rule.fault.removesuffix("_before").removesuffix("_after")
        return Misfire(kind, rule.status or 500, seconds)

    def _use(self, number: int, rule: Rule, remaining: int | None) -> None:
        if remaining is None:
            return
        if remaining > 1:
            self._rules[number] = (rule, remaining - 1)
            self._store.run("UPDATE faults SET remaining = ? WHERE id = ?", remaining - 1, number)
        else:
            del self._rules[number]
            self._store.run("DELETE FROM faults WHERE id = ?", number)

    def _rolled(self, place: str, facts: Facts, kinds: Collection[str]) -> Rule | None:
        with self._store.writing():
            # A place that it never strikes uses no draw up.
            possible = self._dice.possible(place, kinds) if self._dice else []
            if self._dice is None or not possible:
                return None
            fault = self._dice.draw(self._store.next_number("draw", 1), possible)
        return Rule(on=place, fault=fault, match=facts) if fault else None


def read_dice(form: Form) -> Dice:
    """The dice in a form: `seed`, `rate` from 0 to 1, perhaps where and which to draw from."""
    rate = form.get("rate")
    number = isinstance(rate, int | Decimal) and not isinstance(rate, bool)
    exact = Decimal(str(rate)) if number else Decimal(-1)
    if not 0 <= exact <= 1:
        form.wrong("rate", "must be a number from 0 to 1")
        exact = Decimal(0)
    on = form.text("on", among=("any", "calls", "webhook")) or "any"
    kinds_of = {"any": TRANSPORT | WEBHOOK, "calls": TRANSPORT, "webhook": WEBHOOK}
    every = sorted(kinds_of[on])
    kinds = form.get("faults")
    usual = tuple(kind for kind in every if kind not in FLAWS)
    chosen = usual if kinds is None else tuple(kinds) if isinstance(kinds, list) else ()
    if not chosen or any(kind not in every for kind in chosen):
        form.wrong("faults", f"must be a list out of {', '.join(every)}")
    seed = form.whole("seed")
    return Dice(0 if seed is None else seed, int(exact * MILLION), chosen, on)
