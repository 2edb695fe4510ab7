"""Everybody else: the provider, the vault, the queue, the secrets."""

from __future__ import annotations

import hmac
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Unavailable
from chalicelib.wiring.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib import ports
    from chalicelib.adapters.by_bank import ByBank
    from chalicelib.adapters.monoova.client import Monoova
    from chalicelib.adapters.monoova.credentials import KeyRing
    from chalicelib.adapters.monoova.notices import WebhookTokens
    from chalicelib.adapters.monoova.signin import SignedIn
    from chalicelib.adapters.monoova.subscriptions import MonoovaSubscriptions
    from chalicelib.adapters.monoova.transport import Transport
    from chalicelib.adapters.secrets import Secrets
    from chalicelib.domain.aba import Payer
    from chalicelib.domain.names import Distance
    from chalicelib.domain.notices import DeadLetter

# ruff: noqa: PLC0415 (adapters are dear to import, and no request needs them all)


class Neighbours(Records):
    """Every port that ends outside of our tables."""

    @cached_property
    def provider(self) -> Monoova:
        """Monoova's payments interface."""
        from chalicelib.adapters.monoova.client import Monoova
        from chalicelib.adapters.monoova.payments import PaymentForm

        told = self.settings
        form = PaymentForm(
            account=told.monoova_maccount_token or "", source_bsb=told.monoova_source_bsb or "",
            source_account=told.monoova_source_account or "",
            source_bsb_field=told.monoova_source_bsb_field,
        )  # fmt: skip
        return Monoova(self._signed_in, form=form, clock=self.clock, heard=self.breaker.heard)

    @cached_property
    def bank(self) -> ByBank:
        """The bank, which is given files by people."""
        from chalicelib.adapters.by_bank import ByBank

        return ByBank(self.bank_files, self.payouts, self.clock)

    @property
    def payer(self) -> Payer | None:
        """Who pays by files, as the bank knows them; `None` where no bank is configured."""
        return self.settings.payer

    @cached_property
    def verifier(self) -> ports.Verifier:
        """The provider's verification of accounts."""
        from chalicelib.adapters.monoova.account_checks import MonoovaVerifier

        remitter = self.settings.remitter_name
        return MonoovaVerifier(self._signed_in, clock=self.clock, remitter=remitter)

    @cached_property
    def bsb_directory(self) -> ports.BsbDirectory:
        """Banks and branches."""
        from chalicelib.adapters.bsb_directory import PackagedDirectory

        return PackagedDirectory()

    @property
    def word_distance(self) -> Distance:
        """How far two words are apart."""
        from chalicelib.adapters.similarity import word_distance

        return word_distance

    @cached_property
    def day_book(self) -> ports.DayBook:
        """The provider's side of whole days."""
        from chalicelib.adapters.monoova.day_book import MonoovaDayBook

        account = self.settings.monoova_maccount_token or ""
        return MonoovaDayBook(self._signed_in, account=account, clock=self.clock)

    @property
    def workbench(self) -> ports.Workbench:
        """A new workbench each time: whoever takes one closes it."""
        from chalicelib.adapters.workbench import SqliteWorkbench

        return SqliteWorkbench()

    @cached_property
    def subscriptions(self) -> MonoovaSubscriptions:
        """The provider's subscriptions, and its report of what it told us."""
        from chalicelib.adapters.monoova.subscriptions import MonoovaSubscriptions

        return MonoovaSubscriptions(self._signed_in, self._webhook_tokens, key=self.cursor_key)

    @cached_property
    def inbox(self) -> ports.Inbox:
        """The provider's webhooks."""
        from chalicelib.adapters.monoova.notices import MonoovaInbox
        from chalicelib.adapters.monoova.signature import Signatures

        signatures = Signatures(self._keys, self._transport)
        policy = self.settings.webhook_authentication
        return MonoovaInbox(self._webhook_tokens, signatures, policy=policy)

    @cached_property
    def vault(self) -> ports.Vault:
        """Sealed destinations."""
        from chalicelib.adapters.kms import KmsVault

        return KmsVault(self.settings.kms_key_arn, self._tables.customers, place_key=self.place_key)

    @cached_property
    def dead_letters(self) -> ports.DeadLetters:
        """The queue of webhooks that could not be applied yet."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.sqs import SqsDeadLetters

        told = self.settings
        return SqsDeadLetters(aws.sqs(), told.dlq_url, told.last_resort_url or "")

    @property
    def letter_from(self) -> Callable[[str], DeadLetter]:
        """How a message of the dead-letter queue is read."""
        from chalicelib.adapters.sqs import letter_from

        return letter_from

    def place_key(self) -> bytes:
        """The key under which the destinations of all customers are compared.

        Made of `places` in the cursors' secret where that is there, or else of their key: whoever
        changes that key puts the one before into `places`, or nothing compares with what was
        added before.

        Raises:
            Unavailable: the secret could not be read, or holds none.
        """
        told = self._secrets.read(self.settings.cursor_secret_arn)
        key = told.get("places") or told.get("key", "")
        if len(key) < 32:
            raise Unavailable("The key to compare destinations under is missing or too short.")
        return hmac.digest(key.encode(), b"destinations of all customers", "sha256")

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
    def _secrets(self) -> Secrets:
        from chalicelib.adapters import aws
        from chalicelib.adapters.secrets import Secrets

        return Secrets(aws.secrets_manager())

    @cached_property
    def _webhook_tokens(self) -> WebhookTokens:
        from chalicelib.adapters.monoova.notices import WebhookTokens

        return WebhookTokens(self._secrets, self.settings.monoova_webhook_secret_arn)

    @cached_property
    def _keys(self) -> KeyRing:
        from chalicelib.adapters.monoova.credentials import KeyRing

        told = self.settings
        return KeyRing(
            self._secrets, told.monoova_api_secret_arn, stage=told.stage, on_lambda=told.on_lambda
        )

    @cached_property
    def _signed_in(self) -> SignedIn:
        from chalicelib.adapters.monoova.signin import SignedIn

        return SignedIn(self._keys, self._transport, self.gate)

    @cached_property
    def _transport(self) -> Transport:
        from chalicelib.adapters.monoova.transport import Transport

        told = self.settings
        return Transport(connect_timeout=told.connect_timeout, read_timeout=told.read_timeout)
