"""The provider's subscriptions, its report of what it told us, and its telling it again.

Every answer is one of few: done, there already, refused with a code, or not known. No call is made
twice here. The token goes out in a request and nowhere else; the provider never shows it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import dates, reading
from chalicelib.adapters.monoova.transport import LARGE, Call, Reply
from chalicelib.domain.answers import Mishap
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused
from chalicelib.domain.repair import Bulletin
from chalicelib.domain.subscriptions import Outcome, Subscription, Verdict
from chalicelib.ports import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.adapters.monoova.notices import WebhookTokens
    from chalicelib.adapters.monoova.signin import SignedIn

EXISTS = "WebhookAlreadySubscribed"
LONGEST_URL = 2000
_PURPOSE = b"token of the webhooks\x00"


class MonoovaSubscriptions:
    """The ports `Subscriptions` and `Bulletins` on Monoova's HTTP interface."""

    def __init__(
        self, signed_in: SignedIn, tokens: WebhookTokens, *, key: Callable[[], bytes]
    ) -> None:
        self._signed_in = signed_in
        self._tokens = tokens
        self._key = key

    def mark(self) -> str:
        """A mark of the current token, made with a key of ours: it cannot be guessed at.

        Raises:
            Unavailable: there is no token, or it or the key could not be read.
        """
        token = self._tokens.current().encode()
        return hmac.new(self._key(), _PURPOSE + token, hashlib.sha256).hexdigest()[:32]

    def list(self, *, within: float) -> Sequence[Subscription]:
        """All subscriptions.

        Raises:
            ProviderUnavailable: it could not be asked, or answered what is not understood.
        """
        call = Call("subscriptions", "GET", "/subscriptions/v1/list", largest=LARGE)
        rows = _rows(_told(call, self._sent(call, within)), "eventname")
        return [_subscription(row) for row in rows]

    def create(self, event: str, url: str, *, within: float) -> Outcome:
        """Subscribe an event; where it has a subscription the outcome names that.

        Raises:
            Unavailable: what became of it is not known, or there is no token.
        """
        return self._changed("subscribe", "create", {"eventName": event}, url, within)

    def update(self, subscription_id: str, event: str, url: str, *, within: float) -> Outcome:
        """Switch a subscription on, to this address, with the current token.

        Raises:
            Unavailable: what became of it is not known, or there is no token.
        """
        # The event is not asked for, and says no more than the id does.
        named = {"id": int(subscription_id), "eventName": event}
        return self._changed("resubscribe", "update", named, url, within)

    def delete(self, subscription_id: str, *, within: float) -> Outcome:
        """End a subscription.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        path = f"/subscriptions/v1/delete/{quote(subscription_id, safe='')}"
        return self._outcome(Call("unsubscribe", "DELETE", path), within)

    def report(self, day: date, *, skip: int, take: int, within: float) -> Report:
        """What it told us on a Sydney date.

        Raises:
            ProviderUnavailable: it could not be asked, or answered what is not understood.
        """
        path = f"/subscriptions/v1/report/{day.isoformat()}?skip={skip}&take={take}"
        call = Call("report", "GET", path, largest=LARGE)
        rows = _rows(_told(call, self._sent(call, within)), "notifications")
        read = [_bulletin(row, day) for row in rows]
        known = [each for each in read if each is not None]
        return Report(known, len(rows), len(rows) - len(known))

    def resend(self, webhook_id: str, *, within: float) -> str:
        """Have it told again; the code of a refusal, empty where it was taken.

        Raises:
            ProviderUnavailable: what became of it is not known; again is safe.
        """
        path = f"/subscriptions/v2/resend/{quote(webhook_id, safe='')}"
        outcome = self._outcome(Call("resend", "POST", path), within)
        return "" if outcome.verdict is Verdict.TAKEN else outcome.code

    def _changed(
        self, operation: str, verb: str, named: Mapping[str, object], url: str, within: float
    ) -> Outcome:
        wanted = {
            **named, "targetUrl": url, "subscriptionStatus": "On",
            "securityToken": self._tokens.current(),
        }  # fmt: skip
        body = exact_json.write(wanted).encode("ascii")
        return self._outcome(Call(operation, "POST", f"/subscriptions/v1/{verb}", body), within)

    def _outcome(self, call: Call, within: float) -> Outcome:
        """What an answer to a change amounts to: HTTP 200 with Ok, or 400 with a code."""
        reply = self._sent(call, within)
        told, code = reading.object_of(reply), reading.code_of(reply)
        named = _id(told.get("id"))
        if reply.http_status == 200 and code in {"Ok", "OK"}:
            return Outcome(Verdict.TAKEN, named)
        if reply.http_status == 400 and code.endswith(EXISTS):
            return Outcome(Verdict.EXISTS, named, code)
        if reply.http_status == 400 and code:
            return Outcome(Verdict.REFUSED, named, code)
        raise ProviderUnavailable(
            f"{call.operation}: HTTP {reply.http_status}, {code or 'no code'}."
        )

    def _sent(self, call: Call, within: float) -> Reply:
        """The reply to a call that is made once.

        Raises:
            ProviderUnavailable: there is none.
        """
        reply = self._signed_in.send(call, seconds=within)
        if reply.http_status == 401 or reply.mishap is Mishap.GATE_CLOSED:
            raise SignInRefused(f"{call.operation}: {reply.detail or 'the key was refused'}.")
        if reply.mishap is not Mishap.NONE:
            raise ProviderUnavailable(f"{call.operation}: {reply.mishap} {reply.detail}".strip())
        return reply


def _told(call: Call, reply: Reply) -> dict[str, Any]:
    told = reading.object_of(reply)
    if reply.http_status != 200 or not told or told.get("status", "Ok") not in {"Ok", "OK"}:
        code = reading.code_of(reply) or reply.detail or "no code"
        raise ProviderUnavailable(f"{call.operation}: HTTP {reply.http_status}, {code}.")
    return told


def _rows(told: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list, whose name may be written otherwise; an absent one is unreadable."""
    rows = next((value for key, value in told.items() if key.lower() == name), None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProviderUnavailable(f"The provider's answer has no list of {name}.")
    return [{key.lower(): value for key, value in row.items()} for row in rows]


def _subscription(row: Mapping[str, Any]) -> Subscription:
    """A line of the list.

    Raises:
        ProviderUnavailable: it has no id, so that it could neither be changed nor left alone.
    """
    named = _id(row.get("id"))
    if not named:
        raise ProviderUnavailable("A subscription in the provider's list has no id.")
    status = exact_json.text(row.get("status", row.get("subscriptionstatus")), 50)
    return Subscription(
        subscription_id=named,
        event=exact_json.printable(row.get("eventname"), 50),
        url=exact_json.printable(row.get("targeturl"), LONGEST_URL),
        on=status.lower() == "on",
        changed_at=exact_json.printable(row.get("lastupdated"), 40),
    )


def _bulletin(row: Mapping[str, Any], day: date) -> Bulletin | None:
    """A line of the report; `None` where it does not say which webhook it is of."""
    named = _id(row.get("webhookid"))
    if not named:
        return None
    code, status = row.get("lastresponsecode"), exact_json.text(row.get("status"), 50)
    return Bulletin(
        webhook_id=named,
        event=exact_json.printable(row.get("eventname"), 50),
        url=exact_json.printable(row.get("url"), LONGEST_URL),
        sent=status.lower() == "sent" and exact_json.text(code, 10) == "200",
        told_at=_moment_of(row.get("datetime"), day),
        tried_at=dates.moment(row.get("lastretrydatetime"), later=True),
    )


def _moment_of(text: object, day: date) -> datetime | None:
    """The moment of a line, if it can be read so that it is of the report's own date."""
    for day_first in (False, True):
        moment = dates.moment(text, day_first=day_first, later=True)
        if moment is not None and sydney_date(moment) == day:
            return moment
    return None


def _id(value: object) -> str:
    """A whole number that names something, as text; empty where it names nothing."""
    text = exact_json.text(value, 18)
    return text if text.isascii() and text.isdecimal() and int(text) else ""
