"""What scanners find and nobody mends, each with its reason: all that there is, in one place.

A place that nothing is found at any more is a fault, so none of these outlives its reason.
"""

from deployment.alarms import FUNCTIONS
from deployment.findings import Excused

_AWS_KEY = "AWS's own key for it will do (docs/decisions.md)"
TEMPLATES: tuple[Excused, ...] = (
    Excused("CKV_AWS_18", ("ArchiveBucket",), "each access to it is in the trail"),
    Excused("CKV_AWS_18", ("TrailBucket", "WebLinesBucket"), "accesses are written down into it"),
    Excused("CKV_AWS_18", ("WebBucket",), "the distribution alone reads it, and writes who asked"),
    Excused("CKV_AWS_18", ("Packages",), "no secret is in a package"),
    Excused("CKV_AWS_21", ("WebLinesBucket",), "lines are written once, and go after days"),
    Excused("CKV_AWS_27", ("DeadLettersQueue", "LastResortQueue"), "sealed by SQS's own keys"),
    Excused("CKV_AWS_68", ("Web",), "a firewall is before the API, for whoever pays for one"),
    Excused("CKV_AWS_115", ("Reprocess",), "its queue is read by two at a time"),
    Excused(
        "CKV_AWS_116", FUNCTIONS,
        "whoever asked hears that it failed, and what a schedule asks for it asks for again",
    ),
    Excused(
        "CKV_AWS_117", FUNCTIONS,
        "nothing is in a network of ours; that they may reach the internet is said in docs/asvs.md",
    ),
    Excused("CKV_AWS_119", ("*Table",), _AWS_KEY),
    Excused("CKV_AWS_120", ("RestAPI*Stage",), "answers are about money, and nobody may keep one"),
    Excused("CKV_AWS_149", ("*Secret",), _AWS_KEY),
    Excused("CKV_AWS_158", ("*Logs",), "lines have no personal data, and CloudWatch encrypts them"),
    Excused("CKV_AWS_166", ("BackupVault",), _AWS_KEY),
    Excused("CKV_AWS_173", FUNCTIONS, "settings, and names of secrets, but no secret"),
    Excused("CKV_AWS_174", ("Web",), "TLS 1.2 with a certificate, and none on prod without"),
)  # fmt: skip

_TOOLS = ("bench/*", "deployment/*", "local/*")
SOURCES: tuple[Excused, ...] = (
    Excused("B101", ("bench/risk.py",), "a measurement of something that failed is none"),
    Excused("B105", ("chalicelib/api/identity.py", "deployment/twin.py"), "a kind of token"),
    Excused("B105", ("chalicelib/domain/subscriptions.py",), "names of differences"),
    Excused("B105", ("local/*",), "credentials of the emulators and the simulator, worth nothing"),
    Excused("B106", ("chalicelib/domain/erasure.py",), "it is emptied, not set"),
    Excused("B311", ("chalicelib/adapters/dynamo/session.py",), "how long a pause is is no secret"),
    Excused("B311", ("bench/*", "local/monoova/*"), "a simulation that can be played again"),
    Excused("B404", _TOOLS, "they start Python, pip and engines; what ships starts none"),
    Excused("B603", _TOOLS, "with arguments of their own, and without a shell"),
    Excused("B608", ("chalicelib/adapters/workbench.py",), "every statement is a constant there"),
    Excused("B608", ("local/monoova/*",), "the simulator's own tables, named in its source"),
)
