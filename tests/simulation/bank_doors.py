"""The doors through which bank files are made and told of, and the poller's part of them."""

from __future__ import annotations

from typing import Any

from tests.simulation.bank import PAYER
from tests.simulation.switches import Switches


class BankDoors(Switches):
    """What people ask of it on days without the provider."""

    def export(self, *, key: str, by: str) -> Any:
        """Put what waits into a file."""
        return self.code.use_bank_file.export(
            key=key, by=by, payer=self.code.aba.Payer(*PAYER), calendar=self.calendar,
            means=self._files_means(),
        )  # fmt: skip

    def give_out(self, file_id: str, *, by: str) -> str:
        """The bytes of a file."""
        text: str = self.code.use_bank_word.give_out(
            file_id, by=by, pauses=self.pauses, means=self._files_means()
        )
        return text

    def confirm(self, file_id: str, *, reference: str, by: str) -> Any:
        """Say that the bank took a file."""
        return self.code.use_bank_word.confirm(
            file_id, reference=reference, by=by, means=self._files_means()
        )

    def hear_returns(self, file_id: str, *, content: str, by: str) -> Any:
        """Bring a file of what came back."""
        return self.code.use_bank_returns.hear_returns(
            file_id, content=content, by=by, means=self._files_means()
        )

    def give_up(self, file_id: str, *, reason: str, by: str) -> Any:
        """Give a file up, or propose it."""
        return self.code.use_bank_word.give_up(
            file_id, reason=reason, by=by, means=self._files_means()
        )

    def agree_to_give_up(self, file_id: str, *, reason: str, by: str) -> Any:
        """Give a file up, as a second person."""
        return self.code.use_bank_word.agree_to_give_up(
            file_id, reason=reason, by=by, means=self._files_means()
        )

    def make_files(self) -> Any:
        """Go on with every file that has something left to do."""
        return self.code.use_bank_file.work(means=self._files_means())

    def _files_means(self) -> Any:
        return self.code.use_bank_content.Means(
            payouts=self.payouts, files=self.bank_files, bank=self.bank, vault=self.vault,
            customers=self.customers, findings=self.findings, clock=self.clock,
            time_left=self._time_left,
        )  # fmt: skip
