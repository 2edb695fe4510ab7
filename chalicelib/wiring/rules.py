"""What the settings say of time and money: the terms that use cases are given."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.order import Limits
from chalicelib.domain.patience import Patience
from chalicelib.domain.ways import Routing, Strategy, Way, charged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib import ports
    from chalicelib.domain.money import Money
    from chalicelib.domain.policy import Policy
    from chalicelib.settings import Settings

# ruff: noqa: PLC0415 (adapters are dear to import, and no request needs them all)


class Rules:
    """The clock, the calendar, and how much and how long."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> ports.Clock:
        """Time and names."""
        from chalicelib.adapters.clock import clock_for

        return clock_for(self.settings.clock_url)

    @cached_property
    def issuer_clock(self) -> ports.Clock:
        """The clock that tokens are dated by: the machine's, never one that is followed."""
        from chalicelib.adapters.clock import SystemClock

        return SystemClock()

    @cached_property
    def pace(self) -> ports.Pace:
        """How fast each principal asks of this process."""
        from chalicelib.adapters.pace import Buckets

        return Buckets(self.default_policy.rates)

    @cached_property
    def calendar(self) -> Calendar:
        """Business days."""
        from chalicelib.adapters.holidays import rits_holiday

        told = self.settings
        return Calendar(rits_holiday, told.de_cut_off_hour, told.aba_cut_off_hour)

    @cached_property
    def patience(self) -> Patience:
        """How long we wait for what."""
        told = self.settings
        return Patience(
            first_ask=timedelta(seconds=told.first_ask_seconds),
            quarantine=timedelta(minutes=told.quarantine_minutes),
            window_days=told.de_window_days,
        )

    @property
    def default_policy(self) -> Policy:
        """The policy that holds until two people have agreed to another one."""
        return self.settings.default_policy

    @cached_property
    def limits(self) -> Limits:
        """The business's limits for one payout."""
        told = self.settings
        usual = None if told.usual_way == "NPP" else Strategy(told.usual_way)
        routing = Routing(self._costs, usual, self.calendar)
        return Limits(
            told.min_payout, told.max_payout, told.remitter_name, routing, told.most_waiting
        )

    @property
    def _costs(self) -> Mapping[Way, Money]:
        told = self.settings
        fees = {
            Way.PAY_ID: told.fee_npp_pay_id,
            Way.ACCOUNT: told.fee_npp_account,
            Way.DIRECT_ENTRY: told.fee_direct_entry,
        }
        return {way: charged(fee) for way, fee in fees.items()}

    @cached_property
    def float_rules(self) -> FloatRules:
        """What must stay in the account, and what is little."""
        told = self.settings
        return FloatRules(told.funds_reserve, told.funds_warning, told.funds_fee)
