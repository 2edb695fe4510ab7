"""Where a payee's money goes: a PayID or a bank account, typed the human way, kept the exact way.

Values print masked; `reveal()` is the only way to the plain text, and a test lists its callers.
Says nothing of whether the account exists: only the provider knows that.
Forms are the provider's (its `payIdType` words and patterns), check digits the ATO's and ASIC's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import InvalidDestination


class PayoutMethod(StrEnum):
    """What kind of destination a payout goes to."""

    PAY_ID = "PayId"
    BANK_ACCOUNT = "BankAccount"


class PayIdType(StrEnum):
    """The five kinds of PayID, in the provider's words."""

    EMAIL = "Email"
    PHONE = "PhoneNumber"
    ABN = "ABN"
    ACN = "ACN"
    ORGANISATION = "OrganisationId"


_EMAIL = re.compile(r"[^@\s\"<>\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_PHONE = re.compile(r"\+[0-9]{1,3}-[1-9][0-9]{1,29}")
_SEPARATORS = re.compile(r"[\s().\u2010-\u2015-]+")
_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_ACN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1)
# Those of one and two digits first (+1 North America, +61 Australia); all others have three.
_COUNTRY_CODES = re.compile(
    r"\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})"
)


@dataclass(frozen=True, slots=True, repr=False)
class PayId:
    """A PayID in the provider's form. `account_name` is the payee's name."""

    kind: PayIdType
    _value: str
    _account_name: str

    method = PayoutMethod.PAY_ID

    @classmethod
    def parse(cls, kind: PayIdType, value: str, account_name: str) -> PayId:
        """A PayID as typed: `0412 345 678`, `Jo@Example.com`, `51 824 753 556`.

        Raises:
            InvalidDestination: with the field `payId` or `accountName`.
        """
        exact = _clean(_NORMALISE[kind](_clean(value, "payId")), "payId")
        return cls(kind, exact, _name(account_name))

    @property
    def masked(self) -> str:
        """Enough to recognise, too little to use: `j***@e***.com`, `+61-***678`, `***556`."""
        if self.kind is PayIdType.EMAIL:
            local, _, host = self._value.partition("@")
            return f"{local[0]}***@{host[0]}***.{host.rsplit('.', 1)[-1]}"
        if self.kind is PayIdType.PHONE:
            country, _, number = self._value.partition("-")
            return f"{country}-***{_end(number)}"
        return f"***{_end(self._value)}"

    @property
    def masked_name(self) -> str:
        """The first letter of each word of the name."""
        return mask_name(self._account_name)

    def place(self, key: bytes) -> str:
        """What the PayID is known by to whoever has the key: the same under any name."""
        return _known_by(key, self.method, self.kind, self._value)

    def reveal(self) -> dict[str, str]:
        """The plain value, for the vault and for the provider's request only."""
        return {"payIdType": self.kind, "payId": self._value, "accountName": self._account_name}

    def __repr__(self) -> str:
        return f"PayId({self.kind}, {self.masked})"


@dataclass(frozen=True, slots=True, repr=False)
class BankAccount:
    """A bank account: BSB as `999-999`, account number as text, for leading zeros count."""

    _bsb: str
    _account_number: str
    _account_name: str

    method = PayoutMethod.BANK_ACCOUNT

    @classmethod
    def parse(cls, bsb: str, account_number: str, account_name: str) -> BankAccount:
        """A bank account as typed: `062 000` or `062-000`, `1234 5678`.

        Raises:
            InvalidDestination: with the field `bsbNumber`, `accountNumber` or `accountName`.
        """
        digits = _SEPARATORS.sub("", _clean(bsb, "bsbNumber"))
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise InvalidDestination("bsbNumber", "must be six digits")
        number = _SEPARATORS.sub("", _clean(account_number, "accountNumber"))
        if not re.fullmatch(r"[A-Za-z0-9]{1,28}", number):
            raise InvalidDestination("accountNumber", "must be 1 to 28 letters or digits")
        return cls(f"{digits[:3]}-{digits[3:]}", number, _name(account_name))

    @property
    def masked(self) -> str:
        """The bank's part of the BSB and the end of the number: `062-*** ***678`."""
        return f"{self._bsb[:3]}-*** ***{_end(self._account_number)}"

    @property
    def masked_name(self) -> str:
        """The first letter of each word of the name."""
        return mask_name(self._account_name)

    def place(self, key: bytes) -> str:
        """What the account is known by to whoever has the key: the same under any name."""
        return _known_by(key, self.method, self._bsb, self._account_number.upper())

    def why_not_direct_entry(self) -> str | None:
        """Why Direct Entry cannot reach it (number of 9, name of 2 to 32 plain characters)."""
        if len(self._account_number) > 9:
            return "Direct Entry takes account numbers of 1 to 9 letters or digits"
        if len(self._account_name) > 32 or not is_direct_entry_text(self._account_name):
            return "Direct Entry takes account names of 2 to 32 plain ASCII characters"
        return None

    def reveal(self) -> dict[str, str]:
        """The plain value, for the vault and for the provider's request only."""
        return {
            "bsbNumber": self._bsb,
            "accountNumber": self._account_number,
            "accountName": self._account_name,
        }

    def __repr__(self) -> str:
        return f"BankAccount({self.masked})"


