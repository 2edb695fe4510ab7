"""Which path is answered by whom: the provider's endpoints, then our own.

A place is the name by which fault rules know an endpoint. Literal parts of a path match in any
case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from local.monoova import controls, tampering_controls
from local.monoova.answers import Answer
from local.monoova.calls import Call
from local.monoova.simulator import Simulator

Handler = Callable[[Simulator, Call], Answer]
OURS = "control"


@dataclass(frozen=True)
class Route:
    """An endpoint. Public ones ask for no credentials; ours suffer no faults either."""

    method: str
    template: str
    place: str
    handler: Handler
    public: bool = False

    def parameters(self, segments: list[str]) -> dict[str, str] | None:
        """The path parameters, or None when the path is another one."""
        parts = self.template.split("/")[1:]
        if len(parts) != len(segments):
            return None
        found = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{") and segment:
                found[part[1:-1]] = unquote(segment)
            elif part.casefold() != segment.casefold():
                return None
        return found


def _provider() -> list[Route]:
    return [
        Route(
            "POST",
            "/financial/v2/transaction/execute",
            "execute",
            lambda s, c: s.payments.execute(c.body, c.path),
        ),
        Route(
            "POST",
            "/financial/v2/transaction/validate",
            "validate",
            lambda s, c: s.payments.validate(c.body),
        ),
        Route(
            "GET",
            "/financial/v2/status/{uniqueReference}",
            "status",
            lambda s, c: s.reports.status(c.params["uniqueReference"]),
        ),
        Route(
            "GET",
            "/financial/v2/status/{startDate}/{endDate}",
            "status",
            lambda s, c: s.reports.statuses(c.params["startDate"], c.params["endDate"]),
        ),
        Route(
            "POST",
            "/mAccount/v1/transactions",
            "transactions",
            lambda s, c: s.reports.transactions(c.body),
        ),
        Route(
            "GET",
            "/reports/v1/statement/{date}",
            "statement",
            lambda s, c: s.reports.statement(c.params["date"]),
        ),
        Route(
            "GET",
            "/mAccount/v1/financials/{accountNumber}",
            "financials",
            lambda s, c: s.reports.financials(c.params["accountNumber"]),
        ),
        Route(
            "GET",
            "/mAccount/v1/get/{accountNumber}",
            "account",
            lambda s, c: s.reports.account(c.params["accountNumber"]),
        ),
        Route("GET", "/public/v1/ping", "ping", lambda s, _: s.tools.ping("Public"), public=True),
        Route("GET", "/tools/v1/ping", "ping", lambda s, _: s.tools.ping("Tools")),
        Route(
            "GET",
            "/public/v1/certificate",
            "certificate",
            lambda s, _: s.tools.certificate(),
            public=True,
        ),
        Route(
            "GET",
            "/public/v1/certificate/public-key",
            "certificate",
            lambda s, _: s.tools.public_key(),
            public=True,
        ),
        Route(
            "GET",
            "/tools/v1/bsbValidate/{bsbNumber}",
            "tools",
            lambda s, c: s.tools.bsb(c.params["bsbNumber"]),
        ),
        Route(
            "GET",
            "/tools/v1/abnValidate/{abnNumber}",
            "tools",
            lambda s, c: s.tools.abn(c.params["abnNumber"]),
        ),
        Route(
            "POST",
            "/verify/v2/aba/initiate",
            "verify",
            lambda s, c: s.verification.initiate(c.body),
        ),
        Route(
            "POST",
            "/verify/v1/aba/validate",
            "verify",
            lambda s, c: s.verification.validate(c.body),
        ),
        Route(
            "POST",
            "/subscriptions/v1/create",
            "subscriptions",
            lambda s, c: s.subscriptions.create(c.body),
        ),
        Route(
            "POST",
            "/subscriptions/v1/update",
            "subscriptions",
            lambda s, c: s.subscriptions.update(c.body),
        ),
        Route(
            "GET", "/subscriptions/v1/list", "subscriptions", lambda s, _: s.subscriptions.list()
        ),
        Route(
            "DELETE",
            "/subscriptions/v1/delete/{id}",
            "subscriptions",
            lambda s, c: s.subscriptions.delete(c.params["id"]),
        ),
        Route(
            "GET",
            "/subscriptions/v1/report/{date}",
            "subscriptions",
            lambda s, c: s.notifications.report(c.params["date"], c.query),
        ),
        Route(
            "POST",
            "/subscriptions/v2/resend/{WebhookId}",
            "subscriptions",
            lambda s, c: s.notifications.resend(c.params["WebhookId"]),
        ),
    ]


def _ours(method: str, path: str, handler: Handler) -> Route:
    return Route(method, f"/_simulator/{path}", OURS, handler, public=True)


ROUTES = [
    *_provider(),
    _ours("GET", "state", controls.show_state),
    _ours("GET", "books", controls.show_books),
    _ours("POST", "receive", controls.receive),
    _ours("POST", "debit", controls.debit),
    _ours("POST", "foreign", tampering_controls.foreign),
    _ours("POST", "amend", tampering_controls.amend),
    _ours("POST", "repeat", tampering_controls.repeat),
    _ours("POST", "lie", tampering_controls.lie),
    _ours("POST", "vanish", tampering_controls.vanish),
    _ours("POST", "bend", tampering_controls.bend),
    _ours("GET", "clock", controls.show_clock),
    _ours("POST", "clock", controls.advance_clock),
    _ours("GET", "faults", controls.show_faults),
    _ours("POST", "faults", controls.add_fault),
    _ours("DELETE", "faults", controls.clear_faults),
    _ours("POST", "webhooks/flush", controls.flush),
    _ours("POST", "webhooks/send", controls.send),
    _ours("POST", "webhooks/example", controls.send_example),
    _ours("POST", "happen", controls.happen),
    _ours("POST", "reset", controls.reset),
    _ours("POST", "keys/rotate", controls.rotate_keys),
    _ours("GET", "settings", controls.show_settings),
    _ours("POST", "settings", controls.change_settings),
]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | int:
    """The route of a path and its parameters, or the HTTP status that says why there is none."""
    segments = path.split("/")[1:]
    elsewhere = False
    for route in ROUTES:
        found = route.parameters(segments)
        if found is not None and route.method == method:
            return route, found
        elsewhere = elsewhere or found is not None
    return 405 if elsewhere else 404
