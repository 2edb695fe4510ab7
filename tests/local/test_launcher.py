"""The launcher as a program: what it prints, what it keeps, and that nothing stays behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
import requests

from local.processes import ROOT
from local.screen import is_routine

APP = """
import os
from chalice import Chalice, CognitoUserPoolAuthorizer

if os.environ.get("PAYOUTS_LOCAL"):
    from local.chalice_local import install
    install()

app = Chalice(app_name="small")
people = CognitoUserPoolAuthorizer("people", provider_arns=[{"Fn::GetAtt": ["UserPool", "Arn"]}])

@app.route("/payouts", authorizer=people)
def payouts():
    return app.current_request.context["authorizer"]["claims"]

@app.on_sqs_message(queue_arn={"Fn::GetAtt": ["DeadLettersQueue", "Arn"]})
def reprocess(event):
    for record in event:
        print("reprocessed", record.body, flush=True)

@app.schedule("rate(1 minute)")
def poll(event):
    print("polled", flush=True)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an app of a few lines."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".chalice").mkdir()
    config = {"version": "2.0", "app_name": "small", "stages": {"local": {}}}
    (folder / ".chalice" / "config.json").write_text(json.dumps(config))
    (folder / "app.py").write_text(APP)
    return folder


def command(project: Path, state: Path) -> list[str]:
    stand_in = ["--simulator", "tests.local.provider"]
    where = ["--project", str(project), "--state", str(state)]
    return [sys.executable, "-m", "local", "--json", "--every", "0.2", *where, *stand_in]


