"""Steers a drawn call to what is there: ids, keys, cursors, amounts that somebody has.

Each value is replaced by chance, so that odd ones stay next to good ones. The values of payees are
planted ones: whatever is done with them, they must not be seen again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.policies import EXAMPLE
from chalicelib.domain.identifiers import derived_id
from chalicelib.usecases.approve import look
from tests.fakes.account_checks import CODE
from tests.fuzz import planted
from tests.fuzz.filing import STAGES, file_ids, key_of, returns_of
from tests.fuzz.world import CUSTOMER, DESTINATIONS, POOR, SCHEDULED, STOPPED

if TYPE_CHECKING:
    from random import Random

    from schemathesis import Case

    from tests.fuzz.world import World

LIKELY = 0.85
PAY_IDS = {
    "Email": planted.PAY_ID_EMAIL, "PhoneNumber": planted.PAY_ID_PHONE, "ABN": planted.PAY_ID_ABN,
    "OrganisationId": planted.PAY_ID_EMAIL, "ACN": "000000019",
}  # fmt: skip
CUSTOMERS = (*(CUSTOMER,) * 7, STOPPED, POOR, "00000000-0000-4000-8000-000000000000")
AMOUNTS = ("1.00", "1.00", "100.00", "0.01", 12.34, 5, 5, "99999999.99", "1000.01", "123.45")
WORDS = ("Invoice 1042", "Invoice 1042", "twice", "twice", "É", "it was not paid", "a" * 300)

RULES: tuple[dict[str, Any], ...] = (
    {"type": "once"},
    {"type": "daily"},
    {"type": "weekly", "weekdays": ["Fri", "Mon"], "every": 2},
    {"type": "monthly_on_day", "day": 31},
    {"type": "monthly_on_weekday", "nth": -1, "weekday": "Tue"},
    {"type": "monthly_on_business_day", "nth": 15, "every": 24},
)


class Steering:
    """Knows what is there."""

    def __init__(self, world: World, cursor: str) -> None:
        self._payouts = sorted(world.named.values())
        self._keys = [f"a key for the payout {name}" for name in sorted(world.named)]
        self._keys += [f"credit of {CUSTOMER}", SCHEDULED, *map(key_of, STAGES)]
        self._findings = (*sorted(world.store.state.findings), derived_id("finding", "nothing"))
        self._schedules = (derived_id("schedule", SCHEDULED), derived_id("schedule", "nothing"))
        self._cursor = cursor
        self._pauses = (*sorted(world.kept.parts["pauses"]), derived_id("pause", "nothing"))
        self._files = (*file_ids(), derived_id("bank file", "nothing"))
        self._returns = returns_of(world)
        waiting = world.store.payouts.awaiting_approval(limit=100, position=None).items
        seen = (look(each, payouts=world.store.payouts, clock=world.clock) for each in waiting)
        self._seen = (*(each.seen.digest for each in seen), "0" * 64)
        self._destinations = [
            derived_id("destination", f"{CUSTOMER}/{number}") for number in range(len(DESTINATIONS))
        ]

    def steer(self, case: Case, chance: Random) -> None:
        """Replace what a name is known for, in path, query, header and body."""
        case.path_parameters = self._known(case.path_parameters, chance)
        case.query = self._known(case.query, chance)
        if isinstance(case.body, dict):
            case.body = self._known(case.body, chance)
        if "Idempotency-Key" in case.headers and chance.random() < LIKELY:
            fresh = f"a fresh key, number {chance.randrange(10**9)}"
            case.headers["Idempotency-Key"] = chance.choice(
                (fresh, fresh, chance.choice(self._keys))
            )

    def _known(self, told: dict[str, Any], chance: Random) -> dict[str, Any]:
        return {name: self._value(name, value, told, chance) for name, value in told.items()}

    def _value(self, name: str, value: Any, told: dict[str, Any], chance: Random) -> Any:
        if isinstance(value, dict):
            return self._known(value, chance)
        if isinstance(value, list):
            return [self._known(each, chance) if isinstance(each, dict) else each for each in value]
        known = self._choices(name, told)
        return chance.choice(known) if known and chance.random() < LIKELY else value

    def _choices(self, name: str, told: dict[str, Any]) -> tuple[Any, ...]:
        cursor = self._cursor
        table: dict[str, tuple[Any, ...]] = {
            "customer_id": CUSTOMERS,
            "transaction_id": tuple(self._payouts),
            "destination_id": (*(None,) * 10, *self._destinations),
            "amount": AMOUNTS,
            "currency": ("AUD", None),
            "rail": (None, None, None, "NPP", "DirectEntry", "npp", "provider"),
            "strategy": (None, None, "cheapest", "by_urgency"),
            "urgency": (None, None, "normal", "urgent"),
            "payout_method": ("PayId", "BankAccount"),
            "payId": (PAY_IDS.get(str(told.get("payIdType")), planted.PAY_ID_EMAIL),),
            "bsbNumber": ("062-000", "062000"),
            "accountNumber": (planted.ACCOUNT, planted.LONG_ACCOUNT),
            "accountName": (planted.PAYEE,),
            "customer_name": (planted.CUSTOMER_NAME,),
            "email": (planted.CUSTOMER_EMAIL,),
            "reason": WORDS, "evidence": WORDS, "reference": WORDS, "description": WORDS,
            "verdict": ("dead", "new_reference"), "text": WORDS,
            "digest": (EXAMPLE.digest, EXAMPLE.digest, "0f" * 32), "base_version": (0, 0, 1),
            "code": (CODE, CODE, "000000", "5555"),
            "finding_id": self._findings, "schedule_id": self._schedules,
            "start": ("2026-03-09", "2026-03-02", "2099-12-31"), "until": (None, "2026-06-30"),
            "rule": RULES,
            "pause_id": self._pauses,
            "file_id": self._files, "content": self._returns,
            "bank_reference": ("CBA-1", "CBA-1", "CBA-2"), "time": (None, "09:00", "23:59"),
            "adjustment": (None, "modified_following", "none"), "count": (None, 3, 1000),
            "scope": ("customer", "customer", "rail", "everything"),
            "credit_id": tuple(derived_id("credit", key) for key in self._keys),
            "seen": self._seen,
            "assigned_to": ("me", "nobody", "the-approver", planted.CUSTOMER_EMAIL),
            "from": ("2026-02-20", "2026-03-01"), "to": ("2026-03-01", "2026-03-31"),
            "cursor": (cursor, cursor[:-1], cursor.swapcase(), f"{cursor}é", planted.PAY_ID_EMAIL),
        }  # fmt: skip
        if name == "destination_id" and "payout_method" not in told:
            return tuple(self._destinations)
        return table.get(name, ())
