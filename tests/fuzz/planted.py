"""The personal values and the secrets that lie about in the world, to be searched for afterwards.

All are invented. None is part of a published example, so finding one is finding a leak. It refuses
to call a value harmless: where one may be shown, `exposure.py` says so.
"""

from __future__ import annotations

# A customer of ours: those who may look at customers are shown name and e-mail.
CUSTOMER_NAME = "Quillon Overbury"
CUSTOMER_EMAIL = "quillon.overbury@example.com"

# Payees: shown masked, never plain, to nobody.
PAYEE = "Zephyrine Hush"
ACCOUNT = "70935518"
LONG_ACCOUNT = "555123498761"
PAY_ID_EMAIL = "payee.hush@example.net"
PAY_ID_PHONE = "+61-491570156"
PAY_ID_ABN = "51824753556"

# What the provider's webhooks tell of payees and payers beyond what we asked for.
HEARD_PAYEE = "Ottoline Vexley"
HEARD_ACCOUNT = "33019285"
HEARD_PAY_ID = "ottoline.vexley@example.org"
PAYER = "Barnaby Quist"
PAYER_ACCOUNT = "81726354"
PAYER_WORDS = "rent for flat nine"

# Secrets of the service.
TOKEN = "Bearer fake-webhook-token-current"
PREVIOUS_TOKEN = "Bearer fake-webhook-token-previous"
API_KEY = "fake-api-key-of-the-provider"
CURSOR_KEY = "fake-cursor-key-of-thirty-two-chars"
CALLER = "fake-id-token-of-"

PERSONAL = {
    CUSTOMER_NAME: "the customer's name",
    CUSTOMER_EMAIL: "the customer's e-mail",
    PAYEE: "the payee's name",
    ACCOUNT: "the payee's account",
    LONG_ACCOUNT: "the payee's other account",
    PAY_ID_EMAIL: "the payee's PayID",
    PAY_ID_PHONE: "the payee's phone",
    PAY_ID_ABN: "the payee's ABN",
    HEARD_PAYEE: "a payee's name in a webhook",
    HEARD_ACCOUNT: "a payee's account in a webhook",
    HEARD_PAY_ID: "a payee's PayID in a webhook",
    PAYER: "a payer's name",
    PAYER_ACCOUNT: "a payer's account",
    PAYER_WORDS: "a payer's words",
}
SECRETS = {
    TOKEN.partition(" ")[2]: "the webhook's token",
    PREVIOUS_TOKEN.partition(" ")[2]: "the webhook's token before",
    API_KEY: "the provider's API key",
    CURSOR_KEY: "the cursors' key",
    CALLER: "a caller's token",
}
EVERYTHING = PERSONAL | SECRETS