@contextmanager
def launched(project: Path, state: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The launcher, ready, and what it said."""
    process = subprocess.Popen(
        command(project, state),
        cwd=ROOT,
        text=True,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, json.loads(line) if line else {}
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def workers(state: Path) -> list[Path]:
    """The /proc folders of everything that works on this state: all hold its lock."""
    found = []
    for file in Path("/proc").glob("[0-9]*/fd"):
        with suppress(OSError):
            if any(link.resolve() == state / "lock" for link in file.iterdir()):
                found.append(file.parent)
    return found


def children(state: Path) -> list[str]:
    """The command lines of everything that works on this state."""
    return [(folder / "cmdline").read_text().replace("\0", " ") for folder in workers(state)]


def listening(state: Path) -> list[str]:
    """The addresses, in hexadecimal, on which anything of this state listens."""
    sockets = set()
    for folder in workers(state):
        sockets |= {str(link.readlink()) for link in (folder / "fd").iterdir()}
    tables = (Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()).splitlines()
    rows = [row.split() for row in tables if "local_address" not in row]
    listens = "0A"
    return [
        row[1].split(":")[0]
        for row in rows
        if row[3] == listens and f"socket:[{row[9]}]" in sockets
    ]


def gone(state: Path, seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while children(state) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not children(state)


def log_holds(state: Path, name: str, text: str, seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if text in (state / "logs" / f"{name}.log").read_text():
            return True
        time.sleep(0.1)
    return False


def client(service: str, said: dict[str, Any]) -> Any:
    environment = said["environment"]
    return boto3.client(
        cast(Any, service),
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


def token(said: dict[str, Any], name: str) -> str:
    cognito = client("cognito-idp", said)
    user = said["users"][name]
    credentials = {"USERNAME": user["username"], "PASSWORD": user["password"]}
    answer = cognito.initiate_auth(
        ClientId=said["cognito"]["client_id"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=credentials,
    )
    cognito.close()
    return str(answer["AuthenticationResult"]["IdToken"])


def test_one_command_starts_all_of_it_and_ends_all_of_it(project: Path, tmp_path: Path) -> None:
    with launched(project, tmp_path) as (process, said):
        assert said.keys() == {"api", "simulator", "users", "cognito", "environment"}
        assert said["simulator"].keys() == {"url", "api_key", "account_number"}
        assert said["users"].keys() >= {"viewer", "operator", "approver", "admin", "bot"}
        assert said["cognito"].keys() == {"endpoint", "user_pool_id", "client_id"}

        payouts = f"{said['api']}/payouts"
        assert requests.get(payouts, timeout=10).status_code == 401
        header = {"Authorization": token(said, "operator")}
        claims = requests.get(payouts, headers=header, timeout=10).json()
        assert (claims["cognito:groups"], claims["token_use"]) == ("operator", "id")

        subscribed = requests.get(f"{said['simulator']['url']}/kept", timeout=10).json()
        target = f"{said['api']}/webhooks/monoova/NppReturn"
        assert subscribed["NppReturn"]["targetUrl"] == target
        assert subscribed["NppReturn"]["securityToken"].startswith("Bearer ")

        sqs = client("sqs", said)
        sqs.send_message(QueueUrl=said["environment"]["DLQ_URL"], MessageBody="a dead letter")
        sqs.close()
        assert log_holds(tmp_path, "triggers", "reprocessed a dead letter")
        assert log_holds(tmp_path, "triggers", "polled")

        assert len(children(tmp_path)) == 6
        assert listening(tmp_path) == ["0100007F"] * 4  # 127.0.0.1: app, simulator, two engines
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert children(tmp_path) == []
    logs = "".join(file.read_text() for file in (tmp_path / "logs").iterdir())
    secrets = [said["simulator"]["api_key"], *(u["password"] for u in said["users"].values())]
    assert not [secret for secret in secrets if secret in logs]


def test_a_second_launcher_on_the_same_state_is_refused(project: Path, tmp_path: Path) -> None:
    with launched(project, tmp_path):
        second = subprocess.run(
            command(project, tmp_path), cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert (second.returncode, second.stdout) == (1, "")
    assert f"{tmp_path} is in use by process" in second.stderr


def test_nothing_outlives_a_killed_launcher_and_its_state_is_saved(
    project: Path, tmp_path: Path
) -> None:
    with launched(project, tmp_path) as (process, before):
        table = before["environment"]["DYNAMODB_TABLE_EVENTS"]
        item = {"account": {"S": "a"}, "sequence": {"N": "1"}}
        dynamodb = client("dynamodb", before)
        dynamodb.put_item(TableName=table, Item=item)
        dynamodb.close()
        process.kill()
        process.wait(60)
        assert gone(tmp_path)
    with launched(project, tmp_path) as (_process, after):
        dynamodb = client("dynamodb", after)
        assert dynamodb.get_item(TableName=table, Key=item)["Item"] == item
        dynamodb.close()
        assert after["users"] == before["users"]


def test_when_one_process_dies_all_end_and_the_dead_one_is_named(
    project: Path, tmp_path: Path
) -> None:
    with launched(project, tmp_path) as (process, _said):
        (victim,) = [
            int(folder.name)
            for folder in workers(tmp_path)
            if "local.triggers" in (folder / "cmdline").read_text()
        ]
        os.kill(victim, signal.SIGKILL)
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert "triggers ended with status -9" in process.stderr.read()
    assert gone(tmp_path)


def test_an_app_that_does_not_start_is_reported_and_nothing_stays(
    project: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / ".chalice").symlink_to(project / ".chalice")
    (broken / "app.py").write_text("raise RuntimeError('no such setting')\n")
    state = tmp_path / "state"
    with launched(broken, state) as (process, said):
        assert said == {}
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert "RuntimeError: no such setting" in process.stderr.read()
    assert children(state) == []


def test_a_person_is_shown_who_may_sign_in_and_a_call_that_works(
    project: Path, tmp_path: Path
) -> None:
    for_people = [word for word in command(project, tmp_path) if word != "--json"]
    shown = []
    with subprocess.Popen(
        for_people, cwd=ROOT, text=True, start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            shown.append(line)
            if len(curls := [each for each in shown if each.startswith("curl")]) == 2:
                break
        sign_in, ready = map(shlex.split, curls)
        _curl, _quiet, url, _header, header = ready
        name, _, value = header.partition(": ")
        assert requests.get(url, headers={name: value}, timeout=10).status_code == 200
        headers = dict(each.split(": ") for each in (sign_in[4], sign_in[6]))
        answer = requests.post(sign_in[2], headers=headers, data=sign_in[8], timeout=10).json()
        value = answer["AuthenticationResult"]["IdToken"]
        assert requests.get(url, headers={name: value}, timeout=10).status_code == 200
        assert any(line.startswith("export AWS_ENDPOINT_URL=") for line in shown)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    users = json.loads((tmp_path / "users.json").read_text())
    assert all(password in "".join(shown) for password in users.values())
    assert gone(tmp_path)


def test_what_the_poller_says_every_two_seconds_is_not_shown() -> None:
    assert is_routine('{"event": "invocation", "operation": "poll", "ms": 16}')
    assert is_routine('{"event": "gauges", "request_id": "1", "FindingsOpen": 0}')
    assert is_routine("GET /_simulator/clock 200")
    assert not is_routine('{"event": "invocation", "operation": "poll", "error": "Stale"}')
    assert not is_routine("GET /payouts 200 3 ms")