Destination = PayId | BankAccount


@dataclass(frozen=True, slots=True)
class SealedDestination:
    """A destination as it is stored and listed: the plain value lies in `ciphertext` only.

    Immutable: a change of any part is a new destination with a new id. `kind` is the PayID's
    kind, empty for a bank account. Without a ciphertext nothing can be sent there any more;
    `ciphertext_digest` (hexadecimal SHA-256) says what it was.
    """

    destination_id: str
    method: PayoutMethod
    kind: str
    masked: str
    masked_name: str
    ciphertext: bytes
    ciphertext_digest: str = ""

    def __repr__(self) -> str:
        return f"SealedDestination({self.destination_id}, {self.method}, {self.masked})"


def _known_by(key: bytes, *parts: str) -> str:
    """Hexadecimal HMAC-SHA256: without the key nobody can try which account it is."""
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def mask_name(name: str) -> str:
    """`Jo Citizen` as `J*** C***`."""
    return " ".join(f"{word[0]}***" for word in name.split())


def _end(number: str) -> str:
    """The last three characters, where that is not most of it."""
    return number[-3:] if len(number) > 5 else ""


def is_direct_entry_text(text: str) -> bool:
    r"""Whether Direct Entry carries the text: printable ASCII without ``" < > \ ` { | } ~``."""
    return all(" " <= letter < "\x7f" and letter not in '"<>\\`{|}~' for letter in text)


def is_printable(text: str) -> bool:
    """Whether the text has no control, formatting (right-to-left, say) or surrogate characters."""
    return not any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in text)


def _clean(text: str, field: str) -> str:
    clean = text.strip()
    if not clean:
        raise InvalidDestination(field, "must not be empty")
    if len(clean) > 256 or not is_printable(clean):
        raise InvalidDestination(field, "must be at most 256 printable characters")
    return clean


def _name(text: str) -> str:
    name = " ".join(_clean(text, "accountName").split())
    if not 2 <= len(name) <= 140:
        raise InvalidDestination("accountName", "must be 2 to 140 characters")
    return name


def _email(value: str) -> str:
    email = value.lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidDestination("payId", "must be an e-mail address")
    return email


def _phone(value: str) -> str:
    """`0412 345 678`, `61412345678`, `+61 (0)412 345 678` and `+61-412345678` are one number."""
    compact = _SEPARATORS.sub("", value.replace("(0)", ""))
    if compact.startswith("00"):
        # 0011 is how Australians dial abroad; no number of North America begins with another 1.
        compact = "+" + compact.removeprefix("0011" if compact.startswith("0011") else "00")
    elif re.fullmatch(r"0[0-9]{9}", compact):
        compact = "+61" + compact[1:]
    elif re.fullmatch(r"61[0-9]{9}", compact):
        compact = "+" + compact
    # No country code begins another, so the digits alone say where it ends.
    code = _COUNTRY_CODES.match(compact)
    if not code:
        raise InvalidDestination("payId", "must be a phone number, such as 0412 345 678")
    phone = f"{code[0]}-{compact[code.end() :].lstrip('0')}"
    australian = re.fullmatch(r"\+61-[1-9][0-9]{8}", phone)
    if not _PHONE.fullmatch(phone) or (phone.startswith("+61-") and not australian):
        raise InvalidDestination("payId", "must be a phone number, such as 0412 345 678")
    return phone


def _abn(value: str) -> str:
    """Eleven digits; less one from the first, the weighted sum is a multiple of 89 (the ATO's).

    The first two are the check digits; none below 11 are given out.
    """
    digits = _digits(value, 11, "an ABN of 11 digits")
    weighted = [weight * int(digit) for weight, digit in zip(_ABN_WEIGHTS, digits, strict=True)]
    if (sum(weighted) - 10) % 89 or digits < "11":
        raise InvalidDestination("payId", "is not an ABN: its check digits are wrong")
    return digits


def _acn(value: str) -> str:
    """Nine digits, the last a check digit over the others (ASIC's)."""
    digits = _digits(value, 9, "an ACN of 9 digits")
    weighted = [weight * int(digit) for weight, digit in zip(_ACN_WEIGHTS, digits, strict=False)]
    if (10 - sum(weighted) % 10) % 10 != int(digits[8]):
        raise InvalidDestination("payId", "is not an ACN: its check digit is wrong")
    return digits


def _digits(value: str, count: int, what: str) -> str:
    digits = _SEPARATORS.sub("", value)
    if not re.fullmatch(rf"[0-9]{{{count}}}", digits):
        raise InvalidDestination("payId", f"must be {what}")
    return digits


def _organisation(value: str) -> str:
    return value.lower()


_NORMALISE = {
    PayIdType.EMAIL: _email,
    PayIdType.PHONE: _phone,
    PayIdType.ABN: _abn,
    PayIdType.ACN: _acn,
    PayIdType.ORGANISATION: _organisation,
}
