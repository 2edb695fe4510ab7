"""The DynamoDB client as the store wants it, and the names of the four tables.

Short time-outs and none of the library's own retries: `session.py` retries, for only it knows what
a lost reply means for a write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables in this stage."""

    transactions: str
    customers: str
    events: str
    control: str


def dynamo_client(
    session: boto3.Session | None = None, *, endpoint_url: str | None = None, connections: int = 50
) -> DynamoDBClient:
    """A client; without an endpoint it goes where the environment says (`AWS_ENDPOINT_URL`).

    Connecting may take 1 s and an answer 3 s. `connections` are kept open for threads.
    """
    config = Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=connections,
        tcp_keepalive=True,
    )
    session = session or boto3.Session()
    return session.client("dynamodb", endpoint_url=endpoint_url, config=config)
