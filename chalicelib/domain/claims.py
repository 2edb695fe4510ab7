"""What a new payout takes with its first write, each part only as it was read, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.allowance import Draw
    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.habits import Habits
    from chalicelib.domain.rate import Token
    from chalicelib.domain.step import Step
    from chalicelib.domain.twins import Twin


@dataclass(frozen=True, slots=True)
class Woken:
    """The schedule whose occurrence a payout is, at the version at which it is the next one."""

    schedule_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Claims:
    """`twin` takes the place of `before_it`; `habits` are those that the payout adds to.

    `desk` is what an approver has agreed to, as it is then: one version after the one read.
    `original` is the step by which the payout that a redraft replaces says so.
    `woken` is a schedule that must not have changed; it is not changed by this.
    """

    draws: tuple[Draw, ...] = ()
    twin: Twin | None = None
    before_it: Twin | None = None
    habits: Habits | None = None
    token: Token | None = None
    desk: ApproverDay | None = None
    original: Step | None = None
    woken: Woken | None = None
