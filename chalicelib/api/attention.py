"""All that waits for a person: sign-in, rails, funds, pauses, nights, payouts, webhooks, findings.

One cursor leads through the payouts first, then the webhooks, then the findings, the oldest of each
first.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from chalicelib.api import bank_files, pauses, views, words
from chalicelib.api import findings as found
from chalicelib.api.shapes import Moment, PageView, ParkedView, PayoutView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.breaker import NAMES
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.patience import attention
from chalicelib.domain.wire import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.breaker import Circuit
    from chalicelib.domain.findings import Finding
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.wire import Shown
    from chalicelib.ports import (
        BankFiles,
        Circuits,
        Clock,
        Findings,
        Gate,
        Liquidity,
        Nights,
        ParkedLetters,
        Pauses,
        Payouts,
    )

Position = dict[str, str]
# Files for the bank that are told: there are never many.
MOST = 20
# Nights of which those are told that cannot be read: the latest.
NIGHTS = 31
_PAYOUTS, _NOTICES, _FINDINGS = "payouts", "notices", "findings"
_LISTS = (_PAYOUTS, _NOTICES, _FINDINGS)


class AttentionView(Shape):
    """Something that waits for a person: what, since when, and why in plain words."""

    kind: Literal[
        "sign_in", "rail", "funds", "pause", "bank_file", "reconciliation", "payout", "notice",
        "finding",
    ]  # fmt: skip
    why: str
    words: str
    since: Moment | None
    payout: PayoutView | None
    notice: ParkedView | None
    finding: found.FindingView | None
    pause: pauses.PauseView | None = None
    bank_file: bank_files.BankFileView | None = None


class AttentionPage(PageView[AttentionView]):
    """Some of what waits for a person."""


class Waiting(NamedTuple):
    """Some of what waits, and where it goes on."""

    items: list[AttentionView]
    position: Position | None


class Desk(views.Terms, Protocol):
    """Where all that waits is looked for."""

    @property
    def payouts(self) -> Payouts: ...  # noqa: D102 (the port's name says it)
    @property
    def parked(self) -> ParkedLetters: ...  # noqa: D102
    @property
    def findings(self) -> Findings: ...  # noqa: D102
    @property
    def bank_files(self) -> BankFiles: ...  # noqa: D102
    @property
    def nights(self) -> Nights: ...  # noqa: D102
    @property
    def gate(self) -> Gate: ...  # noqa: D102
    @property
    def liquidity(self) -> Liquidity: ...  # noqa: D102
    @property
    def pauses(self) -> Pauses: ...  # noqa: D102
    @property
    def circuits(self) -> Circuits: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102


class _Some(NamedTuple):
    """Some of one of the lists, of how many rows, and where it goes on."""

    items: list[AttentionView]
    rows: int
    position: Mapping[str, str] | None


def waiting(desk: Desk, *, limit: int, position: Mapping[str, str] | None) -> Waiting:
    """A page of all that waits; the first one begins with what concerns all, beyond the limit."""
    items = _first(desk) if position is None else []
    (name, here), room = _place(position), limit
    for each in _LISTS[_LISTS.index(name) :]:
        if room < 1:
            return Waiting(items, _position(each, {}))
        some = _read(desk, each, room, here)
        items += some.items
        if some.position is not None:
            return Waiting(items, _position(each, some.position))
        here, room = None, room - some.rows
    return Waiting(items, None)


def _read(desk: Desk, name: str, limit: int, here: Position | None) -> _Some:
    if name == _PAYOUTS:
        some = desk.payouts.needing_attention(limit=limit, position=here)
        shown = [_payout(each, desk) for each in some.items if attention(each)]
        return _Some(shown + _lost("payout", some.unreadable), len(some.items), some.position)
    if name == _NOTICES:
        letters = desk.parked.page(resolved=False, limit=limit, position=here)
        told = [_notice(each) for each in letters.items] + _lost("notice", letters.unreadable)
        return _Some(told, len(letters.items), letters.position)
    open_ones = desk.findings.page(resolved=False, limit=limit, position=here)
    now = desk.clock.now()
    shown = [_finding(each, now) for each in open_ones.items]
    return _Some(shown + _lost("finding", open_ones.unreadable), len(shown), open_ones.position)


def _lost(
    kind: Literal["funds", "pause", "reconciliation", "payout", "notice", "finding"],
    keys: Iterable[str],
) -> list[AttentionView]:
    """What is there, and cannot be read: named, for else nobody would know of it."""
    why = "unreadable"
    return [
        AttentionView(
            kind=kind, why=why, words=f"{words.sentence(why)[:-1]} ({key}).", since=None,
            payout=None, notice=None, finding=None,
        )
        for key in keys
    ]  # fmt: skip


def _position(name: str, place: Mapping[str, str]) -> Position:
    """A place in one of the two lists as a position in both; the stores name their own keys."""
    return {"list": name, **{f"at {key}": value for key, value in place.items()}}


def _place(position: Mapping[str, str] | None) -> tuple[str, Position | None]:
    """The other way round; without a place, a list begins."""
    if position is None:
        return _PAYOUTS, None
    place = {key[3:]: value for key, value in position.items() if key != "list"}
    return position["list"], place or None


def _first(desk: Desk) -> list[AttentionView]:
    """What is not about one payout or webhook: before all others."""
    now, board = desk.clock.now(), desk.circuits.board()
    first = [_sign_in()] if desk.gate.closed() else []
    first += [_circuit(it) for it in map(board.of, NAMES) if it.is_before_a_person(now)]
    first += _funds(desk.liquidity)
    files = [_file(each, desk.bank_files) for each in islice(desk.bank_files.waiting(), MOST)]
    first += _pauses(desk.pauses)
    torn = [_torn() for _ in desk.pauses.unreadable()]
    nights = desk.nights.page(limit=NIGHTS, position=None)
    return [*first, *torn, *files, *_lost("reconciliation", nights.unreadable)]


def _file(file_id: str, files: BankFiles) -> AttentionView:
    """A file for the bank that waits; one that cannot be read says so, and hides no other."""
    why, since, view = "bank_file_unreadable", None, bank_files.unreadable(file_id)
    with suppress(Corrupt):
        file = files.get(file_id)
        if file is None:
            raise Corrupt(f"bank file {file_id}")
        why = "bank_file_doubted" if file.doubted else "bank_file"
        since, view = rfc3339(file.created_at), bank_files.bank_file(file)
    return AttentionView(
        kind="bank_file", why=why, words=words.sentence(why), since=since, payout=None,
        notice=None, finding=None, bank_file=view,
    )  # fmt: skip


def _circuit(circuit: Circuit) -> AttentionView:
    why = "rail_opened_by_hand" if circuit.by_hand else "rail_down_for_long"
    return AttentionView(
        kind="rail", why=why, words=f"{words.sentence(why)[:-1]} ({circuit.name}).",
        since=rfc3339(circuit.since) if circuit.since else None, payout=None, notice=None,
        finding=None, pause=None,
    )  # fmt: skip


def _pauses(pauses: Pauses) -> list[AttentionView]:
    try:
        stand = pauses.standing()
        told = shown(stand, pauses.wire(), pauses.last_of) if stand else []
    except Corrupt as lost:
        return _lost("pause", [str(lost)])
    return [_pause(each) for each in told]


def _pause(told: Shown) -> AttentionView:
    why = "pause"
    return AttentionView(
        kind="pause", why=why, words=words.sentence(why), since=rfc3339(told.pause.at),
        payout=None, notice=None, finding=None, pause=pauses.view(told),
    )  # fmt: skip


def _torn() -> AttentionView:
    """A pause that nobody can read, nor end before its row is mended."""
    why = "pause_unreadable"
    return AttentionView(
        kind="pause", why=why, words=words.sentence(why), since=None, payout=None, notice=None,
        finding=None,
    )  # fmt: skip


def _funds(liquidity: Liquidity) -> list[AttentionView]:
    try:
        since, why = liquidity.outlook().short_since, "funds_short"
    except Corrupt as lost:
        return _lost("funds", [str(lost)])
    if since is None:
        return []
    return [AttentionView(
        kind="funds", why=why, words=words.sentence(why), since=rfc3339(since), payout=None,
        notice=None, finding=None,
    )]  # fmt: skip


def _sign_in() -> AttentionView:
    why = "sign_in_refused"
    return AttentionView(
        kind="sign_in", why=why, words=words.sentence(why), since=None, payout=None, notice=None,
        finding=None,
    )  # fmt: skip


def _payout(payout: Payout, terms: views.Terms) -> AttentionView:
    why = "in_doubted_file" if payout.in_doubt else attention(payout)
    return AttentionView(
        kind="payout", why=why, words=words.sentence(why), since=rfc3339(payout.intent.created_at),
        payout=views.payout(payout, terms), notice=None, finding=None,
    )  # fmt: skip


def _notice(parked: ParkedLetter) -> AttentionView:
    why = "notice_parked"
    return AttentionView(
        kind="notice", why=why, words=words.sentence(why), since=rfc3339(parked.parked_at),
        payout=None, notice=views.parked(parked), finding=None,
    )  # fmt: skip


def _finding(finding: Finding, now: datetime) -> AttentionView:
    told = found.view(finding, now)
    return AttentionView(
        kind="finding", why=told.kind, words=told.words, since=told.found_at, payout=None,
        notice=None, finding=told,
    )  # fmt: skip
