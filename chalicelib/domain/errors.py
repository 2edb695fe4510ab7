"""Every way in which the service says no, as one tree.

    PayoutError
    ├── Invalid                what was said has no meaning, whoever says it
    │   ├── InvalidAmount
    │   ├── InvalidDestination
    │   ├── NotUnderstood      the provider's word about our money, in no form that we know
    │   └── InvalidRequest     all errors of a request, each at its place
    ├── Forbidden              this person may not
    ├── NotFound
    ├── Conflict               it made sense, but not now
    │   ├── NotPossible        the payout's life has no such move
    │   │   └── Contradiction  news that cannot be true together with what we know
    │   ├── CustomerStopped    something of theirs is disputed
    │   ├── CustomerErased     they are, or are about to be, forgotten
    │   ├── ErasureRefused     they cannot be forgotten yet: all that stands in the way
    │   ├── KeyTaken           an idempotency key of somebody else
    │   ├── Stale              somebody wrote first: read again
    │   │   └── Paused         ... that nothing like it is sent
    │   ├── CheckUnderWay      an account check goes on, or was passed: there is no second one
    │   ├── CheckNotOpen       an account check that takes no code now
    │   ├── SeenChanged        what is to be agreed to is not what was seen
    │   ├── ApprovalLapsed     nobody can agree to it any more
    │   ├── AlreadyRedrafted   what came back is paid once more by one other payout, ever
    │   ├── BeforeAPerson      a person has to look at it before anything follows from it
    │   ├── OriginalDisputed   what a redraft is to replace was paid after all
    │   └── RailDown           its rail is not tried at present
    ├── RuleBroken             a rule of ours: balance, limit, a key with another body
    │   ├── InsufficientFunds
    │   ├── WrongCode
    │   └── ApproverLimit      more than one person may agree to within a day
    ├── NotAuthentic           a webhook that is not the provider's
    ├── Unavailable            nothing is known to be wrong with it, but not now
    │   ├── StoreUnavailable
    │   ├── VaultUnavailable
    │   ├── QueueUnavailable
    │   ├── ArchiveUnavailable
    │   ├── MailUnavailable
    │   ├── ProviderUnavailable
    │   │   └── SignInRefused
    │   └── TooManyWait        nothing is sent at present, and as many wait as may
    └── TooFast                more than this principal may ask for within so short a time
    Corrupt                    what we stored is not what we read (not a `PayoutError`: a defect)

The refusals of checks, approvals, redrafts, haste and a shut way are in `domain/refusals.py`.

Each has a stable `code` and carries its evidence as attributes; `api/problems.py` maps them to
HTTP in one table. None carries a name, an account, a PayID or a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place: a JSON pointer (or header or parameter name), code, words.

    `row` and `column` are the place within a file, as a spreadsheet counts and names them.
    """

    pointer: str
    code: str
    detail: str
    row: int | None = None
    column: str | None = None


class PayoutError(Exception):
    """The root; `code` is stable, the message is for people."""

    code: ClassVar[str] = "error"


class Invalid(PayoutError):
    """What was said has no meaning, whoever says it and whenever."""

    code = "invalid"


class InvalidAmount(Invalid):
    """Not an exact amount of cents."""

    code = "invalid_amount"


class InvalidDestination(Invalid):
    """Not a PayID or bank account; `field` says which part (by its API name)."""

    code = "invalid_destination"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotUnderstood(Invalid):
    """The provider's own word about money, in a form that we cannot read: a person has to."""

    code = "not_understood"

    def __init__(self, why: str) -> None:
        super().__init__(f"A webhook about our money cannot be read: {why}.")
        self.why = why


class InvalidRequest(Invalid):
    """All that is wrong with the form of a request."""

    code = "invalid_request"

    def __init__(self, faults: Sequence[Fault], message: str = "The request is not valid.") -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class Forbidden(PayoutError):
    """The person is known, and may not do this."""

    code = "forbidden"


class NotFound(PayoutError):
    """There is no such thing; `what` names the kind, never the content."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")
        self.what = what


class Conflict(PayoutError):
    """It makes sense, but not with the way things are now."""

    code = "conflict"


class NotPossible(Conflict):
    """The payout's life has no row for this event in its present status."""

    code = "not_possible"

    def __init__(self, status: str, event: str) -> None:
        super().__init__(f"A payout that is {status} cannot be {event}.")
        self.status = status
        self.event = event


class Contradiction(NotPossible):
    """News that cannot be true together with what is known: a person has to look."""

    code = "contradiction"

    def __init__(self, status: str, event: str, why: str) -> None:
        super().__init__(status, event)
        self.args = (f"A payout that is {status} heard {event}: {why}.",)
        self.why = why


class CustomerStopped(Conflict):
    """The customer is stopped, by a person or a dispute: nothing is sent until an admin resumes."""

    code = "customer_stopped"

    def __init__(self) -> None:
        super().__init__("The customer's payouts are stopped until an admin resumes them.")


class CustomerErased(Conflict):
    """The customer is being forgotten, or is: nothing new can be asked for.

    `final` where it is known that nobody can take that back any more.
    """

    code = "customer_erased"

    def __init__(self, *, final: bool = False) -> None:
        super().__init__("The customer is erased, or about to be: nothing new is done for them.")
        self.final = final


class ErasureRefused(Conflict):
    """Something stands in the way of forgetting a customer; `faults` names all of it."""

    code = "erasure_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The customer cannot be erased as things are.")
        self.faults = tuple(faults)


class KeyTaken(Conflict):
    """The idempotency key is another principal's."""

    code = "idempotency_key_taken"


class Stale(Conflict):
    """Somebody else wrote first; what was read is no longer so."""

    code = "stale"


class RuleBroken(PayoutError):
    """A rule of ours says no; `faults` names every rule and place."""

    code = "rule_broken"

    def __init__(self, faults: Sequence[Fault], message: str = "A rule does not allow it.") -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class InsufficientFunds(RuleBroken):
    """The balance does not cover it."""

    code = "insufficient_funds"

    def __init__(self, pointer: str = "/amount") -> None:
        fault = Fault(pointer, self.code, "is more than the balance that is available")
        super().__init__([fault], "The available balance does not cover the amount.")


class NotAuthentic(PayoutError):
    """A webhook without the agreed token or the provider's signature."""

    code = "not_authentic"


class Unavailable(PayoutError):
    """Something we depend on does not answer; trying again later is right."""

    code = "unavailable"
    retry_after = 5


class StoreUnavailable(Unavailable):
    """DynamoDB could not be reached, throttled us, or its answer was lost."""

    code = "store_unavailable"


class VaultUnavailable(Unavailable):
    """KMS could not be reached."""

    code = "vault_unavailable"


class QueueUnavailable(Unavailable):
    """SQS or SNS could not be reached."""

    code = "queue_unavailable"


class ArchiveUnavailable(Unavailable):
    """S3 could not be reached."""

    code = "archive_unavailable"


class MailUnavailable(Unavailable):
    """SES could not be reached, or does not take a message."""

    code = "mail_unavailable"


class ProviderUnavailable(Unavailable):
    """A read of the provider failed; never said of an execute, whose answer is an event."""

    code = "provider_unavailable"


class SignInRefused(ProviderUnavailable):
    """The provider refused our key: no further call goes out until a person or a long wait."""

    code = "provider_sign_in_refused"
    retry_after = 3600


class Corrupt(Exception):
    """Stored data fails its own proof (hash, context, owner): never served, never repaired."""
