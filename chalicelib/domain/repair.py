"""What the provider says that it told us, held against what we kept: which to ask for again.

Knows a webhook by the provider's id, and never by a guess at its content. One that was asked for
is healed when it was kept, or is reported as delivered by an attempt after the asking. Where a
resend has an id of its own the report does not say whose copy it is: then the provider has to have
taken our asking, as many notifications of the event as were asked for have to appear after it, and
each of them has to be kept.
Nothing here moves money, and asking for too much is harmless: all news is heard once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import SYDNEY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

# How long a webhook may be under way, in the provider's retry or in our queue.
GRACE = timedelta(minutes=5)
# How far any two clocks may be apart, the provider's and each of ours.
SKEW = timedelta(minutes=11)
# How far ahead a moment may be read in the hour that is twice in autumn, and a bit.
AHEAD = timedelta(minutes=65)
MOST_TIMES = 3


class Ending(StrEnum):
    """What became of a webhook that was asked for again."""

    OPEN = "open"
    HEALED = "healed"
    REPLACED = "replaced"  # its copy, under an id of its own, is what is looked for now
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A line of the provider's report. `sent`: by its own word acknowledged with exactly 200.

    `told_at` is when it was first told, the later reading in an hour that is twice, and `None`
    where it was not understood: then it counts as new. `tried_at` is the last attempt.
    """

    webhook_id: str
    event: str
    url: str
    sent: bool
    told_at: datetime | None
    tried_at: datetime | None = None

    @property
    def latest(self) -> datetime | None:
        """The latest moment that is known of it; `None` where not even the first is."""
        if self.told_at is None or self.tried_at is None:
            return self.told_at
        return max(self.told_at, self.tried_at)

    def is_young(self, now: datetime) -> bool:
        """Whether it may still be under way; a moment far ahead is nonsense, and tells nothing."""
        return self.latest is not None and -AHEAD < now - self.latest < GRACE


@dataclass(frozen=True, slots=True)
class Asked:
    """A webhook that was asked for: how often, when last, and how the report had it then.

    `run_at` is when the run began that asked: what was asked for together shares it. `taken` says
    that the provider took the last asking: without that, no copy of it is looked for.
    """

    webhook_id: str
    event: str
    times: int
    asked_at: datetime
    run_at: datetime
    was_sent: bool
    latest: datetime | None
    ending: Ending = Ending.OPEN
    taken: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return self.ending is Ending.OPEN

    def is_touched(self, told: Bulletin) -> bool:
        """Whether its line has changed since: then the resend went out under the same id."""
        return told.latest != self.latest or told.sent is not self.was_sent


@dataclass(slots=True)
class Judgement:
    """What follows: whom to ask for (and how often that was done), who is over, who must wait.

    `keeps_id` says that a resend was seen to keep its id.
    """

    ask: list[tuple[Bulletin, int]] = field(default_factory=list)
    over: list[Asked] = field(default_factory=list)
    waiting: list[Bulletin] = field(default_factory=list)
    keeps_id: bool = False

    def end(self, asked: Asked, ending: Ending) -> None:
        """This one is over."""
        self.over.append(replace(asked, ending=ending))


def received_from(earliest: datetime) -> datetime:
    """From when on what was told at `earliest` or later may have been received."""
    offset, before = (
        each.astimezone(SYDNEY).utcoffset() or timedelta()
        for each in (earliest, earliest - timedelta(hours=2))
    )
    return earliest - SKEW - max(before - offset, timedelta())


def judge(
    bulletins: Sequence[Bulletin],
    *,
    seen: Collection[str],
    asked: Mapping[str, Asked],
    now: datetime,
    keeps_id: bool,
) -> Judgement:
    """Hold the report against what was `seen`: the ids of what is kept, or parked for a person.

    `asked` are those of the missing that were asked for, and all others that are still open.
    """
    told = {each.webhook_id: each for each in bulletins}
    pending = [each for each in asked.values() if each.is_open]
    touched = any(
        each.is_touched(told[each.webhook_id]) for each in pending if each.webhook_id in told
    )
    judged = Judgement(keeps_id=keeps_id or touched)
    settled, heirs = _copies(judged, [e for e in pending if e.webhook_id not in seen], told,
                             seen, asked, now)  # fmt: skip
    for each in pending:
        if each.webhook_id in seen:
            judged.end(each, Ending.HEALED)
        elif each.webhook_id not in told:
            # Of a day that is no longer read: nothing more will be learnt of it.
            judged.end(each, Ending.GIVEN_UP)
    for line in told.values():
        before = asked.get(line.webhook_id)
        if line.webhook_id in seen or line.webhook_id in settled:
            continue
        if before is None:
            _first(judged, line, heirs.get(line.webhook_id), now)
        elif before.is_open:
            _again(judged, line, before, now)
    return judged


def _first(judged: Judgement, told: Bulletin, heir_of: Asked | None, now: datetime) -> None:
    """One that was never asked for under this id."""
    if told.is_young(now):
        judged.waiting.append(told)
    elif heir_of is not None and heir_of.times >= MOST_TIMES:
        judged.end(replace(heir_of, webhook_id=told.webhook_id), Ending.GIVEN_UP)
    else:
        judged.ask.append((told, heir_of.times if heir_of else 0))


def _again(judged: Judgement, told: Bulletin, before: Asked, now: datetime) -> None:
    """One that was asked for, and is still not kept."""
    if told.sent and not before.was_sent:
        # Our own door answered 200 since, which it does only for what is durable.
        judged.end(before, Ending.HEALED)
    elif now - before.asked_at < GRACE:
        judged.waiting.append(told)
    elif before.times >= MOST_TIMES:
        judged.end(before, Ending.GIVEN_UP)
    else:
        judged.ask.append((told, before.times))


def _copies(
    judged: Judgement,
    pending: Sequence[Asked],
    told: Mapping[str, Bulletin],
    seen: Collection[str],
    asked: Mapping[str, Asked],
    now: datetime,
) -> tuple[set[str], dict[str, Asked]]:
    """Resends under ids of their own: whom they settle, and which of them were lost again.

    None are looked for once a resend was seen to keep its id.
    """
    settled: set[str] = set()
    heirs: dict[str, Asked] = {}
    groups: dict[tuple[str, datetime], list[Asked]] = defaultdict(list)
    if not judged.keeps_id:
        for each in pending:
            if each.webhook_id in told and each.taken:
                groups[each.event, each.run_at].append(each)
    for (event, run_at), group in groups.items():
        copies = [
            each
            for each in told.values()
            if each.event == event
            and each.webhook_id not in asked
            and each.told_at is not None
            and run_at - SKEW <= each.told_at <= run_at + GRACE
        ]
        if len(copies) < len(group):
            continue
        settled.update(each.webhook_id for each in group)
        lost = [each for each in copies if each.webhook_id not in seen]
        if any(each.is_young(now) for each in lost):
            judged.waiting += [told[each.webhook_id] for each in group]
            continue
        for number, each in enumerate(group):
            judged.end(each, Ending.REPLACED if number < len(lost) else Ending.HEALED)
        heirs.update(zip((each.webhook_id for each in lost), group, strict=False))
    return settled, heirs
