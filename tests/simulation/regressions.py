"""Weeks that once failed, by what they showed: played on each commit, whatever else is.

A number means another week as soon as the simulation itself changes: these hold what was mended
only together with the named tests, and are kept because such weeks are rich.
"""

REGRESSIONS: dict[str, int] = {}
