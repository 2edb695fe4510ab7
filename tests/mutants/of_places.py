"""Mutants of what destinations are known by among all, and who is named there."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import SHARED_PLACES

PLACES = "chalicelib/adapters/dynamo/places.py"
DESTINATION = "chalicelib/domain/destination.py"
T_PLACES = "tests/domain/test_places.py::test_"
T_STANDINGS = "tests/contracts/test_standings.py::test_"
T_ROWS = "tests/adapters/test_claim_rows.py::test_"
ANOTHER_PLACE = (T_PLACES + "another_account_bsb_kind_or_key_is_another_place",)

MUTANTS = (
    Mutant(
        "an account's letters in small are another place",
        DESTINATION,
        "self._bsb, self._account_number.upper())",
        "self._bsb, self._account_number)",
        SHARED_PLACES,
        (T_PLACES + "the_same_account_is_the_same_place_however_it_is_written_and_under_any_name",),
    ),
    Mutant(
        "one number at two banks is one place",
        DESTINATION,
        "self.method, self._bsb, self._account_number",
        "self.method, self._account_number",
        SHARED_PLACES,
        ANOTHER_PLACE,
    ),
    Mutant(
        "anybody can try which account a place is",
        DESTINATION,
        "    return hmac.new(key, ",
        '    return hmac.new(b"", ',
        SHARED_PLACES,
        ANOTHER_PLACE,
    ),
    Mutant(
        "the vault compares places under no key",
        "chalicelib/adapters/kms.py",
        "        return destination.place(self._place_key())\n",
        '        return destination.place(b"")\n',
        SHARED_PLACES,
        ("tests/adapters/test_kms.py::test_a_place_is_known_under_the_key_of_places_alone",),
    ),
    Mutant(
        "one more is named than may be",
        PLACES,
        "or len(known) >= MOST:",
        "or len(known) > MOST:",
        SHARED_PLACES,
        (T_STANDINGS + "of_very_many_at_one_place_the_last_are_not_named[simulated]",),
    ),
    Mutant(
        "who is named again goes with those who left",
        PLACES,
        '"SET #customer = :named REMOVE #gone ADD',
        '"SET #customer = :named, #gone = :one ADD',
        SHARED_PLACES,
        (T_ROWS + "a_place_tells_no_account_and_goes_with_the_last_who_is_paid_there",),
    ),
    Mutant(
        "who stays at a place goes with who left it",
        PLACES,
        "        if row is not None and not _named(row):",
        "        if row is not None:",
        SHARED_PLACES,
        (T_ROWS + "a_place_stays_while_anybody_is_paid_there",),
    ),
    Mutant(
        "who comes while a place is let go goes with it",
        PLACES,
        'condition="#version = :version")',
        'condition="#version >= :version")',
        SHARED_PLACES,
        (T_ROWS + "who_comes_while_a_place_is_let_go_is_not_let_go_with_it",),
    ),
)
