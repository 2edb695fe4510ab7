"""Files for the bank, on days without the provider: made, given out, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import bank_files as shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import TEXT, Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import Corrupt
from chalicelib.entrance import door
from chalicelib.usecases import bank_doubt, bank_returns, bank_word
from chalicelib.usecases.bank_content import Means
from chalicelib.usecases.bank_file import existing, export

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


def means_of(w: World, time_left: Callable[[], float]) -> Means:
    """What making a file takes."""
    return Means(
        payouts=w.payouts, customers=w.customers, files=w.bank_files, findings=w.findings,
        bank=w.bank, vault=w.vault, clock=w.clock, time_left=time_left,
    )  # fmt: skip


@door("GET /exports", Listing, shapes.BankFilePage)
def list_exports(call: Call[Listing], w: World) -> Reply:
    """List bank files, newest first."""
    some = w.bank_files.page(limit=call.said.limit, position=call.position)
    return call.page([_shown(w, file_id) for file_id in some.items], some.position)


@door("GET /exports/{file_id}", Nothing, shapes.BankFileView)
def show_export(_: Call[Nothing], w: World, file_id: str) -> Reply:
    """Show a bank file, its payouts, and what the format refused of them."""
    return Reply(_shown(w, file_id))


@door("POST /exports/aba", Nothing, shapes.BankFileView, 201, key=Key.REQUIRED)
def make_export(call: Call[Nothing], w: World) -> Reply:
    """Put what waits into a file for the bank, once for each Idempotency-Key."""
    made = export(
        key=call.key, by=call.by, payer=w.payer, calendar=w.calendar,
        means=means_of(w, call.time_left),
    )  # fmt: skip
    return Reply(shapes.bank_file(made.file), replayed=made.replayed)


@door("GET /exports/{file_id}/file", Nothing, None, media_type=TEXT, refuses={409})
def download_export(call: Call[Nothing], w: World, file_id: str) -> Reply:
    """Give out the bytes of a sealed file; it is written first that somebody has them."""
    text = bank_word.give_out(
        file_id,
        by=call.by,
        pauses=w.pauses,
        means=means_of(w, call.time_left),
    )
    name = f'attachment; filename="{file_id}.aba"'
    return Reply(text, headers={"Content-Disposition": name})


def _as_it_is(_: Call[S], w: World, file_id: str) -> Reply:
    return Reply(_shown(w, file_id))


@door("POST /exports/{file_id}/confirm", shapes.TakenByBank, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def confirm_export(call: Call[shapes.TakenByBank], w: World, file_id: str) -> Reply:
    """Say that the bank took the file."""
    return Reply(shapes.bank_file(bank_word.confirm(
        file_id, reference=call.said.bank_reference, by=call.by,
        means=means_of(w, call.time_left),
    )))  # fmt: skip


@door("POST /exports/{file_id}/returns", shapes.ReturnsFile, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is, refuses={422})  # fmt: skip
def hear_export_returns(call: Call[shapes.ReturnsFile], w: World, file_id: str) -> Reply:
    """Hear the bank's file of returns, whole or not at all."""
    return Reply(shapes.bank_file(bank_returns.hear_returns(
        file_id, content=call.said.content, by=call.by, means=means_of(w, call.time_left)
    )))  # fmt: skip


@door("POST /exports/{file_id}/give-up", shapes.GivingUp, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def give_up_export(call: Call[shapes.GivingUp], w: World, file_id: str) -> Reply:
    """Give a file up that the bank will never have, or propose it where somebody has its bytes."""
    return Reply(shapes.bank_file(bank_word.give_up(
        file_id, reason=call.said.reason, by=call.by, means=means_of(w, call.time_left)
    )))  # fmt: skip


@door("POST /exports/{file_id}/give-up/agree", shapes.GivingUp, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def agree_to_give_up_export(call: Call[shapes.GivingUp], w: World, file_id: str) -> Reply:
    """Give a file up that somebody else wants given up, for the reason that was read."""
    return Reply(shapes.bank_file(bank_word.agree_to_give_up(
        file_id, reason=call.said.reason, by=call.by, means=means_of(w, call.time_left)
    )))  # fmt: skip


@door("POST /exports/{file_id}/doubt", shapes.EndOfDoubt, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def propose_end_of_doubt(call: Call[shapes.EndOfDoubt], w: World, file_id: str) -> Reply:
    """Propose, with evidence, what became of a given-up file that there is word of."""
    return Reply(shapes.bank_file(bank_doubt.propose(
        file_id, verdict=call.said.verdict, evidence=call.said.evidence, by=call.by,
        means=means_of(w, call.time_left),
    )))  # fmt: skip


@door("POST /exports/{file_id}/doubt/agree", shapes.EndOfDoubt, shapes.BankFileView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def agree_to_end_of_doubt(call: Call[shapes.EndOfDoubt], w: World, file_id: str) -> Reply:
    """End the doubt of a file as somebody else proposes, for the evidence that was read."""
    return Reply(shapes.bank_file(bank_doubt.agree(
        file_id, verdict=call.said.verdict, evidence=call.said.evidence, by=call.by,
        means=means_of(w, call.time_left),
    )))  # fmt: skip


def _shown(w: World, file_id: str) -> shapes.BankFileView:
    """A file; one that cannot be read says so, and hides no other."""
    try:
        return shapes.bank_file(existing(w.bank_files, file_id))
    except Corrupt:
        return shapes.unreadable(file_id)
