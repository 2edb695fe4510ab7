"""Which function called what of AWS: every call at its client, as the action and resource it needs.

Whatever is called that nobody here was taught is an error: a call that is not understood would be
missing from what a role has to allow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# A port and one of its methods.
Method = tuple[str, str]
# Whatever is done before or between invocations, by a test itself.
NOBODY = ""
_RUNS: ContextVar[str] = ContextVar("function", default=NOBODY)
_CALLS: ContextVar[Method] = ContextVar("method", default=("", ""))
_PARTS = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


class Need(NamedTuple):
    """What a role has to allow for a call, and what conditions may look at."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass
class Recorder:
    """`needs` has what each function has needed; `here` is the region and the account.

    `met` has the methods of ports that each has called, and `of_method` what each of them needed,
    whoever called it.
    """

    here: str
    met: dict[str, set[Method]] = field(default_factory=lambda: defaultdict(set))
    of_method: dict[Method, set[Need]] = field(default_factory=lambda: defaultdict(set))
    needs: dict[str, set[Need]] = field(default_factory=lambda: defaultdict(set))

    @contextmanager
    def invocation(self, function: str) -> Iterator[None]:
        """Whatever is called within is that function's."""
        token = _RUNS.set(function)
        try:
            yield
        finally:
            _RUNS.reset(token)

    @property
    def function(self) -> str:
        """Whoever runs now in this thread."""
        return _RUNS.get()

    def note(self, *needs: Need) -> None:
        """Remember what the present function needs."""
        self.of_method[_CALLS.get()] |= set(needs)
        if self.function != NOBODY:
            self.needs[self.function] |= set(needs)

    def calling(self, method: Method, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same method of a port, its calls remembered; also those of what it yields later."""

        def called(*told: Any, **more: Any) -> Any:
            self.met[self.function].add(method)
            with _within(method):
                answer = call(*told, **more)
            return _yielded(method, answer) if isinstance(answer, Iterator) else answer

        return called

    def hear(self, *, params: Mapping[str, Any], model: Any, **_: object) -> None:
        """A handler of botocore's `provide-client-params`."""
        service = model.service_model.service_name
        self.note(*_NEEDED[service, model.name](params, self.here))

    def dynamo(self, client: Any) -> RecordedDynamo:
        """The same client of DynamoDB, what is called of it remembered."""
        return RecordedDynamo(client, self)


@contextmanager
def _within(method: Method) -> Iterator[None]:
    token = _CALLS.set(method)
    try:
        yield
    finally:
        _CALLS.reset(token)


def _yielded(method: Method, items: Iterator[Any]) -> Iterator[Any]:
    while True:
        with _within(method):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


class RecordedDynamo:
    """As much of a client of DynamoDB as the store uses."""

    def __init__(self, client: Any, recorder: Recorder) -> None:
        self._client = client
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        needed = _OF_DYNAMO[name]
        call = getattr(self._client, name)

        def recorded(**request: Any) -> Any:
            table = f"arn:aws:dynamodb:{self._recorder.here}:table/"
            self._recorder.note(
                *(Need(f"dynamodb:{action}", table + there) for action, there in needed(request))
            )
            return call(**request)

        return recorded


def _query(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    yield "Query", request["TableName"] + index


def _transaction(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part in request["TransactItems"]:
        ((kind, told),) = part.items()
        yield _PARTS[kind], told["TableName"]


def _one(action: str) -> Callable[[Mapping[str, Any]], list[tuple[str, str]]]:
    return lambda request: [(action, request["TableName"])]


_OF_DYNAMO: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "get_item": _one("GetItem"),
    "batch_get_item": lambda told: [("BatchGetItem", table) for table in told["RequestItems"]],
    "put_item": _one("PutItem"),
    "update_item": _one("UpdateItem"),
    "query": _query,
    "transact_write_items": _transaction,
}


def _object(action: str) -> Callable[[Mapping[str, Any], str], list[Need]]:
    """An object; where it is not there, only who may list the bucket is told so."""

    def needed(told: Mapping[str, Any], _here: str) -> list[Need]:
        bucket = f"arn:aws:s3:::{told['Bucket']}"
        listed = [Need("s3:ListBucket", bucket)] if action == "s3:GetObject" else []
        return [Need(action, f"{bucket}/{told['Key']}"), *listed]

    return needed


def _key(action: str) -> Callable[[Mapping[str, Any], str], list[Need]]:
    def needed(told: Mapping[str, Any], _here: str) -> list[Need]:
        given = sorted(told.get("EncryptionContext", {}).items())
        context = tuple((f"kms:EncryptionContext:{name}", value) for name, value in given)
        return [Need(f"kms:{action}", told["KeyId"], context)]

    return needed


def _queue(action: str) -> Callable[[Mapping[str, Any], str], list[Need]]:
    def needed(told: Mapping[str, Any], here: str) -> list[Need]:
        name = told["QueueUrl"].rpartition("/")[2]
        return [Need(f"sqs:{action}", f"arn:aws:sqs:{here}:{name}")]

    return needed


_NEEDED: Mapping[tuple[str, str], Callable[[Mapping[str, Any], str], list[Need]]] = {
    ("s3", "PutObject"): _object("s3:PutObject"),
    ("s3", "GetObject"): _object("s3:GetObject"),
    ("s3", "HeadObject"): _object("s3:GetObject"),
    ("s3", "ListObjectsV2"): lambda told, _here: [
        Need("s3:ListBucket", f"arn:aws:s3:::{told['Bucket']}")
    ],
    ("kms", "GenerateDataKey"): _key("GenerateDataKey"),
    ("kms", "Encrypt"): _key("Encrypt"),
    ("kms", "Decrypt"): _key("Decrypt"),
    ("kms", "DescribeKey"): _key("DescribeKey"),
    ("kms", "Sign"): _key("Sign"),
    ("kms", "GetPublicKey"): _key("GetPublicKey"),
    ("secretsmanager", "GetSecretValue"): lambda told, _here: [
        Need("secretsmanager:GetSecretValue", told["SecretId"])
    ],
    ("sqs", "SendMessage"): _queue("SendMessage"),
    ("sqs", "GetQueueAttributes"): _queue("GetQueueAttributes"),
    ("sns", "Publish"): lambda told, _here: [Need("sns:Publish", told["TopicArn"])],
    ("sesv2", "SendEmail"): lambda told, here: [
        Need(
            "ses:SendEmail",
            f"arn:aws:ses:{here}:identity/{told['FromEmailAddress']}",
            (("ses:FromAddress", told["FromEmailAddress"]),),
        )
    ],
}
