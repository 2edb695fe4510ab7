"""How each status can be met at each operation: what the document declares, somebody can do."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib import wiring
from chalicelib.adapters.pace import Buckets
from chalicelib.api.approvals import SEEN
from chalicelib.api.operation import Key, Operation
from chalicelib.api.pauses import EXAMPLE_ID
from chalicelib.api.policies import EXAMPLE
from chalicelib.api.schedules import NewSchedule
from chalicelib.domain.errors import (
    Stale,
)
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.domain.parked import ParkedLetter
from chalicelib.domain.pause import Kind as What
from chalicelib.domain.pause import Pause, Scope
from chalicelib.domain.policy import RateRules
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import TooFast
from chalicelib.usecases.fund import bank
from chalicelib.usecases.take_in import notice_key
from tests.api import erasing
from tests.api.house import CUSTOMER
from tests.api.making import (
    asked_credit,
    awaiting,
    disputed,
    failed,
    held,
    pay,
    pending,
    proposed,
    queued,
    seen,
    strict,
    unconfirmed,
)
from tests.fakes.inbox import TOKEN
from tests.fakes.provider import NOT_CONNECTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.client import Answer, Api

NOBODY = "00000000-0000-4000-8000-000000000000"
RECEIPT = "N00100000000"
# What a path may name instead, where that is no id.
ANOTHER = {"rail": "provider"}
EVIDENCE = {"reason": "The upload was refused."}
FILES = {
    "show_export",
    "download_export",
    "confirm_export",
    "hear_export_returns",
    "give_up_export",
    "agree_to_give_up_export",
    "propose_end_of_doubt",
    "agree_to_end_of_doubt",
}
DOUBT = {"propose_end_of_doubt", "agree_to_end_of_doubt"}
END = {"verdict": "dead", "evidence": "The bank wrote on 6 July: no such upload."}  # fmt: skip
NUMBERS = count()
KEYS = (f"a key for the document, no. {number}" for number in count())


def ids(api: Api, name: str) -> dict[str, str]:
    """The ids in a path that make its operation succeed."""
    customer = api.house.customers.get(CUSTOMER)
    assert customer is not None
    makers: dict[str, Callable[[Api], str]] = {
        "cancel_payout": queued, "hold_payout": queued, "release_payout": held,
        "propose_resolution": unconfirmed,
        "agree_to_resolution": proposed, "dismiss_resolution": proposed,
        "approve_payout": awaiting, "decline_payout": awaiting, "redraft_payout": failed,
    }  # fmt: skip
    if name in {"match_receipt", "close_receipt"}:
        received(api)
    if name == "resume_payouts":
        paused(api)
    if name in {"agree_to_policy", "dismiss_policy"}:
        api.house.policies.propose(EXAMPLE)
    destination_id = customer.destinations[2].destination_id
    if name in {"show_account_check", "confirm_account_check"}:
        path = f"/customers/{CUSTOMER}/destinations/{destination_id}/verification"
        api.post(path, key="the key of the one check", who="one")
    return {
        "customer_id": erasing.ready(api, name),
        "destination_id": destination_id,
        "transaction_id": makers.get(name, pending)(api),
        "credit_id": asked_credit(api) if name in {"approve_credit", "decline_credit"} else NOBODY,
        "event_name": "NppPaymentStatus",
        "rail": "npp",
        "letter_id": parked(api),
        "notice_id": noticed(api),
        "finding_id": wondered(api),
        "settlement_id": announced(api),
        "schedule_id": planned(api, name),
        "file_id": filed(api, name),
        "date": reconciled(api),
        "pause_id": paused(api) if name == "show_pause" else NOBODY,
    }


def paused(api: Api) -> str:
    """The pause of the examples, asked for by somebody else."""
    scope = Scope(What.RAIL, Rail.DIRECT_ENTRY)
    asked = Pause(EXAMPLE_ID, scope, "an alarm", "zoe", api.house.clock.now())
    pauses = api.house.pauses
    return pauses.enforce(pauses.begin(asked), at=api.house.clock.now()).pause_id


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


def planned(api: Api, name: str) -> str:
    """A schedule that goes on, or for who resumes it, rests."""
    body = NewSchedule.model_json_schema()["examples"][0]
    own = str(api.post("/schedules", body, key=next(KEYS), who="one").json["schedule_id"])
    if name == "resume_schedule":
        api.post(f"/schedules/{own}/pause", {"reason": "For now."}, who="one")
    return own


def filed(api: Api, name: str) -> str:
    """A file for the bank, as far as an operation needs it."""
    if name not in {"make_export", *FILES}:
        return NOBODY
    pay(api, NOT_CONNECTED, payout_method="BankAccount")
    if name == "make_export":
        return NOBODY
    file_id = str(api.post("/exports/aba", key=next(KEYS), who="one").json["file_id"])
    if name in {"confirm_export", "hear_export_returns", "agree_to_give_up_export"}:
        assert api.get(f"/exports/{file_id}/file", who="one").status == 200
    if name == "agree_to_give_up_export":
        api.post(f"/exports/{file_id}/give-up", EVIDENCE, who="third")
    if name in DOUBT:
        doubted(api, file_id)
    if name == "agree_to_end_of_doubt":
        api.post(f"/exports/{file_id}/doubt", END, who="third")
    return file_id


def doubted(api: Api, file_id: str) -> None:
    """Have a file given up by two, and told of all the same."""
    assert api.get(f"/exports/{file_id}/file", who="one").status == 200
    api.post(f"/exports/{file_id}/give-up", EVIDENCE, who="third")
    api.post(f"/exports/{file_id}/give-up/agree", EVIDENCE, who="second")
    answer = api.post(f"/exports/{file_id}/confirm", {"bank_reference": "CBA-1"}, who="one")
    assert answer.status == 409


def returns(api: Api, file_id: str) -> str:
    """The bank's file of returns: all of it came back."""
    files = api.house.store.state.bank_files
    file = files.get(file_id) or next(iter(files.values()))
    (line,) = file.lines
    cents, user = line.amount.cents, file.payer.user_id
    head = f"0{'':17}01CBA{'':7}{'Example Pty Ltd':26}{user}{'RETURNS':12}020326{'':40}"
    back = (
        f"2062-000 12345678650{cents:010d}{'JO':32}{line.reference:18}062-000 12345678{'EX':16}02"
    )
    totals = f"7999-999{'':12}{cents:010d}{cents:010d}{0:010d}{'':24}{1:06d}{'':40}"
    rows = (head, f"{back}{user}", totals)
    return "".join(f"{row}\r\n" for row in rows)


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
    if isinstance(told["body"], dict) and told["body"].get("seen") == SEEN:
        own = named["transaction_id" if operation.name == "approve_payout" else "credit_id"]
        told["body"] = {**told["body"], "seen": seen(api, own)}
    files = api.house.store.state.bank_files
    if operation.name == "hear_export_returns" and told["body"] == body and files:
        told["body"] = {"content": returns(api, named["file_id"])}
    path = operation.path.format(**named) + told.pop("query", "")
    if operation.path.startswith("/webhooks"):
        told.setdefault("headers", {"Authorization": TOKEN})
    return api.call(operation.method, path, **told)


