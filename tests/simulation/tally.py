"""What there is to tell of a week: how many payouts got how far, what came in, what was healed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain.payout import OPEN, Status

if TYPE_CHECKING:
    from tests.simulation.business import Business
    from tests.simulation.desk import Desk
    from tests.simulation.people import People


def tally(business: Business, people: People, desk: Desk) -> Counter[str]:
    """The counts of a week that the promise covers."""
    counts: Counter[str] = Counter()
    lives = business.books.lives
    executed = {each.life for each in business.provider.executions}
    counts["payouts wanted"] += len(people.wishes)
    counts["payouts stored"] += len(lives)
    counts["payouts that reached the provider"] += len(executed)
    counts["payouts ended"] += sum(life.status not in OPEN for life in lives.values())
    counts["payouts completed"] += sum(life.status is Status.COMPLETED for life in lives.values())
    counts["payouts disputed"] += sum(life.status is Status.DISPUTED for life in lives.values())
    counts["payouts that wait for a person"] += sum(
        life.status in OPEN and life.waits for life in lives.values()
    )
    counts.update({f"steps {name}": told for name, told in business.books.heard.items()})
    _count_what_came_in(counts, business, desk, executed)
    counts["executed more than once"] += business.told["executed more than once"]
    contradicted = "executed twice against the provider's own word"
    counts[contradicted] += business.told[contradicted]
    alone = "left alone by the version before"
    counts[alone] += business.told[alone]
    counts.update({name: told for name, told in business.told.items() if "day_limit" in name})
    counts.update({f"our {name}": told for name, told in business.told.items() if "calls" in name})
    return counts


def _count_what_came_in(
    counts: Counter[str], business: Business, desk: Desk, executed: set[str]
) -> None:
    """What came in, what was healed, and who waited for funds."""
    tills, post = business.books.tills, business.post
    states = Counter(row.get("state", {"S": "open"})["S"] for row in tills.receipts.values())
    counts.update({f"receipts {state}": number for state, number in states.items()})
    stages = Counter(row["stage"]["S"] for row in tills.settlements.values())
    counts.update({f"settlements {stage}": number for stage, number in stages.items()})
    counts["rows wanted"] += sum(len(rows) for rows in tills.expected.values())
    counts["rows allocated"] += tills.allocated.total()
    counts["webhooks sent"] += len(post.sent)
    counts["webhooks lost"] += len(post.lost)
    counts["webhooks healed"] += post.healed() - len(desk.helped | desk.unknown)
    counts["webhooks missing that nobody could know of"] += len(desk.unknown)
    counts["webhooks that a person asked for"] += len(desk.helped)
    fates = Counter(
        row["ending"]["M"]["fate"]["S"] if "ending" in row else "open"
        for row in tills.letters.values()
    )
    counts.update({f"letters {fate}": number for fate, number in fates.items()})
    counts.update(f"findings {kind}" for kind, _ in tills.findings)
    waited = business.standing.waited
    counts["payouts that waited for funds"] += len(waited)
    counts["payouts that waited for funds and went"] += len(waited & executed)
