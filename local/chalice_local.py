"""Makes Chalice's local server one to believe; `chalice local` and local.server share it.

The app calls install() where PAYOUTS_LOCAL is set, which the launcher sets and nothing else does;
on Lambda this package does not exist. It touches one name of Chalice's: the function that makes
the server.
"""

import os
from collections.abc import Mapping
from functools import partial

import chalice.local
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import CustomLocalChalice, LocalChalice, LocalDevServer

from local.gateway import Gateway
from local.handler import Handler, Server
from local.tokens import TokenVerifier


class LocalServer(LocalDevServer):
    """Chalice's local server on our gateway; `port` is the one it really has."""

    server: Server

    def __init__(self, gateway: Gateway, app: Chalice, host: str, port: int) -> None:
        self.app_object = app
        self.host = host
        self.server = Server((host, port), partial(Handler, gateway=gateway))
        self.port = self.server.server_port


def create_local_server(
    app: Chalice,
    config: Config,
    host: str,
    port: int,
    environment: Mapping[str, str] = os.environ,
) -> LocalServer:
    """In the place of Chalice's function of this name: the app keeps a request for each thread.

    Raises:
        LookupError: the environment names no user pool to verify tokens with.
    """
    verifier = TokenVerifier.of(environment)
    CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
    app.__class__ = CustomLocalChalice
    gateway = Gateway(app, config, verifier, environment.get("CORS_ORIGINS", ""))
    return LocalServer(gateway, app, host, port)


def install() -> None:
    """From now on `chalice local` makes servers of our kind."""
    setattr(chalice.local, "create_local_server", create_local_server)  # noqa: B010
