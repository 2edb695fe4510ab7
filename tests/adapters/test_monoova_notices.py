"""The provider's webhooks: are they its own."""

import pytest

from chalicelib.adapters.monoova.notices import PAUSE_SECONDS, MonoovaInbox, WebhookTokens
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.errors import NotAuthentic, Unavailable
from tests.adapters.samples import AT, HOOK_ARN, FakeSecretsManager, Seconds, headers

RAW = b"{}"
CURRENT, PREVIOUS = "Bearer fake-token-current", "Bearer fake-token-previous"


class FakeSignatures:
    """Knows one signature."""

    def __init__(self):
        self.asked = 0

    def fits(self, signature, raw):
        self.asked += 1
        return signature == "signed" and raw == RAW


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def manager():
    return FakeSecretsManager(webhook={"current": CURRENT, "previous": PREVIOUS})


@pytest.fixture
def signatures():
    return FakeSignatures()


@pytest.fixture
def inbox(manager, signatures, seconds):
    tokens = WebhookTokens(Secrets(manager, monotonic=seconds), HOOK_ARN, monotonic=seconds)
    return lambda policy: MonoovaInbox(tokens, signatures, policy=policy)


def accepts(inbox, authorization, signature):
    given = headers(authorization=authorization, verification_signature=signature)
    try:
        inbox.authenticate(given, RAW)
    except NotAuthentic:
        return False
    return True


@pytest.mark.parametrize("token", [CURRENT, PREVIOUS])
@pytest.mark.parametrize(
    ("policy", "needs_token", "needs_signature"),
    [("both", True, True), ("token", True, False), ("signature", False, True)],
)
def test_a_webhook_is_believed_for_what_is_configured(
    inbox, policy, needs_token, needs_signature, token
):
    door = inbox(policy)
    assert accepts(door, token, "signed")
    assert accepts(door, "Bearer fake-token-of-others", "signed") is not needs_token
    assert accepts(door, token, "forged") is not needs_signature
    assert not accepts(door, "Bearer fake-token-of-others", "forged")


@pytest.mark.parametrize("policy", ["both", "token", "signature"])
def test_a_webhook_without_any_header_is_never_believed(inbox, policy):
    with pytest.raises(NotAuthentic):
        inbox(policy).authenticate({}, RAW)


@pytest.mark.parametrize(
    "header",
    ["", " ", "Bearer", CURRENT[:-1], CURRENT + "x", CURRENT.lower(), "fake-token-current",
     "Bearer \ud800", "é"],
)  # fmt: skip
def test_nothing_but_the_whole_token_fits(inbox, header):
    assert not accepts(inbox("token"), header, "")


def test_the_dear_check_is_not_made_for_what_has_not_passed_the_cheap_one(inbox, signatures):
    assert not accepts(inbox("both"), "wrong", "signed")
    assert signatures.asked == 0


@pytest.mark.parametrize(
    "secret",
    [{}, {"current": ""}, {"current": "short"}, {"current": None, "previous": ""},
     {"other": CURRENT}],
)  # fmt: skip
def test_a_secret_without_a_token_worth_the_name_believes_nobody(inbox, manager, secret):
    manager.values["webhook"] = secret
    for header in ("", "short", "None", CURRENT):
        assert not accepts(inbox("token"), header, "")


def test_a_token_that_was_just_changed_is_believed_at_once(inbox, manager):
    door = inbox("token")
    assert accepts(door, CURRENT, "")
    manager.values["webhook"] = {"current": "Bearer fake-token-next", "previous": CURRENT}
    assert accepts(door, "Bearer fake-token-next", "")
    assert accepts(door, CURRENT, "")
    assert not accepts(door, PREVIOUS, "")


def test_wrong_tokens_have_the_secret_read_again_once_in_a_while_at_most(inbox, manager, seconds):
    door = inbox("token")
    for _ in range(100):
        assert not accepts(door, "Bearer fake-token-of-others", "")
    assert manager.asked == 2
    seconds.spent += PAUSE_SECONDS + 1
    assert not accepts(door, "Bearer fake-token-of-others", "")
    assert manager.asked == 3


def test_a_right_token_costs_no_call(inbox, manager):
    door = inbox("token")
    for _ in range(100):
        assert accepts(door, CURRENT, "")
    assert manager.asked == 1


def test_without_the_tokens_nothing_can_be_said(inbox, manager):
    manager.down = True
    with pytest.raises(Unavailable):
        inbox("token").authenticate(headers(authorization=CURRENT), RAW)


def test_a_wrong_token_is_wrong_also_while_the_secret_cannot_be_read_again(inbox, manager):
    door = inbox("token")
    assert accepts(door, CURRENT, "")
    manager.down = True
    assert not accepts(door, "Bearer fake-token-of-others", "")


def test_a_refusal_does_not_repeat_what_was_sent(inbox):
    with pytest.raises(NotAuthentic) as caught:
        inbox("token").authenticate(headers(authorization="Bearer fake-token-of-others"), RAW)
    assert "fake-token" not in repr(caught.value)


def test_the_inbox_reads_what_webhooks_say(inbox):
    (tiding,) = inbox("both").read("", b"rubbish", at=AT)
    assert tiding.why == "not_understood"