def ready(api: Api, operation: Operation) -> dict[str, str]:
    """The ids in its path, once it can be done."""
    named = ids(api, operation.name)
    if operation.name == "resume_customer":
        disputed(api)
    return named


def right(api: Api, operation: Operation) -> Answer:
    return ask(api, operation, ready(api, operation))


class Busy:
    """Customers whom somebody else always edits first."""

    def __init__(self, customers: Any) -> None:
        self.get = customers.get

    def edit(self, _customer: object, *, version: int) -> None:
        """Too late."""
        raise Stale(f"no longer {version}")


class Hurried:
    """Payouts whose principal has asked for too many within too short a time."""

    def __init__(self, payouts: Any) -> None:
        self.get = payouts.get

    def opening(self, *_: object) -> NoReturn:
        """Too fast."""
        raise TooFast(1_400, limit=300, window=30, reset=30)


def conflict(api: Api, operation: Operation) -> Answer:
    named = ready(api, operation)
    if operation.key is not Key.NONE:
        key = next(KEYS)
        ask(api, operation, named, key=key, who="one")
        return ask(api, operation, named, key=key)
    if operation.name == "change_customer":
        api.house.customers = Busy(api.house.customers)
        return ask(api, operation, named)
    if operation.name in {"confirm_account_check", "download_export"}:
        api.house.clock.advance(timedelta(hours=72))
    if operation.path.startswith("/provider/subscriptions"):
        api.house.rule(webhook_url=None)
    return ask(api, operation, {**named, "transaction_id": pending(api)})


