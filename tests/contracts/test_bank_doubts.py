"""The doubt of a bank file, from its word to its end, over each store, and with replies lost."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.domain.bank_file import Stage
from chalicelib.domain.errors import Conflict, StoreUnavailable
from chalicelib.domain.events import FileVerdict
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import Status
from chalicelib.usecases import bank_doubt
from chalicelib.usecases.bank_file import existing, go_on
from chalicelib.usecases.bank_returns import hear_returns
from chalicelib.usecases.bank_word import agree_to_give_up, give_out, give_up
from tests.contracts.by_file import ACCOUNT, ByFile, file_of, line_of
from tests.contracts.making import balance
from tests.contracts.providers import LONG_ENOUGH

WHY = "It was never uploaded."
ENDS = {
    FileVerdict.DEAD: (Status.QUEUED, Stage.GIVEN_UP, False),
    FileVerdict.PAID: (Status.RETURNED, Stage.TAKEN, True),
}


def again(deed):
    """Done until its reply is heard."""
    with suppress(StoreUnavailable):
        return deed()
    return deed()


@pytest.mark.parametrize("lost", range(5))
@pytest.mark.parametrize("verdict", list(FileVerdict))
def test_a_doubt_is_ended_once_whichever_reply_is_lost(store, verdict, lost):
    side = ByFile(store)
    payout, before = side.a_payout(), balance(store)
    own, means = file_of(payout.transaction_id), side.means
    side.filing.into(own).pay(payout, ACCOUNT, within=LONG_ENOUGH)
    go_on(own, means=means)
    give_out(own, by="alex", pauses=store.pauses, means=means)
    give_up(own, reason=WHY, by="alex", means=means)
    agree_to_give_up(own, reason=WHY, by="kim", means=means)
    told = side.bank.returns(line_of(payout), payout.intent.amount.cents)

    def doubt():
        with pytest.raises(Conflict, match="was given up"):
            again(lambda: hear_returns(own, content=told, by="alex", means=means))

    def say(deed, by):
        return deed(own, verdict=verdict, evidence=WHY, by=by, means=means)

    deeds = [
        doubt,
        lambda: again(lambda: say(bank_doubt.propose, "alex")),
        lambda: again(lambda: say(bank_doubt.agree, "kim")),
        lambda: go_on(own, means=means),
    ]
    for number, deed in enumerate(deeds):
        if number == lost:
            store.lose_replies(1)
        with suppress(StoreUnavailable):
            deed()
    status, stage, back = ENDS[verdict]
    file, after = existing(store.bank_files, own), side.now(payout)
    assert (file.stage, file.doubted, len(file.cleared)) == (stage, False, 1)
    assert (after.status, after.needs_person, after.in_doubt) == (status, "", ())
    assert balance(store) == before + (payout.intent.amount if back else ZERO)
