"""Mutants of the night itself: when it is due, whose it is, whom it asks, and what it keeps."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import EXPLAINED, LOST_REPLY, NIGHT_KEY, NIGHT_SAME, UNREAD

NIGHT = "chalicelib/usecases/night.py"
AGENDA = "chalicelib/domain/agenda.py"
ASK_OPEN = "chalicelib/usecases/ask_open.py"
NIGHTS = "chalicelib/adapters/dynamo/nights.py"
CHANGES = "chalicelib/adapters/dynamo/changes.py"
NIGHT_ROWS = "chalicelib/adapters/dynamo/night_rows.py"
T_NIGHT = "tests/usecases/test_night.py::test_"
T_NIGHT_CUT = "tests/usecases/test_night_cut.py::test_"
T_AGENDA = "tests/domain/test_agenda.py::test_"
T_ASK_OPEN = "tests/usecases/test_ask_open.py::test_"
T_NIGHTS = "tests/contracts/test_nights.py::test_"
T_CHANGES = "tests/contracts/test_changes.py::test_"

MUTANTS = (
    Mutant(
        "with the gate closed the night goes on",
        NIGHT,
        "if self.night.stage in ASKING and self.means.gate.closed():",
        "if self.night.stage not in ASKING and self.means.gate.closed():",
        UNREAD,
        (T_NIGHT + "with_the_gate_closed_the_night_stays_unfinished_and_says_so",),
    ),
    Mutant(
        "who lost the race for a night overtakes the other",
        NIGHT,
        "after = replace(night, version=night.version + 1)",
        "after = replace(night, version=(self.means.nights.get(night.day, night.run) "
        "or night).version + 1)",
        NIGHT_SAME,
        (T_NIGHT + "who_lost_the_race_for_a_night_leaves_it_to_the_other",),
    ),
    Mutant(
        "a night that somebody holds is run beside them",
        NIGHT,
        "if night.held_until is not None and night.held_until > means.clock.now():",
        "if night.held_until is not None and not night.held_until:",
        NIGHT_SAME,
        (T_NIGHT + "what_somebody_holds_is_left_to_them_until_their_time_is_over",),
    ),
    Mutant(
        "a run that somebody asked for is known to nobody else",
        NIGHT,
        "    # On the agenda first: whatever becomes of us, the schedule finishes "
        "what is begun.\n"
        "    _arrange(means.nights, lambda agenda: agenda.asked(day))\n",
        "",
        NIGHT_SAME,
        (T_NIGHT_CUT + "a_run_that_a_person_began_is_finished_wherever_they_were_cut",),
    ),
    Mutant(
        "an unfinished run is begun anew",
        NIGHT,
        "if night is None or night.is_over:",
        "if night is None or night.day:",
        NIGHT_SAME,
        (T_NIGHT + "asked_for_again_while_it_is_unfinished_it_is_the_same_run",),
    ),
    Mutant(
        "a day is compared before it is over",
        NIGHT,
        "if day >= today:",
        "if day > today:",
        NIGHT_KEY,
        (T_NIGHT + "a_day_that_is_not_over_or_too_far_back_has_no_run",),
    ),
    Mutant(
        "a balance that nobody has kept yet is held against the day",
        NIGHT,
        "if each.closing is not None",
        "if each.day",
        EXPLAINED,
        (T_NIGHT + "a_balance_is_held_against_the_night_before_though_that_is_being_run_again",),
    ),
    Mutant(
        "one night that cannot go on keeps the others back",
        NIGHT,
        "            continue\n        except Exception as error:  # noqa: BLE001 (raised below)",
        "            break\n        except Exception as error:  # noqa: BLE001 (raised below)",
        NIGHT_SAME,
        (T_NIGHT + "one_night_that_cannot_go_on_does_not_keep_the_others_back",),
    ),
    Mutant(
        "of missed days only the newest has its night",
        AGENDA,
        "self.through + DAY] if self.through < newest",
        "newest] if self.through < newest",
        UNREAD,
        (T_AGENDA + "missed_days_are_due_one_after_the_other_the_oldest_first",),
    ),
    Mutant(
        "a night is due by another clock than Sydney's",
        AGENDA,
        "if local.hour >= hour else 2 * DAY",
        "if now.hour >= hour else 2 * DAY",
        NIGHT_SAME,
        (T_AGENDA + "a_day_is_due_from_the_hour_on_after_it_is_over",),
    ),
    Mutant(
        "a night ahead of its turn stands for those before it",
        AGENDA,
        "day == self.through + DAY",
        "day > self.through",
        UNREAD,
        (T_AGENDA + "a_night_that_was_run_ahead_of_its_turn_leaves_those_before_it_due",),
    ),
    Mutant(
        "who was not asked is not told of",
        ASK_OPEN,
        'counts["not_asked"] = told["unanswered"] + told["troubled"]',
        'counts["not_asked"] = 0',
        UNREAD,
        (T_ASK_OPEN + "one_payouts_trouble_costs_itself_only",),
    ),
    Mutant(
        "an equal writing of somebody else's is taken for one's own",
        NIGHTS,
        'refused.in_doubt and found and found["saved_by"] == row["saved_by"]',
        "refused.in_doubt",
        LOST_REPLY,
        (T_NIGHTS + "who_got_no_reply_takes_nobody_elses_equal_writing_for_their_own[simulated]",),
    ),
    Mutant(
        "a day of many payouts ends with its first page",
        CHANGES,
        'if not answer.get("LastEvaluatedKey"):',
        "if answer:",
        NIGHT_KEY,
        (T_CHANGES + "a_day_is_read_page_by_page_as_it_is_used[memory]",),
    ),
    Mutant(
        "findings of another night are shown as this one's",
        NIGHT_ROWS,
        'if _chunk(part)["key"] != key:',
        'if not _chunk(part)["key"]:',
        NIGHT_SAME,
        (T_NIGHTS + "findings_that_are_not_those_that_were_kept_are_never_shown[simulated]",),
    ),
)
