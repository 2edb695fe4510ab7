"""The nights' schedule, and somebody who has one run again; what they must come to in the end.

A night begins at its Sydney hour, is gone on with every few minutes, sometimes twice at once. When
all is calm every date is run again: then there is nothing that is not explained.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import OPEN
from tests.simulation.bodies import FEE_CENTS
from tests.simulation.books import Broken
from tests.simulation.post import SYDNEY
from tests.simulation.proofs import check_proofs
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.business import Business

# Ticks after which a night is left to the next morning.
TICKS = 12
# A night is brought to its end by fewer when all is calm, and no more are missing.
MOST = 60
NOT_OVER = {"held", "handed_on", "gate_closed"}


class Nights:
    """Runs nights while `at_work`; `hour` is when they begin."""

    name = "nights"

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        # Where look-ups lag a day cannot be read whole before that.
        lags = max(business.provider.habits.status_lag, business.provider.habits.entries_lag)
        self.hour = 3 + int(lags // HOUR)
        self.at_work = True
        self.told: Counter[str] = Counter()

    def plan(self, span: float) -> None:
        """Lay out a week: a night each morning, and now and then one that is asked for."""
        chance = self._chance
        for number in range(1, int(span // DAY) + 2):
            # By then it is time by every clock.
            morning = self._morning(number) + chance.uniform(11, 50) * MINUTE
            self._timeline.at(morning, partial(self._tick, TICKS))
        for _ in range(chance.choice([0, 0, 1, 2])):
            self._timeline.at(chance.uniform(DAY, span), self._run_some_again)

    def go_home(self) -> None:
        """No more of them."""
        self.at_work = False

    def end_well(self) -> None:
        """Run what is missing, then every date again.

        Raises:
            Broken: something is not explained, or a night changes what is settled.
        """
        self._timeline.run(self._next_morning() + 2 * HOUR)
        dates = self._dates()
        for _ in range(MOST):
            through = self._agenda().get("through", {"S": ""})["S"]
            if through >= dates[-1]:
                break
            self._now("night", methodcaller("night", hour=self.hour))
        # All of them now and then: it takes time, and most have found nothing any more.
        thorough = self._chance.random() < 0.2
        for day in dates:
            if thorough or not self._is_clean(day):
                self._again(day)
        if thorough:
            self._changes_nothing(dates)
        self._all_is_explained(dates)
        self.told["leaves signed for"] += check_proofs(self._business, complete=True)

    def _tick(self, left: int) -> None:
        if not self.at_work or not left:
            return

        def ended(told: str, value: Any) -> None:
            self.told[f"ticks of nights {told}"] += 1
            if told != "returned" or value:
                pause = 5 * MINUTE * self._chance.choice([1, 1, 1, 3])
                self._timeline.after(pause, partial(self._tick, left - 1))

        deed = methodcaller("night", hour=self.hour)
        self._business.invoke("night", "night", deed, ended)
        if self._chance.random() < 0.12:
            later = self._chance.choice([0.0, 0.01, 1.0])
            self._timeline.after(
                later, lambda: self._business.invoke("night", "another night", deed)
            )

    def _run_some_again(self) -> None:
        # Nobody asks for a night before there are any.
        if self.at_work and "through" in self._agenda():
            days = self._chance.choice([1, 1, 2, 3])
            day = self._moment().date() - timedelta(days=days)
            self._business.invoke("night", "run again", methodcaller("run_again", day))

    # When the faults have stopped.

    def _now(self, name: str, deed: Any) -> Any:
        """Call our code, and let everything come of it; what it gave."""
        given: list[Any] = []
        self._business.invoke("night", name, deed, lambda *told: given.append(told))
        self._timeline.run(self._timeline.now + 20 * MINUTE)
        ((told, value),) = given
        if told != "returned":
            raise Broken(f"{name} {told} {value!r}, and all is calm")
        return value

    def _again(self, day: str) -> None:
        deed = methodcaller("run_again", date.fromisoformat(day))
        begun = self._latest(day)
        if begun is not None and begun["stage"]["S"] != "done":
            # A run that died goes on with what it had read, and only another one reads anew.
            self._now("run again", deed)
        night = self._now("run again", deed)
        if not night.is_over:
            raise Broken(f"the night of {day} stays {night.stage}, and all is calm")
        self.told["nights run again"] += 1

    def _changes_nothing(self, dates: list[str]) -> None:
        before = self._settled()
        for day in dates:
            self._again(day)
        if self._settled() != before:
            raise Broken("nights that were run again have changed payouts")

    def _settled(self) -> Any:
        """Where all money is; whoever is still asked about may have been asked once more."""
        lives, rows = self._business.books.lives.items(), self._business.store.rows
        told = [life.status if life.status in OPEN else life.row for _, life in lives]
        return told, dict(rows(self._business.tables["customers"]))

    def _all_is_explained(self, dates: list[str]) -> None:
        """The latest run of every date found nothing, and follows the one before."""
        business = self._business
        closings, before = dict(business.provider.account.closings()), None
        for day in dates:
            night = self._latest(day)
            found = [_finding(row) for row in self._named(night)]
            if found or _cents(night["unexplained"]):
                raise Broken(f"the night of {day} does not explain {found or night['unexplained']}")
            opening, closing = (_cents(night.get(each)) for each in ("opening", "closing"))
            if None not in {before, opening} and opening != before:
                raise Broken(f"{day} begins with {opening}, and the day before ended with {before}")
            if day in closings and closing != closings[day]:
                raise Broken(f"{day} ends with {closing}, and the account with {closings[day]}")
            before = closing
            self.told["nights"] += 1
        lives = business.books.lives
        for each in business.provider.executions:
            fee = _cents(lives[each.life].row.get("fee"))
            if fee != FEE_CENTS:
                raise Broken(f"{each.life} was charged {FEE_CENTS}, and we know of {fee}")

    def _is_clean(self, day: str) -> bool:
        night = self._latest(day)
        over = night is not None and night["stage"]["S"] == "done"
        return over and "findings" not in night and not _cents(night["unexplained"])

    def _latest(self, day: str) -> Any:
        rows = self._business.store.rows(self._business.tables["control"])
        for run in range(1, 1000):
            if f"night#{day}#{run + 1}" not in rows:
                return rows.get(f"night#{day}#{run}")
        raise Broken(f"the night of {day} has more runs than anybody asked for")

    def _named(self, night: Any) -> list[Any]:
        packed = night.get("findings", {"B": b""})["B"]
        ids = {packed[at : at + 16].hex() for at in range(0, len(packed), 16)}
        rows = self._business.store.rows(self._business.tables["control"])
        return [
            row for key, row in rows.items()
            if str(key).startswith("finding#") and str(key)[8:].replace("-", "") in ids
        ]  # fmt: skip

    def _agenda(self) -> Any:
        return self._business.store.rows(self._business.tables["control"]).get("nights", {})

    def _dates(self) -> list[str]:
        """All dates from the first that a night may have to the last on which anything happened."""
        business, account = self._business, self._business.provider.account
        told = [account.day_of(each) for each in account.entries]
        told += [row["changed_on"]["S"] for row in self._payouts() if "changed_on" in row]
        runs = business.store.rows(business.tables["control"])
        known = [str(key).split("#")[1] for key in runs if str(key).startswith("night#")]
        first, last = (date.fromisoformat(each) for each in (min(known or told), max(told)))
        last = min(last, self._moment().date() - timedelta(days=1))
        return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]

    def _payouts(self) -> Any:
        return self._business.store.rows(self._business.tables["transactions"]).values()

    def _moment(self) -> datetime:
        moment = self._business.began + timedelta(seconds=self._timeline.now)
        return moment.astimezone(SYDNEY)

    def _morning(self, number: int) -> float:
        """Seconds until the night's hour, so many days after the first."""
        day = self._business.began.astimezone(SYDNEY).date() + timedelta(days=number)
        morning = datetime(day.year, day.month, day.day, self.hour, tzinfo=SYDNEY)
        return (morning - self._business.began).total_seconds()

    def _next_morning(self) -> float:
        began = self._business.began.astimezone(SYDNEY).date()
        return self._morning((self._moment().date() - began).days + 1)


def _finding(row: Any) -> str:
    told = [row.get(each, {"S": ""})["S"] for each in ("kind", "subject", "ours", "theirs")]
    return " ".join(told)


def _cents(value: Any) -> int | None:
    return None if value is None else int(Decimal(value["N"]) * 100)
