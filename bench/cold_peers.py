"""The handlers whose cold starts are measured beside ours, each as its own documentation shows it.

Sources, not modules: what they import is installed for the measurement only. Each takes a payout
and has a client of DynamoDB, as any of them would.
"""

BARE = """
import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    return {"statusCode": 202, "body": "{}"}
"""

FORMS = """
from typing import Literal

import boto3
from pydantic import BaseModel, Field

dynamodb = boto3.client("dynamodb")


class Payout(BaseModel):
    customer_id: str = Field(min_length=36, max_length=36)
    amount: str = Field(pattern=r"^[0-9]{1,9}\\\\.[0-9]{2}$")
    payout_method: Literal["PayId", "BankAccount"]


class Made(BaseModel):
    transaction_id: str
    status: str
"""

POWERTOOLS = f"""
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
{FORMS}
app = APIGatewayRestResolver(enable_validation=True)


@app.post("/payouts")
def pay(payout: Payout) -> Made:
    return Made(transaction_id="1", status="Pending")


def handler(event, context):
    return app.resolve(event, context)
"""

FASTAPI = f"""
from fastapi import FastAPI
from mangum import Mangum
{FORMS}
app = FastAPI()


@app.post("/payouts", status_code=202)
def pay(payout: Payout) -> Made:
    return Made(transaction_id="1", status="Pending")


handler = Mangum(app, lifespan="off")
"""
