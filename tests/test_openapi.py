"""The published document is true: every route, status, schema and example in it.

That no answer breaks it, `tests/api/client.py` sees to in every other test of the doors.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import app
from chalicelib import wiring
from chalicelib.api import docs
from tests.api.client import Api, document, validator_of
from tests.api.house import BANK_ACCOUNT, CUSTOMER, EMAIL_PAY_ID, House
from tests.api.ways import WAYS, ask, ids, right

OPERATIONS = {each.name: each for each in app.door.map}
STATUSES = [(name, status) for name, each in OPERATIONS.items() for status in each.statuses]


@pytest.fixture
def house() -> Iterator[House]:
    """A house that the process forgets afterwards."""
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    """A client at its doors, with a customer who has money."""
    house.customer(CUSTOMER, EMAIL_PAY_ID, BANK_ACCOUNT, EMAIL_PAY_ID)
    house.fund(100_000)
    return Api(house)


def nodes() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, node in methods.items():
            yield path, method, node


def medias() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, method, node in nodes():
        for status, response in node["responses"].items():
            for media in response.get("content", {}).values():
                yield f"{method} {path} {status}", media
        for media in node.get("requestBody", {}).get("content", {}).values():
            yield f"{method} {path} body", media


def test_it_is_a_valid_document_of_openapi_3_1():
    assert document()["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_it_holds_every_route_of_chalice_and_no_other():
    published = {(path, method.upper()) for path, method, _ in nodes()}
    assert published == {
        (path, method) for path, methods in app.app.routes.items() for method in methods
    }


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does():
    names = [node["operationId"] for _, _, node in nodes()]
    assert len(set(names)) == len(names)
    assert all(node["summary"].endswith(".") for _, _, node in nodes())


def test_every_example_validates_and_every_body_has_one():
    looked_at = 0
    for where, media in medias():
        if "example" in media:
            continue
        shown = media["examples"].values()
        assert shown, where
        for example in shown:
            errors = list(validator_of(media["schema"]).iter_errors(example["value"]))
            assert not errors, f"{where}: {errors}"
            looked_at += 1
    assert looked_at > 200


def test_every_parameter_has_a_schema_that_its_example_fits():
    for path, method, node in nodes():
        for parameter in node["parameters"]:
            assert parameter["name"], f"{method} {path}"
            if "example" in parameter:
                validator_of(parameter["schema"]).validate(parameter["example"])


def test_every_object_of_ours_is_closed():
    for name, schema in document()["components"]["schemas"].items():
        if schema.get("type") == "object" and name != "Document":
            assert schema["additionalProperties"] is False, name


def test_no_schema_holds_a_float():
    json.loads(json.dumps(document()), parse_float=_no_float)


def _no_float(digits: str) -> None:
    raise AssertionError(digits)


def test_it_is_served_as_it_is_and_so_is_the_page(api: Api):
    assert api.get("/openapi.json", role="").json == json.loads(json.dumps(document()))
    page = api.get("/docs", role="")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


class Links(HTMLParser):
    """What a page points to, and what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        told = dict(attrs)
        self.tags.append(tag)
        self.targets |= {str(told[name]) for name in ("href", "src") if told.get(name)}
        self.ids += [str(told["id"])] if told.get("id") else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last."""
        assert self.open.pop() == tag


def test_the_page_is_whole_asks_nobody_and_shows_every_operation():
    links = Links()
    page = docs.page(document())
    links.feed(page)
    assert links.open == []
    assert {"script", "link", "img", "iframe"}.isdisjoint(links.tags)
    assert len(set(links.ids)) == len(links.ids)
    anchors = {target for target in links.targets if target.startswith("#")}
    assert links.targets - anchors == {"openapi.json"}
    assert {anchor[1:] for anchor in anchors} <= set(links.ids)
    shown = {each.name for each in app.door.map if each.method != "OPTIONS"}
    assert shown <= set(links.ids)
    assert "prefers-color-scheme: dark" in page


def test_every_type_of_problem_leads_to_a_place_on_the_page():
    links = Links()
    links.feed(docs.page(document()))
    for _, media in medias():
        for example in media.get("examples", {}).values():
            if media["schema"].get("$ref", "").endswith("/Problem"):
                assert example["value"]["type"].removeprefix("/docs#") in links.ids


def test_what_the_page_shows_is_escaped():
    nasty = json.loads(json.dumps(document()).replace("Payouts", "<script>alert(1)</script>"))
    assert "<script" not in docs.page(nasty)


@pytest.mark.parametrize(("name", "status"), STATUSES)
def test_every_declared_status_is_answered_by_somebody_doing_that(api: Api, name: str, status: int):
    operation = OPERATIONS[name]
    answer = WAYS.get(status, right)(api, operation)
    assert answer.status == status, answer.text


@pytest.mark.parametrize("name", [n for n, each in OPERATIONS.items() if each.body is not None])
def test_every_example_of_a_body_is_accepted(api: Api, name: str):
    operation = OPERATIONS[name]
    assert operation.body is not None
    for example in operation.body.model_json_schema()["examples"]:
        answer = ask(api, operation, ids(api, name), body=example)
        assert answer.status == operation.status, answer.text
