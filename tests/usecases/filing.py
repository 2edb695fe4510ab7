"""A business whose provider is shut, so that payouts wait, and people who take them to the bank."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.by_bank import ByBank
from chalicelib.domain import aba
from chalicelib.domain.bank_file import BankFile, file_id_of
from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import FileVerdict
from chalicelib.domain.money import Money
from chalicelib.usecases import bank_doubt
from chalicelib.usecases.bank_content import Means
from chalicelib.usecases.bank_file import export, work
from chalicelib.usecases.bank_returns import hear_returns
from chalicelib.usecases.bank_word import (
    agree_to_give_up,
    confirm,
    give_out,
    give_up,
)
from tests.fakes.clock import FakeClock
from tests.usecases.world import ACCOUNT, CALENDAR, PAYID, World, order

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout

PAYER = aba.Payer("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "12345678")
KEY = "the key of the bank file"
FILE = file_id_of(KEY)
WHY = "It was never uploaded."
NOW = FakeClock().now()


class Town(World):
    """A business whose provider is shut, so that payouts wait."""

    def __init__(self, waiting: int = 2, payee: Any = ACCOUNT) -> None:
        super().__init__()
        self.files = self.store.bank_files
        self.register(destinations=(payee, PAYID))
        self.deposit()
        self.credit()
        self.store.gate.close()
        wanted = order(amount=Money(1_000))
        self.ids = sorted(
            self.request(wanted, key=f"{number:016d}").payout.transaction_id
            for number in range(waiting)
        )

    def means(self, **ports: Any) -> Means:
        payouts, files = ports.get("payouts", self.ports["payouts"]), ports.get("files", self.files)
        return Means(
            payouts=payouts, files=files, customers=ports.get("customers", self.store.customers),
            findings=ports.get("findings", self.store.findings),
            bank=ByBank(files, payouts, self.clock),
            vault=self.vault, clock=self.clock, time_left=self.time_left,
        )  # fmt: skip

    def export(self, key: str = KEY, by: str = "alex", **ports: Any) -> BankFile:
        return export(
            key=key, by=by, payer=PAYER, calendar=CALENDAR, means=self.means(**ports)
        ).file

    def out(self, by: str = "alex", **ports: Any) -> str:
        return give_out(
            FILE, by=by, pauses=self.store.pauses,
            means=self.means(**ports),
        )  # fmt: skip

    def confirm(self, reference: str = "CBA-1", by: str = "alex", **ports: Any) -> BankFile:
        self.clock.advance(timedelta(days=1))
        return confirm(FILE, reference=reference, by=by, means=self.means(**ports))

    def returned(self, *numbers: int, **changed: Any) -> BankFile:
        return hear_returns(FILE, content=self.told(*numbers, **changed), by="alex",
                            means=self.means())  # fmt: skip

    def heard(self, content: str) -> BankFile:
        return hear_returns(FILE, content=content, by="alex", means=self.means())

    def told(self, *numbers: int, user: str = "123456", cents: int = 1_000) -> str:
        references = [self.file.lines[number].reference for number in numbers]
        return returns_file(references, user=user, cents=cents)

    def give_up(self, reason: str = WHY, by: str = "alex", **ports: Any) -> BankFile:
        return give_up(FILE, reason=reason, by=by, means=self.means(**ports))

    def second(self, reason: str = WHY, by: str = "kim") -> BankFile:
        return agree_to_give_up(FILE, reason=reason, by=by, means=self.means())

    def judge(
        self, verdict: str = "dead", by: str = "alex", evidence: str = WHY, **ports: Any
    ) -> BankFile:
        return bank_doubt.propose(
            FILE, verdict=FileVerdict(verdict), evidence=evidence, by=by,
            means=self.means(**ports),
        )  # fmt: skip

    def end(
        self, verdict: str = "dead", by: str = "kim", evidence: str = WHY, **ports: Any
    ) -> BankFile:
        return bank_doubt.agree(
            FILE, verdict=FileVerdict(verdict), evidence=evidence, by=by,
            means=self.means(**ports),
        )  # fmt: skip

    def doubtful(self) -> None:
        """Have the file given up by two, and told of all the same."""
        self.give_up()
        self.second()
        with suppress(Conflict):
            self.confirm()
        assert self.file.doubted

    def go(self, **ports: Any) -> Any:
        return work(means=self.means(**ports))

    @property
    def file(self) -> BankFile:
        file = self.files.get(FILE)
        assert file is not None
        return file

    def at(self, number: int = 0) -> Payout:
        payout = self.store.payouts.get(self.ids[number])
        assert payout is not None
        return payout

    def close_windows(self) -> None:
        """Let the provider be there again, and the days pass in which money may come back."""
        self.store.gate.open(by="ada")
        self.poll_after(timedelta(days=14))

    def statuses(self) -> list[str]:
        return [str(self.at(number).status) for number in range(len(self.ids))]


class Otherwise:
    """A port of which some methods are others."""

    def __init__(self, port: Any, **others: Any) -> None:
        self._port = port
        self.__dict__ |= others

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


def returns_file(references: list[str], *, user: str = "123456", cents: int = 1_000) -> str:
    head = f"0{'':17}01CBA{'':7}{'Example Pty Ltd':26}{user}{'RETURNS':12}020326{'':40}"
    lines = [
        f"2062-000 12345678650{cents:010d}{'JO CITIZEN':32}{each:18}062-000 12345678"
        f"{'EXAMPLE':16}02{user}"
        for each in references
    ]
    sum_ = cents * len(references)
    totals = f"7999-999{'':12}{sum_:010d}{sum_:010d}{0:010d}{'':24}{len(lines):06d}{'':40}"
    return "".join(f"{line}\r\n" for line in [head, *lines, totals])
