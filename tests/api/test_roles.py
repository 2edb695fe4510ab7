"""Who may do what: one table, tried for every route and every role."""

import re

import pytest

import app
from chalicelib import front
from chalicelib.api.access import MATRIX, UnknownRoute
from chalicelib.api.schemas import Nothing
from chalicelib.api.webhooks import webhook
from tests.api.client import KEY, ROLES, Api, operation_of
from tests.api.house import House

NOBODY = "00000000-0000-4000-8000-000000000000"
LOOK = {"viewer", "operator", "approver", "admin"}
MAKE = {"operator", "admin"}
AGREE = {"approver", "admin"}
EVERYBODY = {*ROLES, ""}
# A program: what it asks for waits for a person.
DRAFT = MAKE | {"bot"}

MAY = {
    ("GET", "/health"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("POST", "/webhooks/monoova"): EVERYBODY,
    ("POST", "/webhooks/monoova/{event_name}"): EVERYBODY,
    ("GET", "/health/deep"): LOOK,
    ("GET", "/customers"): LOOK,
    ("GET", "/customers/{customer_id}"): LOOK,
    ("GET", "/customers/{customer_id}/destinations"): LOOK,
    ("GET", "/payouts"): LOOK,
    ("GET", "/payouts/{transaction_id}"): LOOK,
    ("GET", "/payouts/{transaction_id}/story"): LOOK,
    ("GET", "/attention"): LOOK,
    ("GET", "/funds"): LOOK,
    ("GET", "/funding"): LOOK,
    ("POST", "/customers"): MAKE,
    ("PATCH", "/customers/{customer_id}"): MAKE,
    ("POST", "/customers/{customer_id}/destinations"): MAKE,
    ("DELETE", "/customers/{customer_id}/destinations/{destination_id}"): MAKE,
    ("PUT", "/customers/{customer_id}/destinations/{destination_id}/default"): MAKE,
    ("GET", "/customers/{customer_id}/destinations/{destination_id}/verification"): LOOK,
    ("POST", "/customers/{customer_id}/destinations/{destination_id}/verification"): MAKE,
    ("POST", "/customers/{customer_id}/destinations/{destination_id}/verification/confirm"): MAKE,
    ("POST", "/payouts"): DRAFT,
    ("POST", "/payouts/preview"): MAKE | AGREE | {"bot"},
    ("POST", "/payouts/{transaction_id}/redraft"): DRAFT,
    ("POST", "/payouts/{transaction_id}/cancel"): MAKE,
    ("POST", "/payouts/{transaction_id}/hold"): MAKE | AGREE,
    ("POST", "/payouts/{transaction_id}/release"): AGREE,
    ("POST", "/pause"): MAKE | AGREE,
    ("POST", "/resume"): AGREE,
    ("GET", "/pauses"): LOOK,
    ("GET", "/pauses/{pause_id}"): LOOK,
    ("POST", "/payouts/{transaction_id}/resolution"): MAKE | AGREE,
    ("POST", "/payouts/{transaction_id}/resolution/agree"): AGREE,
    ("POST", "/payouts/{transaction_id}/resolution/dismiss"): AGREE,
    ("POST", "/customers/{customer_id}/credits"): {"admin"},
    ("POST", "/customers/{customer_id}/stop"): MAKE | AGREE,
    ("POST", "/customers/{customer_id}/resume"): {"admin"},
    ("GET", "/customers/{customer_id}/legal-hold"): {"admin"},
    ("PUT", "/customers/{customer_id}/legal-hold"): {"admin"},
    ("DELETE", "/customers/{customer_id}/legal-hold"): {"admin"},
    ("DELETE", "/customers/{customer_id}"): {"admin"},
    ("GET", "/customers/{customer_id}/erasure"): LOOK,
    ("DELETE", "/customers/{customer_id}/erasure"): {"admin"},
    ("POST", "/provider/sign-in/open"): {"admin"},
    ("POST", "/provider/sign-in/close"): {"admin"},
    ("GET", "/provider/subscriptions"): {"admin"},
    ("POST", "/provider/subscriptions/apply"): {"admin"},
    ("GET", "/settlements"): LOOK,
    ("GET", "/settlements/{settlement_id}"): LOOK,
    ("POST", "/settlements"): MAKE,
    ("POST", "/settlements/{settlement_id}/cancel"): MAKE,
    ("POST", "/settlements/{settlement_id}/match"): {"admin"},
    ("GET", "/receipts"): LOOK,
    ("GET", "/schedules"): LOOK,
    ("GET", "/schedules/{schedule_id}"): LOOK,
    ("POST", "/schedules"): DRAFT,
    ("POST", "/schedules/{schedule_id}/cancel"): MAKE,
    ("POST", "/schedules/{schedule_id}/pause"): MAKE,
    ("POST", "/schedules/{schedule_id}/resume"): MAKE,
    ("POST", "/receipts/close"): {"admin"},
    ("GET", "/rails"): LOOK,
    ("POST", "/rails/{rail}/open"): {"admin"},
    ("POST", "/rails/{rail}/reset"): {"admin"},
    ("GET", "/notices"): LOOK,
    ("GET", "/notices/{notice_id}"): {"admin"},
    ("GET", "/exports"): LOOK,
    ("POST", "/exports/aba"): {"admin"},
    ("GET", "/exports/{file_id}"): LOOK,
    ("GET", "/exports/{file_id}/file"): {"admin"},
    ("POST", "/exports/{file_id}/confirm"): {"admin"},
    ("POST", "/exports/{file_id}/returns"): {"admin"},
    ("POST", "/exports/{file_id}/give-up"): {"admin"},
    ("POST", "/exports/{file_id}/give-up/agree"): {"admin"},
    ("POST", "/exports/{file_id}/doubt"): {"admin"},
    ("POST", "/exports/{file_id}/doubt/agree"): {"admin"},
    ("GET", "/approvals"): LOOK,
    ("POST", "/approvals/{transaction_id}/approve"): AGREE,
    ("POST", "/approvals/{transaction_id}/decline"): AGREE,
    ("POST", "/approvals/credits/{credit_id}/approve"): {"admin"},
    ("POST", "/approvals/credits/{credit_id}/decline"): {"admin"},
    ("GET", "/policies"): LOOK,
    ("GET", "/policies/history"): LOOK,
    ("PUT", "/policies"): {"admin"},
    ("POST", "/policies/agree"): {"admin"},
    ("POST", "/policies/dismiss"): {"admin"},
    ("POST", "/policies/preview"): AGREE,
    ("GET", "/reconciliations"): LOOK,
    ("GET", "/reconciliations/{date}"): LOOK,
    ("GET", "/reconciliations/{date}/report"): LOOK,
    ("GET", "/reconciliations/{date}/verification"): LOOK,
    ("POST", "/reconciliations"): {"admin"},
    ("GET", "/findings"): LOOK,
    ("GET", "/findings/{finding_id}"): LOOK,
    ("POST", "/findings/{finding_id}/assign"): MAKE | AGREE,
    ("POST", "/findings/{finding_id}/comment"): MAKE | AGREE,
    ("POST", "/findings/{finding_id}/resolve"): AGREE,
    ("GET", "/reasons/unmapped"): LOOK,
    ("GET", "/dead-letters"): LOOK,
    ("GET", "/dead-letters/{letter_id}"): {"admin"},
    ("POST", "/dead-letters/redrive"): MAKE,
    ("POST", "/dead-letters/{letter_id}/redrive"): MAKE,
    ("POST", "/dead-letters/{letter_id}/discard"): {"admin"},
}
PUBLIC = {route for route, who in MAY.items() if who == EVERYBODY}


def path_of(path: str) -> str:
    path = path.replace("{event_name}", "NppReturn")
    return (
        re.sub(r"\{\w+_id\}", NOBODY, path).replace("{date}", "2026-03-01").replace("{rail}", "npp")
    )


def test_the_table_holds_every_route():
    assert {(each.method, each.path) for each in app.door.map if each.method != "OPTIONS"} == set(
        MAY
    )


def test_the_matrix_of_the_code_holds_every_route_and_no_other():
    assert set(MATRIX) == {" ".join(route) for route in MAY}


def test_a_route_that_the_matrix_does_not_know_cannot_be_registered():
    known = app.door.map
    with pytest.raises(UnknownRoute, match="GET /secrets"):
        app.door("GET /secrets", Nothing, None)
    with pytest.raises(UnknownRoute, match="POST /webhooks/another"):
        webhook(app.door, "/webhooks/another")(lambda _delivery, _house: "")
    assert app.door.map == known


@pytest.mark.parametrize("role", [*ROLES, ""], ids=lambda role: role or "nobody")
@pytest.mark.parametrize("route", MAY, ids=" ".join)
def test_who_may_and_who_may_not(api: Api, route: tuple[str, str], role: str):
    method, path = route
    answer = api.call(method, path_of(path), role=role, key=KEY)
    if role in MAY[route]:
        assert answer.status != 403
        assert answer.status != 401 or path.startswith("/webhooks")
    else:
        assert answer.status == (403 if role else 401)
        assert answer.code == ("forbidden" if role else "unauthorized")


@pytest.mark.parametrize("route", [r for r in MAY if r not in PUBLIC], ids=" ".join)
def test_a_person_in_no_group_or_in_a_strange_one_may_nothing(api: Api, route: tuple[str, str]):
    method, path = route
    for group in ("", "superadmin", "Admin", "admins"):
        assert api.call(method, path_of(path), role=group or "nothing").status == 403


def test_who_may_not_is_told_nothing_of_what_is_there(api: Api, house: House):
    house.customer()
    there = api.get(f"/customers/{next(iter(house.store.state.customers))}", role="bot")
    nowhere = api.get("/customers/nobody", role="bot")
    assert (there.status, nowhere.status) == (403, 403)


def test_every_route_but_the_public_ones_has_the_authorizer_of_the_people():
    for path, methods in app.app.routes.items():
        for method, entry in methods.items():
            public = (method, path) in PUBLIC or method == "OPTIONS"
            assert (entry.authorizer is None) == public, f"{method} {path}"
            assert public or entry.authorizer is front.signed_in


def test_every_route_of_chalice_is_an_operation_of_ours_and_takes_any_content_type():
    registered = {
        (method, path): entry for path, methods in app.app.routes.items()
        for method, entry in methods.items()
    }  # fmt: skip
    assert registered.keys() == {(each.method, each.path) for each in app.door.map}
    assert all(entry.content_types == ["*/*"] for entry in registered.values())
    assert operation_of("GET", "/nowhere") is None
