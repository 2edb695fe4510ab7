"""What becomes of a payment, chosen by the payee's name: rules that nobody meets by accident.

A name that begins with `Sim` and one of the words below; what follows the word is the reason that
the bank gives, or for `Refuse` which code. Any other name is paid. A fault rule can choose the
same.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from local.monoova.orders import details_refused


@dataclass(frozen=True)
class Outcome:
    """How an accepted payment ends, or why it is not accepted.

    ending: paid, pending, silent, stuck, reject, return, dishonour or refuse; seconds (virtual) and
    business_days are until that happens, None for the switch's; amount (cents) comes back, None for
    all; misfire is what happens to the answer; a payment that vanishes is not executed the first
    time.
    """

    ending: str = "paid"
    reason: str | None = None
    code: str | None = None
    seconds: Decimal | None = None
    business_days: int | None = None
    amount: int | None = None
    misfire: str | None = None
    vanishes: bool = False


# The word after `Sim`, in small letters.
BY_NAME = {
    "pending": Outcome("pending"),
    "silent": Outcome("silent"),
    "stuck": Outcome("stuck"),
    "reject": Outcome("reject"),
    "refuse": Outcome("refuse"),
    "return": Outcome("return"),
    "dishonour": Outcome("dishonour"),
    "timeout": Outcome(misfire="timeout"),
    "vanish": Outcome(vanishes=True),
    "error": Outcome(misfire="error"),
    "reset": Outcome(misfire="reset"),
    "garble": Outcome(misfire="unparsable"),
}
CODES = {
    "funds": "DebitTransactionWillExceedSignInCreditLimit",
    "limit": "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit",
    "blocked": "BlockedDisbursementItemDirectCreditDetailAccount",
    "strangely": "ACodeThatNobodyHasListed",
}
NAMED = re.compile(rf"sim ({'|'.join(BY_NAME)})(?: (.+))?", re.IGNORECASE)
DEFAULT_REASON = "ACCOUNT CLOSED"


def by_name(account_name: str, *, default: str) -> Outcome:
    """The outcome that a payee's name asks for, or the default ending."""
    named = NAMED.fullmatch(" ".join(account_name.split()))
    if named is None:
        return Outcome(default)
    outcome, rest = BY_NAME[named[1].casefold()], named[2]
    if outcome.ending == "refuse" and rest:
        return replace(outcome, code=CODES.get(rest.casefold(), rest))
    return replace(outcome, reason=rest)


def on_rail(outcome: Outcome, *, direct_entry: bool) -> Outcome:
    """The nearest thing that can happen on a rail.

    Direct Entry is complete at once and fails only by dishonour; NPP knows returns and no
    dishonours.
    """
    if not direct_entry:
        return replace(outcome, ending="return") if outcome.ending == "dishonour" else outcome
    if outcome.ending in {"pending", "silent", "stuck"}:
        return replace(outcome, ending="paid")
    if outcome.ending in {"reject", "return"}:
        return replace(outcome, ending="dishonour")
    return outcome


def refusal_code(outcome: Outcome, method: str) -> str:
    """The code with which a payment is refused."""
    return outcome.code or details_refused(method).code
