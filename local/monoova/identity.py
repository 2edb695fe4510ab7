"""Who the simulator is: its API key and account numbers, made once and kept.

With a seed they are the same on every machine. Refuses to change them while there is state.
"""

import random
from dataclasses import dataclass

from local.monoova.store import Store

AUTOMATCHER_BSB = "802-985"
FIRST_TRANSACTION = 10_000_000


@dataclass(frozen=True)
class Identity:
    """The sign-in account: its key, its 16 digits, and the bank account that receives for it."""

    api_key: str
    account_number: str
    bank_account: str
    first_transaction: int

    def __repr__(self) -> str:
        """Without the key."""
        return f"Identity(account_number={self.account_number!r})"


def identify(store: Store, *, seed: int | None, api_key: str | None) -> Identity:
    """The identity kept in the store; made, when there is none, from the seed or from chance.

    A given key replaces the kept one: the provider calls that re-rolling it.
    """
    with store.writing():
        if store.fact("account_number") is None:
            for name, value in _made(seed).items():
                store.remember(name, value)
        if api_key is not None:
            store.remember("api_key", api_key)
    return Identity(
        api_key=_kept(store, "api_key"),
        account_number=_kept(store, "account_number"),
        bank_account=_kept(store, "bank_account"),
        first_transaction=int(_kept(store, "first_transaction")),
    )


def _made(seed: int | None) -> dict[str, str]:
    # Nothing here protects anything but a toy on 127.0.0.1, and it has to be repeatable.
    chance = random.Random(None if seed is None else f"monoova {seed}")  # noqa: S311
    sign = f"{chance.getrandbits(128):032X}"
    return {
        "api_key": "-".join((sign[:8], sign[8:12], sign[12:16], sign[16:20], sign[20:])),
        "account_number": f"627905{chance.randrange(10**10):010d}",
        "bank_account": f"{chance.randrange(4 * 10**8, 5 * 10**8)}",
        "first_transaction": str(FIRST_TRANSACTION + chance.randrange(10**6)),
    }


def _kept(store: Store, name: str) -> str:
    value = store.fact(name)
    if value is None:
        raise LookupError(f"the state has no {name}")
    return value
