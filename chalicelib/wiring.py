"""Who is connected to whom: the object graph, made once in a process, each part when first needed.

The only module that knows both settings and adapters. A webhook never loads the vault, and nothing
here does any input or output by being imported.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, cast

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.patience import Patience
from chalicelib.settings import Settings
from chalicelib.usecases.request import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib import ports
    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.monoova.client import Monoova
    from chalicelib.adapters.monoova.credentials import KeyRing
    from chalicelib.adapters.monoova.transport import Transport
    from chalicelib.adapters.secrets import Secrets
    from chalicelib.domain.notices import DeadLetter

# ruff: noqa: PLC0415 (adapters are dear to import, and no request needs them all)


class World:
    """Everything that the doors hand to the use cases, by the names of the ports."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def payouts(self) -> ports.Payouts:
        """The payouts and their steps."""
        from chalicelib.adapters.dynamo.payouts import DynamoPayouts

        return DynamoPayouts(
            self._session, self._tables, clock=self.clock, patience=self.patience,
            calendar=self.calendar,
        )  # fmt: skip

    @cached_property
    def customers(self) -> ports.Customers:
        """The customers."""
        from chalicelib.adapters.dynamo.customers import DynamoCustomers

        return DynamoCustomers(self._session, self._tables.customers)

    @cached_property
    def treasury(self) -> ports.Treasury:
        """The funds that are nobody's yet."""
        from chalicelib.adapters.dynamo.treasury import DynamoTreasury

        return DynamoTreasury(self._session, self._tables)

    @cached_property
    def notices(self) -> ports.Notices:
        """Webhooks that were kept, and parked dead letters."""
        from chalicelib.adapters.dynamo.notices import DynamoNotices

        return DynamoNotices(self._session, self._tables.control)

    @cached_property
    def gate(self) -> ports.Gate:
        """The provider's sign-in."""
        from chalicelib.adapters.dynamo.gate import DynamoGate

        wait = timedelta(minutes=self.settings.sign_in_wait_minutes)
        return DynamoGate(self._session, self._tables.control, clock=self.clock, wait=wait)

    @cached_property
    def provider(self) -> Monoova:
        """Monoova's payments interface."""
        from chalicelib.adapters.monoova.client import Monoova
        from chalicelib.adapters.monoova.payments import PaymentForm
        from chalicelib.adapters.monoova.signin import SignedIn

        told = self.settings
        form = PaymentForm(
            account=told.monoova_maccount_token or "",
            source_bsb=told.monoova_source_bsb or "",
            source_account=told.monoova_source_account or "",
            source_bsb_field=told.monoova_source_bsb_field,
        )
        signed_in = SignedIn(self._keys, self._transport, self.gate)
        return Monoova(signed_in, form=form, clock=self.clock)

    @cached_property
    def inbox(self) -> ports.Inbox:
        """The provider's webhooks."""
        from chalicelib.adapters.monoova.notices import MonoovaInbox, WebhookTokens
        from chalicelib.adapters.monoova.signature import Signatures

        tokens = WebhookTokens(self._secrets, self.settings.monoova_webhook_secret_arn)
        signatures = Signatures(self._keys, self._transport)
        return MonoovaInbox(tokens, signatures, policy=self.settings.webhook_authentication)

    @cached_property
    def vault(self) -> ports.Vault:
        """Sealed destinations."""
        from chalicelib.adapters.kms import KmsVault

        return KmsVault(self.settings.kms_key_arn, self._tables.customers)

    @cached_property
    def dead_letters(self) -> ports.DeadLetters:
        """The queue of webhooks that could not be applied yet."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.sqs import SqsDeadLetters

        return SqsDeadLetters(aws.sqs(), self.settings.dlq_url)

    @cached_property
    def clock(self) -> ports.Clock:
        """Time and names."""
        from chalicelib.adapters.clock import clock_for

        return clock_for(self.settings.clock_url)

    @cached_property
    def calendar(self) -> Calendar:
        """Business days."""
        from chalicelib.adapters.holidays import rits_holiday

        return Calendar(rits_holiday)

    @cached_property
    def patience(self) -> Patience:
        """How long we wait for what."""
        told = self.settings
        return Patience(
            first_ask=timedelta(seconds=told.first_ask_seconds),
            quarantine=timedelta(minutes=told.quarantine_minutes),
            window_days=told.de_window_days,
        )

    @cached_property
    def limits(self) -> Limits:
        """The business's limits for one payout."""
        told = self.settings
        return Limits(told.min_payout, told.max_payout, told.remitter_name)

    @property
    def letter_from(self) -> Callable[[str], DeadLetter]:
        """How a message of the dead-letter queue is read."""
        from chalicelib.adapters.sqs import letter_from

        return letter_from

    def cursor_key(self) -> bytes:
        """The key that the lists' cursors are signed with.

        Raises:
            Unavailable: the secret could not be read, or holds none.
        """
        key = self._secrets.read(self.settings.cursor_secret_arn).get("key", "")
        if len(key) < 32:
            raise Unavailable("The cursors' key is missing or too short.")
        return key.encode()

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

    @cached_property
    def _secrets(self) -> Secrets:
        from chalicelib.adapters import aws
        from chalicelib.adapters.secrets import Secrets

        return Secrets(aws.secrets_manager())

    @cached_property
    def _keys(self) -> KeyRing:
        from chalicelib.adapters.monoova.credentials import KeyRing

        told = self.settings
        return KeyRing(
            self._secrets, told.monoova_api_secret_arn, stage=told.stage, on_lambda=told.on_lambda
        )

    @cached_property
    def _transport(self) -> Transport:
        from chalicelib.adapters.monoova.transport import Transport

        told = self.settings
        return Transport(connect_timeout=told.connect_timeout, read_timeout=told.read_timeout)


_current: list[World] = []


def wire() -> World:
    """The world of this process, made from its environment at the first call.

    Raises:
        SettingsError: the environment is not fit to start with.
    """
    if not _current:
        _current.append(World(Settings.read()))
    return _current[0]


def use(world: object) -> None:
    """From now on `wire` gives this one: for tests, with fakes by the same names."""
    _current[:] = [cast("World", world)]
