"""What an error of DynamoDB or of the way to it proves: one pure function, unknown by default.

Only what the service itself refused, and what certainly never reached it, did certainly not
happen. A time-out, a broken connection and a 5xx may each hide a write that was done.
"""

from __future__ import annotations

from enum import Enum

from botocore import exceptions as botocore
from botocore.parsers import ResponseParserError

ERRORS = (botocore.ClientError, botocore.BotoCoreError, ResponseParserError)


class Trouble(Enum):
    """What follows from an error."""

    REFUSED = "a condition did not hold: nothing was written"
    PASSING = "it did not happen, and may well do so in a moment"
    UNKNOWN = "it may have happened"
    LASTING = "it did not happen, and trying again at once is no use"
    DEFECT = "our own mistake"


_REFUSED = frozenset({"ConditionalCheckFailedException", "ConditionalCheckFailed"})
_PASSING = frozenset(
    {
        "TransactionConflictException", "TransactionConflict", "ThrottlingException",
        "ThrottlingError", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "ProvisionedThroughputExceeded", "ReplicatedWriteConflictException",
    }
)  # fmt: skip
# The first two speak of an earlier sending under the same token, which nobody but us has.
_UNKNOWN = frozenset(
    {
        "TransactionInProgressException", "IdempotentParameterMismatchException",
        "InternalServerError",
    }
)  # fmt: skip
_DEFECTS = frozenset(
    {
        "ValidationException", "ValidationError", "SerializationException",
        "ItemCollectionSizeLimitExceeded", "ItemCollectionSizeLimitExceededException",
        "DuplicateItem",
    }
)  # fmt: skip
_NOT_SENT = (
    botocore.EndpointConnectionError,
    botocore.ConnectTimeoutError,
    botocore.ProxyConnectionError,
)
_NOT_SIGNED = (
    botocore.NoCredentialsError,
    botocore.PartialCredentialsError,
    botocore.CredentialRetrievalError,
    botocore.NoRegionError,
)


def judge(error: Exception) -> Trouble:
    """What the error proves."""
    if isinstance(error, botocore.ClientError):
        return _said(error)
    if isinstance(error, _NOT_SENT):
        return Trouble.PASSING
    if isinstance(error, _NOT_SIGNED):
        return Trouble.LASTING
    if isinstance(error, botocore.ParamValidationError):
        return Trouble.DEFECT
    return Trouble.UNKNOWN


def reasons(error: botocore.ClientError) -> list[str]:
    """Why each part of a cancelled transaction was not written; `None` (text) where it could be."""
    told = error.response.get("CancellationReasons", [])
    return [str(reason.get("Code", "None")) for reason in told]


def _said(error: botocore.ClientError) -> Trouble:
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return _cancelled([reason for reason in reasons(error) if reason != "None"])
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    for codes, trouble in (
        (_REFUSED, Trouble.REFUSED),
        (_PASSING, Trouble.PASSING),
        (_UNKNOWN, Trouble.UNKNOWN),
        (_DEFECTS, Trouble.DEFECT),
    ):
        if code in codes:
            return trouble
    return Trouble.UNKNOWN if status >= 500 or status == 0 else Trouble.LASTING


def _cancelled(codes: list[str]) -> Trouble:
    """A refusal counts only once no part is busy: what keeps it busy may explain the refusal."""
    if _PASSING.intersection(codes):
        return Trouble.PASSING
    if codes and _REFUSED.issuperset(codes):
        return Trouble.REFUSED
    return Trouble.DEFECT
