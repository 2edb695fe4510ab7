"""Mutants of the work on findings, and of the report that tells of them."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import REOPENS, REPORTED, UNREAD

CASEWORK = "chalicelib/domain/casework.py"
FINDINGS = "chalicelib/adapters/dynamo/findings.py"
USECASES_FINDINGS = "chalicelib/usecases/findings.py"
REPORT = "chalicelib/usecases/report.py"
REPORT_FORMS = "chalicelib/domain/report_forms.py"
DOMAIN_REPORT = "chalicelib/domain/report.py"
DOMAIN_FINDINGS = "chalicelib/domain/findings.py"
T_FINDINGS = "tests/contracts/test_findings.py::test_"
T_USECASES_FINDINGS = "tests/usecases/test_findings.py::test_"
T_REPORT = "tests/usecases/test_report.py::test_"
T_DOMAIN_REPORT = "tests/domain/test_report.py::test_"

MUTANTS = (
    Mutant(
        "what was seen before it was resolved opens it again",
        CASEWORK,
        " or again.found_at < ended_at:",
        ":",
        REOPENS,
        (T_FINDINGS + "what_was_seen_before_it_was_resolved_stays_resolved[memory]",),
    ),
    Mutant(
        "what was done about a finding is forgotten as it opens again",
        CASEWORK,
        "history=(*_with_end(_without_oldest_end(finding), end), entry),",
        "history=(entry,),",
        REOPENS,
        (T_FINDINGS + "what_was_resolved_and_is_found_by_the_next_night_is_open_again[memory]",),
    ),
    Mutant(
        "a change of a finding goes over somebody else's",
        FINDINGS,
        'counted = "version = :version" if before.version else "attribute_not_exists(version)"',
        'counted = "version >= :version" if before.version else "attribute_exists(#key)"',
        REOPENS,
        (T_FINDINGS + "a_change_of_what_somebody_changed_meanwhile_is_stale[simulated]",),
    ),
    Mutant(
        "two who work on a finding at once lose one",
        USECASES_FINDINGS,
        "        except Stale:\n            continue\n",
        "        except Stale:\n            raise\n",
        REOPENS,
        (T_USECASES_FINDINGS + "what_is_resolved_while_somebody_comments_keeps_the_comment",),
    ),
    Mutant(
        "a report is told as often as it is written",
        REPORT,
        "    if archive.get(lies.summary) is not None:\n        return True\n",
        "",
        REPORTED,
        (T_REPORT + "a_second_writing_changes_nothing_and_tells_nobody",),
    ),
    Mutant(
        "a cell of a report is a formula",
        REPORT_FORMS,
        "if line[:1] in _FORMULA and not",
        "if line[:1] not in line and not",
        REPORTED,
        (T_DOMAIN_REPORT + "a_spreadsheet_is_read_whatever_a_text_holds",),
    ),
    Mutant(
        "a night with unexplained money is clean",
        DOMAIN_REPORT,
        "return not (self.waiting or self.lost or self.night.unexplained)",
        "return not (self.waiting or self.lost)",
        UNREAD,
        (T_DOMAIN_REPORT + "a_night_with_anything_open_is_not_clean",),
    ),
    Mutant(
        "a night with findings that cannot be read is clean",
        DOMAIN_REPORT,
        "return not (self.waiting or self.lost or self.night.unexplained)",
        "return not (self.waiting or self.night.unexplained)",
        UNREAD,
        (T_DOMAIN_REPORT + "a_night_with_anything_open_is_not_clean",),
    ),
    Mutant(
        "what staff write of a finding is printed",
        DOMAIN_FINDINGS,
        '    text: str = field(default="", repr=False)',
        '    text: str = ""',
        REPORTED,
        (T_USECASES_FINDINGS + "neither_a_comment_nor_a_reason_is_ever_printed",),
    ),
)
