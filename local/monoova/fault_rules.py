"""A fault on request: where it strikes, what it does, which calls it picks and how often.

Refuses combinations that could never strike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from local.monoova.forms import Form
from local.monoova.outcomes import Outcome
from local.monoova.shapes import text_amount

TRANSPORT = frozenset(
    {
        "timeout_before",
        "timeout_after",
        "error_before",
        "error_after",
        "reset_before",
        "reset_after",
        "unparsable",
        "late",
    }
)
OUTCOMES = frozenset({"pending", "silent", "stuck", "reject", "return", "dishonour", "refuse"})
# What is booked otherwise than it was asked for, and than it is answered.
BOOKINGS = frozenset({"other_amount", "other_fee", "twice"})
# What is wrong with a notification that does come.
FLAWS = frozenset({"unsigned", "wrongly_signed", "wrong_token", "stale_key"})
WEBHOOK = frozenset({"lost", "late", "double", "reorder"}) | FLAWS
LOCK_OUT = "lock_out"
KINDS = TRANSPORT | OUTCOMES | BOOKINGS | WEBHOOK | {LOCK_OUT}
STATUSES = (429, 500, 502, 503, 504)
PLACES = frozenset(
    {
        "execute",
        "validate",
        "status",
        "transactions",
        "statement",
        "financials",
        "account",
        "ping",
        "certificate",
        "tools",
        "verify",
        "subscriptions",
        "webhook",
        "any",
    }
)


@dataclass(frozen=True)
class Facts:
    """What a call or a notification is about, as far as that is known. The amount is in cents."""

    reference: str | None = None
    account_name: str | None = None
    amount: int | None = None
    event: str | None = None


@dataclass(frozen=True)
class Rule:
    """One fault. `times` is None for always; `match` has the fields that must be equal."""

    on: str
    fault: str
    match: Facts
    times: int | None = 1
    status: int | None = None
    seconds: Decimal | None = None
    code: str | None = None
    reason: str | None = None
    business_days: int | None = None
    amount: int | None = None

    def strikes(self, place: str, path: str, facts: Facts) -> bool:
        """Whether it strikes there, for something with those facts."""
        here = path.startswith(self.on) if self.on.startswith("/") else self.on == place
        if not here and not (self.on == "any" and place != "webhook"):
            return False
        wanted, name = self.match, (facts.account_name or "").casefold()
        return (
            wanted.reference in {None, facts.reference}
            and wanted.amount in {None, facts.amount}
            and wanted.event in {None, facts.event}
            and (wanted.account_name is None or wanted.account_name.casefold() == name)
        )

    @property
    def outcome(self) -> Outcome:
        """As what becomes of a payment."""
        return Outcome(
            self.fault, self.reason, self.code, self.seconds, self.business_days, self.amount
        )

    def shown(self) -> dict[str, object]:
        """As our endpoints write it."""
        match = {
            "uniqueReference": self.match.reference,
            "accountName": self.match.account_name,
            "amount": None if self.match.amount is None else text_amount(self.match.amount),
            "eventName": self.match.event,
        }
        return {
            "on": self.on,
            "fault": self.fault,
            "match": {name: value for name, value in match.items() if value is not None},
            "times": self.times,
            "status": self.status,
            "seconds": self.seconds,
            "code": self.code,
            "reason": self.reason,
            "business_days": self.business_days,
            "amount": None if self.amount is None else text_amount(self.amount),
        }


def read_rule(form: Form) -> Rule:
    """The rule in a form; what is wrong is noted there."""
    on = form.text("on", required=True) or "any"
    fault = form.text("fault", required=True, among=KINDS)
    if on not in PLACES and not on.startswith("/"):
        form.wrong("on", f"must be a path or one of {', '.join(sorted(PLACES))}")
    elif fault and not _possible(on, fault):
        form.wrong("fault", f"{fault} cannot happen on {on}")
    match = form.part("match")
    facts = Facts(
        reference=match.text("uniqueReference"),
        account_name=match.text("accountName"),
        amount=match.money("amount"),
        event=match.text("eventName"),
    )
    match.unknown()
    if fault in {"other_amount", "other_fee"} and form.get("amount") is None:
        form.wrong("amount", f"is required by {fault}")
    return Rule(
        on=on,
        fault=fault or "",
        match=facts,
        times=_times(form),
        status=_status(form),
        seconds=form.seconds("seconds"),
        code=form.text("code"),
        reason=form.text("reason"),
        business_days=form.whole("business_days", least=1, most=30),
        amount=form.money("amount"),
    )


def kept_rule(shown: object) -> Rule:
    """The rule that `shown` wrote."""
    return read_rule(Form(shown if isinstance(shown, Mapping) else {}))


def _possible(on: str, fault: str) -> bool:
    if on == "webhook":
        return fault in WEBHOOK
    if fault in OUTCOMES | BOOKINGS:
        return on == "execute"
    return fault in TRANSPORT or fault == LOCK_OUT


def _times(form: Form) -> int | None:
    if "times" in form.fields and form.fields["times"] is None:
        form.asked.add("times")
        return None
    times = form.whole("times", least=1)
    return 1 if times is None else times


def _status(form: Form) -> int | None:
    status = form.whole("status")
    if status is not None and status not in STATUSES:
        form.wrong("status", f"must be one of {', '.join(map(str, STATUSES))}")
    return status
