"""Who makes files for the bank in a week, takes them there, and tells what came of them.

Truthful, and that is assumed of them, too: they give up what the bank does not have, and from then
on nobody takes it there. But for weeks in which they swear what they do not know: then a file may
be given up that the bank pays, and in the end there is always word of it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import OPEN, Status
from tests.simulation.bank import SimulatedBank
from tests.simulation.bank_book import BankBook, filed_of, is_doubted, stage_of
from tests.simulation.books import Broken
from tests.simulation.ending import equals_the_truth
from tests.simulation.exporters import ADMINS, LATERS, UNFINISHED, Exporters
from tests.simulation.post import SYDNEY
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.simulation.bank import Credit
    from tests.simulation.business import Business
    from tests.simulation.people import People

WHY = "The bank does not have it, and never will."


class Clerks:
    """`swears` says whether they give up what they know nothing of."""

    name = "files for the bank"

    def __init__(self, business: Business, people: People, chance: Random, *, swears: bool) -> None:
        self._business, self._chance = business, chance
        self._timeline = business.timeline
        self._swears = swears
        told = self.told = Counter[str]()
        self.book = business.bank_book = BankBook(business, told)
        self.bank = SimulatedBank(
            business.timeline, business.began, chance, self.book.paid, self._bring_all, told
        )
        self.exporters = Exporters(business, people, chance, self._take, told)
        business.finishing.append(self.finish)
        self.at_work = True
        # How many people carry the bytes of each file, and what is given up.
        self._carried: Counter[str] = Counter()
        self._renounced: set[str] = set()
        # What the bank brought, and whether it was heard.
        self._heard: dict[tuple[str, str], bool] = {}

    def plan(self, span: float) -> None:
        """Lay out a week."""
        self.exporters.plan(span)
        self._timeline.at(self._chance.uniform(1, 3) * HOUR, self._look_round)

    def go_home(self) -> None:
        """Nobody makes files any more; what there is will be brought to its end."""
        self.at_work = False
        self.exporters.go_home()

    # What becomes of them.

    def _look_round(self) -> None:
        if not self.at_work:
            return
        for file_id, row in self.book.rows():
            if self._chance.random() < 0.7:
                self._attend(file_id, row)
        if self._chance.random() < 0.03:
            self.exporters.export_anew()
        self._timeline.after(self._chance.uniform(1, 5) * HOUR, self._look_round)

    def _attend(self, file_id: str, row: Any) -> None:
        chance, stage = self._chance, stage_of(row)
        if stage in UNFINISHED:
            self.exporters.go_on(file_id)
        elif stage == "Sealed":
            if file_id in self._renounced or self._is_over(row) or chance.random() < 0.1:
                self._give_up(file_id)
            else:
                self._take(file_id)
        elif stage == "GivenOut":
            self._attend_to_what_is_out(file_id, row)
        elif self.bank.has_paid(row["digest"]["S"]) and stage == "GivenUp":
            self._perhaps_say_all_the_same(file_id)

    def _perhaps_say_all_the_same(self, file_id: str) -> None:
        if self._chance.random() < 0.4 or not self.at_work:
            self._confirm(file_id)

    def _attend_to_what_is_out(self, file_id: str, row: Any) -> None:
        digest, chance = row["digest"]["S"], self._chance
        word = self.bank.says(digest)
        idle = not self.bank.will_pay(digest) and not self._carried[file_id]
        if self._swears and chance.random() < 0.5 and self.at_work:
            self._give_up(file_id)
        elif word == "paid":
            self._confirm(file_id)
        elif file_id in self._renounced or word == "refused" or (idle and self._is_over(row)):
            if idle:
                self._give_up(file_id)
        elif idle and not self.bank.has(digest):
            if chance.random() < 0.15:
                self._give_up(file_id)
            else:
                self._take(file_id)

    def _take(self, file_id: str) -> None:
        """Have the bytes, and take them to the bank."""
        if file_id in self._renounced:
            return
        by, asked_at = self._chance.choice(ADMINS), self._timeline.now

        def ended(told: str, value: Any) -> None:
            self.told[f"takings of bytes {told}"] += 1
            if told != "returned":
                return
            try:
                self.book.received(file_id, value, by, asked_at)
            except Broken as broken:
                self._business.break_with(broken)
            for _ in range(self._chance.choice([0, 1, 1, 1, 2])):
                self._carried[file_id] += 1
                self._timeline.after(self._later(), partial(self._bring_to_bank, file_id, value))

        for _ in range(self._chance.choice([1, 1, 2])):
            self._invoke("give out", methodcaller("give_out", file_id, by=by), ended)

    def _bring_to_bank(self, file_id: str, text: str) -> None:
        self._carried[file_id] -= 1
        # Who has sworn that the bank will never have it does not take it there.
        if file_id not in self._renounced or self._swears:
            self.bank.take(text)
        if self._swears and self.at_work and self._chance.random() < 0.5:
            for _ in range(3):
                self._timeline.after(self._chance.choice(LATERS), partial(self._swear, file_id))

    def _swear(self, file_id: str) -> None:
        if self.at_work and stage_of(self.book.row(file_id)) == "GivenOut":
            self._give_up(file_id)

    def _confirm(self, file_id: str) -> None:
        by = self._chance.choice(ADMINS)
        stage = stage_of(self.book.row(file_id))

        def ended(told: str, _value: Any) -> None:
            self.told[f"words that the bank took it {told}"] += 1
            if told == "returned" and stage == "GivenUp":
                self._business.break_with(Broken(f"{file_id} was given up, and its word is heard"))

        deed = methodcaller("confirm", file_id, reference=f"CBA-{file_id[:8]}", by=by)
        for _ in range(self._chance.choice([1, 1, 2])):
            self._invoke("confirm", deed, ended)

    def _give_up(self, file_id: str) -> None:
        """Give up what nobody was given; else propose it, or agree."""
        row, by = self.book.row(file_id), self._chance.choice(ADMINS)
        self._renounced.add(file_id)
        if "M" not in row.get("proposal", {}):
            self._invoke("give up", methodcaller("give_up", file_id, reason=WHY, by=by))
            return
        deed = methodcaller("agree_to_give_up", file_id, reason=WHY, by=by)
        self._invoke("agree to give up", deed)

    # What came back.

    def _bring_all(self, content: str, credits_: Sequence[Credit]) -> None:
        """The bank has brought a file of what came back: whoever's files it is of hear it."""
        for each in credits_:
            self.book.came_back(each)
        for file_id in sorted({self.book.places[each.reference].file_id for each in credits_}):
            self._heard[file_id, content] = False
            later = self._chance.choice([0.0, MINUTE, 5 * HOUR, 2 * DAY]) if self.at_work else 0.0
            for _ in range(self._chance.choice([1, 1, 2])):
                self._timeline.after(later, partial(self._bring, file_id, content))

    def _bring(self, file_id: str, content: str) -> None:
        torn = content[: len(content) // 2]
        if self.at_work and self._chance.random() < 0.1:
            self._invoke("torn returns", self._returns(file_id, torn), self._must_refuse)

        def ended(told: str, value: Any) -> None:
            self.told[f"files of returns {told}"] += 1
            if told == "returned" or type(value).__name__ == "Conflict":
                self._heard[file_id, content] = True

        self._invoke("returns", self._returns(file_id, content), ended)

    def _returns(self, file_id: str, content: str) -> Any:
        by = self._chance.choice(ADMINS)
        return methodcaller("hear_returns", file_id, content=content, by=by)

    def _must_refuse(self, told: str, _value: Any) -> None:
        if told == "returned":
            self._business.break_with(Broken("half a file of returns was heard"))

    # When the faults have stopped.

    def finish(self) -> None:
        """Bring every file to its end, and tell all there is to tell.

        Raises:
            Broken: one does not come to its end.
        """
        for _ in range(60):
            if self._all_is_told():
                return
            for file_id, row in self.book.rows():
                if self._carried[file_id] == 0:
                    self._attend(file_id, row)
            for (file_id, content), heard in list(self._heard.items()):
                if not heard:
                    self._bring(file_id, content)
            self._business.invoke("poll", "files", methodcaller("make_files"))
            self._timeline.run(self._timeline.now + 4 * HOUR)
        raise Broken(f"files do not come to their end: {dict(self._stages())}")

    def _all_is_told(self) -> bool:
        calm = not self.bank.busy and all(self._heard.values()) and not self._carried.total()
        return calm and all(self._is_ended(row) for _, row in self.book.rows())

    def _is_ended(self, row: Any) -> bool:
        paid = self.bank.has_paid(row["digest"]["S"])
        ended = stage_of(row) == "Taken" or (
            stage_of(row) == "GivenUp" and (not paid or is_doubted(row))
        )
        return ended and bool(row["settled"]["BOOL"])

    def _stages(self) -> dict[str, str]:
        return {file_id: stage_of(row) for file_id, row in self.book.rows()}

    def end_well(self) -> None:
        """Some of what the bank has paid comes back when all is long complete.

        Raises:
            Broken: it is not heard, or a payout that was in a file is open for ever.
        """
        paid = self.bank.credits()
        late = self._chance.sample(paid, min(self._chance.choice([0, 1, 1]), len(paid)))
        for credit in late:
            self.bank.send_back(credit)
        self._timeline.run(self._timeline.now + 6 * HOUR)
        lives = self._business.books.lives
        for credit in late:
            own = self.book.places[credit.reference].own
            self.told["lines that came back late"] += 1
            if lives[own].status is not Status.RETURNED and not self.book.sworn(own):
                raise Broken(f"{own} came back from the bank, and is {lives[own].status}")
        if not all(self._heard.values()):
            raise Broken("what came back late is not heard, and all is calm")
        equals_the_truth(self._business)
        for _, row in self.book.rows():
            self.told[f"files that end as {stage_of(row)}"] += 1
            self.told["files that are doubted"] += is_doubted(row)
            self.told["payouts planned for a file and left out"] += len(row["left"]["L"])
        for own, life in lives.items():
            if filed_of(life.row):
                self.told[f"payouts filed that end as {life.status}"] += 1
                if life.status in OPEN and not life.waits:
                    raise Broken(f"{own} was in a file, and is {life.status} for ever")

    def _is_over(self, row: Any) -> bool:
        moment = self._business.began + timedelta(seconds=self._timeline.now)
        return str(row["pays_on"]["S"]) < moment.astimezone(SYDNEY).date().isoformat()

    def _later(self) -> float:
        return self._chance.choice(LATERS) if self.at_work else 0.0

    def _invoke(self, name: str, deed: Any, ended: Any = None) -> None:
        self._business.invoke("api", name, deed, ended)
