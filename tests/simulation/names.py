"""Who the customers of a week are, and what of them must not be found where it must not be."""

from __future__ import annotations

# Who the customers are: nothing of that may be found where it must not be.
NAMES = ("Jo Citizen", "Max Muster", "Kim Sampleton")


def name_of(customer_id: str) -> str:
    """What a customer is called."""
    return NAMES[int(customer_id.rpartition("-")[2]) % len(NAMES)]


def texts_of(customer_id: str) -> list[str]:
    """What a customer could be known by."""
    name = name_of(customer_id)
    return [name, name.split()[1], email_of(customer_id), account_of(customer_id)]


def email_of(customer_id: str) -> str:
    """Their e-mail, and their PayID."""
    return f"{name_of(customer_id).split()[0].lower()}@example.com"


def account_of(customer_id: str) -> str:
    """The number of their bank account."""
    return f"1234567{8 - int(customer_id.rpartition('-')[2]) % len(NAMES)}"


def description_of(customer_id: str) -> str:
    """What is written on their payouts."""
    return f"rent {name_of(customer_id).split()[1]}"


def all_texts() -> list[str]:
    """What any of them could be known by."""
    return [text for number in range(len(NAMES)) for text in texts_of(f"customer-{number}")]
