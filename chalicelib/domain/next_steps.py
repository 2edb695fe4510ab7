"""Whose a finding is, and what they should do next: one row for each kind, none missing.

Suggests, never acts: whatever moves money is done elsewhere, by people who may.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.bank_file import BankFile, Stage
from chalicelib.domain.findings import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.findings import Finding


class Owner(StrEnum):
    """The team whose work it is, until a person takes it."""

    OPERATIONS = "operations"  # payouts, and what the provider says of them
    FINANCE = "finance"  # money that came, went or cost without a payout of ours
    ENGINEERING = "engineering"  # what the service should have known by itself


_TWO_PEOPLE = (
    "if the payout is unconfirmed, two people resolve it with evidence at"
    " POST /payouts/{transaction_id}/resolution and /agree (or /dismiss)."
)
STEPS: dict[Kind, tuple[Owner, str]] = {
    Kind.UNKNOWN_PAYOUT: (
        Owner.ENGINEERING,
        "Find out which system sent a payout under this reference from our account.",
    ),
    Kind.UNFIT_NEWS: (
        Owner.OPERATIONS,
        "Compare the payout's timeline with the provider's transaction; " + _TWO_PEOPLE,
    ),
    Kind.UNREADABLE_NEWS: (
        Owner.ENGINEERING,
        "Read the webhook under its notice, and redrive its dead letter once the reader knows it.",
    ),
    Kind.UNEXPECTED_DEBIT: (
        Owner.FINANCE,
        "Ask the provider who debits the account, and dispute it if nobody here agreed to it.",
    ),
    Kind.WEBHOOK_MISSING: (
        Owner.OPERATIONS,
        "Look the transaction up at the provider, and check that it is known here all the same.",
    ),
    Kind.RECEIPT_UNKNOWN: (
        Owner.FINANCE,
        "Match the receipt with its settlement, or close it with what it was.",
    ),
    Kind.RECEIPT_OVER: (
        Owner.FINANCE,
        "Ask the acquirer what the surplus is for, then match the receipt or send it back.",
    ),
    Kind.RECEIPT_UNDER: (
        Owner.FINANCE,
        "Wait for the rest or ask the acquirer for it, then match what came with the settlement.",
    ),
    Kind.RECEIPT_LATE: (
        Owner.FINANCE,
        "Check that the settlement is still wanted, then match the receipt with it.",
    ),
    Kind.RECEIPT_DOUBLED: (
        Owner.FINANCE,
        "Ask the acquirer whether it was paid twice, and send the second payment back.",
    ),
    Kind.SETTLEMENT_OVERDUE: (
        Owner.FINANCE,
        "Ask the acquirer where the settlement is, or cancel it if it will not come.",
    ),
    Kind.ALLOCATION_SHORT: (
        Owner.FINANCE,
        "Find out what took the unallocated money, and fund the account for the rows left open.",
    ),
    Kind.RETURN_ALLOCATED: (
        Owner.FINANCE,
        "Take the amount back from whom it was allocated to: it belongs to the returned payout.",
    ),
    Kind.ERASED_CREDITED: (
        Owner.FINANCE,
        "Find out from the payout or the settlement whose it is, and treat it as unclaimed money.",
    ),
    Kind.CUSTOMER_UNTOLD: (
        Owner.OPERATIONS,
        "Reach the customer by another way, ask whether the change was theirs, mend the address.",
    ),
    Kind.OCCURRENCE_UNPAID: (
        Owner.OPERATIONS,
        "Mend what refused it, pay it by hand if still wanted, resume the schedule if it waits.",
    ),
    Kind.SCHEDULE_STUCK: (
        Owner.ENGINEERING,
        "Find out why it cannot be read, or woken, and pay by hand what is due meanwhile.",
    ),
    Kind.BANK_FILE_STUCK: (
        Owner.ENGINEERING,
        "Find out why the bank file cannot be brought on; nobody sends its payouts meanwhile.",
    ),
    Kind.MISSING_THERE: (
        Owner.OPERATIONS,
        "Ask the provider for this reference in writing; " + _TWO_PEOPLE,
    ),
    Kind.MISSING_HERE: (
        Owner.ENGINEERING,
        "Restore the payout from a backup or the archive by its id, before anything is sent again.",
    ),
    Kind.AMOUNT_DIFFERS: (
        Owner.FINANCE,
        "Hold the provider's lines against ours, and settle the difference with them.",
    ),
    Kind.STATUS_DIFFERS: (
        Owner.OPERATIONS,
        "Have the provider say in writing what became of the payout; " + _TWO_PEOPLE,
    ),
    Kind.PAID_TWICE: (
        Owner.OPERATIONS,
        "Have the provider recall the second payment at once, and do not send this payout again.",
    ),
    Kind.FEE_DIFFERS: (
        Owner.FINANCE,
        "Check the fee against the provider's price list, and claim the difference.",
    ),
    Kind.UNEXPLAINED_CREDIT: (
        Owner.FINANCE,
        "Find out at the provider who paid it, and have its webhook sent again if we missed it.",
    ),
    Kind.UNEXPLAINED_DEBIT: (
        Owner.FINANCE,
        "Find out at the provider who moved it, and change the account's keys if nobody here did.",
    ),
    Kind.BALANCE_DIFFERS: (
        Owner.FINANCE,
        "Ask the provider for its statement of the day: lines of the account are missing or wrong.",
    ),
}


# What to do with a file for the bank that waits for somebody, by its stage.
_FILES: dict[Stage, str] = {
    Stage.SEALED: (
        "Take it to the bank: its bytes are at GET /exports/{file_id}/file. After the date on which"
        " the bank was to pay, give it up at POST /exports/{file_id}/give-up."
    ),
    Stage.OUT: (
        "Ask the bank whether it took it: say so at POST /exports/{file_id}/confirm, or that it"
        " never will at POST /exports/{file_id}/give-up, to which a second person agrees."
    ),
}
_FILE_IN_DOUBT = (
    "Ask the bank in writing whether it paid by it: two people say so, with that as evidence, at"
    " POST /exports/{file_id}/doubt and /doubt/agree. Until then nothing of it is sent."
)
UNREADABLE_FILE = "Restore the row of the file: what is in it is sent by nobody until then."


# Where the sentence of the kind does not fit what the finding is about.
_RECEIPT_MISSING_THERE = (
    "Ask the provider for this receipt in writing: it told us of it, and the account lacks it."
)
_OUT_OF_REACH = "out_of_reach"  # the detail of a day whose report of webhooks nobody read in time
_DAY_UNREAD = (
    "Hold that day's transactions against ours: run its night again if none has run since."
)


def owner(kind: Kind) -> Owner:
    """The team whose work a kind is."""
    return STEPS[kind][0]


def kinds_of(team: Owner) -> frozenset[Kind]:
    """The kinds that are a team's work."""
    return frozenset(kind for kind, (theirs, _) in STEPS.items() if theirs is team)


def next_step(finding: Finding) -> str:
    """What to do next, in one sentence; the payout's own path, where it is about one."""
    sentence = STEPS[finding.kind][1]
    own = finding.transaction_id
    if finding.kind is Kind.MISSING_THERE and not own:
        return _RECEIPT_MISSING_THERE
    if finding.kind is Kind.WEBHOOK_MISSING and finding.detail == _OUT_OF_REACH:
        return _DAY_UNREAD
    return sentence.replace("{transaction_id}", own) if own else sentence


def next_step_of_file(file: BankFile) -> str | None:
    """What to do next with a file for the bank; `None` where it goes on by itself, or is over."""
    sentence = _FILE_IN_DOUBT if file.doubted else _FILES.get(file.stage)
    return sentence.replace("{file_id}", file.file_id) if sentence else None


def age_in_days(finding: Finding, now: datetime) -> int:
    """Whole days since it was found first, or until it ended; never less than none."""
    return max(0, ((finding.resolved_at or now) - finding.found_at).days)
