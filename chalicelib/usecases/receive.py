"""Receive a webhook: is it the provider's, what does it say, hear it, keep it.

Acknowledged only once it is durable: applied, kept, or in the queue of dead letters. Of what is not
authentic a few are kept for people to see; nothing is ever heard, found or counted by them. What a
person has to understand is a finding before it is acknowledged.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.destination import is_printable
from chalicelib.domain.errors import NotAuthentic, PayoutError
from chalicelib.domain.notices import NOT_AUTHENTIC, DeadLetter, Notice
from chalicelib.usecases.take_in import take_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.ports import Clock, DeadLetters, Findings, Inbox, Notices, Payouts, Treasury

# Seconds before a dead letter is heard for the first time again.
FIRST_WAIT = 30
# Lines of one webhook that are applied while the provider waits.
AT_ONCE = 50
# Of what is not authentic: how many are kept of an hour, and how many bytes of each.
SLOTS, SAMPLED = 64, 4096


def receive(
    raw: bytes,
    *,
    event_name: str,
    headers: Mapping[str, str],
    request_id: str,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    findings: Findings,
    dead_letters: DeadLetters,
    clock: Clock,
) -> str:
    """Take a webhook in; says what it did. Returning means that it is durable.

    Raises:
        NotAuthentic: it was not heard.
        Unavailable: it is durable nowhere (or its proof could not be checked): ask for it again.
    """
    letter = DeadLetter(
        event_name, _shown(headers.get("webhookid", "")), raw, clock.now(), "",
        request_id=request_id,
    )  # fmt: skip
    try:
        inbox.authenticate(headers, raw)
    except NotAuthentic:
        _sample(letter, notices)
        raise
    try:
        tidings = inbox.read(event_name, raw, at=letter.received_at)
        if len(tidings) > AT_ONCE:
            # There may not be time for all of it: durable first, then applied by the reprocessor.
            dead_letters.put(replace(letter, error="many_lines"), delay=0)
            return "queued"
        return take_in(
            letter,
            tidings,
            payouts=payouts,
            treasury=treasury,
            notices=notices,
            findings=findings,
            now=letter.received_at,
        )
    except Exception as error:  # noqa: BLE001 (whatever it was, the provider's word is not lost)
        dead_letters.put(replace(letter, error=code_of(error)), delay=FIRST_WAIT)
        return "dead_lettered"


def code_of(error: Exception) -> str:
    """Why a letter could not be applied, as a code."""
    return error.code if isinstance(error, PayoutError) else "defect"


def _sample(letter: DeadLetter, notices: Notices) -> None:
    """Keep one of a few of an hour for people; whatever becomes of that, it is refused.

    A place is taken once, so that a flood fills no table.
    """
    place = int(hashlib.sha256(letter.raw).hexdigest(), 16) % SLOTS
    key = f"{NOT_AUTHENTIC}#{letter.received_at:%Y-%m-%dT%H}#{place}"
    seen = Notice(
        key, letter.event_name, letter.webhook_id, letter.received_at, letter.raw[:SAMPLED],
        authentic=False,
    )  # fmt: skip
    with suppress(Exception):
        notices.keep(seen.did(NOT_AUTHENTIC))


def _shown(webhook_id: str) -> str:
    """The header as it can be stored."""
    return "".join(each if is_printable(each) else "?" for each in webhook_id[:64])
