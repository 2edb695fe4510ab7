"""Reads the body of a request off the wire: whole, no larger than Lambda takes, or not at all.

It refuses what leaves open where the body ends. A body too large is read and thrown away, so that
its sender hears why instead of a broken connection.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import BinaryIO

from local.refusals import Refusal

LARGEST = 6 * 1024 * 1024  # bytes: what Lambda takes in one invocation
LARGEST_DRAIN = 64 * 1024 * 1024  # bytes read and thrown away at most
PIECE = 65536
SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


def read_body(wire: BinaryIO, headers: Mapping[str, str]) -> bytes | None:
    """The body; None where there is none.

    Raises:
        Refusal: it is too large, ends too early, or its length is not to be made out.
    """
    encoding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if encoding is None:
        return _taken(_measured(wire, _number(length))) or None
    if length is not None or encoding.strip().lower() != "chunked":
        raise _malformed("A body is either chunked or has a Content-Length.")
    return _taken(_chunked(wire)) or None


def _taken(pieces: Iterator[bytes]) -> bytes:
    kept, total = [], 0
    for piece in pieces:
        total += len(piece)
        if total <= LARGEST:
            kept.append(piece)
        elif total > LARGEST_DRAIN:
            break
    if total > LARGEST:
        detail = f"A body may have {LARGEST} bytes at most."
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        raise Refusal(status, "body_too_large", detail, closing=True)
    return b"".join(kept)


def _measured(wire: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        piece = wire.read(min(left, PIECE))
        if not piece:
            raise _malformed("The body ended too early.")
        left -= len(piece)
        yield piece


def _chunked(wire: BinaryIO) -> Iterator[bytes]:
    while size := _chunk_size(wire):
        yield from _measured(wire, size)
        if wire.readline(3) != b"\r\n":
            raise _malformed("A chunk is longer than it says.")
    while wire.readline(PIECE) not in {b"\r\n", b""}:  # trailers
        continue


def _chunk_size(wire: BinaryIO) -> int:
    match = SIZE.fullmatch(wire.readline(1024))
    if match is None:
        raise _malformed("A chunk has no size.")
    return int(match[1], 16)


def _number(length: str | None) -> int:
    text = (length or "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _malformed("Content-Length is no number.")
    return int(text)


def _malformed(detail: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, "bad_request", detail, closing=True)
