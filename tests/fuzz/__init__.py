"""Fuzz: what no rule, no schema and no provider would send, by the thousand, from one seed each.

`webhooks` and `calls` make an input of a number, run it against the real doors over a world of
fakes, and say what must not have happened; `long` runs ranges of them.
"""
