"""What follows where a payout could not be attended to: a person, or another look later.

Refuses to let that go wrong in its turn: whatever happens, the others are attended to.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import (
    Contradiction,
    Corrupt,
    CustomerStopped,
    PayoutError,
    ProviderUnavailable,
)
from chalicelib.domain.events import Escalated, Unanswered
from chalicelib.domain.refusals import OriginalDisputed
from chalicelib.usecases.ask import POLLER, escalate
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts


def worry(
    payout: Payout, error: Exception, *, payouts: Payouts, clock: Clock, patience: Patience
) -> None:
    """Put a payout before a person that could not be attended to, at once or after too long."""
    with suppress(Exception):
        if _is_lasting(error):
            alarm = Escalated(at=clock.now(), by=POLLER, why=code_of(error))
            payout = hear(payout, alarm, payouts=payouts).payout
        else:
            payout = escalate(payout, payouts=payouts, clock=clock, patience=patience)
    if isinstance(error, ProviderUnavailable):
        # It is due later now, or it would stand before all others in every run.
        unanswered = Unanswered(
            at=clock.now(), by=POLLER, attempt=payout.attempt, file_id=payout.file_id
        )
        with suppress(Exception):
            payouts.write(advance(payout, unanswered))


def _is_lasting(error: Exception) -> bool:
    """Whether it will be so the next time, too."""
    lasting = (Contradiction, CustomerStopped, OriginalDisputed)
    return isinstance(error, lasting) or not isinstance(error, PayoutError)


def code_of(error: Exception) -> str:
    """What a run counts it as."""
    if isinstance(error, PayoutError):
        return error.code
    return "corrupt" if isinstance(error, Corrupt) else "defect"
