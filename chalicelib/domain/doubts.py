"""Why something is not known, not done, or decided by people: the words that events carry."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """Why we do not know what became of a request to pay."""

    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    SERVER_ERROR = "server_error"
    TOO_MANY_REQUESTS = "too_many_requests"
    NO_ANSWER_RECORDED = "no_answer_recorded"
    # The next two are not cured by sending again: a person resolves them if asking finds nothing.
    REFERENCE_EXISTS = "reference_exists"
    NOT_UNDERSTOOD = "not_understood"


class Hindrance(StrEnum):
    """Why a request to pay certainly never left, or why a payout waits."""

    NO_CONNECTION = "no_connection"
    SIGN_IN_REFUSED = "sign_in_refused"
    OUT_OF_TIME = "out_of_time"
    NOT_VALIDATED = "not_validated"  # nobody could say whether the provider would take it
    FUNDS = "funds"  # the account at the provider does not hold enough yet
    OTHER_RAIL = "other_rail"  # it was refused on the rail before, and goes by another one
    RAIL_DOWN = "rail_down"  # payments by its rail, or by the provider, go wrong at present
    PAUSED = "paused"  # people have stopped all that is like it
    ORIGINAL_IN_DOUBT = "original_in_doubt"  # nobody can say that what it replaces is unpaid


class Verdict(StrEnum):
    """What two people may decide of a payout whose outcome asking could not find."""

    DEAD = "dead"  # it was never executed: the money goes back to the balance
    NEW_REFERENCE = "new_reference"  # it was never executed: pay again under a new reference


class FileVerdict(StrEnum):
    """What two people may decide of a bank file that was given up, and that there is word of."""

    PAID = "paid"  # the bank took it after all: its payouts went out by it
    DEAD = "dead"  # the bank never had it, as was said: its payouts may go out anew
