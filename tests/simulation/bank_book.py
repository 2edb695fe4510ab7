"""What the bank paid of our payouts, and what must be true of bank files at every write.

Reads rows as they are written and bytes as they are given, by code of its own. A file that people
gave up although the bank pays it is sworn falsely: what comes of that nobody on our side could
prevent, but it must be before a person once there is word of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.payout import Status
from tests.simulation.bank import Credit, digest_of, read
from tests.simulation.bodies import Execution
from tests.simulation.books import Broken
from tests.simulation.names import account_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from tests.simulation.books import Life, Row
    from tests.simulation.business import Business

KEY = "bank-file#"
# From where to where a file goes.
LAWFUL: dict[str, set[str]] = {
    "": {"Open"},
    "Open": {"Open", "Closed"},
    "Closed": {"Closed", "Sealed", "GivenUp"},
    "Sealed": {"Sealed", "GivenOut", "GivenUp"},
    "GivenOut": {"GivenOut", "Taken", "GivenUp"},
    "Taken": {"Taken"},
    "GivenUp": {"GivenUp"},
}
FIXED = {"Sealed", "GivenOut", "Taken", "GivenUp"}
# What a window that was read before the bank's word may take to be written.
LATE = 400.0


@dataclass(frozen=True)
class Place:
    """Which attempt of which payout a line is, and in which file."""

    own: str
    attempt: int
    file_id: str


class BankBook:
    """Told of bytes that are given out, of lines that are paid, of rows and steps."""

    def __init__(self, business: Business, told: Counter[str]) -> None:
        self._business, self.told = business, told
        self.places: dict[str, Place] = {}
        self._bytes: dict[str, str] = {}
        self._paid: dict[str, list[Execution]] = defaultdict(list)
        # When the bank's word of a line that came back was stored.
        self._back_at: dict[str, float] = {}
        # When word of a file that was given up was stored.
        self._doubted_at: dict[str, float] = {}
        store, before = business.store, business.store.observer
        assert before is not None

        def observe(changes: list[Any]) -> None:
            before(changes)
            self._committed(changes)

        store.observer = observe
        business.books.stepped.append(self.hear)

    def rows(self) -> Iterator[tuple[str, Any]]:
        """All files, by their ids."""
        every = self._business.store.rows(self._business.tables["control"])
        for key, row in list(every.items()):
            if str(key).startswith(KEY):
                yield str(key)[len(KEY) :], row

    def row(self, file_id: str) -> Any:
        """A file as it is stored."""
        return self._business.store.rows(self._business.tables["control"])[KEY + file_id]

    def of(self, own: str) -> list[Execution]:
        """What the bank paid of a payout."""
        return self._paid.get(own, [])

    def sworn(self, own: str) -> bool:
        """Whether the bank paid it in a file that people have given up."""
        files = {self._file_of(each) for each in self.of(own)}
        return any(stage_of(self.row(each)) == "GivenUp" for each in files)

    # What people and the bank do.

    def received(self, file_id: str, text: str, by: str, asked_at: float) -> None:
        """Somebody has the bytes of a file that they have asked for then.

        Raises:
            Broken: they are others than before, or not of what is stored; or there was word of one
                that a payout in them was in before.
        """
        row = self.row(file_id)
        if by not in {each["M"]["by"]["S"] for each in row["given"]["L"]}:
            raise Broken(f"{by} has the bytes of {file_id}, and nobody says so")
        self.told["bytes given out once more"] += file_id in self._bytes
        if self._bytes.setdefault(file_id, text) != text:
            raise Broken(f"{file_id} has other bytes than before")
        self.told["bytes given out"] += 1
        if row["digest"]["S"] != digest_of(text):
            raise Broken(f"{file_id} has other bytes than its digest")
        _, credits_ = read(text)
        lines = [each["M"] for each in row["lines"]["L"]]
        for credit, line in zip(credits_, lines, strict=True):
            own, attempt = line["id"]["S"], int(line["attempt"]["N"])
            place = Place(own, attempt, file_id)
            life = self._business.books.lives[own]
            self._refuse_doubted(own, life, attempt, asked_at)
            if (credit.cents, credit.account) != (life.cents, account_of(life.customer_id)):
                raise Broken(f"{own} is another amount, or somebody else's, in {file_id}")
            if self.places.setdefault(credit.reference, place) != place:
                raise Broken(f"{credit.reference} is of two payments")

    def _refuse_doubted(self, own: str, life: Life, attempt: int, asked_at: float) -> None:
        before = [each for number, each in filed_of(life.row).items() if number < attempt]
        if any(self._doubted_at.get(each, asked_at) < asked_at for each in before):
            raise Broken(f"{own} is in bytes that are given out, and there is word of {before}")

    def paid(self, credit: Credit) -> None:
        """The bank pays a line."""
        business, place = self._business, self.places[credit.reference]
        business.story.tell("bank", f"PAYS {place.own}-{place.attempt}", cents=credit.cents)
        execution = Execution(
            f"{place.own}-{place.attempt}", len(self.places), credit.cents, npp=False,
            at=business.timeline.now, word="Complete", by_bank=True,
        )  # fmt: skip
        self._paid[place.own].append(execution)
        self.check_once(execution)

    def came_back(self, credit: Credit) -> None:
        """A line of the bank's has come back."""
        place = self.places[credit.reference]
        for each in self._paid[place.own]:
            if each.reference == f"{place.own}-{place.attempt}":
                each.back = each.cents

    def check_once(self, execution: Execution) -> None:
        """Something was paid: by the bank or the provider, and once."""
        business, own = self._business, execution.life
        attempt = int(execution.reference.rpartition("-")[2])
        if not execution.by_bank and attempt in filed_of(business.books.lives[own].row):
            business.break_with(Broken(f"{own} is locked to a file, and the provider pays it"))
        made = business.executions_of(own)
        if len(made) < 2:
            return
        if self.sworn(own):
            self.told["payouts paid twice after a false oath"] += 1
        elif self.of(own):
            business.break_with(Broken(f"{own} was paid by {[each.reference for each in made]}"))

    # What our code writes.

    def hear(self, own: str, facts: Row, after: Status, before: Life | None) -> None:
        """A step is being written.

        Raises:
            Broken: what is in a file goes another way, or is told of before it can be.
        """
        event = facts["event"]["S"]
        filed = filed_of(before.row) if before else {}
        attempt = int(before.row["attempt"]["N"]) if before else 1
        if event in {"Started", "StartedAgain"}:
            if attempt in filed:
                raise Broken(f"{own} is locked to a file, and is sent")
            if doubted := [each for each in filed.values() if is_doubted(self.row(each))]:
                raise Broken(f"{own} is sent, and there is word of {doubted}")
            if any(not each.back for each in self.of(own)) and not self.sworn(own):
                raise Broken(f"{own} is sent, and the bank has paid it")
            self.told["payouts let go and sent by the provider"] += bool(filed)
        if event == "Filed":
            self._refuse_alive(own, facts["file_id"]["S"])
        if event == "LetGo":
            self._refuse_in_its_bytes(own, facts["file_id"]["S"])
        if event == "Redrafted" and any(not each.back for each in self.of(own)):
            word = any(is_doubted(self.row(each)) for each in filed.values())
            if word or not self.sworn(own):
                raise Broken(f"{own} is paid once more, and the bank has paid it")
        came_back_at = self._back_at.get(own, self._business.timeline.now)
        late = self._business.timeline.now - came_back_at > LATE
        by_file = facts.get("file_id", {}).get("S", "")
        if event == "WindowClosed" and by_file and after is Status.COMPLETED and late:
            raise Broken(f"{own} is complete, and it is known that it came back")

    def _refuse_alive(self, own: str, file_id: str) -> None:
        if stage_of(self.row(file_id)) != "Open":
            raise Broken(f"{own} goes into {file_id}, which is not open")
        if self._business.executions_of(own) and not self.sworn(own):
            raise Broken(f"{own} goes into {file_id}, and was executed")

    def _refuse_in_its_bytes(self, own: str, file_id: str) -> None:
        row = self.row(file_id)
        ids = {each["M"]["id"]["S"] for each in row["lines"]["L"]}
        if stage_of(row) not in FIXED or (stage_of(row) != "GivenUp" and own in ids):
            raise Broken(f"{own} is let go of {file_id}, and is in its bytes")

    def _committed(self, changes: list[Any]) -> None:
        try:
            for change in changes:
                key = str(change.after.get("key", {"S": ""})["S"])
                if key.startswith(KEY):
                    self._file(key[len(KEY) :], change.before, change.after)
        except Broken as broken:
            self._business.break_with(broken)

    def _file(self, file_id: str, before: Any, after: Any) -> None:
        was = stage_of(before) if before else ""
        now = stage_of(after)
        self._business.story.tell("file", f"{file_id[:8]} is {now}")
        if now not in LAWFUL[was]:
            raise Broken(f"{file_id} was {was}, and is {now}")
        if int(after["version"]["N"]) != (int(before["version"]["N"]) if before else 0) + 1:
            raise Broken(f"{file_id}: a change is missing")
        if was in FIXED and (_contents(before) != _contents(after)):
            raise Broken(f"{file_id} is {was}, and its contents change")
        if now == "GivenUp" and after["given"]["L"]:
            first, second = after["proposal"]["M"], after["ended"]["M"]
            if first["by"] == second["by"] or first["words"] != second["words"]:
                raise Broken(f"{file_id} was given up by one person alone")
        if now in {"Taken", "GivenOut"} and not after["given"]["L"]:
            raise Broken(f"{file_id} is {now}, and nobody was given it")
        if is_doubted(after):
            self._doubted_at.setdefault(file_id, self._business.timeline.now)
        for line in after["lines"]["L"]:
            if line["M"].get("came_back", {"NULL": True}) != {"NULL": True}:
                self._back_at.setdefault(line["M"]["id"]["S"], self._business.timeline.now)

    def _file_of(self, execution: Execution) -> str:
        own, _, attempt = execution.reference.rpartition("-")
        return filed_of(self._business.books.lives[own].row)[int(attempt)]


def stage_of(row: Any) -> str:
    """How far a file has come."""
    return str(row["stage"]["S"])


def is_doubted(row: Any) -> bool:
    """Whether there is word of a file that was given up."""
    return bool(row["doubted"]["BOOL"])


def filed_of(row: Any) -> dict[int, str]:
    """The files in which attempts of a payout went."""
    told = [each["L"] for each in row.get("filed", {"L": []})["L"]]
    return {int(attempt["N"]): file_id["S"] for attempt, file_id in told}


def _contents(row: Any) -> Any:
    lines = [each["M"] for each in row["lines"]["L"]]
    told = [[line[each] for each in ("id", "attempt", "amount")] for line in lines]
    return row["digest"], row["pays_on"], told
