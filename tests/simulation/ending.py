"""The faults have stopped: what must be true after two polls, and in the end."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING

from chalicelib.domain.ledger import OUTSIDE, Place
from chalicelib.domain.payout import OPEN, Status
from tests.simulation.books import Broken
from tests.simulation.code import present
from tests.simulation.desk import Desk
from tests.simulation.monoova import ENOUGH
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.books import Life
    from tests.simulation.business import Business
    from tests.simulation.environment import Environment

# Longer than anything is under way, and than a lagging look-up lags.
QUIET = 4 * HOUR
# Runs of the poller after which a webhook has been asked for as often as it ever is.
RUNS = 8
# Runs after which all that came in is matched and allocated.
TWICE = 2


def end_well(business: Business, desk: Desk | None = None) -> None:
    """Let everything come to its end.

    Raises:
        Broken: an invariant does not hold.
    """
    _end_all_faults(business)
    _heal(business, desk or Desk(business, business.fate.chance))
    for finish in business.finishing:
        finish()
    for _ in range(2):
        _poll(business, 2 * HOUR)
    equals_the_truth(business)
    if _all_is_over(business):
        return
    for each in business.provider.executions:
        business.provider.settle(each)
    for span in (9 * DAY, 2 * HOUR, 9 * DAY, 2 * HOUR, 2 * HOUR):
        business.timeline.run(business.timeline.now + span)
        _poll(business, HOUR)
    equals_the_truth(business)
    listed = _listed(business)
    for own, life in business.books.lives.items():
        if life.status in OPEN and own not in listed:
            raise Broken(f"{own} is {life.status} for ever, and on nobody's list")


def _listed(business: Business) -> set[str]:
    """The payouts that `GET /attention` lists."""
    listed: set[str] = set()

    def look(environment: Environment) -> None:
        page = environment.payouts.needing_attention(limit=200, position=None)
        listed.update(payout.transaction_id for payout in page.items)

    business.invoke("api", "attention", look)
    return listed


def _all_is_over(business: Business) -> bool:
    """Whether nothing is open any more, nor anything to come from outside."""
    lives = business.books.lives.values()
    return business.timeline.next_at() is None and not any(life.status in OPEN for life in lives)


def _end_all_faults(business: Business) -> None:
    timeline = business.timeline
    business.provider.down = business.cannot_read = False
    business.provider.unreachable = False
    business.provider.balance = ENOUGH
    business.rekey(business.provider.key)
    business.straighten()
    business.deploy([present()])
    timeline.run(timeline.now + QUIET)
    business.invoke("api", "open", lambda env: env.open_gate())
    business.post.release()
    timeline.run(timeline.now + 2 * HOUR)


def _heal(business: Business, desk: Desk) -> None:
    """What was lost is asked for by the poller; only what it says that it cannot get, by a person.

    Raises:
        Broken: a webhook is missing, and nobody knows.
    """
    for run in range(RUNS):
        if not (_has_work(business) or (business.settles and run < TWICE)):
            break
        _poll(business, 11 * MINUTE)
    desk.clear()
    business.timeline.run(business.timeline.now + 2 * HOUR)
    if not business.post.keeps_number:
        # Which of the resends arrived nobody can tell there.
        desk.ask_for_all()
        business.timeline.run(business.timeline.now + 2 * HOUR)
    if missing := business.missing:
        raise Broken(f"webhooks {missing} are missing, and nobody knows")
    letters = business.books.tills.open_letters()
    if left := [
        own for own in letters if not desk.is_nonsense(own) and not _at_odds(business, own)
    ]:
        raise Broken(f"{left} could not be applied")


def _at_odds(business: Business, letter_id: str) -> bool:
    """Whether a letter is of what the provider has said two things of: it stays a person's."""
    reference = business.books.tills.letters[letter_id].get("reference", {"S": ""})["S"]
    return business.provider.broken_word.broken_for(reference[:36])


def _has_work(business: Business) -> bool:
    """Whether the poller has more to do than to look after payouts."""
    tills = business.books.tills
    return bool(business.missing or tills.unattended())


def _poll(business: Business, seconds: float) -> None:
    more = {"settles": business.settles, "repairs": bool(business.missing)}
    business.invoke("poll", "poll", methodcaller("tick", **more))
    business.timeline.run(business.timeline.now + seconds)


def _is_told_of(business: Business, own: str, life: Life) -> None:
    """What was executed against somebody's word is so in our books, or before a person."""
    executed = business.executions_of(own)
    if any(each.word == "Pending" for each in executed):
        return  # it has not told of it yet
    gone = sum(each.cents - each.back for each in executed)
    ours = life.moved[Place.WITH_PROVIDER] + life.moved[Place.PAID]
    if ours != gone and not life.waits and life.status is not Status.DISPUTED:
        raise Broken(f"{own} is {life.status}, {ours} gone, and nobody knows of {gone}")


def equals_the_truth(business: Business) -> None:
    """Ours are the provider's books and the bank's, to the cent, payout by payout.

    Raises:
        Broken: they are not.
    """
    books = business.books
    for own, life in books.lives.items():
        if business.is_at_odds(own):
            _is_told_of(business, own, life)
            continue
        executed = business.executions_of(own)
        gone = sum(each.cents - each.back for each in executed)
        ours = life.moved[Place.WITH_PROVIDER] + life.moved[Place.PAID]
        if ours != gone:
            words = [each.word for each in executed] or "not executed"
            raise Broken(f"{own} is {life.status}, {ours} gone; the truth: {words}, {gone}")
        if life.status in OPEN and not life.waits and not life.open_until:
            raise Broken(f"nobody will ever look at {own}")
    if business.queued:
        raise Broken(f"{business.queued} dead letters are still in the queue")
    if business.forgotten:
        raise Broken(f"{len(business.forgotten)} webhooks were acknowledged, and are nowhere")
    if waiting := business.standing.stuck():
        raise Broken(f"there is money, and {waiting} wait for it")
    inside = [place for place in Place if place not in OUTSIDE | {Place.BUSINESS}]
    if books.total(*inside) != -books.total(Place.DEPOSITED):
        raise Broken("what was deposited is not what is there")
