"""What can go wrong on a socket, done to a real one: silence, a reset, an answer that is none.

Refuses to outlive the server: every wait ends when it stops.
"""

import select
import socket
import struct
import threading
import time
from decimal import Decimal

GARBLED = b'{"durationMs": 12, "status": "O'
GATEWAY = "<html><body><h1>{status}</h1></body></html>"


def hold(connection: socket.socket, seconds: Decimal, stopping: threading.Event) -> None:
    """Says nothing until the client leaves, the time is over or the server stops."""
    end = time.monotonic() + float(seconds)
    watch = select.poll()
    watch.register(connection, select.POLLIN)
    while not stopping.is_set() and (left := end - time.monotonic()) > 0:
        nap = min(left, 0.1)
        readable = watch.poll(nap * 1000)
        if readable and _has_left(connection):
            return
        if readable:
            # It sent more instead of leaving; that will not be read.
            stopping.wait(nap)


def reset(connection: socket.socket) -> None:
    """Makes the coming close a TCP reset instead of a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_reset(connection: socket.socket) -> bool:
    """Whether `reset` was asked for."""
    try:
        linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    except OSError:
        return False
    return bool(struct.unpack("ii", linger)[0])


def _has_left(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
