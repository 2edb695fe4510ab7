"""Rules of money, broken one at a time in a copy of the code: a test or the simulation notices.

`python -m tests.mutants` runs them all. Nothing here ever writes into the working tree.
"""
