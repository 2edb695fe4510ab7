"""The app and its door: what every route hangs on. Refuses to know any route."""

from __future__ import annotations

import os

from chalice.app import Chalice, CognitoUserPoolAuthorizer

from chalicelib import json_lines
from chalicelib.api.doors import Doors
from chalicelib.wiring import wire

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    json_lines.install()
# Chalice writes AWS_EXECUTION_ENV, by which settings.py knows Lambda: into a copy, then.
app = Chalice(app_name="payouts", configure_logs=False, env=dict(os.environ))
# References, so that nothing is meant but what deploys with it.
USER_POOL = {"Fn::GetAtt": ["UserPool", "Arn"]}
signed_in = CognitoUserPoolAuthorizer("people", [USER_POOL])  # type: ignore[list-item] # no text
door = Doors(app, signed_in, wire)
