"""The twin's run refuses a package that fails, lacks something, or lives on what is not in it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from deployment.twin import NotFit, drive, handlers

PYTHON = Path(sys.executable)
FUNCTIONS = {
    "APIHandler": "app.app", "WebhookHandler": "chalicelib.webhook_function.app",
    "Reprocess": "app.reprocess", "Poll": "app.poll",
}  # fmt: skip
SETTINGS = {"COGNITO_CLIENT_ID": "client", "COGNITO_ISSUER": "https://issuer.example"}
APP = """
import os

def app(event, context):
    assert context.get_remaining_time_in_millis() > 0
    claims = event["requestContext"]["authorizer"]["claims"]
    assert (claims["aud"], claims["iss"]) == ("client", "https://issuer.example")
    assert os.environ["LAMBDA_TASK_ROOT"] == os.path.dirname(__file__)
    return {"statusCode": 201}

def reprocess(event, context):
    assert event["Records"][0]["body"]
    return {"batchItemFailures": []}

def poll(event, context):
    assert event["source"] == "aws.events"
"""
WEBHOOKS = """
def app(event, context):
    return {"statusCode": 401}
"""
HOLIDAYS = """
def rits_holiday(day):
    return (day.month, day.day) == (1, 26)
"""


def package(
    folder: Path, app: str = APP, holidays: str = HOLIDAYS, webhooks: str = WEBHOOKS
) -> Path:
    """An unpacked package that does no more than answer."""
    files = {"app.py": app, "chalicelib/__init__.py": "", "chalicelib/adapters/__init__.py": "",
             "chalicelib/adapters/holidays.py": holidays,
             "chalicelib/webhook_function.py": webhooks}  # fmt: skip
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def refused(folder: Path) -> str:
    """Why the run of a package is refused."""
    with pytest.raises(NotFit) as why:
        drive(PYTHON, folder, SETTINGS, FUNCTIONS)
    return str(why.value)


def test_every_function_is_called_once_and_what_it_said_is_told(tmp_path):
    answers = drive(PYTHON, package(tmp_path), SETTINGS, FUNCTIONS)
    assert answers == {
        "request": {"statusCode": 201}, "webhook": {"statusCode": 401},
        "message": {"batchItemFailures": []}, "Poll": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("201", "500", "the request was answered"),
        ('"batchItemFailures": []', '"batchItemFailures": [1]', "the message was answered"),
        ('assert event["source"] == "aws.events"', "1 / 0", "ZeroDivisionError"),
        ("def poll", "import nowhere\n\ndef poll", "No module named 'nowhere'"),
        ("def poll", "def other", "poll"),
    ],
)
def test_a_package_that_fails_is_refused(tmp_path, right, wrong, said):
    assert said in refused(package(tmp_path, APP.replace(right, wrong)))


def test_a_webhook_that_is_believed_is_refused(tmp_path):
    believing = WEBHOOKS.replace("401", "200")
    assert "the webhook was answered" in refused(package(tmp_path, webhooks=believing))


def test_a_module_that_only_a_function_nobody_called_needs_has_to_be_there(tmp_path):
    lacking = HOLIDAYS + "\ndef rarely():\n    from jellyfish import soundex\n"
    assert "No module named 'jellyfish'" in refused(package(tmp_path, holidays=lacking))


def test_what_only_type_checkers_import_need_not_be_there(tmp_path):
    guarded = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mypy_boto3_sqs\n"
    drive(PYTHON, package(tmp_path, holidays=guarded + HOLIDAYS), SETTINGS, FUNCTIONS)


def test_a_package_that_lives_on_what_is_not_in_it_is_refused(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "borrowed.py").write_text("X = 1\n")
    reaching = f"import sys\nsys.path.append({str(tmp_path / 'outside')!r})\nimport borrowed\n"
    said = refused(package(tmp_path / "task", reaching + APP))
    assert "imported from outside of the package" in said
    assert "borrowed.py" in said


def test_what_is_installed_on_this_machine_is_not_in_sight(tmp_path):
    assert "No module named 'pytest'" in refused(package(tmp_path, "import pytest\n" + APP))


def test_a_part_of_a_package_that_does_not_know_its_days_is_refused(tmp_path):
    ignorant = HOLIDAYS.replace("26", "25")
    assert "Australia Day" in refused(package(tmp_path, holidays=ignorant))


def test_the_functions_are_those_of_the_template(tmp_path):
    template = tmp_path / "sam.json"
    template.write_text(json.dumps({"Resources": {
        "Poll": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.poll"}},
        "Queue": {"Type": "AWS::SQS::Queue"},
    }}))  # fmt: skip
    assert handlers(template) == {"Poll": "app.poll"}
