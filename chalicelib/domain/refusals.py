"""The service's own rules saying no: to a check, to an approval, to haste, to a way that is shut.

Branches of the tree in `domain/errors.py`, which draws them.
"""

from __future__ import annotations

from chalicelib.domain.errors import Conflict, Fault, PayoutError, RuleBroken, Stale, Unavailable


class CheckUnderWay(Conflict):
    """A check of the destination goes on, or was passed; each costs money, so there is one."""

    code = "check_under_way"


class CheckNotOpen(Conflict):
    """An account check takes no code as it is; a lock ends by itself, within the hour."""

    code = "check_not_open"


class Paused(Stale):
    """People have stopped all that is like it: it waits until they let it go on."""

    code = "paused"

    def __init__(self) -> None:
        super().__init__("A pause is in force: nothing like it is sent until it ends.")


class SeenChanged(Conflict):
    """What is to be agreed to is not what was seen any more: it has to be looked at again."""

    code = "seen_changed"

    def __init__(self) -> None:
        super().__init__("It is not as it was seen any more: look at it again, then decide.")


class ApprovalLapsed(Conflict):
    """Nobody decided in time: it cannot be agreed to any more."""

    code = "approval_lapsed"

    def __init__(self) -> None:
        super().__init__("The time in which it could be agreed to is over.")


class AlreadyRedrafted(Conflict):
    """A payout has one redraft, ever; that one may have its own."""

    code = "already_redrafted"

    def __init__(self, redraft: str) -> None:
        super().__init__(f"It was redrafted as {redraft}: redraft that one, should it come back.")
        self.redraft = redraft


class BeforeAPerson(Conflict):
    """What is known of a payout is in doubt: until a person has looked, nothing follows from it."""

    code = "before_a_person"

    def __init__(self) -> None:
        super().__init__("What was heard of it is before a person: it cannot be redrafted.")


class OriginalDisputed(Conflict):
    """What a redraft is to replace was, or may be, paid: it is not sent, and can be cancelled."""

    code = "original_disputed"

    def __init__(self) -> None:
        super().__init__("A payout that it is to replace seems to be paid: it is not sent.")


class RailDown(Conflict):
    """Its rail, or the provider, is not tried at present: it goes on waiting where it waits."""

    code = "rail_down"

    def __init__(self) -> None:
        super().__init__("Nothing is sent by its rail at present: it waits.")


class TooManyWait(Unavailable):
    """Nothing is sent at present, and as many wait for that as may: nothing was stored."""

    code = "too_many_wait"
    retry_after = 60


class WrongCode(RuleBroken):
    """It is not the code that came with the cent; `left` is how many more may be tried."""

    code = "wrong_code"

    def __init__(self, left: int) -> None:
        more = "none is left for an hour" if not left else f"{left} left before an hour's lock"
        super().__init__([Fault("/code", self.code, f"is not the code that was sent: {more}")])


class ApproverLimit(RuleBroken):
    """More than one person may agree to within 24 hours; somebody else still may."""

    code = "approver_limit"

    def __init__(self) -> None:
        fault = Fault("", self.code, "is more than you may still agree to within 24 hours")
        super().__init__([fault], "Somebody else has to agree to it, or you later.")


class TooFast(PayoutError):
    """Too many requests of one principal: the same one may be sent again after `wait_ms`.

    `limit` is how many may be sent at once, `window` how many seconds fill an empty bucket, `reset`
    in how many it is full. Nothing was done.
    """

    code = "rate_limited"

    def __init__(self, wait_ms: int, *, limit: int, window: int, reset: int) -> None:
        super().__init__("Too many requests within too short a time.")
        self.wait_ms = wait_ms
        self.limit = limit
        self.window = window
        self.reset = reset

    @property
    def retry_after(self) -> int:
        """Whole seconds, rounded up: after them it is not too fast any more."""
        return -(-self.wait_ms // 1000)
