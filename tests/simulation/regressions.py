"""Weeks that are kept by name: in each a certain break of a rule shows, and ours does not break.

They were found with the mutants, for the weeks have found no fault of ours yet; what others have
found is held by tests of its own. A number means another week as soon as the simulation changes.
"""

REGRESSIONS: dict[str, int] = {
    "in doubt, and sent again too early": 1,
    "a time-out, taken for a refusal": 29,
    "a provider that does not answer, taken for one that knows nothing": 264,
}
