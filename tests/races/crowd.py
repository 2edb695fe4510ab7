"""Many clients at once, in several processes: each thread a connection, all begin together.

What a client does is a function of a module, since it travels to other processes. It knows nothing
of the engine, the simulator or our code: only URLs and tokens.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.client import Client
from tests.kills.starter import end_with_starter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.synchronize import Barrier

# Seconds for which one waits for all the others.
TOGETHER = 300.0


@dataclass(frozen=True)
class Crowd:
    """So many clients, spread over so many processes, at these doors with these tokens."""

    doors: Sequence[str]
    tokens: dict[str, str]
    threads: int
    processes: int

    def __post_init__(self) -> None:
        if self.processes < 2 or self.threads % self.processes:
            raise ValueError(
                f"{self.threads} threads cannot be shared by {self.processes} processes equally,"
                " or that is only one"
            )

    def run(self, work: Work, *told: Any) -> list[Any]:
        """What the work of each client came to; `told` is handed to all of them."""
        spawn = multiprocessing.get_context("spawn")
        barrier = spawn.Barrier(self.threads)
        each = self.threads // self.processes
        with ProcessPoolExecutor(
            self.processes, mp_context=spawn, initializer=_meet, initargs=(barrier,)
        ) as pool:
            # Nobody goes on before all have come, so each process takes one of these.
            shares = [
                pool.submit(_share, self, work, number * each, each, told)
                for number in range(self.processes)
            ]
            return [result for share in shares for result in share.result()]


@dataclass
class Place:
    """One client's place in the crowd."""

    number: int
    crowd: Crowd
    clients: dict[str, Client]
    barrier: Barrier

    @property
    def door(self) -> str:
        """Its door."""
        return self.crowd.doors[self.number % len(self.crowd.doors)]

    def as_(self, name: str) -> Client:
        """The client, signed in as one of the people."""
        if name not in self.clients:
            self.clients[name] = Client(self.door, self.crowd.tokens[name])
        return self.clients[name]

    def together(self) -> None:
        """Wait for all the others."""
        self.barrier.wait(TOGETHER)


if TYPE_CHECKING:
    Work = Callable[..., Any]

_barriers: list[Barrier] = []


def _meet(barrier: Barrier) -> None:
    end_with_starter()
    _barriers[:] = [barrier]


def _share(crowd: Crowd, work: Work, first: int, count: int, told: Sequence[Any]) -> list[Any]:
    """The share of one process."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda number: _one(crowd, work, first + number, told), range(count)))


def _one(crowd: Crowd, work: Work, number: int, told: Sequence[Any]) -> Any:
    place = Place(number, crowd, {}, _barriers[0])
    try:
        place.together()
        return work(place, *told)
    except BaseException:
        place.barrier.abort()  # the others would wait for ever
        raise
    finally:
        for client in place.clients.values():
            client.close()
