"""The package's twin: same sources, same lock, for this machine: unpacked, and its handlers called.

What deploys is for another machine, so it is only looked at; its twin differs in nothing but the
compiled libraries. It runs on the emulator of AWS, with a Python that sees no other package, and a
provider that nobody can reach. Every handler of the template is called, once.
"""

import json
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deployment.by_chalice import TEMPLATE
from local.cloud import account

DRIVER = Path(__file__).with_name("drive.py")
CUSTOMER = {
    "customer_name": "Jo Citizen",
    "email": "jo.citizen@example.com",
    "payout_destinations": [
        {"type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
         "accountName": "Jo Citizen"},
    ],
}  # fmt: skip
SCHEDULED = {
    "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events",
    "account": "123456789012", "time": "2026-01-01T00:00:00Z", "region": "ap-southeast-2",
    "resources": [], "detail": {},
}  # fmt: skip
# Settings that only a laptop has.
LOCAL = ("PAYOUTS_LOCAL", "CLOCK_URL", "COGNITO_JWKS_URL")


class NotFit(Exception):
    """The package does not do what it deploys for; carries what it did."""


def handlers(template: Path) -> dict[str, str]:
    """The functions of a template, each with its handler."""
    resources = json.loads(template.read_text("utf-8"))["Resources"]
    return {
        name: resource["Properties"]["Handler"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def events(settings: Mapping[str, str], functions: Mapping[str, str]) -> list[dict[str, Any]]:
    """An event for each function: a request for the API, a message for the queue, and a webhook."""
    made = [
        {
            "name": "request", "handler": functions["APIHandler"],
            "event": _request(settings, "/customers", CUSTOMER),
        },
        {
            "name": "webhook", "handler": functions["WebhookHandler"],
            "event": _request(settings, "/webhooks/monoova", {"not": "authentic"}),
        },
    ]  # fmt: skip
    made.append({
        "name": "message", "handler": functions["Reprocess"],
        "event": {"Records": [{"messageId": "1", "receiptHandle": "1", "body": "no letter",
                               "eventSourceARN": "arn:aws:sqs:ap-southeast-2:123456789012:q"}]},
    })  # fmt: skip
    rest = functions.keys() - {"APIHandler", "WebhookHandler", "Reprocess"}
    made += [
        {"name": name, "handler": functions[name], "event": SCHEDULED} for name in sorted(rest)
    ]
    return made


def _request(settings: Mapping[str, str], path: str, body: object) -> dict[str, Any]:
    claims = {
        "sub": "the-operator", "aud": settings["COGNITO_CLIENT_ID"],
        "iss": settings["COGNITO_ISSUER"], "token_use": "id", "cognito:groups": "operator",
        "auth_time": str(int(time.time())),
    }  # fmt: skip
    headers = {"content-type": "application/json", "idempotency-key": "the key of the twin's run"}
    return {
        "resource": path, "path": path, "httpMethod": "POST", "pathParameters": None,
        "headers": headers, "multiValueHeaders": {name: [v] for name, v in headers.items()},
        "queryStringParameters": None, "multiValueQueryStringParameters": None,
        "stageVariables": None, "body": json.dumps(body), "isBase64Encoded": False,
        "requestContext": {
            "resourcePath": path, "httpMethod": "POST", "requestId": "the-request",
            "path": path, "stage": "local", "identity": {"sourceIp": "192.0.2.1"},
            "authorizer": {"claims": claims},
        },
    }  # fmt: skip


def drive(
    python: Path, folder: Path, settings: Mapping[str, str], functions: Mapping[str, str]
) -> dict[str, Any]:
    """What the handlers of an unpacked package answered, by the event's name.

    Raises:
        NotFit: one of them failed, or something was imported from outside of the package.
    """
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "events.json"
        told.write_text(json.dumps(events(settings, functions)), "utf-8")
        command = [str(python), "-I", "-S", str(DRIVER), str(folder), str(told)]
        # By it the app knows that it is there to run, and opens no route before its first request.
        environment = {**settings, "LAMBDA_TASK_ROOT": str(folder)}
        done = subprocess.run(
            command, cwd=scratch, env=environment, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
    if done.returncode:
        raise NotFit(f"the package does not run:\n{done.stderr.strip()}")
    said = json.loads(done.stdout.splitlines()[-1])
    judge(said)
    answers: dict[str, Any] = said["answers"]
    return answers


def judge(said: Mapping[str, Any]) -> None:
    """Whether everybody did what they are for, with nothing but what is in the package.

    Raises:
        NotFit: not so.
    """
    answers = said["answers"]
    faults = [f"imported from outside of the package: {each}" for each in said["strangers"]]
    for name, status in (("request", 201), ("webhook", 401)):
        if answers[name]["statusCode"] != status:
            faults.append(f"the {name} was answered {answers[name]}")
    if answers["message"] != {"batchItemFailures": []}:
        faults.append(f"the message was answered {answers['message']}")
    if faults:
        raise NotFit("\n".join(faults))


def try_out(python: Path, made: Path) -> dict[str, Any]:
    """Unpack what was made of a twin, and call all its handlers.

    Raises:
        NotFit: it does not do what it is for.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "task"
        with zipfile.ZipFile(made / "deployment.zip") as archive:
            archive.extractall(folder)
        with account(Path(scratch) / "state") as cloud:
            settings = {n: value for n, value in cloud.environment.items() if n not in LOCAL}
            return drive(python, folder, settings, handlers(made / TEMPLATE))
