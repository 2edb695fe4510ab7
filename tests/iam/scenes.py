"""What else happens that no way in of the document leads to: news, schedules, shortages, ends.

A scene is played at premises of its own; then time passes, and every schedule runs in it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.adapters.sqs import body_of
from chalicelib.domain.errors import MailUnavailable, VaultUnavailable
from chalicelib.domain.events import Confirmed, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Debit, PayoutNews, Unheard, Unreadable
from chalicelib.domain.parked import ParkedLetter
from chalicelib.usecases.take_in import notice_key
from tests.api import erasing
from tests.api.house import CUSTOMER
from tests.api.making import failed, pay, pending, queued, unconfirmed
from tests.api.test_shares import HEAD
from tests.fakes.inbox import TOKEN
from tests.fakes.provider import NOT_CONNECTED, OUT_OF_FUNDS, SERVER_ERROR_UNPAID
from tests.iam.house import Doors, Premises

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.events import News
    from chalicelib.domain.notices import Tiding
    from tests.iam.account import Account

REASON = {"reason": "For a test."}
NOBODYS = "3f0c9a52-7d1e-8b6a-9c3d-2a1b0c9d8e7f"
LATER = (timedelta(minutes=2), timedelta(hours=1), timedelta(hours=26), timedelta(days=95))


def opened(account: Account) -> Doors:
    """Doors of premises where nothing has happened yet."""
    return Doors(Premises(account))


def time_passes(doors: Doors, spans: tuple[timedelta, ...] = LATER) -> None:
    """Spans go by, and after each every schedule runs."""
    for span in spans:
        doors.house.clock.advance(span)
        doors.tick()


# How news comes: by the provider itself, out of the queue, or on a person's word.


def _delivered(doors: Doors, letter: DeadLetter) -> None:
    headers = {"Authorization": TOKEN, "Webhookid": letter.webhook_id}
    path = f"/webhooks/monoova/{letter.event_name}"
    doors.post(path, raw=letter.raw, headers=headers, role="")


def _queued(doors: Doors, letter: DeadLetter) -> None:
    doors.message(body_of(letter))


def _queued_for_the_last_time(doors: Doors, letter: DeadLetter) -> None:
    doors.message(body_of(replace(letter, attempts=100)))


def _redriven(doors: Doors, letter: DeadLetter) -> None:
    doors.house.parked.put(ParkedLetter(notice_key(letter), letter, letter.received_at))
    doors.post("/dead-letters/redrive", REASON, key=f"redrive of {letter.webhook_id:>020}")
    own = ParkedLetter(notice_key(letter), letter, letter.received_at).letter_id
    doors.post(f"/dead-letters/{own}/redrive", REASON, key=f"another of {letter.webhook_id:>020}")


WAYS_OF_NEWS = (_delivered, _queued, _queued_for_the_last_time, _redriven)


def _told(doors: Doors, by: Callable[[Doors, DeadLetter], None], *tidings: Tiding) -> None:
    premises: Any = doors.house
    premises.letters += 1
    number = premises.letters
    raw = b'{"number": %d}' % number
    doors.house.inbox.teach(raw, *tidings)
    by(doors, DeadLetter("NppReturn", str(number), raw, doors.house.clock.now(), "defect", 2))


def _news(doors: Doors, own: str, kind: Callable[..., News], **more: Any) -> PayoutNews:
    news = kind(at=doors.house.clock.now(), by="webhook", attempt=1, **more)
    return PayoutNews(f"{own}-1", own, news)


def all_the_news(account: Account, by: Callable[[Doors, DeadLetter], None]) -> None:
    """Everything that a webhook can tell, once and again, true and not."""
    kinds: tuple[Any, ...] = (Confirmed, Rejected, Returned)
    for kind, maker in product(kinds, (pending, unconfirmed, failed, queued)):
        doors = opened(account)
        first = _news(doors, maker(doors), kind)
        _told(doors, by, first)
        _told(doors, by, first)
    doors = opened(account)
    receipt = Receipt("N00100000001", Money(1_000), "NPP", doors.house.clock.now(), "FDMS 0042")
    for each in (receipt, receipt, replace(receipt, amount=Money(2_000))):
        _told(doors, by, each)
    for tiding in (
        _news(doors, NOBODYS, Confirmed), Unreadable("amount_unreadable", "x"), Unheard("noted"),
        Unheard("unknown", "y", foreign=True), Debit("z", Money(500), "debited"),
    ):  # fmt: skip
        _told(doors, by, tiding)
    lines = tuple(replace(receipt, receipt_id=f"N002{number:08}") for number in range(60))
    _told(doors, by, *lines[:3], Unreadable("amount_unreadable", "x"))
    _told(doors, by, *lines)
    _told(doors, by, replace(receipt, receipt_id=f"M{'x' * 5000}"))


def planned(doors: Doors) -> None:
    """Schedules whose payouts go out, are refused, wait for a person, and cannot be read."""
    tomorrow = (doors.house.clock.now() + timedelta(days=1)).date().isoformat()
    for number, who in enumerate((CUSTOMER, CUSTOMER, CUSTOMER, erasing.poor(doors))):
        body = {
            "customer_id": who, "amount": f"1{number}.00", "payout_method": "PayId",
            "rule": {"type": "daily"}, "start": tomorrow, "count": 2,
        }  # fmt: skip
        answer = doors.post("/schedules", body, key=f"key of the schedule {number:06}", who="one")
        assert answer.status == 201, answer.text
    for span in (timedelta(hours=2), timedelta(hours=20)):
        doors.house.provider.will(NOT_CONNECTED, OUT_OF_FUNDS)
        time_passes(doors, (span,))
    doors.post("/rails/npp/open", REASON, key="a key to open the rail")
    time_passes(doors, (timedelta(days=1), timedelta(days=9)))


def expected(doors: Doors) -> None:
    """A settlement comes in by two receipts, and goes to its customers; another one does not."""
    day = doors.house.clock.now().date().isoformat()
    for name in ("FDMS 0042", "FDMS 0043"):
        csv = f"{HEAD}{CUSTOMER},60.00\n{CUSTOMER},30.00\n"
        body = {"date": day, "amount": "100.00", "reference": name, "csv": csv}
        assert doors.post("/settlements", body, key=f"key of {name:>20}").status == 201
    for number, (cents, text) in enumerate(
        ((10_000, "FDMS 0042"), (500, "FDMS 0043"), (10_000, "FDMS 0042"), (700, "thanks"))
    ):
        _told(doors, _delivered, Receipt(
            f"N003{number:08}", Money(cents), "NPP", doors.house.clock.now(), text,
        ))  # fmt: skip
    time_passes(doors)


class _Shut:
    """A vault that nobody reaches."""

    def unseal(self, *_: object, **__: object) -> NoReturn:
        """Not now."""
        raise VaultUnavailable("down")


def half_filed(doors: Doors) -> None:
    """A file for the bank that the request could not fill, and what becomes of it."""
    for number in range(3):
        body = {"customer_id": CUSTOMER, "amount": f"{number + 1}.00"}
        pay(doors, NOT_CONNECTED, payout_method="BankAccount", **body)
    doors.post("/rails/npp/open", REASON, key="a key to open the rail")
    with _instead(doors, vault=_Shut()):
        doors.post("/exports/aba", key="a key for the file")
    time_passes(doors)


def short(doors: Doors) -> None:
    """The account runs dry, and is filled again; who waits goes out in turn."""
    doors.house.provider.balance = Money(500)
    for _ in range(3):
        pay(doors, OUT_OF_FUNDS)
    time_passes(doors, (timedelta(minutes=2), timedelta(minutes=10)))
    doors.house.provider.balance = Money(1_000_000)
    time_passes(doors)


def broken(doors: Doors) -> None:
    """The provider fails until the circuit opens; then it is probed, and all go out."""
    for _ in range(7):
        pay(doors, SERVER_ERROR_UNPAID)
    for _ in range(2):
        pay(doors)
    time_passes(doors)


def missed(doors: Doors) -> None:
    """Webhooks that never came are asked for again, heard, or in the end given up."""
    house = doors.house
    heard = iter((False, True, False))
    house.subscriptions.hear = lambda _own: next(heard, False)
    for number in range(4):
        house.subscriptions.tell(f"70{number}", sent=number == 3)
    time_passes(doors, (timedelta(minutes=20),) * 12)
    time_passes(doors)


def unshown(doors: Doors) -> None:
    """What a webhook told of, the account shows nothing of: the night reads the payout's steps."""
    for kind in (Rejected, Returned):
        own = pending(doors)
        _told(doors, _delivered, _news(doors, own, kind))
    doors.house.provider.executions.clear()
    time_passes(doors, (timedelta(hours=20),))
    time_passes(doors)


