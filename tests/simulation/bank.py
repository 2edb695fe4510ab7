"""The business's bank, simulated: it takes files, pays each line on its day, and sends some back.

Reads the format by code of its own, so that a mistake in ours is one here, too. The same bytes are
the same file to it, however often they come. It tells nobody anything by itself but what came back:
whoever wants to know what it took has to ask, and may hear nothing for hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.simulation.books import Broken
from tests.simulation.post import SYDNEY
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence
    from random import Random

    from tests.simulation.timeline import Timeline

# As whom it knows the business: bank, name, user id, description, BSB and account.
PAYER = ("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "99887766")
WIDTH = 120
# The share of files that it never pays, and of lines that come back.
REFUSES, RETURNS = 0.2, 0.25
# Between what came back and the file that tells of it.
COLLECTS = 3 * HOUR


@dataclass
class Credit:
    """A line of a file, by the reference that it carries. `code` is why it came back."""

    reference: str
    cents: int
    account: str
    paid_at: float | None = None
    code: str = ""


@dataclass
class Upload:
    """A file as the bank has it. Before `tells_at` it says nothing of it."""

    pays_on: date
    credits: Sequence[Credit]
    refused: bool
    tells_at: float

    @property
    def paid(self) -> bool:
        """Whether its lines were paid."""
        return any(credit.paid_at is not None for credit in self.credits)


class SimulatedBank:
    """`paid` is told of each line that is paid, `brings` of each file of what came back."""

    def __init__(
        self,
        timeline: Timeline,
        began: datetime,
        chance: Random,
        paid: Callable[[Credit], None],
        brings: Callable[[str, Sequence[Credit]], None],
        told: Counter[str],
    ) -> None:
        self._timeline, self._began, self._chance = timeline, began, chance
        self._paid, self._brings, self.told = paid, brings, told
        self._uploads: dict[str, Upload] = {}
        self._collected: list[Credit] = []

    def take(self, text: str) -> None:
        """Take a file; the same bytes again are the same file."""
        digest = digest_of(text)
        if digest in self._uploads:
            self.told["files brought to the bank twice"] += 1
            return
        chance, now = self._chance, self._timeline.now
        pays_on, lines = read(text)
        late = pays_on < self._today()
        upload = Upload(
            pays_on, lines, late or chance.random() < REFUSES,
            now + chance.choice([MINUTE, HOUR, 9 * HOUR, DAY]),
        )  # fmt: skip
        self._uploads[digest] = upload
        self.told["files that the bank took" if not upload.refused else "files it refused"] += 1
        if not upload.refused:
            morning = datetime(pays_on.year, pays_on.month, pays_on.day, 5, tzinfo=SYDNEY)
            opens = (morning - self._began).total_seconds()
            at = max(opens + chance.uniform(0, 12) * HOUR, now + 10 * MINUTE)
            self._timeline.at(at, lambda: self._pay(upload))

    def has(self, digest: str) -> bool:
        """Whether it was ever brought those bytes."""
        return digest in self._uploads

    def has_paid(self, digest: str) -> bool:
        """Whether it has paid them, whatever it says."""
        return digest in self._uploads and self._uploads[digest].paid

    def will_pay(self, digest: str) -> bool:
        """Whether it has paid them, or will."""
        return digest in self._uploads and not self._uploads[digest].refused

    def says(self, digest: str) -> str:
        """What it answers when it is asked for them; empty where it does not know yet."""
        upload = self._uploads.get(digest)
        if upload is None or self._timeline.now < upload.tells_at:
            return ""
        return "refused" if upload.refused else "paid" if upload.paid else ""

    @property
    def busy(self) -> bool:
        """Whether anything of what it took is yet to be paid, told or collected."""
        now, uploads = self._timeline.now, self._uploads.values()
        open_ = any(not (each.paid or each.refused) or now < each.tells_at for each in uploads)
        return open_ or bool(self._collected)

    def send_back(self, credit: Credit) -> None:
        """Have a line come back, and soon be told of."""
        credit.code = self._chance.choice("123456")
        self._collected.append(credit)
        if len(self._collected) == 1:
            self._timeline.after(COLLECTS, self._bring)

    def credits(self) -> list[Credit]:
        """Every line that was paid and has not come back."""
        every = (each for upload in self._uploads.values() for each in upload.credits)
        return [each for each in every if each.paid_at is not None and not each.code]

    def _pay(self, upload: Upload) -> None:
        for credit in upload.credits:
            credit.paid_at = self._timeline.now
            self.told["lines that the bank paid"] += 1
            self._paid(credit)
            if self._chance.random() < RETURNS:
                later = self._chance.choice([0.1, 0.7, 1.5, 3.0]) * DAY
                self._timeline.after(later, lambda each=credit: self.send_back(each))  # type: ignore[misc]

    def _bring(self) -> None:
        """The file of what came back since the last."""
        collected, self._collected = self._collected, []
        self.told["lines that came back"] += len(collected)
        self._brings(returns_file(collected, self._today()), collected)

    def _today(self) -> date:
        moment = self._began + timedelta(seconds=self._timeline.now)
        return moment.astimezone(SYDNEY).date()


def digest_of(text: str) -> str:
    """What bytes are known by."""
    return sha256(text.encode()).hexdigest()


def read(text: str) -> tuple[date, list[Credit]]:
    """The date and the lines of a file.

    Raises:
        Broken: it is none that a bank could read.
    """
    rows = text.split("\r\n")
    head, *lines, totals, rest = rows
    fine = rest == "" and all(len(row) == WIDTH and row.isascii() for row in rows[:-1])
    fine = fine and head[0] == "0" and head[18:23] == f"01{PAYER[0]}" and head[56:62] == PAYER[2]
    credits_ = [Credit(row[62:80].strip(), int(row[20:30]), row[8:17].strip()) for row in lines]
    fine = fine and all(row[0] == "1" and row[17:20] == " 50" for row in lines)
    sum_ = f"{sum(each.cents for each in credits_):010d}"
    fine = fine and totals[0:8] == "7999-999" and totals[20:40] == sum_ * 2
    fine = fine and totals[40:50] == "0" * 10 and totals[74:80] == f"{len(lines):06d}"
    fine = fine and len({each.reference for each in credits_}) == len(lines) > 0
    if not fine:
        raise Broken("a file that no bank can read")
    return datetime.strptime(head[74:80], "%d%m%y").replace(tzinfo=SYDNEY).date(), credits_


def returns_file(back: Sequence[Credit], day: date) -> str:
    """What tells of lines that came back."""
    bank, name, user, words, bsb, account = PAYER
    head = f"0{'':17}01{bank}{'':7}{name:26}{user}{words:12}{day:%d%m%y}{'':40}"
    rows = [
        f"2062-000{each.account:>9}{each.code}50{each.cents:010d}{'':32}{each.reference:18}"
        f"{bsb}{account:>9}{'':16}{day:%d}{user}"
        for each in back
    ]
    sum_ = f"{sum(each.cents for each in back):010d}"
    totals = f"7999-999{'':12}{sum_}{sum_}{'':0>10}{'':24}{len(back):06d}{'':40}"
    return "".join(f"{row}\r\n" for row in [head, *rows, totals])
