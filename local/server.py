"""The app behind the local gateway, as a process: `chalice local` without its watcher.

Takes its settings from the environment, as on Lambda, and prints {"url"} when it listens. On
SIGTERM it takes no more requests and lets those under way finish.

    python -m local.server --port 0
"""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from chalice.cli.factory import CLIFactory

from local.chalice_local import LocalServer, create_local_server
from local.leash import announce
from local.processes import ROOT

PATIENCE = 10.0  # seconds that requests under way get to finish


def load(project: Path, stage: str, port: int) -> LocalServer:
    """The project's app on a port of 127.0.0.1; 0 lets the system choose."""
    config = CLIFactory(str(project), environ=os.environ).create_config_obj(
        chalice_stage_name=stage
    )
    return create_local_server(config.chalice_app, config, "127.0.0.1", port)


def main() -> None:
    """Loads, listens, serves until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.server")
    parser.add_argument(
        "--project", type=Path, default=ROOT, help="the folder that holds app.py and .chalice"
    )
    parser.add_argument("--stage", default="local")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    local = load(arguments.project.resolve(), arguments.stage, arguments.port)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=local.shutdown).start())
    announce(url=f"http://{local.host}:{local.port}")
    local.server.serve_forever(poll_interval=0.1)
    local.server.server_close()
    local.server.drain(PATIENCE)


if __name__ == "__main__":
    main()
