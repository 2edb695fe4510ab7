"""Reasons that are ours or the provider's, in plain words: refusals, waiting, doubt.

What is in doubt may never be tried again from here: that is decided by asking, and by two people.
"""

from __future__ import annotations

from chalicelib.domain.meaning import Meaning, Turn

_SOON = "Your payment is on its way. It takes a little longer than usual."
_LOOKING = "We are looking into this payment and will be in touch."
_STOPPED = "We did not make this payment. We will be in touch."
_OURS = "We could not make this payment, for a reason on our side. We will make it again."

OF_OURS: tuple[Meaning, ...] = (
    # How it ended, where nothing more is known.
    Meaning(
        name="rejected", turn=Turn.STAFF,
        what="The payee's bank did not take it, for a reason that is not told or not known here.",
        ask="Ask whether the account, or PayID, is right and open.",
        say="Your bank did not take our payment. Please check the account that we have for you.",
    ),
    Meaning(
        name="returned", turn=Turn.STAFF,
        what="The money came back, for a reason that is not told or not known here.",
        ask="Ask whether the account, or PayID, is right and open.",
        say="Our payment came back to us. Please check the account that we have for you.",
    ),
    Meaning(
        name="failed", turn=Turn.STAFF,
        what="It was not paid, for a reason that is not known here.",
        say=_OURS,
    ),
    Meaning(
        name="declared_dead", turn=Turn.STAFF, may_retry=True, other_rail_safe=True,
        what="Two people agreed, on evidence, that it was never executed.",
        say=_OURS,
    ),
    Meaning(
        name="declined", turn=Turn.STAFF,
        what="Somebody who had to agree to it said no. Nothing was sent.",
        say=_STOPPED,
    ),
    Meaning(
        name="approval_lapsed", turn=Turn.STAFF, may_retry=True, other_rail_safe=True,
        what="Nobody who has to agree to it decided in time. Nothing was sent.",
        say=_OURS,
    ),
    # What the provider refuses before anything leaves.
    Meaning(
        name="amount_refused", turn=Turn.STAFF,
        what="The provider does not take the amount as it was written: a fault of ours.",
        say=_OURS,
    ),
    Meaning(
        name="over_providers_limit", turn=Turn.STAFF,
        what="The amount is more than the provider lets us pay at once.",
        say="We could not make this payment in one go. We will be in touch.",
    ),
    Meaning(
        name="request_refused", turn=Turn.STAFF,
        what="The provider does not take the request as it was written: a fault of ours.",
        say=_OURS,
    ),
    Meaning(
        name="account_not_ours", turn=Turn.STAFF,
        what="The provider does not let us pay from the account that is configured.",
        say=_OURS,
    ),
    Meaning(
        name="destination_blocked", turn=Turn.STAFF,
        what="The provider blocks payments to that account. Ask it why, before anything else.",
        say="We could not make this payment. We will be in touch.",
    ),
    # Why it waits.
    Meaning(
        name="awaiting_approval", turn=Turn.STAFF,
        what="Other people have to agree to it before it is sent.",
        say="Your payment is being checked. It goes out once that is done.",
    ),
    Meaning(
        name="funds", turn=Turn.NOBODY,
        what="The account at the provider does not hold enough; it goes out when money arrives.",
        say=_SOON,
    ),
    Meaning(
        name="insufficient_funds", turn=Turn.CUSTOMER,
        what="The customer's balance does not hold the amount; nothing was set aside.",
        say="Your balance does not hold that amount.",
    ),
    Meaning(
        name="no_connection", turn=Turn.NOBODY,
        what="The provider could not be reached; it is tried again by itself.",
        say=_SOON,
    ),
    Meaning(
        name="rail_down", turn=Turn.NOBODY,
        what="Its rail, or the provider, takes no payments at present; it goes out by itself.",
        say=_SOON,
    ),
    Meaning(
        name="out_of_time", turn=Turn.NOBODY,
        what="There was no time left to send it safely; it is tried again by itself.",
        say=_SOON,
    ),
    Meaning(
        name="other_rail", turn=Turn.NOBODY,
        what="The provider refused it on one rail; it goes out by another one, by itself.",
        say=_SOON,
    ),
    Meaning(
        name="not_validated", turn=Turn.NOBODY,
        what="The provider did not say whether it would take it; it is asked again by itself.",
        say=_SOON,
    ),
    Meaning(
        name="sign_in_refused", turn=Turn.STAFF,
        what="The provider refused our key: nothing goes out until it is put right.",
        say=_SOON,
    ),
    Meaning(
        name="customer_stopped", turn=Turn.STAFF,
        what="The customer's payouts are stopped; it is not sent until they go on.",
        say=_LOOKING,
    ),
    Meaning(
        name="original_disputed", turn=Turn.STAFF,
        what="The payout that it is to replace seems to be paid: it is not sent; cancel it if so.",
        say=_LOOKING,
    ),
    Meaning(
        name="original_in_doubt", turn=Turn.NOBODY,
        what="Whether what it replaces is unpaid is not certain now; it is asked again by itself.",
        say=_SOON,
    ),
    Meaning(
        name="paused", turn=Turn.STAFF,
        what="People have paused all that is like it; it is not sent until that ends.",
        say=_SOON,
    ),
    Meaning(
        name="held", turn=Turn.STAFF,
        what="A person keeps it back; it is not sent until the hold is lifted.",
        say=_LOOKING,
    ),
    # What is not known, or does not agree.
    Meaning(
        name="unconfirmed", turn=Turn.NOBODY,
        what="It may or may not have been paid; the provider is asked until it is known.",
        say=_SOON,
    ),
    Meaning(
        name="reference_exists", turn=Turn.STAFF,
        what="The provider says that it knows the reference, and does not find it.",
        say=_LOOKING,
    ),
    Meaning(
        name="not_found", turn=Turn.STAFF,
        what="The provider knows no payment of that reference.",
        say=_LOOKING,
    ),
    Meaning(
        name="not_understood", turn=Turn.STAFF,
        what="The provider's answer was not understood: whether it was paid is not known.",
        say=_LOOKING,
    ),
    Meaning(
        name="refused_when_in_doubt", turn=Turn.STAFF,
        what="A second sending was refused, which proves nothing about the first.",
        say=_LOOKING,
    ),
    Meaning(
        name="sent_often_and_not_found", turn=Turn.STAFF,
        what="It was sent several times, and the provider does not find it.",
        say=_LOOKING,
    ),
    Meaning(
        name="accepted_and_not_found", turn=Turn.PROVIDER,
        what="The provider took it, and does not find it any more: it has to say where it is.",
        say=_LOOKING,
    ),
    Meaning(
        name="open_too_long", turn=Turn.STAFF,
        what="It has been open for too long.",
        say=_LOOKING,
    ),
    Meaning(
        name="resolution_proposed", turn=Turn.STAFF,
        what="A verdict was proposed: a second person has to agree or to dismiss it.",
        say=_LOOKING,
    ),
    Meaning(
        name="contradiction", turn=Turn.STAFF,
        what="News came in that cannot be true together with what is known.",
        say=_LOOKING,
    ),
    Meaning(
        name="disputed", turn=Turn.STAFF,
        what="What was heard of it cannot all be true; perhaps two have the money.",
        say=_LOOKING,
    ),
    Meaning(
        name="corrupt", turn=Turn.STAFF,
        what="What is stored of it fails its own proof.",
        say=_LOOKING,
    ),
    Meaning(
        name="defect", turn=Turn.STAFF,
        what="Looking after it failed, and the fault is ours.",
        say=_LOOKING,
    ),
    Meaning(
        name="needs_person", turn=Turn.STAFF,
        what="It waits for a person.",
        say=_LOOKING,
    ),
)  # fmt: skip
