"""The ways money leaves: NPP in seconds around the clock, Direct Entry in batches, cheaper.

Limits of what each carries are the provider's. Which one a payout takes, `ways.py` says.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain.destination import PayoutMethod, is_direct_entry_text, is_printable


class Rail(StrEnum):
    """A payment system of the provider's."""

    NPP = "NPP"
    DIRECT_ENTRY = "DirectEntry"


# Longest text that arrives with the payment (the provider's lodgementReference).
DESCRIPTION_LIMIT = {Rail.NPP: 280, Rail.DIRECT_ENTRY: 18}
# Longest reference between the two parties (the provider's endToEndId; Direct Entry has none).
REFERENCE_LIMIT = {Rail.NPP: 35, Rail.DIRECT_ENTRY: 0}


def why_not(rail: Rail, method: PayoutMethod) -> str | None:
    """Why the rail cannot reach such a destination; `None` where it can."""
    if rail is Rail.DIRECT_ENTRY and method is PayoutMethod.PAY_ID:
        return "Direct Entry pays bank accounts only, not PayIDs"
    return None


def why_not_description(rail: Rail, text: str) -> str | None:
    """Why the rail cannot carry the text to the payee; `None` where it can."""
    return _why_not_text(rail, text, DESCRIPTION_LIMIT[rail])


def why_not_reference(rail: Rail, text: str) -> str | None:
    """Why the rail cannot carry the reference; `None` where it can."""
    if text and not REFERENCE_LIMIT[rail]:
        return f"{rail} carries no reference"
    return _why_not_text(rail, text, REFERENCE_LIMIT[rail])


def _why_not_text(rail: Rail, text: str, limit: int) -> str | None:
    if len(text) > limit:
        return f"{rail} carries at most {limit} characters"
    if rail is Rail.DIRECT_ENTRY and not is_direct_entry_text(text):
        return 'Direct Entry carries printable ASCII without " < > \\ ` { | } ~'
    if not is_printable(text):
        return "must be printable text"
    return None
