"""Every way in from outside, by area: who may use it, what it takes, what it gives.

A route is a few lines: the use case does the rest, and what holds for every route is
`api/doors.py`'s. A new area is a module here, and a name in `app.py`.
"""
