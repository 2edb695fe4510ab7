"""A request opens the routes of its path, all of them, and imports no other's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app
from chalicelib.areas import ALL, BELOW, areas_of

ROOT = Path(app.__file__).parent
OPENED = "print(json.dumps(sorted(m for m in sys.modules if m.startswith('chalicelib.routes.'))))"


def declared() -> dict[str, set[str]]:
    """By the first segment of a path: the areas whose routes are below it."""
    found: dict[str, set[str]] = {}
    for path, methods in app.app.routes.items():
        below = found.setdefault(path.split("/")[1], set())
        for method, entry in methods.items():
            package, _, area = entry.view_function.__module__.rpartition(".")
            if method != "OPTIONS":  # a preflight is the doors' own
                assert package == "chalicelib.routes"
                below.add(area)
    return found


def on_lambda(code: str) -> str:
    """What a fresh interpreter prints that believes to be on Lambda."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import json, sys\n{code}"], cwd=ROOT,
        env={**kept, "LAMBDA_TASK_ROOT": str(ROOT)}, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_every_path_opens_the_areas_that_its_routes_are_in():
    whole = {"docs", "openapi.json"}  # the document tells of all
    expected = {name: set(ALL) if name in whole else areas for name, areas in declared().items()}
    assert {name: set(areas) for name, areas in BELOW.items()} == expected


def test_every_module_of_routes_is_an_area():
    modules = {path.stem for path in (ROOT / "chalicelib" / "routes").glob("*.py")}
    assert set(ALL) == modules - {"__init__"}


@pytest.mark.parametrize("path", ["/nowhere", "", "None"])
def test_a_path_that_nobody_knows_opens_everything(path):
    assert areas_of(path) == ALL


def test_a_start_on_lambda_opens_nothing():
    assert json.loads(on_lambda(f"import app\n{OPENED}")) == []


def test_a_start_on_lambda_loads_neither_models_nor_neighbours():
    lazy = {"chalicelib.api.doors", "chalicelib.api.shapes", "boto3", "requests", "cryptography"}
    code = f"import app\nprint(json.dumps(sorted({lazy!r} & sys.modules.keys())))"
    assert json.loads(on_lambda(code)) == []


def test_the_function_for_webhooks_starts_without_what_people_need():
    lazy = {"pydantic", "chalicelib.api.doors", "chalicelib.settings", "boto3"}
    code = "from chalicelib import webhook_function\n"
    code += f"print(json.dumps(sorted({lazy!r} & sys.modules.keys())))"
    assert json.loads(on_lambda(code)) == []


ASK = """
event = {{"requestContext": {{"resourcePath": "{path}", "httpMethod": "{method}"}},
          "headers": {{}}, "pathParameters": None, "multiValueQueryStringParameters": None,
          "body": None, "stageVariables": None, "isBase64Encoded": False}}
answer = app(event, None)
"""


def test_a_request_opens_its_own_area_and_is_answered():
    asked = ASK.format(path="/payouts", method="OPTIONS")
    code = f"from app import app\n{asked}\nassert answer['statusCode'] in (204, 500), answer\n"
    opened = ["chalicelib.routes.holds", "chalicelib.routes.payouts"]
    assert json.loads(on_lambda(code + OPENED)) == opened


def test_whoever_asks_how_it_is_opens_no_other_area():
    asked = ASK.format(path="/health", method="OPTIONS")
    assert json.loads(on_lambda(f"from app import app\n{asked}\n{OPENED}")) == [
        "chalicelib.routes.health"
    ]


def test_a_webhook_opens_the_webhooks_alone():
    asked = ASK.format(path="/webhooks/monoova", method="OPTIONS")
    code = f"from chalicelib.webhook_function import app\n{asked}\n{OPENED}"
    assert json.loads(on_lambda(code)) == ["chalicelib.routes.webhooks"]