def another(api: Api, operation: Operation) -> Answer:
    """A key that was used for one thing, for another one."""
    key, named = next(KEYS), ready(api, operation)
    first = ask(api, operation, named, key=key)
    assert first.status < 300, first.text
    body = operation.body.model_json_schema()["examples"][0] if operation.body else None
    other = {**(body or {}), **OTHERWISE.get(operation.name, {})}
    elsewhere = {each: ANOTHER.get(each, NOBODY) for each in operation.captured}
    return ask(api, operation, elsewhere, key=key, **({"body": other} if operation.body else {}))


# Where no path says what it is about: what is said otherwise.
OTHERWISE: dict[str, dict[str, Any]] = {
    "create_customer": {"email": "al@example.com"},
    "close_receipt": {"reason": "Another."},
    "pause_payouts": {"reason": "Another."},
    "resume_payouts": {"reason": "Another."},
    "apply_subscriptions": {"delete": ["7"]},
    "propose_policy": {"reason": "Another."},
    "agree_to_policy": {"digest": "0e" * 32},
    "dismiss_policy": {"digest": "0e" * 32},
}


# Operations that keys are remembered for, and that have a rule of their own to break.
OWN_RULES = {*erasing.OPERATIONS, "add_destination", "run_reconciliation"}

# What breaks a rule, where it is no amount that does.
BREAKING: dict[str, dict[str, Any]] = {
    "confirm_account_check": {"code": "000000"},
    "run_reconciliation": {"date": "2099-12-31"},
    "redraft_payout": {"rail": "DirectEntry"},
}


def broken_rule(api: Api, operation: Operation) -> Answer:
    if operation.once and (operation.name not in OWN_RULES or operation.body is None):
        return another(api, operation)
    named = ids(api, operation.name)
    if operation.name == "add_destination":
        for _ in range(17):
            assert ask(api, operation, named).status == 201
        return ask(api, operation, named)
    if operation.name in erasing.OPERATIONS:
        return ask(api, operation, named, body=erasing.NAMING)
    if operation.name in BREAKING:
        return ask(api, operation, named, body=BREAKING[operation.name])
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
    bodies = {
        "close_receipt": {"receipt_id": "N9", "reason": "Known."},
        "pause_payouts": {"scope": "customer", "customer_id": NOBODY, "reason": "Theirs."},
        "resume_payouts": {"pause_id": NOBODY, "reason": "Over."},
    }
    if operation.name in bodies:
        return ask(api, operation, named, body=bodies[operation.name])
    if operation.name in {"create_payout", "preview_payout", "plan_schedule"}:
        body = {"customer_id": NOBODY, "amount": "1.00", "payout_method": "PayId"}
        if operation.name == "plan_schedule":
            body |= {"rule": {"type": "once"}, "start": "2098-07-01"}  # type: ignore[dict-item]
        return ask(api, operation, named, body=body)
    return ask(api, operation, named)


def unidentified(api: Api, operation: Operation) -> Answer:
    return ask(api, operation, ids(api, operation.name), context={}, headers={})


def going_on(api: Api, operation: Operation) -> Answer:
    if operation.name == "credit_customer":
        strict(api)
    if operation.name != "erase_customer":
        return right(api, operation)
    return ask(api, operation, {"customer_id": erasing.waiting(api)})


def too_fast(api: Api, operation: Operation) -> Answer:
    named = ids(api, operation.name)
    if operation.counts_itself:
        api.house.payouts = Hurried(api.house.payouts)
    api.house.pace = Buckets(RateRules(60, 1))
    api.get("/attention", who="second")
    return ask(api, operation, named)


WAYS: dict[int, Callable[[Api, Operation], Answer]] = {
    202: going_on,
    400: lambda api, o: ask(api, o, ids(api, o.name), query="?colour=red"),
    401: unidentified,
    403: lambda api, o: ask(api, o, ids(api, o.name), role="nothing"),
    404: nobody,
    409: conflict,
    413: lambda api, o: ask(api, o, ids(api, o.name), raw=b"x" * (6 * 1024 * 1024 + 1)),
    415: lambda api, o: ask(api, o, ids(api, o.name), content_type="text/plain"),
    422: broken_rule,
    429: too_fast,
    500: defect,
    503: unavailable,
}
