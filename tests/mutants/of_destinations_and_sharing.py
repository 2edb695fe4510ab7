"""Mutants of destinations: how each came, what it is known by, and who is told who else has it."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ERASED, KEY, NO_NEW, SHARED_PLACES, STANDING, WHOLE

KEEPING = "chalicelib/usecases/destinations.py"
SHARING = "chalicelib/usecases/sharing.py"
CUSTOMERS = "chalicelib/usecases/customers.py"
EDITS = "chalicelib/usecases/edits.py"
T_SHARING = "tests/usecases/test_sharing.py::test_"
T_CUSTOMERS = "tests/usecases/test_customers.py::test_"
GONE = (T_SHARING + "three_at_one_place_each_know_of_two_others_until_one_leaves",)

MUTANTS = (
    Mutant(
        "what is added later has been there from the first",
        KEEPING,
        "clock.now(), by, changed=True, place=",
        "clock.now(), by, changed=False, place=",
        STANDING,
        (T_SHARING + "what_is_added_later_is_a_change_by_somebody_at_a_time",),
    ),
    Mutant(
        "what came with the registration is a change",
        CUSTOMERS,
        "Standing(own, now, by, place=",
        "Standing(own, now, by, changed=True, place=",
        STANDING,
        (T_SHARING + "what_came_with_the_registration_is_no_change",),
    ),
    Mutant(
        "who has many destinations has one more",
        KEEPING,
        "    if count > MOST_DESTINATIONS:",
        "    if count > MOST_DESTINATIONS + 1:",
        STANDING,
        (T_CUSTOMERS + "a_customer_has_so_many_destinations_and_no_more",),
    ),
    Mutant(
        "the last destination that one may have is refused",
        KEEPING,
        "    if count > MOST_DESTINATIONS:",
        "    if count >= MOST_DESTINATIONS:",
        STANDING,
        (T_CUSTOMERS + "a_customer_has_so_many_destinations_and_no_more",),
    ),
    Mutant(
        "a key that named one place serves for another",
        KEEPING,
        'place not in {"", standing.place}:\n            raise KeyTaken(_ANOTHER)\n',
        'place == "":\n            raise KeyTaken(_ANOTHER)\n',
        KEY,
        (T_SHARING + "a_key_that_named_another_place_is_taken_even_where_nothing_was_added_yet",),
    ),
    Mutant(
        "what is removed while it is added is there, and counted nowhere",
        KEEPING,
        "        if customer.standing(destination_id).place != standing.place:\n"
        '            raise Conflict("Somebody is removing that destination.")\n',
        "",
        SHARED_PLACES,
        (T_SHARING + "what_somebody_removes_while_it_is_added_is_not_added",),
    ),
    Mutant(
        "a customer is one of the others at their own place",
        KEEPING,
        "        others = customers.sharing(standing.place) - {customer_id}\n",
        "        others = customers.sharing(standing.place)\n",
        SHARED_PLACES,
        (T_SHARING + "what_is_added_later_is_a_change_by_somebody_at_a_time",),
    ),
    Mutant(
        "who adds what others have is told nothing of them",
        KEEPING,
        "replace(standing, shared=len(others)))",
        "standing)",
        SHARED_PLACES,
        (T_SHARING + "who_adds_what_is_another_s_and_the_other_are_both_told",),
    ),
    Mutant(
        "others are not told of who adds what they have",
        KEEPING,
        "    if place := customer.standing(destination_id).place:\n"
        "        meet(place, customer_id, customers=customers, clock=clock)\n",
        "    if place := customer.standing(destination_id).place:\n"
        "        customers.share(place, customer_id)\n",
        SHARED_PLACES,
        (T_SHARING + "who_adds_what_is_another_s_and_the_other_are_both_told",),
    ),
    Mutant(
        "who removes one of two destinations at one place has left it",
        KEEPING,
        "    if place not in places(without_standing(customer, destination_id)):\n",
        "    if place:\n",
        SHARED_PLACES,
        (T_SHARING + "two_destinations_of_one_customer_at_one_place_are_no_sharing",),
    ),
    Mutant(
        "who removes a destination is counted there for ever",
        KEEPING,
        "    if place not in places(without_standing(customer, destination_id)):\n",
        "    if not place:\n",
        SHARED_PLACES,
        GONE,
    ),
    Mutant(
        "what is known of a destination goes before others know that it went",
        KEEPING,
        "            after if _place(customer, destination_id) else "
        "without_standing(after, destination_id)\n",
        "            without_standing(after, destination_id)\n",
        SHARED_PLACES,
        (T_SHARING + "removing_that_is_interrupted_anywhere_is_gone_on_with",),
    ),
    Mutant(
        "a removed default is inherited by nobody",
        KEEPING,
        "            defaults.setdefault(removed.method, heir.destination_id)\n",
        "            pass\n",
        STANDING,
        (T_CUSTOMERS + "a_removed_default_is_inherited_by_the_oldest_of_its_method",),
    ),
    Mutant(
        "a destination that comes second is paid by default",
        KEEPING,
        "    defaults.setdefault(sealed.method, sealed.destination_id)\n",
        "    defaults[sealed.method] = sealed.destination_id\n",
        STANDING,
        (T_CUSTOMERS + "a_destination_is_added_once",),
    ),
    Mutant(
        "an edit writes over another that was faster",
        EDITS,
        "        except Stale:\n            continue\n",
        "        except Stale:\n"
        "            customers.edit(after, version=existing(customers, customer_id).version)\n",
        WHOLE,
        (T_CUSTOMERS + "of_two_edits_at_once_both_stand",),
    ),
    Mutant(
        "who is being forgotten is edited",
        EDITS,
        "        if customer.erasure is not None:\n            raise CustomerErased\n",
        "",
        NO_NEW,
        ("tests/usecases/test_erase.py::test_after_the_mark_nothing_new_can_be_asked_for",),
    ),
    Mutant(
        "nobody is told who else is paid there",
        SHARING,
        "    if customer_id in named:\n",
        "    if not named:\n",
        SHARED_PLACES,
        (T_SHARING + "the_same_account_under_another_name_is_the_same_place_for_both",),
    ),
    Mutant(
        "each is told one other too few",
        SHARING,
        "len(named) - 1, customers, clock)",
        "max(len(named) - 2, 0), customers, clock)",
        SHARED_PLACES,
        GONE,
    ),
    Mutant(
        "those who stay are not told that one left",
        SHARING,
        "    _tell(place, customers.sharing(place), customers, clock)\n",
        "",
        SHARED_PLACES,
        GONE,
    ),
    Mutant(
        "who registers is not told of who came meanwhile",
        CUSTOMERS,
        "            after = counted(customer, customers=customers, clock=clock)\n",
        "            after = customer\n",
        SHARED_PLACES,
        (T_SHARING + "who_comes_while_another_registers_is_told_of_them_and_they_of_him",),
    ),
    Mutant(
        "a customer is there before others know of them",
        CUSTOMERS,
        "            others = meet(place, customer_id, customers=customers, clock=clock)\n",
        "            others = len(customers.share(place, customer_id) - {customer_id})\n",
        SHARED_PLACES,
        (T_SHARING + "the_same_account_under_another_name_is_the_same_place_for_both",),
    ),
    Mutant(
        "behind one whose registration was interrupted nobody is told",
        SHARING,
        "            continue  # whose registration was interrupted\n",
        "            return  # whose registration was interrupted\n",
        SHARED_PLACES,
        (T_SHARING + "of_one_whose_registration_was_interrupted_others_are_told_all_the_same",),
    ),
    Mutant(
        "who is being forgotten is told who else is paid there",
        SHARING,
        "        return now if now.erasure else with_count(now, place, others)\n",
        "        return with_count(now, place, others)\n",
        ERASED,
        (T_SHARING + "who_is_being_forgotten_is_told_nothing_any_more",),
    ),
)
