"""Who is connected to whom: the object graph, made once in a process, each part when first needed.

The only package that knows both settings and adapters. A webhook never loads the vault, and nothing
here does any input or output by being imported. A port of the store is `records.py`'s, a neighbour
`neighbours.py`'s, what stays for
good `lasting.py`'s, a term of the business `rules.py`'s.
"""

from __future__ import annotations

from typing import cast

from chalicelib.settings import Settings
from chalicelib.wiring.lasting import Lasting


class World(Lasting):
    """Everything that the doors hand to the use cases, by the names of the ports."""


_current: list[World] = []


def wire() -> World:
    """The world of this process, made from its environment at the first call.

    Raises:
        SettingsError: the environment is not fit to start with.
    """
    if not _current:
        _current.append(World(Settings.read()))
    return _current[0]


def use(world: object) -> None:
    """From now on `wire` gives this one: for tests, with fakes by the same names."""
    _current[:] = [cast("World", world)]
