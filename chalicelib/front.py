"""The app itself, before any route is open: Lambda comes in here, and opens what it asks for.

Refuses to know any route, and to load what not every invocation needs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CognitoUserPoolAuthorizer

from chalicelib import json_lines
from chalicelib.areas import open_for

if TYPE_CHECKING:
    from collections.abc import Mapping


class Front(Chalice):
    """Chalice, which opens the routes of a request's path before it looks for its route."""

    def __call__(self, event: Mapping[str, Any], context: object) -> Any:  # noqa: ANN401 (Chalice's)
        """Answer a request as API Gateway hands it on."""
        open_for(str(event.get("requestContext", {}).get("resourcePath")))
        return super().__call__(event, context)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    json_lines.install()
# Chalice writes AWS_EXECUTION_ENV, by which settings.py knows Lambda: into a copy, then.
app = Front(app_name="payouts", configure_logs=False, env=dict(os.environ))
# References, so that nothing is meant but what deploys with it.
USER_POOL = {"Fn::GetAtt": ["UserPool", "Arn"]}
signed_in = CognitoUserPoolAuthorizer("people", [USER_POOL])  # type: ignore[list-item] # no text