def differing(doors: Doors) -> None:
    """A night that finds what no webhook has told, what is nobody's, and hears of it again."""
    house = doors.house
    for word in ("Complete", "Rejected", "Dishonoured"):
        own = pay(doors, payout_method="BankAccount", rail="DirectEntry", amount="5.00")
        house.provider.settle(f"{own}-1", word, back=Money(500) if word != "Complete" else None)
    own = pending(doors)
    house.provider.settle(f"{own}-1", "Dishonoured", back=Money(10_000))
    _told(doors, _delivered, Receipt("N00400000001", Money(900), "NPP", house.clock.now(), "x"))
    unconfirmed(doors)
    time_passes(doors, (timedelta(hours=20), timedelta(minutes=5), timedelta(days=1)))
    house.day_book.more = []
    time_passes(doors)


class _Down:
    """A courier that takes nothing."""

    reaches_people = True

    def send(self, *_: object) -> None:
        """Not today."""
        raise MailUnavailable("down")


def untold(doors: Doors) -> None:
    """A customer's mail is not taken while the request runs: they are told later."""
    with _instead(doors, courier=_Down()):
        body = {"email": "other@example.com"}
        doors.call("PATCH", f"/customers/{CUSTOMER}", body, key="a key for the change")
    time_passes(doors)


