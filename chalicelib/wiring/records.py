"""What is stored: each port of the store, on DynamoDB."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.usecases.breaker import Breaker
from chalicelib.usecases.listen import listen
from chalicelib.wiring.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib import ports
    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.step import Step
    from chalicelib.usecases.gauge import Lull

# ruff: noqa: PLC0415 (adapters are dear to import, and no request needs them all)


class Records(Rules):
    """Every port that ends in a table."""

    @cached_property
    def payouts(self) -> ports.Payouts:
        """The payouts and their steps."""
        from chalicelib.adapters.counting import count
        from chalicelib.adapters.dynamo.payouts import DynamoPayouts

        def written(steps: Sequence[Step]) -> None:
            count(steps)
            listen(steps, words=self.words)

        return DynamoPayouts(
            self._session, self._tables, clock=self.clock, patience=self.patience,
            calendar=self.calendar, written=written,
            default_policy=self.default_policy, saw=self.breaker.saw,
        )  # fmt: skip

    @cached_property
    def words(self) -> ports.Words:
        """Reasons in words that nobody knows here yet."""
        from chalicelib.adapters.dynamo.words import DynamoWords

        return DynamoWords(self._session, self._tables.control, clock=self.clock)

    @cached_property
    def customers(self) -> ports.Customers:
        """The customers."""
        from chalicelib.adapters.dynamo.customers import DynamoCustomers

        return DynamoCustomers(self._session, self._tables)

    @cached_property
    def treasury(self) -> ports.Treasury:
        """The funds that are nobody's yet."""
        from chalicelib.adapters.dynamo.treasury import DynamoTreasury

        return DynamoTreasury(self._session, self._tables)

    @cached_property
    def receipts(self) -> ports.Receipts:
        """What became of the receipts."""
        from chalicelib.adapters.dynamo.receipts import DynamoReceipts

        return DynamoReceipts(self._session, self._tables.control)

    @cached_property
    def settlements(self) -> ports.Settlements:
        """What is expected to come in."""
        from chalicelib.adapters.dynamo.settlements import DynamoSettlements

        return DynamoSettlements(self._session, self._tables.control)

    @cached_property
    def schedules(self) -> ports.Schedules:
        """What is to be paid later."""
        from chalicelib.adapters.dynamo.schedules import DynamoSchedules

        return DynamoSchedules(self._session, self._tables)

    @cached_property
    def bank_files(self) -> ports.BankFiles:
        """Files of payouts that go out by the bank."""
        from chalicelib.adapters.dynamo.bank_files import DynamoBankFiles

        return DynamoBankFiles(self._session, self._tables.control)

    @cached_property
    def account_checks(self) -> ports.AccountChecks:
        """The checks of destinations."""
        from chalicelib.adapters.dynamo.account_checks import DynamoAccountChecks

        return DynamoAccountChecks(self._session, self._tables.control)

    @cached_property
    def policies(self) -> ports.Policies:
        """The business's policy and its changes."""
        from chalicelib.adapters.dynamo.policies import DynamoPolicies

        return DynamoPolicies(self._session, self._tables.control)

    @cached_property
    def notices(self) -> ports.Notices:
        """Webhooks that were kept."""
        from chalicelib.adapters.dynamo.notices import DynamoNotices

        return DynamoNotices(self._session, self._tables.control)

    @cached_property
    def findings(self) -> ports.Findings:
        """Differences that a person has to understand."""
        from chalicelib.adapters.dynamo.findings import DynamoFindings

        return DynamoFindings(self._session, self._tables.control)

    @cached_property
    def changes(self) -> ports.Changes:
        """Payouts by the date of their latest change."""
        from chalicelib.adapters.dynamo.changes import DynamoChanges

        return DynamoChanges(self._session, self._tables.transactions)

    @cached_property
    def nights(self) -> ports.Nights:
        """The runs of the nights."""
        from chalicelib.adapters.dynamo.nights import DynamoNights

        return DynamoNights(self._session, self._tables.control)

    @cached_property
    def parked(self) -> ports.ParkedLetters:
        """Dead letters that wait for a person."""
        from chalicelib.adapters.dynamo.parked import DynamoParkedLetters

        return DynamoParkedLetters(self._session, self._tables.control)

    @cached_property
    def rounds(self) -> ports.Rounds:
        """How far rounds over everything have come."""
        from chalicelib.adapters.dynamo.rounds import DynamoRounds

        return DynamoRounds(self._session, self._tables.control)

    @cached_property
    def keys(self) -> ports.Keys:
        """What idempotency keys were used for."""
        from chalicelib.adapters.dynamo.keys import DynamoKeys

        return DynamoKeys(self._session, self._tables.control)

    @cached_property
    def repairs(self) -> ports.Repairs:
        """How far the repair of gaps has come."""
        from chalicelib.adapters.dynamo.repairs import DynamoRepairs

        return DynamoRepairs(self._session, self._tables.control)

    @cached_property
    def told_tokens(self) -> ports.Tokens:
        """What each subscription was told."""
        from chalicelib.adapters.dynamo.told_tokens import DynamoTokens

        return DynamoTokens(self._session, self._tables.control)

    @cached_property
    def liquidity(self) -> ports.Liquidity:
        """What was last seen of the account at the provider."""
        from chalicelib.adapters.dynamo.liquidity import DynamoLiquidity

        return DynamoLiquidity(self._session, self._tables.control)

    @cached_property
    def circuits(self) -> ports.Circuits:
        """The circuits of rails and provider."""
        from chalicelib.adapters.dynamo.circuits import DynamoCircuits

        return DynamoCircuits(self._session, self._tables.control)

    @cached_property
    def breaker(self) -> Breaker:
        """What this process knows of the circuits."""
        return Breaker(self.circuits, clock=self.clock)

    @cached_property
    def lull(self) -> Lull:
        """When this process last told how it stands."""
        from chalicelib.usecases.gauge import Lull

        return Lull(self.clock)

    @cached_property
    def desk(self) -> ports.Desk:
        """What waits for an approver, and what each has agreed to."""
        from chalicelib.adapters.dynamo.desk import DynamoDesk

        return DynamoDesk(self._session, self._tables.control)

    @cached_property
    def pauses(self) -> ports.Pauses:
        """What people have stopped, and what is on the wire."""
        from chalicelib.adapters.dynamo.pauses import DynamoPauses

        return DynamoPauses(self._session, self._tables)

    @cached_property
    def sweeps(self) -> ports.Sweeps:
        """How far the archiving has come."""
        from chalicelib.adapters.dynamo.keeping import DynamoSweeps

        return DynamoSweeps(self._session, self._tables.control)

    @cached_property
    def gate(self) -> ports.Gate:
        """The provider's sign-in."""
        from chalicelib.adapters.dynamo.gate import DynamoGate

        wait = timedelta(minutes=self.settings.sign_in_wait_minutes)
        return DynamoGate(self._session, self._tables.control, clock=self.clock, wait=wait)

    @cached_property
    def _tables(self) -> Tables:
        from chalicelib.adapters.dynamo.client import Tables

        told = self.settings
        return Tables(
            told.dynamodb_table_transactions, told.dynamodb_table_customers,
            told.dynamodb_table_events, told.dynamodb_table_control,
        )  # fmt: skip

    @cached_property
    def _session(self) -> Session:
        from chalicelib.adapters import telemetry
        from chalicelib.adapters.dynamo.client import dynamo_client
        from chalicelib.adapters.dynamo.session import Session

        client = dynamo_client()
        telemetry.watch(client.meta.events)
        return Session(client)
