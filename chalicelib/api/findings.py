"""Findings, as the API tells them: what is different, whose it is, what to do next, how it ended.

Codes, references and amounts: what somebody wrote elsewhere stays in the notice that it was found
in. What people write here about a finding is shown with that one finding only, never in a list.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import Remark, as_id, refusal
from chalicelib.api.filters import Listing
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain import casework
from chalicelib.domain.findings import Deed, Entry, Finding, Kind
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.next_steps import Owner, age_in_days, kinds_of, next_step, owner
from chalicelib.ports import FindingFilter

ME, NOBODY = "me", "nobody"
# The ids of the user pool, and those of machines: never an e-mail address or a name with blanks.
_WHO = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,127}")
WORDS = {
    Kind.UNKNOWN_PAYOUT: "The provider told news of a payout that is none of ours.",
    Kind.UNFIT_NEWS: "The provider told news that cannot be true together with what is known.",
    Kind.UNREADABLE_NEWS: "The provider told something about our money that cannot be read.",
    Kind.UNEXPECTED_DEBIT: "Somebody takes money out of the account that we did not send.",
    Kind.WEBHOOK_MISSING: "A webhook never reached us, and the provider does not send it again.",
    Kind.RECEIPT_UNKNOWN: "Money came in that no expected settlement explains.",
    Kind.RECEIPT_OVER: "More came in than the settlement was to bring.",
    Kind.RECEIPT_UNDER: "Less came in than the settlement was to bring.",
    Kind.RECEIPT_LATE: "Money came in after its day.",
    Kind.RECEIPT_DOUBLED: "The same settlement came in once more.",
    Kind.SETTLEMENT_OVERDUE: "A settlement's day is over, and nothing came.",
    Kind.ALLOCATION_SHORT: "What came in does not cover the settlement's rows any more.",
    Kind.RETURN_ALLOCATED: "Money that came back from a payout is a customer's already.",
    Kind.ERASED_CREDITED: "Money came for a customer whose data are erased.",
    Kind.CUSTOMER_UNTOLD: "A customer could not be told of a change of where they are paid.",
    Kind.OCCURRENCE_UNPAID: "A scheduled payout was not made on its day.",
    Kind.SCHEDULE_STUCK: "A schedule cannot be read, or is due and cannot be woken.",
    Kind.BANK_FILE_STUCK: "A file for the bank cannot be brought on, and the fault is ours.",
    Kind.MISSING_THERE: "What our books say moved, the provider knows nothing of.",
    Kind.MISSING_HERE: "The provider has a payout of ours that is not stored here.",
    Kind.AMOUNT_DIFFERS: "Another amount moved at the provider than our books say.",
    Kind.STATUS_DIFFERS: "The provider's status of a payout cannot follow from ours.",
    Kind.PAID_TWICE: "The account was debited more than once for one payout.",
    Kind.FEE_DIFFERS: "The provider charged another fee than it told us.",
    Kind.UNEXPLAINED_CREDIT: "Money came into the account that nothing here explains.",
    Kind.UNEXPLAINED_DEBIT: "Money left the account that nothing here explains.",
    Kind.BALANCE_DIFFERS: "The account's balance does not follow from its lines.",
}


def _who(text: str) -> str:
    if not _WHO.fullmatch(text) or (text.casefold() in {ME, NOBODY} and text not in {ME, NOBODY}):
        raise refusal("invalid_person", "must be a person's id, me, or nobody")
    return text


Who = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=128),
    AfterValidator(_who),
    Published({"type": "string", "pattern": f"^{_WHO.pattern}$"}),
]


OneKind = Annotated[Kind, Published({"type": "string", "enum": [str(each) for each in Kind]})]
Team = Annotated[Owner, Published({"type": "string", "enum": [str(each) for each in Owner]})]


class FindingListing(Listing):
    """Which findings: open ones, the oldest first, or resolved ones, the newest first."""

    status: Literal["open", "resolved"] = Field(
        default="open", description="Those that wait, or those that a person has resolved."
    )
    kind: OneKind | None = Field(default=None, description="Those of one kind.")
    owner: Team | None = Field(default=None, description="Those that are one team's work.")
    assigned_to: Who | None = Field(
        default=None, description="Those of one person, by id; `me`, or `nobody` yet."
    )

    def wanted(self, by: str) -> FindingFilter:
        """The same for the store; `by` is who asks."""
        kinds = None if self.owner is None else kinds_of(self.owner)
        if self.kind is not None:
            kinds = frozenset({self.kind}) & (kinds or frozenset(Kind))
        if self.assigned_to == NOBODY:
            return FindingFilter(kinds, unassigned=True)
        return FindingFilter(kinds, by if self.assigned_to == ME else self.assigned_to or "")


class Assignment(Said):
    """Who looks after a finding: a person's id, `me`, or `nobody` any more."""

    model_config = ConfigDict(json_schema_extra=shown({"assigned_to": "me"}))
    assigned_to: Who

    def to(self, by: str) -> str:
        """The id; empty: nobody's."""
        return {ME: by, NOBODY: ""}.get(self.assigned_to, self.assigned_to)


