"""Forgetting a customer: what stands in its way, what of each thing is destroyed, what proves it.

What could name or find a person goes; what the books need stays: ids, amounts, dates, masks, and
the digests by which chains are verified. Steps and entries of the journal are never altered. A
payout that is still open is left whole, for it has to be sent, asked for, or given back.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import asked
from chalicelib.domain.customer import Customer, Erasing, Erasure
from chalicelib.domain.errors import Corrupt, Fault, RuleBroken
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.account_check import KeptCheck
    from chalicelib.domain.destination import SealedDestination
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.payout import Payout

# Where certificates lie in the archive.
PREFIX = "erasures/"
DESTROYED = (
    "customer: name, e-mail, encrypted destinations, reasons of legal holds",
    "payouts: encrypted destination, reference, description, remitter's name, the bank's message",
    "webhooks about the payouts: bodies",
    "dead letters about the payouts: bodies, reasons of whoever discarded them",
    "account checks: the provider's tokens, masks of registered names",
)
KEPT = (
    "ids, amounts, dates, masks of destinations, statuses and codes",
    "the journal's steps with their hashes",
)
_FORM = 1
# What of a request was written by people; the rest are ids, amounts and choices.
_TEXTS = frozenset({"reference", "description"})
# Ids that a refusal names; it counts all of them.
_NAMED = 10
# Letters from which on a word of a name tells something.
_LEAST = 3
_WORD = re.compile(r"\w+")


def obstacles(
    customer: Customer,
    still_open: Sequence[str],
    disputed: Sequence[str],
    letters: Sequence[str],
    credits_asked: Sequence[str] = (),
) -> list[Fault]:
    """All that stands in the way of forgetting somebody, each with a code of its own.

    A dispute does until a person has looked, which is when the customer's payouts go on.
    """
    faults = []
    if customer.held:
        faults.append(Fault("", "legal_hold", "a legal hold is set"))
    if customer.available != ZERO:
        faults.append(Fault("", "balance_not_zero", f"{customer.available} is left"))
    if still_open:
        faults.append(Fault("", "open_payouts", _counted(still_open)))
    if disputed and customer.stopped:
        faults.append(Fault("", "disputed_payouts", _counted(disputed)))
    if letters:
        faults.append(Fault("", "open_dead_letters", _counted(letters)))
    if credits_asked:
        faults.append(Fault("", "open_credits", _counted(credits_asked)))
    return faults


def refuse_naming(reason: str, customer: Customer) -> None:
    """Refuse a reason that says who the customer is: it would outlive what is destroyed.

    Raises:
        RuleBroken: their e-mail is in it, or a word of their name, with or without accents.
    """
    said, email = _bare(reason), _bare(customer.email)
    parts = {part for part in _WORD.findall(_bare(customer.name)) if len(part) >= _LEAST}
    if parts & set(_WORD.findall(said)) or (email and email in said):
        fault = Fault("/reason", "names_the_customer", "must not name the customer")
        raise RuleBroken([fault], "The reason is kept, so it must not name the customer.")


def _bare(text: str) -> str:
    """A text in one case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def may_be_forgotten(payout: Payout) -> bool:
    """Whether nothing will be done with it any more but to hear late news."""
    return payout.status not in OPEN


def remembers(payout: Payout) -> bool:
    """Whether anything of it is left to destroy."""
    return replace(forgotten_payout(payout), revision=payout.revision) != payout


def forgotten_payout(payout: Payout) -> Payout:
    """The same payout without what a person could be known by, one revision later.

    Its digest stays, so that the first step still proves what was asked for.
    """
    intent = payout.intent
    return replace(
        payout,
        intent=replace(
            intent, destination=_emptied(intent.destination), reference="", description="",
            remitter_name="", asked=asked.forgotten(intent.asked, _TEXTS),
            kept_digest=intent.digest,
        ),
        error_message="",
        revision=payout.revision + 1,
    )  # fmt: skip


