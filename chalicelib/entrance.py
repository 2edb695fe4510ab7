"""The door of the app: what every route hangs on. Refuses to know any route."""

from __future__ import annotations

from chalicelib.api.doors import Doors
from chalicelib.front import app, signed_in
from chalicelib.wiring import wire

door = Doors(app, signed_in, wire)
