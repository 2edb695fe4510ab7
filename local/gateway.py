"""API Gateway on a laptop, where Chalice's own falls short of it.

Path parameters are decoded, unknown paths and wrong methods are 403, and a Cognito authorizer lets
nobody in whose token it did not verify. It changes nothing of what the app answers.
"""

import base64
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice, CognitoUserPoolAuthorizer
from chalice.config import Config
from chalice.local import LambdaContext, LocalGateway, LocalGatewayAuthorizer

from local.refusals import cors_headers, no_such_route
from local.tokens import TokenVerifier

Event = dict[str, Any]
API_FUNCTION = "api_handler"  # Chalice's name for the function behind all routes
GATEWAY_SECONDS = 29  # API Gateway waits no longer, whatever the function's own limit


class Routes:
    """Finds the route of a path: literal segments win, and an empty one is never captured."""

    def __init__(self, routes: Iterable[str]) -> None:
        self.routes = sorted(routes)

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The route and its parameters, decoded; None when there is none."""
        segments = (path if path == "/" else path.removesuffix("/")).split("/")
        for route in self.routes:
            captured = _captured(route.split("/"), segments)
            if captured is not None:
                return route, captured
        return None


def _captured(names: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(names) != len(segments):
        return None
    captured = {}
    for name, segment in zip(names, segments, strict=True):
        if name.startswith("{") and segment:
            captured[name[1:-1]] = unquote(segment)
        elif name != segment:
            return None
    return captured


class Authorizer(LocalGatewayAuthorizer):
    """Chalice's local authorizer, with Cognito enforced."""

    def __init__(self, app: Chalice, verifier: TokenVerifier) -> None:
        super().__init__(app)
        self.verifier = verifier

    def authorize(
        self, raw_path: str, event: Event, context: LambdaContext
    ) -> tuple[Event, LambdaContext]:
        """Puts the verified claims into the event.

        Raises:
            Refusal: no token, or none that can be believed.
        """
        route = self._route_for_event(event)
        if route is None or not isinstance(route.authorizer, CognitoUserPoolAuthorizer):
            authorized: tuple[Event, LambdaContext] = super().authorize(raw_path, event, context)
            return authorized
        claims = self.verifier.claims(event["headers"].get("authorization"))
        event["requestContext"]["authorizer"] = {"claims": claims}
        return event, context


class Gateway(LocalGateway):
    """From an HTTP request to the app and back."""

    def __init__(self, app: Chalice, config: Config, verifier: TokenVerifier, origins: str) -> None:
        super().__init__(app, config)
        self.origins = origins
        self._authorizer = Authorizer(app, verifier)
        self.routes = Routes(app.routes)
        limit = config.scope(config.chalice_stage, API_FUNCTION).lambda_timeout or GATEWAY_SECONDS
        self.milliseconds = min(limit, GATEWAY_SECONDS) * 1000

    def answer(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        request_id: str,
    ) -> Event:
        """What the app answers, or for a preflight, what API Gateway answers for it.

        Raises:
            Refusal: the request never reached the app.
        """
        path, _, query = target.partition("?")
        found = self.routes.find(path)
        if found is None:
            raise no_such_route()
        route, captured = found
        event = self._event(method, path, route, headers, request_id)
        event["pathParameters"] = captured or None
        event["multiValueQueryStringParameters"] = parse_qs(query, keep_blank_values=True) or None
        event |= self._body(event["headers"], body)
        if method == "OPTIONS" and not self._has_user_defined_options_method(event):
            return self._preflight(event)
        if method not in self._app_object.routes[route]:
            raise no_such_route()
        context = LambdaContext(
            self._config.function_name, self._config.lambda_memory_size, self.milliseconds
        )
        event, context = self._authorizer.authorize(path, event, context)
        answered: Event = self._app_object(event, context)
        return answered

    def _event(
        self, method: str, path: str, route: str, headers: Mapping[str, str], request_id: str
    ) -> Event:
        lowered = {name.lower(): value for name, value in headers.items()}
        return {
            "requestContext": {
                "httpMethod": method,
                "resourcePath": route,
                "path": path,
                "stage": "local",
                "requestId": request_id,
                "requestTimeEpoch": int(time.time() * 1000),
                "identity": {"sourceIp": "127.0.0.1", "userAgent": lowered.get("user-agent")},
            },
            "headers": lowered,
            "stageVariables": {},
        }

    def _body(self, headers: Mapping[str, str], body: bytes | None) -> Event:
        if (
            body is not None
            and headers.get("content-type", "") in self._app_object.api.binary_types
        ):
            return {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}
        return {"body": body}

    def _preflight(self, event: Event) -> Event:
        headers = self._autogen_options_headers(event)
        allowed = cors_headers(event["headers"].get("origin"), self.origins)
        return {
            "statusCode": 200,
            "headers": headers | allowed,
            "multiValueHeaders": {},
            "body": None,
        }
