"""MiniStack as a child of the launcher: one port of the system's choosing, on 127.0.0.1 only.

Runs in MiniStack's own virtual environment and prints {"url"} once it listens. State is loaded
from the folder in STATE_DIR and written back on SIGTERM, so it is never to be ended with SIGKILL.

It refuses what MiniStack would do to the machine around it: no scripts found on the disk are run,
no Docker daemon is spoken to, no message goes on to a mail server, and no second listener (MQTT,
SFTP) is opened.
"""

import asyncio
import os
import socket
from importlib import import_module

from local.leash import announce

# MiniStack files its queues under host and port: under a constant name they are found again.
CANONICAL_PORT = "4566"
SERVICES = "dynamodb,sqs,secretsmanager,cognito-idp,s3,sns,ses,events,scheduler,sts"


def quiet_environment() -> dict[str, str]:
    """What MiniStack is told before it is imported: it reads the environment as it loads."""
    return {
        "GATEWAY_PORT": CANONICAL_PORT,
        "BIND_HOST": "127.0.0.1",
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "SMTP_HOST": "",
        "SERVICES": os.environ.get("SERVICES", SERVICES),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def main() -> None:
    """Listens, says where, and serves until SIGTERM."""
    os.environ.update(quiet_environment())
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    application = import_module("ministack.app")
    setattr(application, "_collect_scripts", lambda *_folders: [])  # noqa: B010 - no switch for it
    config = import_module("hypercorn.config").Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.backlog = 512
    config.loglevel = "WARNING"
    asyncio.run(serve(application.app, config, url))


async def serve(app: object, config: object, url: str) -> None:
    """Serves, and tells the launcher where; what it asks too early waits in the backlog."""
    serving = asyncio.ensure_future(import_module("hypercorn.asyncio").serve(app, config))
    announce(url=url)
    await serving


if __name__ == "__main__":
    main()
