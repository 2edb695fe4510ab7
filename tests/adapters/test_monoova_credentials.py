"""The key to the provider, and the one host that it may be shown to."""

import pytest

from chalicelib.adapters.monoova.credentials import Credentials, Misconfigured, credentials_from

LIVE = {"apiKey": "fake-key", "environment": "Live", "baseUrl": "https://api.mpay.com.au"}
SANDBOX = {"apiKey": "fake-key", "environment": "Sandbox", "baseUrl": "https://api.m-pay.com.au"}
LOCAL = {"apiKey": "fake-key", "environment": "Local", "baseUrl": "http://127.0.0.1:8099"}


@pytest.mark.parametrize(
    ("secret", "stage"),
    [
        (LIVE, "prod"),
        (SANDBOX, "dev"),
        (SANDBOX, "local"),
        (LOCAL, "local"),
        (LOCAL | {"baseUrl": "http://localhost:8099/"}, "local"),
        (LOCAL | {"baseUrl": "https://127.0.0.1"}, "local"),
        (LIVE | {"baseUrl": "https://api.mpay.com.au/"}, "prod"),
    ],
)
def test_a_key_belongs_to_its_own_host(secret, stage):
    made = credentials_from(secret, stage=stage, on_lambda=False)
    assert made == Credentials("fake-key", secret["baseUrl"].rstrip("/"), secret["environment"])


@pytest.mark.parametrize(
    ("secret", "stage"),
    [
        (LIVE | {"baseUrl": SANDBOX["baseUrl"]}, "prod"),
        (SANDBOX | {"baseUrl": LIVE["baseUrl"]}, "prod"),
        (LIVE | {"baseUrl": "http://api.mpay.com.au"}, "prod"),
        (SANDBOX | {"baseUrl": "http://api.m-pay.com.au"}, "dev"),
        (LIVE | {"baseUrl": "https://api.mpay.com.au.example.com"}, "prod"),
        (LIVE | {"baseUrl": "https://api.mpay.com.au:444"}, "prod"),
        (LIVE | {"baseUrl": "https://someone@api.mpay.com.au"}, "prod"),
        (LIVE | {"baseUrl": LOCAL["baseUrl"]}, "prod"),
        (LIVE, "dev"),
        (LIVE, "local"),
        (SANDBOX, "prod"),
        (LOCAL, "dev"),
        (LOCAL, "prod"),
        (LOCAL | {"baseUrl": "http://10.0.0.1:8099"}, "local"),
        (LOCAL | {"baseUrl": "http://127.0.0.1.example.com"}, "local"),
        (LOCAL | {"baseUrl": "http://127.0.0.1:8099/path"}, "local"),
        (LOCAL | {"baseUrl": "http://127.0.0.1@10.0.0.1"}, "local"),
        (LOCAL | {"baseUrl": "http://127.0.0.1:port"}, "local"),
        (LOCAL | {"baseUrl": "ftp://127.0.0.1"}, "local"),
        (LOCAL | {"baseUrl": "http://["}, "local"),
        (LOCAL | {"environment": "local"}, "local"),
        (LIVE | {"environment": "Production"}, "prod"),
        ({"environment": "Live", "baseUrl": LIVE["baseUrl"]}, "prod"),
        (LIVE | {"apiKey": ""}, "prod"),
        (LIVE | {"apiKey": "fake-key\n"}, "prod"),
        (LIVE | {"apiKey": "fäke"}, "prod"),
        (LIVE | {"apiKey": "fake:key"}, "prod"),
        ({}, "prod"),
    ],
    ids=str,
)
def test_what_does_not_belong_together_is_never_used(secret, stage):
    with pytest.raises(Misconfigured) as caught:
        credentials_from(secret, stage=stage, on_lambda=False)
    assert "fake" not in str(caught.value)


def test_nothing_local_is_believed_on_lambda():
    with pytest.raises(Misconfigured):
        credentials_from(LOCAL, stage="local", on_lambda=True)


def test_credentials_do_not_show_the_key():
    assert "fake-key" not in repr(credentials_from(LIVE, stage="prod", on_lambda=True))
