"""What nobody outside the provider can know, or what a test wants slower or stricter: as switches.

Durable, changed together, each documented in docs/simulator.md.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from local.monoova.forms import Form
from local.monoova.shapes import read_json, text_amount, write_json
from local.monoova.store import Store

OUTCOMES = ("paid", "pending", "silent")


@dataclass(frozen=True)
class Switches:
    """The switches and how they stand at first.

    refuses_repeats: True, False, or for how many seconds after an execution.
    Seconds are virtual, but `timeout_seconds`, which are real; `npp_payout_limit` is in cents.
    """

    refuses_repeats: bool | Decimal = True
    refused_uses_reference: bool = False
    lookup_lag_seconds: Decimal = Decimal(0)
    pending_seconds: Decimal = Decimal(1)
    timeout_seconds: Decimal = Decimal(60)
    default_outcome: str = "paid"
    npp_payout_limit: int = 10_000_000
    dishonour_business_days: int = 3
    resend_keeps_id: bool = True
    returns_arrive_as_receipts: bool = False

    def shown(self) -> dict[str, object]:
        """As our endpoints write them."""
        return asdict(self) | {"npp_payout_limit": text_amount(self.npp_payout_limit)}

    def changed(self, form: Form) -> "Switches":
        """With the form's fields instead of ours; what is wrong is noted in the form."""
        return replace(
            self,
            refuses_repeats=self._repeats(form),
            refused_uses_reference=form.flag(
                "refused_uses_reference", default=self.refused_uses_reference
            ),
            lookup_lag_seconds=_seconds(form, "lookup_lag_seconds", self.lookup_lag_seconds),
            pending_seconds=_seconds(form, "pending_seconds", self.pending_seconds),
            timeout_seconds=_seconds(form, "timeout_seconds", self.timeout_seconds),
            default_outcome=form.text("default_outcome", among=OUTCOMES) or self.default_outcome,
            npp_payout_limit=form.money("npp_payout_limit") or self.npp_payout_limit,
            dishonour_business_days=form.whole("dishonour_business_days", least=1, most=30)
            or self.dishonour_business_days,
            resend_keeps_id=form.flag("resend_keeps_id", default=self.resend_keeps_id),
            returns_arrive_as_receipts=form.flag(
                "returns_arrive_as_receipts", default=self.returns_arrive_as_receipts
            ),
        )

    def _repeats(self, form: Form) -> bool | Decimal:
        value = form.get("refuses_repeats")
        if isinstance(value, bool):
            return value
        given = form.seconds("refuses_repeats")
        return self.refuses_repeats if given is None else given


class SwitchBoard:
    """The switches as they stand now."""

    def __init__(self, store: Store, first: Switches) -> None:
        self._store = store
        self._first = first
        kept = store.fact("switches")
        self.now = first if kept is None else _read(kept)

    def change(self, switches: Switches) -> None:
        """Sets and keeps them."""
        self._store.remember("switches", write_json(switches.shown()))
        self.now = switches

    def reset(self) -> None:
        """As they stood at first."""
        self.change(self._first)


def _read(kept: str) -> Switches:
    shown = read_json(kept.encode())
    return Switches().changed(Form(shown if isinstance(shown, Mapping) else {}))


def _seconds(form: Form, name: str, now: Decimal) -> Decimal:
    given = form.seconds(name)
    return now if given is None else given
