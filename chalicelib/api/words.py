"""What people read: statuses, events and reasons in plain words.

One sentence each. What people or the provider wrote themselves is quoted as they wrote it; nothing
else comes from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.times import rfc3339
from chalicelib.domain.events import (
    ApprovalAsked,
    Approved,
    Asked,
    Cancelled,
    DeclaredDead,
    Declined,
    Delayed,
    Doubt,
    Escalated,
    Event,
    FileCleared,
    Held,
    Hindrance,
    HoldLifted,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Redrafted,
    Refused,
    Rejected,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    TurnedAway,
    Unclear,
    Verdict,
)
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

STATUSES: Mapping[Status, str] = {
    Status.AWAITING_APPROVAL: "Other people have to agree to it first; the money is set aside.",
    Status.QUEUED: "It waits to be sent; the money is set aside.",
    Status.SENDING: "It is being sent.",
    Status.RESENDING: "It is being sent again under the same reference.",
    Status.PENDING: "The provider took it; its end is not known yet.",
    Status.UNCONFIRMED: "It may or may not have been paid: the provider is being asked.",
    Status.COMPLETED: "The payee has the money.",
    Status.RETURNED: "The money came back and is in the balance again.",
    Status.REJECTED: "The payee's bank did not take it; the money is in the balance again.",
    Status.FAILED: "It was not paid; the money is in the balance again.",
    Status.DECLINED: "Somebody who had to agree said no; the money is in the balance again.",
    Status.CANCELLED: "It was cancelled before it was sent; the money is in the balance again.",
    Status.DISPUTED: "What is known of it does not agree: a person has to decide.",
}

EVENTS: Mapping[str, str] = {
    "Requested": "Asked for; the money was set aside",
    "ApprovalAsked": "Other people have to agree to it",
    "Approved": "Somebody else agreed",
    "Released": "Enough people agreed: it may be sent",
    "Declined": "Somebody who had to agree said no",
    "Lapsed": "Not enough people agreed in time",
    "Delayed": "Not tried for now",
    "Rerouted": "Its rail is down: it goes by another one",
    "Started": "Claimed for sending",
    "StartedAgain": "Claimed for sending again under the same reference",
    "Accepted": "The provider took it",
    "Refused": "The provider refused it",
    "OutOfFunds": "The account at the provider did not hold enough for it",
    "TurnedAway": "The provider refused it on its rail: it goes on by another one",
    "NeverSent": "It did not reach the provider",
    "Unclear": "It is not known whether it was paid",
    "Confirmed": "The payee has the money",
    "Rejected": "The payee's bank did not take it",
    "Returned": "The money came back",
    "Asked": "The provider was asked",
    "Unanswered": "The provider was asked, and did not answer",
    "WindowClosed": "The days on which it could come back are over",
    "Cancelled": "Cancelled",
    "Held": "Held back by a person",
    "HoldLifted": "The hold was lifted: it goes on",
    "Escalated": "Put before a person",
    "ResolutionProposed": "A verdict was proposed",
    "ResolutionDismissed": "The proposal was dismissed",
    "DeclaredDead": "Two people agreed that it was never paid",
    "Reattempted": "Two people agreed to pay it under a new reference",
    "Filed": "It went into a file for the bank",
    "LetGo": "It is out of the file for the bank again",
    "FileDoubted": "There is word of a file for the bank that it went in, and that was given up",
    "FileCleared": "Two people found out what became of the file for the bank that it went in",
    "Redrafted": "It is paid once more, by another payout",
}

REASONS: Mapping[str, str] = {
    # why it waits
    Hindrance.NO_CONNECTION: "the provider could not be reached",
    Hindrance.SIGN_IN_REFUSED: "the provider refused our key",
    Hindrance.OUT_OF_TIME: "there was no time left to send it safely",
    Hindrance.NOT_VALIDATED: "the provider did not say whether it would take it",
    Hindrance.FUNDS: "the account at the provider does not hold enough yet",
    Hindrance.OTHER_RAIL: "it was refused on one rail, and goes out by another one",
    Hindrance.RAIL_DOWN: "payments by its rail, or to the provider, go wrong at present",
    Hindrance.PAUSED: "people have paused all that is like it",
    Hindrance.ORIGINAL_IN_DOUBT: "nobody could say for certain that what it replaces is unpaid",
    "too_many_wait": "nothing is sent at present, and as many wait as may",
    # why other people have to agree
    "amount": "it is above the amount that one person may pay alone",
    "new_destination": "no payment has arrived at the destination yet",
    "changed_destination": "no payment has arrived yet at the destination, which was added later",
    "duplicate": "it looks like a payout that was made before",
    "shared_destination": "another customer has the same destination",
    "risk": "rules of risk fired",
    "drafted_by_bot": "a program asked for it",
    "credit_amount": "it is above the amount that one admin may give alone",
    "policy_change": "a policy is changed by two people",
    # what made it look risky
    "risk_velocity": "the customer is paid much more often within a day than is usual for them",
    "risk_burst": "several payouts were asked for within an hour",
    "risk_new_payee": "the customer has hardly been paid before",
    "risk_new_destination": "no payment has arrived at the destination yet",
    "risk_changed_destination": "where to pay was changed lately",
    "risk_unusual_amount": "the amount is unusual for the customer",
    "risk_odd_hour": "it was asked for at an odd hour",
    "risk_shared_destination": "other customers have the same destination",
    # why one may not agree
    "is_its_maker": "you asked for it: somebody else has to agree",
    "has_agreed": "you have agreed to it: somebody else has to, too",
    "added_its_destination": "you added its destination: somebody else has to look at that",
    "destination_removed": "its destination was removed: it can only be declined",
    "no_approver": "it needs an approver or an admin, and never a program",
    "no_admin": "it needs an admin, and never a program",
    "approver_limit": "it is more than you may still agree to within 24 hours",
    "approval_lapsed": "the time in which it could be agreed to is over",
    "customer_erased": "the customer is erased, or about to be",
    # why it is not known
    Doubt.TIMED_OUT: "no answer came in time",
    Doubt.CONNECTION_LOST: "the connection was lost",
    Doubt.SERVER_ERROR: "the provider's server failed",
    Doubt.TOO_MANY_REQUESTS: "the provider had too many requests",
    Doubt.NO_ANSWER_RECORDED: "the sender left no answer behind",
    Doubt.REFERENCE_EXISTS: "the provider says that it knows the reference, but does not find it",
    Doubt.NOT_UNDERSTOOD: "the provider's answer was not understood",
    # what two people decide
    Verdict.DEAD: "never paid, so the money goes back to the balance",
    Verdict.NEW_REFERENCE: "never paid, so it is paid under a new reference",
    # why a person has to look
    "disputed": "what was heard of it cannot all be true",
    "resolution_proposed": "a verdict was proposed: a second person has to agree or to dismiss it",
    "refused_when_in_doubt": "a second sending was refused, which proves nothing about the first",
    "sent_often_and_not_found": "it was sent several times, and the provider does not find it",
    "accepted_and_not_found": "the provider took it, and does not find it any more",
    "open_too_long": "it has been open for too long",
    "held": "a person keeps it back: it is not sent until the hold is lifted",
    "original_disputed": "the payout that it replaces seems to be paid: it is not sent",
    "customer_stopped": "the customer's payouts are stopped: it is not sent until they go on",
    "corrupt": "what is stored of it fails its own proof",
    "defect": "looking after it failed, and the fault is ours",
    "contradiction": "news came in that cannot be true together with what is known",
    "sign_in_refused": "the provider refused our key: nothing goes out until this is put right",
    "bank_file": "a file for the bank waits for a person, or for the bank's word",
    "bank_file_doubted": "there is word of a file for the bank that was given up",
    "in_doubted_file": "a file for the bank may have paid it: two people find that out",
    "unreadable": "what is stored of it cannot be read: nothing is done with it",
    "bank_file_unreadable": "a file for the bank cannot be read",
    "funds_short": "payouts wait because the account at the provider does not hold enough",
    "pause": "a pause stands: what is like it waits until somebody else lets it go on",
    "pause_unreadable": "a pause stands that cannot be read: it keeps payouts all the same",
    "rail_opened_by_hand": "somebody stopped payments by it: nothing goes out until it is reset",
    "rail_down_for_long": "payments by it have gone wrong for more than an hour",
    "notice_parked": "a webhook could not be applied, however often it was tried",
}


def reason(code: str) -> str:
    """A reason in words; a code that has none stands for itself."""
    return REASONS.get(code, code.replace("_", " "))


def message(
    payout: Payout, dishonour_until: date | None, tried_from: datetime | None = None
) -> str:
    """What the status means for this payout; `tried_from` is when its rail is tried again."""
    hindrance = "held" if payout.held else payout.hindrance
    if payout.status is Status.QUEUED and hindrance:
        again = f" It is tried again from {rfc3339(tried_from)} on." if tried_from else ""
        return f"It waits to be sent: {reason(hindrance)}.{again} The money is set aside."
    if payout.status is Status.AWAITING_APPROVAL and payout.lapses_at:
        missing = max(1, payout.needs - len(payout.approvals))
        people = "1 other person" if missing == 1 else f"{missing} other people"
        until = rfc3339(payout.lapses_at)
        return f"It waits for {people} to agree, until {until}; the money is set aside."
    if payout.file_id and payout.status is Status.SENDING:
        return "It is in a file for the bank; nobody else pays it."
    if dishonour_until is not None and payout.rail is Rail.DIRECT_ENTRY:
        return f"Sent; final unless dishonoured by {dishonour_until.isoformat()}."
    return STATUSES[payout.status]


def told(event: Event) -> str:
    """A step in words, with the reason that it carries."""
    why = _why(event)
    return f"{EVENTS[type(event).__name__]}{': ' if why else ''}{why.rstrip('.')}."


def _why(event: Event) -> str:  # noqa: PLR0911 (a table: one line an event)
    match event:
        case (
            Delayed(reason=code)
            | NeverSent(reason=code)
            | Unclear(doubt=code)
            | Escalated(why=code)
        ):
            return reason(code)
        case ApprovalAsked(why=codes):
            return "; ".join(reason(code) for code in codes.split(",") if code)
        case Asked(found=found):
            return "it knows it, and has nothing new" if found else "it does not know it"
        case Refused(refusal=code) | OutOfFunds(refusal=code) | TurnedAway(refusal=code):
            return code
        case ResolutionProposed(verdict=verdict, evidence=evidence):
            return f"{reason(verdict)}; {evidence}"
        case DeclaredDead(evidence=text) | Reattempted(evidence=text) | Redrafted(redraft=text):
            return text
        case Rejected(reason=text) | Returned(reason=text) | Cancelled(reason=text):
            return text
        case ResolutionDismissed(reason=text) | Approved(reason=text) | Declined(reason=text):
            return text
        case (
            Held(reason=text)
            | HoldLifted(reason=text)
            | LetGo(why=text)
            | FileCleared(verdict=text)
        ):
            return text
        case _:
            return ""


def sentence(code: str) -> str:
    """A reason as a sentence of its own."""
    words = reason(code)
    return f"{words[:1].upper()}{words[1:]}."