def forgotten_customer(customer: Customer, erasure: Erasure) -> Customer:
    """The same customer without a name, an e-mail or a destination that could be paid.

    The balance and the masks stay, and who placed which hold when.
    """
    return replace(
        customer,
        name="",
        email="",
        destinations=tuple(_emptied(each) for each in customer.destinations),
        defaults=(),
        holds=tuple(replace(each, reason="") for each in customer.holds),
        erasure=erasure,
        standings=(),
        untold=(),
    )


def is_forgotten(customer: Customer) -> bool:
    """Whether nothing personal is left in the customer's row, whatever it says of itself."""
    erasure = customer.erasure
    return erasure is not None and forgotten_customer(customer, erasure) == customer


def forgotten_notice(notice: Notice) -> Notice:
    """The same notice without its body."""
    return replace(notice, raw=b"")


def forgotten_letter(it: ParkedLetter) -> ParkedLetter:
    """The same letter without its body, and without what people wrote; one version later."""
    return replace(
        it,
        letter=replace(it.letter, raw=b""),
        ending=it.ending and replace(it.ending, reason=""),
        earlier=tuple(replace(each, reason="") for each in it.earlier),
        version=it.version + 1,
    )


def letter_remembers(it: ParkedLetter) -> bool:
    """Whether anything of it is left to destroy."""
    return replace(forgotten_letter(it), version=it.version) != it


def forgotten_check(it: KeptCheck) -> KeptCheck:
    """The same account check without the provider's secret and the mask of the registered name."""
    return replace(it, token="", check=replace(it.check, owner=""))


def erased(erasure: Erasure, *, payouts: int, destinations: int, at: datetime) -> Erasure:
    """The erasure, all of it done."""
    return replace(
        erasure, stage=Erasing.ERASED, erased_at=at, payouts=payouts, destinations=destinations
    )


def certificate_name(customer_id: str) -> str:
    """What a customer's certificate is called in the archive."""
    return f"{PREFIX}{customer_id}.json"


def customer_of(name: str) -> str:
    """Whose certificate it is, by its name."""
    return name.removeprefix(PREFIX).removesuffix(".json")


def certificate(customer_id: str, erasure: Erasure) -> bytes:
    """What was erased, when, and by whom: canonical JSON, the same bytes for the same erasure.

    Without a word that anybody wrote: it stays for years, and cannot be destroyed.
    """
    if erasure.erased_at is None:
        raise ValueError("nothing is certified before it is done")
    told = {
        "form": _FORM,
        "customer_id": customer_id,
        "asked_at": erasure.asked_at.isoformat(),
        "asked_by": erasure.by,
        "erased_at": erasure.erased_at.isoformat(),
        "payouts": erasure.payouts,
        "destinations": erasure.destinations,
        "destroyed": list(DESTROYED),
        "kept": list(KEPT),
    }
    return f"{json.dumps(told, sort_keys=True, separators=(',', ':'))}\n".encode()


def erasure_of(name: str, content: bytes | None) -> Erasure:
    """The erasure that a certificate proves.

    Raises:
        Corrupt: it is no certificate of that customer.
    """
    try:
        told: dict[str, Any] = json.loads(content or b"")
        erasure = Erasure(
            stage=Erasing.ERASED,
            by=told["asked_by"],
            asked_at=datetime.fromisoformat(told["asked_at"]),
            erased_at=datetime.fromisoformat(told["erased_at"]),
            payouts=told["payouts"],
            destinations=told["destinations"],
            certificate=hashlib.sha256(content or b"").hexdigest(),
        )
        own = told["customer_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise Corrupt(f"the certificate {name}") from error
    if own != customer_of(name):
        raise Corrupt(f"the certificate {name}")
    return erasure


def _emptied(sealed: SealedDestination) -> SealedDestination:
    if not sealed.ciphertext:
        return sealed
    digest = hashlib.sha256(sealed.ciphertext).hexdigest()
    return replace(sealed, ciphertext=b"", ciphertext_digest=digest)


def _counted(ids: Sequence[str]) -> str:
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"{len(ids)}: {', '.join(ids[:_NAMED])}{rest}"
