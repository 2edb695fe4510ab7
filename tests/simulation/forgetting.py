"""A customer who is to be forgotten, and a backup that remembers them."""

from __future__ import annotations

import zlib
from collections import Counter
from decimal import Decimal
from itertools import count
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import OPEN
from tests.simulation.approvers import ONE_ABOVE
from tests.simulation.books import Broken
from tests.simulation.names import texts_of
from tests.simulation.proofs import readable
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.business import Business

WHO = "customer-0"
# Times that it is asked for while calls fail, and then while none does.
ROUGH, CALM = 2, 3
MOST_PARTS = 30


class Forgetting:
    """Asks for it in the week, when it is refused, and at its end."""

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        self.told: Counter[str] = Counter()

    def ask(self) -> None:
        """Somebody with money, or with payouts under way, cannot be forgotten yet."""

        def ended(told: str, value: Any) -> None:
            if told == "returned" and not value.done:
                self._business.break_with(Broken("somebody with money is to be forgotten"))
            self.told["erasures asked for in the week"] += 1

        if self._row().get("available_balance", {"N": "0"})["N"] != "0":
            self._business.invoke("api", "erase", methodcaller("erase", WHO), ended)

    def end_well(self, now: Any) -> None:
        """Forget them, whatever fails; then forget them again.

        Raises:
            Broken: something of them is still to be found, or comes back.
        """
        self._pay_out(now)
        books = self._business.books
        if any(each.status in OPEN for each in books.lives.values() if each.customer_id == WHO):
            self._is_refused(now)
            return
        backup = self._copy()
        self._erase(now)
        self._is_forgotten("erased")
        self.told["customers erased"] += 1
        if self._chance.random() < 0.5:
            self._restore(backup)
            ended, value = now("keep erased", methodcaller("keep_erased_now"))
            if ended != "returned" or not value["erased_again"]:
                raise Broken(f"a backup was restored, and erasing again {ended}: {value!r}")
            self._is_forgotten("restored and erased again")
            self.told["backups restored"] += 1
        self._hear_late_news(now)

    def _pay_out(self, now: Any) -> None:
        """The last of their money leaves; letters about them are decided on."""
        business = self._business
        business.provider.refusals, business.provider.settles_after = 0.0, 1.0
        for own in business.books.tills.open_letters():
            now("discard", methodcaller("discard", own), "api", hours=0.1)
        now("resume", methodcaller("resume", WHO), "api", hours=0.1)
        for part in count():
            available = self._row().get("available_balance", {"N": "0"})["N"]
            cents = min(int(Decimal(available) * 100), ONE_ABOVE)
            if not cents or part == MOST_PARTS:
                break
            pay = methodcaller(
                "pay", key=f"the-last-key-of-all-{part}", by="olive", customer_id=WHO, cents=cents,
                method="PayId", rail="",
            )  # fmt: skip
            # One a day, and of what nobody has to agree to: within any limit.
            now("pay out", pay, "api", hours=24)
        # Where look-ups lag it takes its time to be believed.
        for _ in range(3):
            now("poll", methodcaller("poll"), "poll", hours=2)

    def _erase(self, now: Any) -> None:
        fate = self._business.fate
        fate.calm = False
        for _ in range(ROUGH):
            now("erase", methodcaller("erase", WHO), "api")
            now("keep", methodcaller("keep"))
        fate.calm = True
        self._business.straighten()
        self._timeline.run(self._timeline.now + HOUR)
        for _ in range(CALM):
            ended, value = now("erase", methodcaller("erase", WHO), "api")
            if ended == "returned" and value.done:
                return
        raise Broken(f"erasing {ended} {value!r}, and all is calm")

    def _is_refused(self, now: Any) -> None:
        before = self._copy()
        ended, value = now("erase", methodcaller("erase", WHO), "api")
        if ended == "returned" or type(value).__name__ != "ErasureRefused":
            raise Broken(f"somebody whose payouts are open is forgotten: {ended} {value!r}")
        if self._copy() != before:
            raise Broken("an erasure was refused, and has changed something")
        self.told["erasures refused"] += 1

    def _hear_late_news(self, now: Any) -> None:
        """A payout of somebody forgotten comes back: the money is there, and nobody's name."""
        business, lives = self._business, self._business.books.lives
        paid = [
            each for each in business.provider.executions
            if each.word == "Complete" and lives[each.life].customer_id == WHO
        ]  # fmt: skip
        if not paid:
            return
        business.provider.send_back(self._chance.choice(paid))
        self._timeline.run(self._timeline.now + DAY + 10 * MINUTE)
        for _ in range(2):
            now("keep", methodcaller("keep"))
        self._is_forgotten("told of a return")
        kinds = {kind for kind, _ in business.books.tills.open_findings()}
        if "erased_credited" not in kinds:
            raise Broken("somebody who is forgotten has money, and nobody is told")
        self.told["returns of the forgotten"] += 1

    def _is_forgotten(self, after: str) -> None:
        business = self._business
        rows = "".join(
            repr(item) + _unpacked(item) for name in business.tables.values()
            for item in business.store.rows(name).values()
        )  # fmt: skip
        everything = rows + readable(business.lasting.objects)
        for each in texts_of(WHO):
            if each in everything:
                raise Broken(f"somebody was {after}, and {each!r} is still to be found")
        lives = business.books.lives.values()
        mine = [life.row for life in lives if life.customer_id == WHO]
        if any("ciphertext" in repr(row["destination"]).replace("ciphertext_digest", "")
               for row in mine) or "'ciphertext'" in repr(self._row()):  # fmt: skip
            raise Broken(f"somebody was {after}, and could still be paid")

    def _row(self) -> Any:
        return self._business.store.rows(self._business.tables["customers"])[WHO]

    def _copy(self) -> dict[str, dict[Any, Any]]:
        rows = self._business.store.rows
        return {name: dict(rows(name)) for name in self._business.tables.values()}

    def _restore(self, backup: dict[str, dict[Any, Any]]) -> None:
        """Put the tables back as they were; the archive lies where no backup reaches."""
        for name, rows in backup.items():
            table = self._business.store._tables[name]
            for key in table.rows.keys() - rows.keys():
                table.remove(key)
            for key, item in rows.items():
                if table.rows.get(key) != item:
                    table.write(key, item)


def _unpacked(item: Any) -> str:
    """What lies compressed in a row: webhooks, and dead letters."""
    packed = item.get("raw", {}).get("B", b"")
    return zlib.decompress(packed).decode(errors="replace") if packed else ""
