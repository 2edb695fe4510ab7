"""Tells the provider's simulator where our webhooks are, as an operator would tell the provider.

Each event to a URL of its own, because a body never names its event. It changes nothing at a real
provider: it speaks only to an address of this machine.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

from local.cloud import Provider

EVENTS = (
    "NppPaymentStatus",
    "NppReturn",
    "DirectEntryDishonour",
    "NPPReceivePayment",
    "InboundDirectCredit",
)
SECONDS = 10


class NotSubscribed(Exception):
    """The simulator did not take a subscription; carries its status code, which is no secret."""


def subscribe(provider: Provider, api: str, token: str) -> None:
    """Subscribes every event to the app at `api`, or moves its subscription there.

    Raises:
        NotSubscribed: the simulator refused.
    """
    if urlsplit(provider.url).hostname != "127.0.0.1":
        raise NotSubscribed(f"{provider.url} is not on this machine")
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (provider.api_key, "")
        for event in EVENTS:
            _subscribe(session, provider.url, event, f"{api}/webhooks/monoova/{event}", token)


def _subscribe(
    session: requests.Session, provider: str, event: str, target: str, token: str
) -> None:
    wanted = {
        "eventName": event,
        "targetUrl": target,
        "subscriptionStatus": "On",
        "securityToken": token,
    }
    answer = _posted(session, f"{provider}/subscriptions/v1/create", wanted)
    if answer.get("status") == "WebhookAlreadySubscribed":
        answer = _posted(
            session, f"{provider}/subscriptions/v1/update", {"id": answer["id"], **wanted}
        )
    if answer.get("status") != "Ok":
        raise NotSubscribed(f"{event}: {answer.get('status')}")


def _posted(session: requests.Session, url: str, body: Mapping[str, object]) -> dict[str, object]:
    return dict(session.post(url, json=body, timeout=SECONDS).json())
