"""Policies over the API: what is in force, what is proposed, and every change, by whom and why."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import Reason, refusal
from chalicelib.api.policy_terms import PolicyTerms, RiskTerms
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import Moment, PageView, Shape, SydneyDate
from chalicelib.api.times import rfc3339
from chalicelib.domain.policy import DEFAULT, Policy
from chalicelib.domain.policy_change import Change, Overview, Proposal, Word, agreed
from chalicelib.domain.policy_trial import MOST_DAYS, Trial, Tried
from chalicelib.domain.risk import Risk

_VERSIONS = range(10**9)
_DIGEST = r"^[0-9a-f]{64}$"
_TERMS = PolicyTerms.of(DEFAULT).model_dump()
_OTHERWISE = {**_TERMS, "duplicate_days": 14}
_AT = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
# What the examples of agreeing and dismissing are about.
EXAMPLE = Proposal(
    PolicyTerms.model_validate(_OTHERWISE).policy(1),
    Word("2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00", _AT, "8d0a7c52", "Invoices come twice a month."),
)


def _within(numbers: range, what: str) -> PlainValidator:
    def check(value: object) -> int:
        if type(value) is not int or value not in numbers:
            raise refusal("out_of_range", f"must be {what}")
        return value

    return PlainValidator(check)


Version = Annotated[
    int,
    _within(_VERSIONS, "the version that was read, a whole number from 0 on"),
    Published({"type": "integer", "minimum": 0, "maximum": _VERSIONS[-1]}),
]
SomeDays = Annotated[
    int,
    _within(range(1, MOST_DAYS + 1), f"a whole number from 1 to {MOST_DAYS}"),
    Published({"type": "integer", "minimum": 1, "maximum": MOST_DAYS}),
]
Digest = Annotated[str, Field(pattern=_DIGEST)]


def _digest(value: object) -> str:
    if not isinstance(value, str) or len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise refusal("invalid_digest", "must be the digest of the proposal that was read")
    return value


ReadDigest = Annotated[
    str, PlainValidator(_digest), Published({"type": "string", "pattern": _DIGEST})
]


class NewPolicy(Said):
    """A whole policy, to be put in force by somebody else; made of the version that was read."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"base_version": 0, "reason": EXAMPLE.proposed.reason, "policy": _OTHERWISE}
        )
    )
    base_version: Version = Field(description="The version in force that this one is made of.")
    reason: Reason = Field(description="Why; it is kept for ever.")
    policy: PolicyTerms

    def wanted(self) -> Policy:
        """The policy as the domain knows it."""
        return self.policy.policy(self.base_version)


class PolicyAgreement(Said):
    """The proposal that one has read, and agrees to."""

    model_config = ConfigDict(json_schema_extra=shown({"digest": EXAMPLE.digest}))
    digest: ReadDigest


class PolicyDismissal(Said):
    """The proposal that one has read, and why it is not to be."""

    model_config = ConfigDict(
        json_schema_extra=shown({"digest": EXAMPLE.digest, "reason": "Too much at once."})
    )
    digest: ReadDigest
    reason: Reason


class NewTrial(RiskTerms):
    """Rules of risk to try, and on the payouts of how many Sydney dates, today included."""

    model_config = ConfigDict(json_schema_extra=shown({**_TERMS["risk"], "days": 7}))
    days: SomeDays


class WordView(Shape):
    """What somebody said, when, why, and in which request."""

    by: str
    at: Moment
    reason: str | None
    request_id: str


class PolicyProposalView(Shape):
    """What is proposed. `digest` is what agreeing names: any change of it is another proposal."""

    digest: Digest
    version: int
    base_version: int
    policy: PolicyTerms
    proposed: WordView


class PolicyChangeView(PolicyProposalView):
    """A proposal that ended: agreed to, and in force from then on as `version`, or dismissed."""

    outcome: Literal["agreed", "dismissed"]
    ended: WordView


class PolicyView(Shape):
    """The policy in force since `agreed`; version 0 is the business's default, and has none."""

    version: int
    policy: PolicyTerms
    proposed: WordView | None
    agreed: WordView | None
    proposal: PolicyProposalView | None


class PolicyChangePage(PageView[PolicyChangeView]):
    """Some changes."""


class Judged(Shape):
    """How many payouts, by what follows from their score."""

    allowed: int
    review: int
    blocked: int


class Moved(Shape):
    """How many payouts were judged the one way, and would be judged the other."""

    was: Literal["allowed", "review", "blocked"]
    would_be: Literal["allowed", "review", "blocked"]
    count: int


class TrialView(Shape):
    """Rules of risk tried on the payouts of some Sydney dates, the newest first.

    `seen` were looked at, `assessed` of them could be judged anew; `complete` is false where time
    ran out first. What was blocked then was never a payout: it is not among them.
    """

    first: SydneyDate
    last: SydneyDate
    complete: bool
    seen: int
    assessed: int
    was: Judged
    would_be: Judged
    moved: list[Moved]


def overview(it: Overview) -> PolicyView:
    """How things are."""
    change = it.change
    return PolicyView(
        version=it.current.version, policy=PolicyTerms.of(it.current),
        proposed=_word(change.proposal.proposed) if change else None,
        agreed=_word(change.ended) if change else None,
        proposal=proposal(it.proposal) if it.proposal else None,
    )  # fmt: skip


def proposal(it: Proposal) -> PolicyProposalView:
    """What is proposed."""
    return PolicyProposalView(**_proposal(it))


def change(it: Change) -> PolicyChangeView:
    """A proposal that ended."""
    return PolicyChangeView(
        **_proposal(it.proposal), outcome=it.outcome.value, ended=_word(it.ended)
    )


def trial(it: Tried) -> TrialView:
    """What came of a trial."""
    judged = it.trial.judged
    return TrialView(
        first=it.first.isoformat(), last=it.last.isoformat(), complete=it.complete,
        seen=it.trial.seen, assessed=it.trial.assessed,
        was=Judged(**{each.value: it.trial.were(each) for each in Risk}),
        would_be=Judged(**{each.value: it.trial.would_be(each) for each in Risk}),
        moved=[
            Moved(was=then.value, would_be=now.value, count=count)
            for (then, now), count in sorted(judged.items()) if then is not now
        ],
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    later = Word("5b7e0a11-2c3d-4e5f-9a8b-7c6d5e4f3a2b", _AT + timedelta(hours=2), "5d1e8f40")
    done = agreed(EXAMPLE, word=later)
    tried = Trial(RiskTerms.model_validate(_TERMS["risk"]).rules(), seen=42)
    tried.judged[Risk.ALLOWED, Risk.ALLOWED] = 38
    tried.judged[Risk.ALLOWED, Risk.REVIEW] = 3
    changes = PolicyChangePage(data=[change(done)], next_cursor=None)
    today = _AT.date()
    return {
        PolicyView: [
            overview(Overview(DEFAULT, None, EXAMPLE)), overview(Overview(done.policy, done, None))
        ],
        PolicyChangePage: [changes],
        TrialView: [trial(Tried(tried, today - timedelta(days=6), today, complete=True))],
    }  # fmt: skip


def _proposal(it: Proposal) -> dict[str, Any]:
    return {
        "digest": it.digest, "version": it.policy.version, "base_version": it.base,
        "policy": PolicyTerms.of(it.policy), "proposed": _word(it.proposed),
    }  # fmt: skip


def _word(it: Word) -> WordView:
    return WordView(by=it.by, at=rfc3339(it.at), reason=it.reason or None, request_id=it.request_id)
