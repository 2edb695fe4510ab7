"""Mutants of telling customers that it was changed where they are paid."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ERASED, TOLD

TELL = "chalicelib/usecases/tell.py"
CHANGE = "chalicelib/domain/change.py"
DESTINATIONS = "chalicelib/usecases/destinations.py"
CUSTOMERS = "chalicelib/usecases/customers.py"
COURIER = "chalicelib/adapters/courier.py"
ERASURE = "chalicelib/domain/erasure.py"
ROWS = "chalicelib/adapters/dynamo/customer_rows.py"
T_TELL = "tests/usecases/test_tell.py::test_"
T_CHANGE = "tests/domain/test_change.py::test_"
T_COURIER = "tests/contracts/test_courier.py::test_"
T_UNTOLD = "tests/contracts/test_untold_customers.py::test_"
T_ERASURE = "tests/domain/test_erasure.py::test_"

MUTANTS = (
    Mutant(
        "a change is not told",
        DESTINATIONS,
        "        return _of(What.ADDED, after, sealed, clock)",
        "        return after",
        TOLD,
        (T_TELL + "an_added_destination_is_told_masked_and_with_what_to_do",),
    ),
    Mutant(
        "another default is not told",
        DESTINATIONS,
        "        return _of(What.DEFAULT, after, chosen, clock)",
        "        return after",
        TOLD,
        (T_TELL + "another_default_is_told_and_the_same_again_is_no_change",),
    ),
    Mutant(
        "a removed destination is not told",
        DESTINATIONS,
        "        after = _of(What.REMOVED, after, removed, clock)\n",
        "",
        TOLD,
        (T_TELL + "a_removed_destination_is_told_with_the_one_that_takes_its_place",),
    ),
    Mutant(
        "more is changed than can be kept to be told",
        DESTINATIONS,
        "    if len(customer.untold) >= MOST_UNTOLD:",
        "    if len(customer.untold) > MOST_UNTOLD:",
        TOLD,
        (T_TELL + "no_more_is_changed_than_can_be_kept_to_be_told",),
    ),
    Mutant(
        "a message shows more than a mask",
        CHANGE,
        "str(sealed.method), sealed.masked)",
        "str(sealed.method), sealed.destination_id)",
        TOLD,
        (T_TELL + "an_added_destination_is_told_masked_and_with_what_to_do",),
    ),
    Mutant(
        "another address is told to the new one",
        CUSTOMERS,
        "customer.version + 1, customer.email)",
        "customer.version + 1, changed.email)",
        TOLD,
        (T_TELL + "another_address_is_told_to_the_one_before",),
    ),
    Mutant(
        "it is done with before it was sent",
        TELL,
        "        told[_sent(customer, to, changes, means)] += len(changes)\n"
        "        customer = _done(customer, changes, means.customers)\n",
        "        customer = _done(customer, changes, means.customers)\n"
        "        told[_sent(customer, to, changes, means)] += len(changes)\n",
        TOLD,
        (T_TELL + "a_courier_that_is_away_is_no_failure_of_the_change_and_the_schedule_tells_it",),
    ),
    Mutant(
        "who is being erased is written to",
        TELL,
        "        if customer.erasure is not None:\n            break\n",
        "",
        TOLD,
        (T_TELL + "nobody_is_told_who_is_being_erased_and_they_are_when_it_is_taken_back",),
    ),
    Mutant(
        "what came while one was told is done with as well",
        TELL,
        "if each not in changes)",
        "if each.to != changes[0].to)",
        TOLD,
        (T_TELL + "a_change_that_comes_while_one_is_told_stays_to_be_told",),
    ),
    Mutant(
        "a young change is given up with an old one",
        TELL,
        "if not all(change.is_too_old(",
        "if not any(change.is_too_old(",
        TOLD,
        (T_TELL + "a_younger_change_keeps_an_older_one_from_being_given_up",),
    ),
    Mutant(
        "telling is given up before the week is over",
        CHANGE,
        "return now - change.at > LONGEST",
        "return now - change.at >= LONGEST",
        TOLD,
        (T_CHANGE + "it_is_given_up_after_a_week_and_not_before",),
    ),
    Mutant(
        "what is given up is nobody's",
        TELL,
        "        means.findings.open(_untold(customer, changes, means.clock))\n",
        "",
        TOLD,
        (T_TELL + "what_was_given_up_is_a_persons_and_says_whose_and_not_to_whom",),
    ),
    Mutant(
        "the request is refused where the courier is away",
        TELL,
        "    except (Unavailable, Stale):\n        return customer\n",
        "    except Stale:\n        return customer\n",
        TOLD,
        (T_TELL + "a_courier_that_is_away_is_no_failure_of_the_change_and_the_schedule_tells_it",),
    ),
    Mutant(
        "a run begins what it has no time for",
        TELL,
        "    if time_left() < RESERVE:\n        return customer",
        "    if time_left() < 0:\n        return customer",
        TOLD,
        (T_TELL + "without_time_it_is_left_for_later",),
    ),
    Mutant(
        "what is to be told outlives who is forgotten",
        ERASURE,
        "        untold=(),\n",
        "",
        ERASED,
        (T_ERASURE + "of_a_customer_name_e_mail_destinations_and_reasons_go",),
    ),
    Mutant(
        "one whose message is refused keeps the next from theirs",
        TELL,
        "        except PayoutError as error:\n",
        "        except Stale as error:\n",
        TOLD,
        (T_TELL + "ones_trouble_is_not_the_next_ones",),
    ),
    Mutant(
        "who was not told is never found again",
        ROWS,
        "UNTOLD if customer.untold else None",
        "UNTOLD if not customer.untold else None",
        TOLD,
        (
            T_UNTOLD
            + "who_was_not_told_is_found_the_longest_waiting_first_until_they_were[simulated]",
        ),
    ),
    Mutant(
        "an address prints",
        CHANGE,
        "    to: str = field(repr=False)",
        "    to: str = field(repr=True)",
        TOLD,
        (T_CHANGE + "an_address_never_prints",),
    ),
    Mutant(
        "SES's own words are repeated, and an address with them",
        COURIER,
        "raise MailUnavailable(_what(error)) from None",
        "raise MailUnavailable(_what(error)) from error",
        TOLD,
        (T_COURIER + "what_ses_says_of_an_address_is_not_repeated",),
    ),
)
