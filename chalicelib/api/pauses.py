"""Pauses over HTTP: what may be said of one, and how it is shown with its proof."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from chalicelib.api.fields import Id, Reason, refusal
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.pause import Kind, Pause, Scope
from chalicelib.domain.rails import Rail
from chalicelib.domain.wire import Execution, Proof, Sending, Shown

EXAMPLE_ID = "0b8a55de-5f0b-4a3c-9e0e-6d2f5a1c9b10"


class NewPause(Said):
    """What is to stop, and why: everything, one rail, or one customer, and then which."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"scope": "everything", "reason": "The bank called."},
            {"scope": "rail", "rail": "DirectEntry", "reason": "The batches come back."},
        )
    )
    reason: Reason
    scope: Annotated[Kind, Field(strict=False)]
    rail: Annotated[Rail, Field(strict=False)] | None = Field(default=None, validate_default=True)
    customer_id: Id | None = Field(default=None, validate_default=True)

    @field_validator("rail", "customer_id")
    @classmethod
    def _of_its_scope(cls, value: object, info: ValidationInfo) -> object:
        wanted = {"rail": Kind.RAIL, "customer_id": Kind.CUSTOMER}[str(info.field_name)]
        scope = info.data.get("scope", wanted)
        if value is None and scope is wanted and "scope" in info.data:
            raise refusal("missing", "is required")
        if value is not None and scope is not wanted:
            raise refusal("of_another_scope", f"is not what a pause of scope {scope} is of")
        return value

    def wanted(self) -> Scope:
        """What is to be paused."""
        return Scope(self.scope, self.rail, self.customer_id or "")


class PauseEnd(Said):
    """Which pause is to end, and why."""

    model_config = ConfigDict(
        json_schema_extra=shown({"pause_id": EXAMPLE_ID, "reason": "A false alarm."})
    )
    pause_id: Id
    reason: Reason


class SendingView(Shape):
    """An attempt that was claimed before the pause, and of which no answer is stored yet."""

    transaction_id: str
    reference: str
    customer_id: str
    rail: Literal["NPP", "DirectEntry"]
    since: Moment


class ExecutionView(Shape):
    """What went out last: claimed, then heard of. Not `certain`: it may have been executed."""

    transaction_id: str
    reference: str
    rail: Literal["NPP", "DirectEntry"]
    started_at: Moment
    heard_at: Moment
    certain: bool


class PauseView(Shape):
    """A pause. `final`: nothing within its scope is sent any more, nor will be until it ends."""

    pause_id: str
    scope: Kind
    rail: Literal["NPP", "DirectEntry"] | None
    customer_id: str | None
    reason: str
    paused_by: str
    paused_at: Moment
    in_force: bool
    in_force_at: Moment | None
    final: bool
    sending: list[SendingView]
    last_execution: ExecutionView | None
    resumed_by: str | None
    resumed_at: Moment | None
    resume_reason: str | None


class PausePage(PageView[PauseView]):
    """The pauses that stand; always all of them."""


def view(told: Shown) -> PauseView:
    """A pause and its proof."""
    it, proof, ended = told.pause, told.proof, told.pause.ended
    return PauseView(
        pause_id=it.pause_id, scope=it.scope.kind, rail=_rail(it.scope.rail),
        customer_id=it.scope.customer_id or None, reason=it.reason, paused_by=it.by,
        paused_at=rfc3339(it.at), in_force=it.is_in_force, in_force_at=_moment(it.in_force_at),
        final=proof.final, sending=[_sending(each) for each in proof.sendings],
        last_execution=_execution(proof.last), resumed_by=ended.by if ended else None,
        resumed_at=_moment(ended.at if ended else None),
        resume_reason=ended.reason if ended else None,
    )  # fmt: skip


def _sending(it: Sending) -> SendingView:
    return SendingView(
        transaction_id=it.transaction_id, reference=it.reference, customer_id=it.customer_id,
        rail=it.rail.value, since=rfc3339(it.since),
    )  # fmt: skip


def _execution(it: Execution | None) -> ExecutionView | None:
    if it is None:
        return None
    return ExecutionView(
        transaction_id=it.transaction_id, reference=it.reference, rail=it.rail.value,
        started_at=rfc3339(it.started_at), heard_at=rfc3339(it.heard_at), certain=it.certain,
    )  # fmt: skip


def _rail(rail: Rail | None) -> Any:  # noqa: ANN401 (one of the literals, or nothing)
    return rail.value if rail else None


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def examples() -> dict[Any, list[Any]]:
    """What the document shows."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    own = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
    who = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    it = Pause(EXAMPLE_ID, Scope(Kind.EVERYTHING), "The bank called.", who, at, in_force_at=at)
    last = Execution(own, f"{own}-1", Rail.NPP, at, at, certain=True)
    shown = view(Shown(it, Proof(final=True, sendings=(), last=last)))
    return {PauseView: [shown], PausePage: [PausePage(data=[shown], next_cursor=None)]}
