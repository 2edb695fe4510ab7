"""A version of our code, loaded beside others: what it shares with them is rows and messages only.

The version before is kept as an archive of its source. Its modules are imported under the same
names as ours, so ours step aside while they load.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
BEFORE = HERE / "before.zip"

_MODULES = {
    "payouts": "chalicelib.adapters.dynamo.payouts",
    "customers": "chalicelib.adapters.dynamo.customers",
    "treasury": "chalicelib.adapters.dynamo.treasury",
    "notices": "chalicelib.adapters.dynamo.notices",
    "account_checks": "chalicelib.adapters.dynamo.account_checks",
    "desk": "chalicelib.adapters.dynamo.desk",
    "findings": "chalicelib.adapters.dynamo.findings",
    "bank_files": "chalicelib.adapters.dynamo.bank_files",
    "by_bank": "chalicelib.adapters.by_bank",
    "pauses": "chalicelib.adapters.dynamo.pauses",
    "schedules": "chalicelib.adapters.dynamo.schedules",
    "parked": "chalicelib.adapters.dynamo.parked",
    "receipts": "chalicelib.adapters.dynamo.receipts",
    "repairs": "chalicelib.adapters.dynamo.repairs",
    "settlements": "chalicelib.adapters.dynamo.settlements",
    "subscriptions": "chalicelib.adapters.monoova.subscriptions",
    "gate": "chalicelib.adapters.dynamo.gate",
    "session": "chalicelib.adapters.dynamo.session",
    "client": "chalicelib.adapters.dynamo.client",
    "monoova": "chalicelib.adapters.monoova.client",
    "signin": "chalicelib.adapters.monoova.signin",
    "credentials": "chalicelib.adapters.monoova.credentials",
    "payments": "chalicelib.adapters.monoova.payments",
    "transport": "chalicelib.adapters.monoova.transport",
    "inbox": "chalicelib.adapters.monoova.notices",
    "secrets": "chalicelib.adapters.secrets",
    "sqs": "chalicelib.adapters.sqs",
    "aba": "chalicelib.domain.aba",
    "answers": "chalicelib.domain.answers",
    "calendar": "chalicelib.domain.calendar",
    "destination": "chalicelib.domain.destination",
    "errors": "chalicelib.domain.errors",
    "events": "chalicelib.domain.events",
    "letters": "chalicelib.domain.notices",
    "settlement": "chalicelib.domain.settlement",
    "identifiers": "chalicelib.domain.identifiers",
    "float_rules": "chalicelib.domain.liquidity",
    "liquidity": "chalicelib.adapters.dynamo.liquidity",
    "money": "chalicelib.domain.money",
    "order": "chalicelib.domain.order",
    "patience": "chalicelib.domain.patience",
    "pause": "chalicelib.domain.pause",
    "policy": "chalicelib.domain.policy",
    "recurrence": "chalicelib.domain.recurrence",
    "rails": "chalicelib.domain.rails",
    "redraft": "chalicelib.domain.redraft",
    "timetable": "chalicelib.domain.timetable",
    "day_book": "chalicelib.adapters.monoova.day_book",
    "nights": "chalicelib.adapters.dynamo.nights",
    "changes": "chalicelib.adapters.dynamo.changes",
    "keeping": "chalicelib.adapters.dynamo.keeping",
    "rounds": "chalicelib.adapters.dynamo.rounds",
    "archive": "chalicelib.adapters.archive",
    "signing": "chalicelib.adapters.signing",
    "herald": "chalicelib.adapters.herald",
    "ecdsa": "chalicelib.adapters.ecdsa",
    "workbench": "chalicelib.adapters.workbench",
    "resting": "chalicelib.domain.archive",
    "circuits": "chalicelib.adapters.dynamo.circuits",
    "use_approve": "chalicelib.usecases.approve",
    "use_archive": "chalicelib.usecases.archive",
    "use_bank_content": "chalicelib.usecases.bank_content",
    "use_bank_file": "chalicelib.usecases.bank_file",
    "use_bank_returns": "chalicelib.usecases.bank_returns",
    "use_bank_word": "chalicelib.usecases.bank_word",
    "use_breaker": "chalicelib.usecases.breaker",
    "use_cancel": "chalicelib.usecases.cancel",
    "use_customers": "chalicelib.usecases.customers",
    "use_dead_letters": "chalicelib.usecases.dead_letters",
    "use_erase": "chalicelib.usecases.erase",
    "use_expect": "chalicelib.usecases.expect",
    "use_hold_back": "chalicelib.usecases.hold_back",
    "use_keep_erased": "chalicelib.usecases.keep_erased",
    "use_night": "chalicelib.usecases.night",
    "use_pauses": "chalicelib.usecases.pauses",
    "use_redraft": "chalicelib.usecases.redraft",
    "use_receipts": "chalicelib.usecases.receipts",
    "use_repair": "chalicelib.usecases.repair",
    "use_schedules": "chalicelib.usecases.schedules",
    "use_settle": "chalicelib.usecases.settle",
    "use_fund": "chalicelib.usecases.fund",
    "use_poll": "chalicelib.usecases.poll",
    "use_receive": "chalicelib.usecases.receive",
    "use_reprocess": "chalicelib.usecases.reprocess",
    "use_request": "chalicelib.usecases.request",
    "use_resolve": "chalicelib.usecases.resolve",
    "use_trail": "chalicelib.usecases.trail",
    "use_wake": "chalicelib.usecases.wake",
    "vault": "tests.fakes.vault",
}


class Code:
    """The modules of one version, by short names."""

    def __init__(self, name: str, modules: dict[str, ModuleType]) -> None:
        self.name = name
        self.__dict__.update(modules)

    def __getattr__(self, name: str) -> ModuleType:
        raise AttributeError(f"the code has no part called {name}")


@cache
def present() -> Code:
    """The code as it is now."""
    return Code("new", _load())


@cache
def before() -> Code:
    """The code of the version before, out of its archive.

    Raises:
        FileNotFoundError: there is no archive.
    """
    if not BEFORE.exists():
        raise FileNotFoundError(f"{BEFORE.name}: the version before is part of the repository")
    present()
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
    sys.path.insert(0, str(BEFORE))
    try:
        modules = _load()
    finally:
        sys.path.remove(str(BEFORE))
        for name in [name for name in sys.modules if _is_ours(name)]:
            del sys.modules[name]
        sys.modules.update(ours)
        for name, module in ours.items():
            parent, _, own = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], own, module)
    assert str(BEFORE) in str(modules["payouts"].__file__), "the archive was not what was loaded"
    return Code("before", modules)


def _load() -> dict[str, ModuleType]:
    """The modules that this version has: what is newer than it, it does without."""
    known = {short: name for short, name in _MODULES.items() if find_spec(name) is not None}
    return {short: importlib.import_module(name) for short, name in known.items()}


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == "chalicelib" or name == "tests.fakes.vault"