@contextmanager
def _instead(doors: Doors, **ports: Any) -> Iterator[None]:
    before = {name: getattr(doors.house, name) for name in ports}
    for name, port in ports.items():
        setattr(doors.house, name, port)
    try:
        yield
    finally:
        for name, port in before.items():
            setattr(doors.house, name, port)


def _discarded(doors: Doors) -> None:
    """Every letter that waits for a person is decided about."""
    for each in doors.get("/dead-letters").json["data"]:
        path = f"/dead-letters/{each['letter_id']}/discard"
        doors.post(path, REASON, key=f"to discard {each['letter_id']}")


def forgotten(doors: Doors) -> None:
    """Customers who are to be forgotten, with all that there can be of them, and late news."""
    house = doors.house
    other = house.customer("00000000-0000-8000-8000-000000000777", available=300).customer_id
    destination = house.customers.get(other).destinations[0].destination_id
    doors.post(f"/customers/{other}/destinations/{destination}/verification", key="k" * 20)
    body = {"customer_id": other, "amount": "1.00", "payout_method": "PayId"}
    own = [pay(doors, **body) for _ in range(3)]
    for each in own:
        _told(doors, _delivered, _news(doors, each, Confirmed))
        _told(doors, _queued_for_the_last_time, Unreadable("amount_unreadable", f"{each}-1"))
    plan = {**body, "rule": {"type": "daily"}, "start": "2026-08-01", "count": 2}
    doors.post("/schedules", plan, key="key of their schedule")
    _discarded(doors)
    house.customers = erasing._Hasty(doors)
    assert doors.call("DELETE", f"/customers/{other}", REASON).status == 202
    doors.call("DELETE", f"/customers/{other}/legal-hold", REASON)
    time_passes(doors, (timedelta(hours=2),))
    _told(doors, _delivered, _news(doors, own[0], Returned))
    _told(doors, _queued_for_the_last_time, Unreadable("amount_unreadable", f"{own[1]}-1"))
    _discarded(doors)
    time_passes(doors)


def forgotten_at_once(doors: Doors) -> None:
    """A customer whose payouts are over, forgotten while the request runs."""
    other = doors.house.customer("00000000-0000-8000-8000-000000000778", available=100)
    body = {"customer_id": other.customer_id, "amount": "1.00", "payout_method": "PayId"}
    own = pay(doors, **body)
    for by in (_delivered, _queued_for_the_last_time):
        _told(doors, by, _news(doors, own, Confirmed), Unreadable("amount_unreadable", own))
    _discarded(doors)
    assert doors.call("DELETE", f"/customers/{other.customer_id}", REASON).status == 200


def archived(doors: Doors) -> None:
    """A payout long after its end, and everything that is asked about it then."""
    own = pending(doors)
    doors.house.provider.settle(f"{own}-1", "Complete")
    time_passes(doors)
    time_passes(doors, (timedelta(days=8), timedelta(days=40)))
    for path in ("", "/events", "/story", "/notices"):
        doors.get(f"/payouts/{own}{path}")
    doors.get(f"/payouts?customer_id={CUSTOMER}")


SCENES: tuple[Callable[[Doors], None], ...] = (
    planned, expected, half_filed, short, broken, missed, unshown, differing, untold, forgotten,
    forgotten_at_once, archived,
)  # fmt: skip
