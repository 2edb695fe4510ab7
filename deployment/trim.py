"""What packages bring and Lambda has no use for: left out, so that the zip stays small.

Nothing is left out because nobody seems to need it: what may be missing is what only people, other
countries or other services of AWS need. The twin's run shows that what is left is enough.
"""

import re
from pathlib import PurePosixPath

# The services that `chalicelib/adapters` has clients of.
SERVICES = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sns", "sqs"})
_LEFT_OUT = (
    r".*\.pyi",  # for type checkers
    r".*/(tests?|examples)/.*",
    r".*/(test_[^/]*|conftest)\.py",
    r"[^/]+\.dist-info/(RECORD|WHEEL|INSTALLER|REQUESTED|entry_points\.txt|top_level\.txt|sboms/.*)",
    r"botocore/data/(?!SERVICES/)[^/]+/.*",
    # Without its __init__, which imports them all, one country can be had alone.
    r"holidays/countries/(?!australia\.py$)[^/]+",
    r"holidays/(financial/.*|locale/(?!en_AU/).*)",
    r"pydantic/(v1/.*|mypy\.py)",  # the interface of version 1
    r"dateutil/zoneinfo/.*\.tar\.gz",  # tzdata has the zones
    r"(cffi|pycparser)/.*",  # cryptography needs their compiled half only
    r"wrapt-stubs/.*",
)
_PATTERN = re.compile("|".join(_LEFT_OUT).replace("SERVICES", f"(?:{'|'.join(sorted(SERVICES))})"))


def ships(name: str) -> bool:
    """Whether a file of a wheel goes into the package, by its path."""
    return not _PATTERN.fullmatch(str(PurePosixPath(name)))