class NewComment(Said):
    """What is to be remembered beside a finding."""

    model_config = ConfigDict(
        json_schema_extra=shown({"text": "The provider looks into it until Friday."})
    )
    text: Remark


class FindingView(Shape):
    """A difference that a person has to understand. `kind` is a code, `words` say it.

    `reference` is what to look for; `notice_id` the webhook that it was found in;
    `transaction_id` the payout of ours that it is about; `ours` and `theirs` the two sides. `owner`
    is the team whose work it is, `assigned_to` the person who took it, `next_step` what they might
    do. `age_days` counts from when it was found first until it ended.
    """

    finding_id: str
    status: Literal["open", "resolved"]
    kind: str
    words: str
    subject: str
    reference: str | None
    transaction_id: str | None
    detail: str | None
    ours: str | None
    theirs: str | None
    amount: AmountText | None
    currency: str
    owner: Literal["operations", "finance", "engineering"]
    assigned_to: str | None
    next_step: str
    age_days: int
    comments: int
    reopened: int
    notice_id: str | None
    found_at: Moment
    resolved_at: Moment | None
    resolved_by: str | None
    reason: str | None


class EntryView(Shape):
    """Something that was done about a finding; `text` is to whom, what was said, or why."""

    at: Moment
    by: str
    deed: Literal["assigned", "commented", "resolved", "reopened"]
    text: str | None


class FindingWithHistory(FindingView):
    """A finding with all that was done about it, oldest first."""

    history: list[EntryView]


class FindingPage(PageView[FindingView]):
    """Some findings."""


def view(it: Finding, now: datetime) -> FindingView:
    """A finding as it is now."""
    return FindingView(
        finding_id=it.finding_id, status="open" if it.is_open else "resolved", kind=it.kind.value,
        words=WORDS[it.kind], subject=it.subject,
        reference=it.reference or None, transaction_id=as_id(it.transaction_id),
        detail=it.detail or None, ours=it.ours or None, theirs=it.theirs or None,
        amount=None if it.amount is None else str(it.amount), currency=CURRENCY,
        owner=owner(it.kind).value, assigned_to=it.assigned_to or None, next_step=next_step(it),
        age_days=age_in_days(it, now), comments=len(it.comments), reopened=it.reopened,
        notice_id=it.notice_id or None, found_at=rfc3339(it.found_at),
        resolved_at=None if it.resolved_at is None else rfc3339(it.resolved_at),
        resolved_by=it.resolved_by or None, reason=it.reason or None,
    )  # fmt: skip


def with_history(it: Finding, now: datetime) -> FindingWithHistory:
    """A finding as it is now, and how it came to that."""
    plain = view(it, now)
    known = {name: getattr(plain, name) for name in FindingView.model_fields}
    lines = [_entry(each) for each in casework.whole_history(it)]
    return FindingWithHistory.model_construct(**known, history=lines)


def _entry(each: Entry) -> EntryView:
    return EntryView(
        at=rfc3339(each.at), by=each.by, deed=each.deed.value, text=each.text or None
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    reference = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20-1"
    by = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    told = Finding(
        Kind.UNKNOWN_PAYOUT, f"{reference}/0f343b0931126a20", at, "Returned", Money(10_000),
        reference=reference, notice_id=derived_id("notice", "an example"),
    )  # fmt: skip
    found = Finding(
        Kind.AMOUNT_DIFFERS, reference, at, amount=Money(10_000), ours="100.00", theirs="110.00",
        assigned_to=by, history=(
            Entry(at + timedelta(hours=8), by, Deed.ASSIGNED, by),
            Entry(at + timedelta(hours=9), by, Deed.COMMENTED, "The provider looks into it."),
        ),
    )  # fmt: skip
    now = at + timedelta(days=2)
    return {
        FindingView: [view(told, now), view(found, now)],
        FindingWithHistory: [with_history(found, now)],
        FindingPage: [FindingPage(data=[view(told, now)], next_cursor=None)],
    }
