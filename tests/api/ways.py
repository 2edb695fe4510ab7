"""How each status can be met at each operation: what the document declares, somebody can do."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.api.operation import Key, Operation
from chalicelib.domain.casework import MOST_COMMENTS, commented
from chalicelib.domain.errors import Stale
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.domain.parked import UNREADABLE, ParkedLetter
from chalicelib.usecases.fund import bank
from chalicelib.usecases.take_in import notice_key
from tests.api import erasing
from tests.api.house import CUSTOMER
from tests.api.making import disputed, pending, proposed, queued, unconfirmed
from tests.fakes.inbox import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.client import Answer, Api

NOBODY = "00000000-0000-4000-8000-000000000000"
RECEIPT = "N00100000000"
NUMBERS = count()
KEYS = (f"a key for the document, no. {number}" for number in count())


def ids(api: Api, name: str) -> dict[str, str]:
    """The ids in a path that make its operation succeed."""
    customer = api.house.customers.get(CUSTOMER)
    assert customer is not None
    makers: dict[str, Callable[[Api], str]] = {
        "cancel_payout": queued, "propose_resolution": unconfirmed,
        "agree_to_resolution": proposed, "dismiss_resolution": proposed,
    }  # fmt: skip
    if name in {"match_receipt", "close_receipt"}:
        received(api)
    return {
        "customer_id": erasing.ready(api, name),
        "destination_id": customer.destinations[2].destination_id,
        "transaction_id": makers.get(name, pending)(api),
        "event_name": "NppPaymentStatus",
        "letter_id": parked(api),
        "notice_id": noticed(api),
        "finding_id": wondered(api),
        "settlement_id": announced(api),
        "date": reconciled(api),
    }


def received(api: Api) -> None:
    """The receipt of the examples, which names nothing."""
    receipt = Receipt(RECEIPT, Money(10_000), "NPP", api.house.clock.now(), "thanks")
    bank(receipt, treasury=api.house.treasury)


def noticed(api: Api) -> str:
    """A webhook that was kept."""
    at = api.house.clock.now()
    kept = Notice(f"NppReturn#7#{next(NUMBERS)}", "NppReturn", "7", at, b"{}", "reference-1")
    api.house.notices.keep(kept.did("heard"))
    return kept.notice_id


def wondered(api: Api) -> str:
    """A finding that waits for a person."""
    found = Finding(Kind.UNKNOWN_PAYOUT, f"reference-{next(NUMBERS)}", api.house.clock.now())
    api.house.findings.open(found)
    return found.finding_id


def announced(api: Api) -> str:
    """A settlement that is expected."""
    body = {"date": "2026-03-04", "amount": "100.00", "reference": "FDMS 0042"}
    answer = api.post("/settlements", body, key=next(KEYS), who="one")
    return str(answer.json["settlement_id"])


def reconciled(api: Api) -> str:
    """A date whose night is over."""
    answer = api.post("/reconciliations", {"date": "2026-03-01"})
    assert answer.json["stage"] == "done", answer.text
    return str(answer.json["date"])


def parked(api: Api, error: str = "contradiction") -> str:
    """A dead letter that waits for a person."""
    at = api.house.clock.now()
    letter = DeadLetter("NppReturn", "7", b"{} %d" % next(NUMBERS), at, error, 9)
    waits = ParkedLetter(notice_key(letter), letter, at)
    api.house.parked.put(waits)
    return waits.letter_id


def ask(api: Api, operation: Operation, named: dict[str, str], **given: Any) -> Answer:
    """A request that is right, but for what is given."""
    model = operation.body
    body = model.model_json_schema()["examples"][0] if model is not None else None
    key = next(KEYS) if operation.key is not Key.NONE else None
    told = {"body": body, "key": key, "who": "second", **given}
    path = operation.path.format(**named) + told.pop("query", "")
    if operation.path.startswith("/webhooks"):
        told.setdefault("headers", {"Authorization": TOKEN})
    return api.call(operation.method, path, **told)


def right(api: Api, operation: Operation) -> Answer:
    named = ids(api, operation.name)
    if operation.name == "resume_customer":
        disputed(api)
    return ask(api, operation, named)


class Busy:
    """Customers whom somebody else always edits first."""

    def __init__(self, customers: Any) -> None:
        self.get = customers.get

    def edit(self, _customer: object, *, version: int) -> None:
        """Too late."""
        raise Stale(f"no longer {version}")


def conflict(api: Api, operation: Operation) -> Answer:
    named = ids(api, operation.name)
    if operation.key is not Key.NONE and operation.name != "add_destination":
        key = next(KEYS)
        ask(api, operation, named, key=key, who="one")
        body = None
        if operation.name == "create_customer":
            body = {"customer_name": "Al", "email": "al@example.com"}
        return ask(api, operation, named, key=key, **({"body": body} if body else {}))
    if operation.name.endswith(("_customer", "_destination", "_default", "_hold", "_erasure")):
        if operation.name != "resume_customer":
            api.house.customers = Busy(api.house.customers)
        return ask(api, operation, named)
    if operation.path.startswith("/provider/subscriptions"):
        api.house.rule(webhook_url=None)
    if operation.name == "cancel_settlement":
        port, settlement_id = api.house.settlements, named["settlement_id"]
        port.write(replace(port.get(settlement_id), receipts=("N00100000000",)), version=1)
    if operation.name in {"match_receipt", "close_receipt"}:
        api.post("/receipts/close", {"receipt_id": RECEIPT, "reason": "Known."}, who="one")
    if operation.name.endswith("_finding"):
        worked_on(api, operation, named)
    if operation.name.endswith("_dead_letter"):
        api.post(f"/dead-letters/{named['letter_id']}/discard", {"reason": "Doubled."}, who="one")
    return ask(api, operation, {**named, "transaction_id": pending(api)})


def worked_on(api: Api, operation: Operation, named: dict[str, str]) -> None:
    """A finding that cannot be worked on so any more."""
    if operation.name != "comment_on_finding":
        api.post(f"/findings/{named['finding_id']}/resolve", {"reason": "Seen."}, who="one")
        return
    finding = api.house.findings.get(named["finding_id"])
    assert finding is not None
    for number in range(MOST_COMMENTS):
        finding = commented(finding, str(number), by="one", at=api.house.clock.now())
    api.house.findings.write(finding)


def broken_rule(api: Api, operation: Operation) -> Answer:
    named = ids(api, operation.name)
    if operation.name == "add_destination":
        for _ in range(17):
            assert ask(api, operation, named).status == 201
        return ask(api, operation, named)
    if operation.name == "redrive_dead_letter":
        return ask(api, operation, {"letter_id": parked(api, UNREADABLE)})
    if operation.name in erasing.OPERATIONS:
        return ask(api, operation, named, body=erasing.NAMING)
    if operation.name == "run_reconciliation":
        return ask(api, operation, named, body={"date": "2099-12-31"})
    amount = "0.01" if operation.name == "expect_settlement" else "99999.00"
    body = {**operation.body.model_json_schema()["examples"][0], "amount": amount}  # type: ignore[union-attr] # it has one
    return ask(api, operation, named, body=body)


def defect(api: Api, operation: Operation) -> Answer:
    class NoSettings:
        settings = property(lambda _: 1 / 0)

    named = ids(api, operation.name)
    wiring.use(NoSettings())
    return ask(api, operation, named)


def unavailable(api: Api, operation: Operation) -> Answer:
    named = ids(api, operation.name)
    api.house.store.state.down = True
    api.house.archive.down = True
    return ask(api, operation, named)


def nobody(api: Api, operation: Operation) -> Answer:
    named = dict.fromkeys(ids(api, operation.name), NOBODY)
    if operation.name == "close_receipt":
        return ask(api, operation, named, body={"receipt_id": "N9", "reason": "Known."})
    if operation.name == "create_payout":
        body = {"customer_id": NOBODY, "amount": "1.00", "payout_method": "PayId"}
        return ask(api, operation, named, body=body)
    return ask(api, operation, named)


def unidentified(api: Api, operation: Operation) -> Answer:
    return ask(api, operation, ids(api, operation.name), context={}, headers={})


def going_on(api: Api, operation: Operation) -> Answer:
    if operation.name != "erase_customer":
        return right(api, operation)
    return ask(api, operation, {"customer_id": erasing.waiting(api)})


WAYS: dict[int, Callable[[Api, Operation], Answer]] = {
    202: going_on,
    400: lambda api, o: ask(api, o, ids(api, o.name), query="?colour=red"),
    401: unidentified,
    403: lambda api, o: ask(api, o, ids(api, o.name), role="bot"),
    404: nobody,
    409: conflict,
    413: lambda api, o: ask(api, o, ids(api, o.name), raw=b"x" * (6 * 1024 * 1024 + 1)),
    415: lambda api, o: ask(api, o, ids(api, o.name), content_type="text/plain"),
    422: broken_rule,
    500: defect,
    503: unavailable,
}
