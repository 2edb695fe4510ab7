"""Pings, the certificate, and look-ups of BSBs and ABNs.

Knows no directory: banks and addresses are made up from the number, the same each time. Check
digits of an ABN are real.
"""

import re
from dataclasses import dataclass

from stdnum.au import abn

from local.monoova.answers import Answer, Refused, ok
from local.monoova.clock import VirtualClock
from local.monoova.dates import sydney
from local.monoova.signing import Signer

ENVIRONMENT = "Sandbox"
BANKS = {"01": "ANZ", "03": "WBC", "06": "CBA", "08": "NAB", "80": "CRU"}
STATES = {"2": "NSW", "3": "VIC", "4": "QLD", "5": "SA", "6": "WA", "7": "TAS"}
CLOSED_BRANCH = "999"
NO_BSB = "000-000"


@dataclass(frozen=True)
class Tools:
    """What has nothing to do with money."""

    clock: VirtualClock
    signer: Signer

    def ping(self, what: str) -> Answer:
        """That it is there: `what` is Public or Tools."""
        local = sydney(self.clock.now()).strftime("%d-%b-%Y %I:%M:%S %p")
        version = f"Monoova simulator {what} V1.0 Environment: {ENVIRONMENT} DateTime: {local}"
        return ok({"version": version, "environment": ENVIRONMENT})

    def public_key(self) -> Answer:
        """The key that verifies webhooks, as hexadecimal text."""
        return Answer(200, self.signer.public_key(), "application/octet-stream")

    def certificate(self) -> Answer:
        """The certificate of that key, PEM."""
        return Answer(200, self.signer.certificate(), "application/octet-stream")

    def bsb(self, number: str) -> Answer:
        """A made-up branch for a BSB: closed when it ends in 999, unknown when it is all zeros."""
        if not re.fullmatch(r"[0-9]{3}-[0-9]{3}", number) or number == NO_BSB:
            raise Refused("BsbNumberNotFound", "A BSB is written 999-999 and has to exist")
        return ok(
            {
                "bsb": number,
                "closed": number.endswith(CLOSED_BRANCH),
                "address": f"{int(number[4:])} Example Street",
                "city": "Exampleton",
                "state": STATES.get(number[2], "NSW"),
                "postCode": f"{number[2]}000",
                "bankCode": BANKS.get(number[:2], "OTH"),
            }
        )

    def abn(self, number: str) -> Answer:
        """Whether an ABN has the right check digits, with a made-up company when it has."""
        digits = number.replace(" ", "")
        if not re.fullmatch(r"[0-9]{11}", digits):
            raise Refused("InvalidAbn", "An ABN has eleven digits")
        valid = bool(abn.is_valid(digits))
        since = "2017-02-28T00:00:00" if valid else None
        return ok(
            {
                "abn": f"{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}",
                "lastUpdatedDate": since,
                "isAbnValid": valid,
                "isCharity": False,
                "entityTypeCode": "PRV" if valid else None,
                "entityTypeDescription": "Australian Private Company" if valid else None,
                "organisationName": "EXAMPLE PTY LTD" if valid else None,
                "legalName": None,
                "organisationNameFromDate": since,
                "businessPhysicalAddressStateCode": "NSW" if valid else None,
                "businessPhysicalAddressPostCode": "2000" if valid else None,
                "businessPhysicalAddressEffectiveFromDate": since,
            }
        )
