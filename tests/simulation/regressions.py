"""Weeks that are kept by name: in each a certain break of a rule shows, and ours does not break.

They were found with the mutants, for the weeks have found no fault of ours yet; what others have
found is held by tests of its own. A number means another week as soon as the simulation changes.
"""

REGRESSIONS: dict[str, int] = {
    "in doubt, and sent again too early": 4,
    "a time-out, taken for a refusal": 28,
    "a parked letter, resolved without being heard": 41,
    "a letter, parked nowhere": 56,
    "a payout in the line, overtaken by a smaller one": 100,
    "out of the reserve": 10,
}
