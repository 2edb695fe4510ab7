"""Files for the bank in the fuzzed world, one for each stage, and files of returns that fit them.

Made by the use cases, each of one payout that waited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.aba import END
from chalicelib.domain.bank_file import Stage, file_id_of
from chalicelib.routes.bank_files import means_of
from chalicelib.usecases.bank_file import export
from chalicelib.usecases.bank_word import confirm, give_out, give_up

if TYPE_CHECKING:
    from typing import Any

    from chalicelib.domain.bank_file import BankFile
    from tests.fuzz.world import World

STAGES = (Stage.SEALED, Stage.OUT, Stage.TAKEN, Stage.GIVEN_UP)


def key_of(stage: Stage) -> str:
    """The key by which the file of a stage was made."""
    return f"a key for the file {stage}"


def add_bank_files(world: World) -> None:
    """One for each stage; the payout of the last one waits again, for the next file."""
    wired: Any = world  # as much of the real world as the door takes
    means = means_of(wired, lambda: 20)
    world.store.gate.close()
    for stage in STAGES:
        world.pay(f"filed {stage}", destination=1, cents=4_200)
        made = export(
            key=key_of(stage), by="the-admin", payer=world.payer, calendar=world.calendar,
            means=means,
        ).file  # fmt: skip
        if stage in {Stage.OUT, Stage.TAKEN}:
            give_out(made.file_id, by="the-admin", pauses=world.pauses, means=means)
        if stage is Stage.TAKEN:
            confirm(made.file_id, reference="CBA-1", by="the-admin", means=means)
        if stage is Stage.GIVEN_UP:
            give_up(made.file_id, reason="The bank was closed.", by="the-admin", means=means)
        if world.bank_files.get(made.file_id).stage is not stage:
            raise AssertionError(f"no file is {stage}")
    world.store.gate.open(by="the-admin")


def file_ids() -> tuple[str, ...]:
    """Their ids."""
    return tuple(file_id_of(key_of(stage)) for stage in STAGES)


def returns_of(world: World) -> tuple[str, ...]:
    """For each file, the bank's file of returns: all of it came back."""
    files = [world.store.state.bank_files[each] for each in file_ids()]
    whole = [_returns(each) for each in files]
    return (*whole, whole[0][:-40], whole[0].replace("7999", "7998"))


def _returns(file: BankFile) -> str:
    user, cents = file.payer.user_id, file.amount.cents
    head = f"0{'':17}01CBA{'':7}{'Example Pty Ltd':26}{user}{'RETURNS':12}020326{'':40}"
    backs = [
        f"2062-000 12345678350{line.amount.cents:010d}{'JO':32}{line.reference:18}"
        f"062-000 12345678{'EXAMPLE':16}02{user}"
        for line in file.lines
    ]
    totals = f"7999-999{'':12}{cents:010d}{cents:010d}{0:010d}{'':24}{len(backs):06d}{'':40}"
    return "".join(row + END for row in (head, *backs, totals))
