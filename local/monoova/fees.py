"""What a payment costs: an example tariff, charged on top of the amount.

The fields are exact (0.132 for a direct credit); what is taken from the account is the sum
including GST, rounded half up to whole cents, once for a call. Nothing is given back with money
that comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

GST = Decimal("0.1")
DIRECT_CREDIT = "directCredit"
TARIFF = {
    "NppCreditPayId": Decimal("0.10"),
    "NppCreditBankAccount": Decimal("0.09"),
    DIRECT_CREDIT: Decimal("0.12"),
}
VERIFICATION = Decimal("1.00")


@dataclass(frozen=True)
class Fee:
    """A fee by its amount before GST, exact; the GST in it is a tenth, unless that is named."""

    excluding_gst: Decimal
    named_gst: Decimal | None = None

    @property
    def gst(self) -> Decimal:
        """The GST in it."""
        return self.excluding_gst * GST if self.named_gst is None else self.named_gst

    @property
    def including_gst(self) -> Decimal:
        """With GST."""
        return self.excluding_gst + self.gst

    @property
    def charged(self) -> int:
        """The whole cents that leave the account."""
        return int((self.including_gst * 100).quantize(Decimal(1), ROUND_HALF_UP))

    def fields(self) -> dict[str, object]:
        """The provider's three fields."""
        return {
            "feeAmountExcludingGst": self.excluding_gst,
            "feeAmountGstComponent": self.gst,
            "feeAmountIncludingGst": self.including_gst,
        }


NOTHING = Fee(Decimal(0))


def of_cents(charged: int) -> Fee:
    """The fee that takes just so many cents, GST included."""
    whole = Decimal(charged).scaleb(-2)
    gst = (whole / 11).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Fee(whole - gst, gst)


def fee_for(methods: Sequence[str]) -> Fee:
    """The fee of one call."""
    return Fee(sum((TARIFF[method] for method in methods), Decimal(0)))


def breakdown(methods: Sequence[str]) -> dict[str, object]:
    """The fee of each disbursement; a lone direct credit has a shape of its own."""
    if list(methods) == [DIRECT_CREDIT]:
        return {"transactionFee": fee_for(methods).fields()}
    return {
        "disbursementFees": [
            {"disbursementArrayIndex": index, "disbursementFee": Fee(TARIFF[method]).fields()}
            for index, method in enumerate(methods)
        ]
    }
