"""The provider's subscriptions and its report, in memory: it tells what it is told to tell.

Counts every call. `fail` has the next call of a name raise, `refuse` has it answered with a code.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.repair import Bulletin
from chalicelib.domain.subscriptions import Outcome, Subscription, Verdict, target
from chalicelib.ports import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from chalicelib.domain.errors import PayoutError
    from chalicelib.ports import Clock

BASE = "https://payouts.example.com"


@dataclass
class FakeSubscriptions:
    """The ports `Subscriptions` and `Bulletins`.

    A resend goes to `hear`, which says with how many it was answered and keeps it or not; under
    its own id, or under a new one where `keeps_id` is not so.
    """

    clock: Clock
    token: str = "token-1"
    keeps_id: bool = True
    hear: Callable[[str], bool] = field(default=lambda _webhook_id: True)
    calls: Counter[str] = field(default_factory=Counter)
    present: dict[str, Subscription] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    told: dict[str, Bulletin] = field(default_factory=dict)
    fail: dict[str, list[PayoutError]] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)
    resent: list[str] = field(default_factory=list)

    def mark(self) -> str:
        """The token itself will do."""
        return self.token

    def list(self, *, within: float) -> Sequence[Subscription]:
        """All that there are."""
        self._called("list", within)
        return list(self.present.values())

    def create(self, event: str, url: str, *, within: float) -> Outcome:
        """Subscribe an event, once."""
        self._called("create", within)
        taken = [each for each in self.present.values() if each.event == event]
        if taken:
            there = taken[0].subscription_id
            return Outcome(Verdict.EXISTS, there, "WebhookAlreadySubscribed")
        number = str(len(self.tokens) + 1)
        return self._put(number, event, url, "create")

    def update(self, subscription_id: str, event: str, url: str, *, within: float) -> Outcome:
        """Change one that is there."""
        self._called("update", within)
        if subscription_id not in self.present:
            return Outcome(Verdict.REFUSED, "", "SubscriptionNotFound")
        return self._put(subscription_id, event, url, "update")

    def delete(self, subscription_id: str, *, within: float) -> Outcome:
        """End one."""
        self._called("delete", within)
        if self.present.pop(subscription_id, None) is None:
            return Outcome(Verdict.REFUSED, "", "SubscriptionNotFound")
        return Outcome(Verdict.TAKEN)

    def report(self, day: date, *, skip: int, take: int, within: float) -> Report:
        """What was told on a date."""
        self._called("report", within)
        of_day = [
            each
            for each in self.told.values()
            if each.told_at is None or sydney_date(each.told_at) == day
        ]
        part = of_day[skip : skip + take]
        return Report(part, len(part))

    def resend(self, webhook_id: str, *, within: float) -> str:
        """Tell it again."""
        self._called("resend", within)
        if webhook_id in self.refuse:
            return self.refuse[webhook_id]
        self.resent.append(webhook_id)
        now = self.clock.now()
        old = self.told[webhook_id]
        if self.keeps_id:
            sent = self.hear(webhook_id)
            self.told[webhook_id] = replace(old, sent=sent, tried_at=now)
        else:
            copy = str(900_000 + len(self.told))
            self.told[copy] = replace(
                old, webhook_id=copy, told_at=now, tried_at=now, sent=self.hear(copy)
            )
        return ""

    def tell(self, webhook_id: str, event: str = "NppReturn", *, sent: bool, ago: int = 600) -> str:
        """Have told a webhook, so many seconds ago, acknowledged or not."""
        at = self.clock.now() - timedelta(seconds=ago)
        self.told[webhook_id] = Bulletin(webhook_id, event, target(BASE, event), sent, at, at)
        return webhook_id

    def _put(self, number: str, event: str, url: str, what: str) -> Outcome:
        if event in self.refuse:
            return Outcome(Verdict.REFUSED, "", self.refuse[event])
        changed = f"{what} {sum(self.calls.values())}"
        self.present[number] = Subscription(number, event, url, True, changed)
        self.tokens[number] = self.token
        return Outcome(Verdict.TAKEN, number)

    def _called(self, name: str, within: float) -> None:
        assert within > 0
        self.calls[name] += 1
        if self.fail.get(name):
            raise self.fail[name].pop(0)
