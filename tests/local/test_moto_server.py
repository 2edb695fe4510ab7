"""moto made safe: its transactions race here, and none is half done."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from local.cloud import Cloud

CLIENTS = 8
TRANSFERS = 5


def test_racing_transactions_neither_make_nor_lose_money(moto: Cloud) -> None:
    dynamodb, name = moto.clients.dynamodb, moto.environment["DYNAMODB_TABLE_CUSTOMERS"]
    left, right = uuid.uuid4().hex, uuid.uuid4().hex
    for key in (left, right):
        item = {"customer_id": {"S": key}, "balance": {"N": "100"}}
        dynamodb.put_item(TableName=name, Item=item)

    def change(key: str, by: str) -> dict[str, object]:
        return {
            "TableName": name,
            "Key": {"customer_id": {"S": key}},
            "UpdateExpression": "ADD balance :by",
            "ExpressionAttributeValues": {":by": {"N": by}},
        }

    def transfer(_n: int) -> None:
        changes = [{"Update": change(left, "-1")}, {"Update": change(right, "1")}]
        dynamodb.transact_write_items(TransactItems=changes)  # type: ignore[arg-type]

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(transfer, range(CLIENTS * TRANSFERS)))
    moved = CLIENTS * TRANSFERS
    for key, expected in ((left, 100 - moved), (right, 100 + moved)):
        found = dynamodb.get_item(TableName=name, Key={"customer_id": {"S": key}})["Item"]
        assert found["balance"]["N"] == str(expected)


def test_a_long_poll_holds_up_nobody_and_hears_what_comes(moto: Cloud) -> None:
    sqs = moto.clients.sqs
    url = sqs.create_queue(QueueName=f"poll-{uuid.uuid4().hex}")["QueueUrl"]
    heard: list[str] = []

    def listen() -> None:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=15)
        heard.extend(message["Body"] for message in answer.get("Messages", []))

    listener = threading.Thread(target=listen)
    listener.start()
    time.sleep(0.2)
    started = time.monotonic()
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    listener.join(14)
    assert heard == ["hello"]
    assert time.monotonic() - started < 5
