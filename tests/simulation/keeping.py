"""What is kept and what is forgotten: the sweeps into the archive, and in some weeks an erasure.

After the week comes what takes months elsewhere: payouts rest, their steps go from the table, a key
is used again, money comes back after all, somebody is forgotten, a backup brings them back.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import OPEN, Status
from tests.simulation.after_hours import ARCHIVE_AFTER
from tests.simulation.books import Broken
from tests.simulation.code import before
from tests.simulation.forgetting import Forgetting
from tests.simulation.names import all_texts
from tests.simulation.post import SYDNEY
from tests.simulation.proofs import check_proofs, readable
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.business import Business
    from tests.simulation.people import People

# How long the table keeps what an object holds, and a day for whoever deletes it.
GONE_AFTER = 8 * DAY
# Sweeps that may fail, and then those that may not.
ROUGH, CALM = 2, 4


class Keeping:
    """Sweeps every few hours while `at_work`; `erases` says whether somebody is forgotten."""

    name = "an archive"

    def __init__(self, business: Business, chance: Random, *, erases: bool) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        self._forgetting = Forgetting(business, chance) if erases else None
        self.at_work = True
        self.told: Counter[str] = Counter()

    def plan(self, span: float) -> None:
        """Lay out a week; the first sweep looks back no further than the business is old."""
        began = self._business.began.astimezone(SYDNEY).date() - timedelta(days=1)
        self._business.invoke("keep", "begin", methodcaller("begin_sweeping", began))
        moment = 0.0
        while moment < span:
            moment += self._chance.uniform(4, 12) * HOUR
            self._timeline.at(moment, self._tick)
        if self._forgetting:
            self._timeline.at(self._chance.uniform(HOUR, span), self._forgetting.ask)

    def go_home(self) -> None:
        """No more of it."""
        self.at_work = False

    def end_well(self, people: People) -> None:
        """Let everything rest, and hold what is kept against what it was.

        Raises:
            Broken: something is lost, or remembered, or changed.
        """
        self._rest()
        self._lose_steps()
        self._ask_again(people)
        self._send_back()
        if self._forgetting:
            self._forgetting.end_well(self._now)
            self.told += self._forgetting.told
        self._rest()
        check_proofs(self._business, complete=False)
        self._nobody_is_archived()
        rows = [life.row for life in self._business.books.lives.values()]
        self.told["payouts archived"] += sum("archives" in row for row in rows)
        self.told["payouts archived twice"] += sum(
            len(row.get("archives", {"L": ()})["L"]) > 1 for row in rows
        )

    def _tick(self) -> None:
        if not self.at_work:
            return
        deed, chance = methodcaller("keep"), self._chance
        self._business.invoke("keep", "keep", deed, self._kept)
        if chance.random() < 0.1:
            another = partial(self._business.invoke, "keep", "keep too", deed, self._kept)
            self._timeline.after(chance.choice([0.0, 0.01, 1.0]), another)

    def _kept(self, told: str, value: Any) -> None:
        self.told[f"ticks of keeping {told}"] += 1
        # The version before cannot read all rows, and counts those so.
        if told == "returned" and value["corrupt"] and not self._business.beside:
            self._business.break_with(Broken("what is kept is said to be damaged"))

    # When the week is over.

    def _now(self, name: str, deed: Any, function: str = "keep", hours: float = 1) -> Any:
        """Call our code, and let everything come of it: how it ended, and what it gave."""
        given: list[Any] = []
        self._business.invoke(function, name, deed, lambda *told: given.append(told))
        self._timeline.run(self._timeline.now + hours * HOUR)
        return given[0]

    def _rest(self) -> None:
        """After some days everything that has ended lies in the archive, whatever happens."""
        business, fate = self._business, self._business.fate
        self._timeline.run(self._timeline.now + (ARCHIVE_AFTER + 1) * DAY)
        fate.calm = False
        for _ in range(ROUGH):
            self._now("keep", methodcaller("keep"))
        fate.calm = True
        business.straighten()
        for _ in range(CALM):
            told, value = self._now("keep", methodcaller("keep"))
            if told != "returned" or value["corrupt"]:
                raise Broken(f"keep {told} {value!r}, and all is calm")
        for own, life in business.books.lives.items():
            rests = life.status not in OPEN and not life.waits and not self._passed_by(own)
            if rests and int(life.row.get("archived", {"N": "0"})["N"]) != life.version:
                raise Broken(f"{own} has rested for days, and is not archived")

    def _passed_by(self, own: str) -> bool:
        """Whether the version before may have gone by it: it cannot read it, or a step of it."""
        if not self._business.beside:
            return False
        theirs, books = before().payouts, self._business.books
        try:
            theirs.payout_from(theirs.from_item(books.lives[own].row))
            for step in books.steps[own]:
                theirs.recorded_from(theirs.from_item(step))
        except Exception as error:  # noqa: BLE001 (a class of theirs)
            return type(error).__name__ == "Corrupt"
        return False

    def _lose_steps(self) -> None:
        """The table lets go what it may."""
        business, timeline = self._business, self._timeline
        timeline.run(timeline.now + GONE_AFTER)
        now = business.began + timedelta(seconds=timeline.now)
        gone = business.store.let_go(business.tables["events"], now.timestamp())
        self.told["steps let go"] += len(gone)
        check_proofs(business, complete=False)

    def _ask_again(self, people: People) -> None:
        """A key used again, however late, is the same payout; and nothing is sent."""
        made = len(self._business.provider.executions)
        for wish in people.wishes:
            life = self._business.books.lives.get(wish.transaction_id)
            if life is None or "archives" not in life.row or life.row["created_by"]["S"] != wish.by:
                continue
            same = life.cents == wish.cents
            deed = partial(_pay, wish=wish, cents=life.cents)
            told, value = self._now("ask again", deed, "api", hours=0.1)
            self.told["archived keys used again"] += 1
            if told != "returned" or not value.replayed:
                raise Broken(f"{wish.key} is archived, and used again {told}: {value!r}")
            told, value = self._now(
                "ask for more", partial(_pay, wish=wish, cents=life.cents + 1), "api", hours=0.1
            )
            if told == "returned" or not same:
                raise Broken(f"{wish.key} is archived, and taken for another payout")
        if len(self._business.provider.executions) != made:
            raise Broken("what is archived was sent")

    def _send_back(self) -> None:
        """Money comes back long after its payout was archived."""
        business, provider = self._business, self._business.provider
        provider.tells_twice = False
        paid = [each for each in provider.executions if each.word == "Complete"]
        for each in self._chance.sample(paid, min(2, len(paid))):
            provider.send_back(each)
            self._timeline.run(self._timeline.now + 10 * MINUTE)
            self.told["archived payouts returned"] += 1
            life = business.books.lives[each.life]
            if life.status is not Status.RETURNED:
                raise Broken(f"{each.life} came back, and is {life.status}")

    def _nobody_is_archived(self) -> None:
        """Objects cannot be erased, so nothing may be in them that would have to be."""
        text = readable(self._business.lasting.objects)
        told = "".join(text for _, text in self._business.lasting.told)
        for each in all_texts():
            if each in text or each in told:
                raise Broken("the archive knows a name")


def _pay(environment: Any, *, wish: Any, cents: int) -> Any:
    return environment.pay(
        key=wish.key, by=wish.by, customer_id=wish.customer_id, cents=cents, method=wish.method,
        rail=wish.rail,
    )  # fmt: skip
