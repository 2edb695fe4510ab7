"""Reaches a service from the command line, as an admin: the local stack that is up, or another one.

Of the local stack it knows address and people; for any other the ID token is read from
PAYOUTS_TOKEN, never from the command line, where others could see it.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import boto3
import requests

from local.client import Client, Refused
from local.files import read_json
from local.people import Person, sign_in
from local.state import RUNNING, default_root


class NothingThere(Exception):
    """No local stack is up, and no other service was named."""


def name_service(parser: argparse.ArgumentParser) -> None:
    """Let the command line name a service."""
    parser.add_argument(
        "--api", default=os.environ.get("PAYOUTS_URL", ""), help="the service (PAYOUTS_URL)"
    )
    parser.add_argument("--state", type=Path, default=default_root(), help=argparse.SUPPRESS)


def as_admin(chosen: argparse.Namespace, work: Callable[[Client], int]) -> int:
    """Does the work with the service that was named; the exit status: the work's, or why not.

    1: the service refused, or did not answer. 2: there is no service, or no token for it.
    """
    token = os.environ.get("PAYOUTS_TOKEN", "")
    try:
        api, token = (chosen.api, token) if chosen.api else running(chosen.state)
    except NothingThere as nothing:
        print(nothing, file=sys.stderr)
        return 2
    if not token:
        print("As whom? An admin's ID token: PAYOUTS_TOKEN.", file=sys.stderr)
        return 2
    client = Client(api.rstrip("/"), token)
    try:
        return work(client)
    except Refused as refused:
        print(reason(refused), file=sys.stderr)
        return 1
    except requests.RequestException as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        client.close()


def reason(refused: Refused) -> str:
    """A refusal in the service's own words, each fault on a line."""
    told = refused.answer.body
    faults = [f"  {each['pointer'].strip('/')} {each['detail']}" for each in told.get("errors", ())]
    return "\n".join([f"{refused}: {told.get('detail', 'no reason was told')}", *faults])


def running(state: Path) -> tuple[str, str]:
    """Where the local stack is that is up, and an ID token of its admin's.

    Raises:
        NothingThere: none is.
    """
    settings = read_json(state / f"{RUNNING}.json")
    if settings is None:
        raise NothingThere("No local stack is up: make up, or name a service (--api).")
    password = read_json(state / "users.json")["admin"]
    cognito = boto3.client(
        "cognito-idp", endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_DEFAULT_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    try:
        token = sign_in(cognito, settings["COGNITO_CLIENT_ID"], Person("admin", password))
    finally:
        cognito.close()
    return settings["WEBHOOK_URL"], token
