"""Mutants of webhooks, dead letters, people's decisions, cancelling and funding."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    AMOUNT,
    CANCELLED,
    COUNTS_ONCE,
    KEY,
    LOST_REPLY,
    NO_CURE,
    TWO_PEOPLE,
    WEBHOOK,
    WHOLE,
)

HEAR = "chalicelib/usecases/hear.py"
RECEIVE = "chalicelib/usecases/receive.py"
TAKE_IN = "chalicelib/usecases/take_in.py"
REPROCESS = "chalicelib/usecases/reprocess.py"
RESOLVE = "chalicelib/usecases/resolve.py"
CANCEL = "chalicelib/usecases/cancel.py"
FUND = "chalicelib/usecases/fund.py"
CUSTOMERS = "chalicelib/usecases/destinations.py"
T_SEND = "tests/usecases/test_send.py::test_"
T_RECEIVE = "tests/usecases/test_receive.py::test_"
T_REPROCESS = "tests/usecases/test_reprocess.py::test_"
T_RESOLVE = "tests/usecases/test_resolve.py::test_"
T_AGREEMENT = "tests/usecases/test_review_agreement.py::test_"
T_CANCEL = "tests/usecases/test_cancel.py::test_"
T_FUND = "tests/usecases/test_fund.py::test_"
T_UNREADABLE = "tests/usecases/test_review_unreadable.py::test_"
T_CUSTOMERS = "tests/usecases/test_customers.py::test_"

MUTANTS = (
    Mutant(
        "who loses a race takes the news for heard",
        HEAR,
        "            payout = existing(payouts, payout.transaction_id)\n    raise",
        "            return Heard(existing(payouts, payout.transaction_id), changed=False)\n"
        "    raise",
        LOST_REPLY,
        (T_SEND + "hearing_on_an_outdated_payout_reads_again",),
    ),
    Mutant(
        "a webhook is believed without any proof",
        RECEIVE,
        "        inbox.authenticate(headers, raw)\n",
        "        pass\n",
        WEBHOOK,
        (T_RECEIVE + "what_is_not_authentic_is_not_heard",),
        by_simulation=True,
    ),
    Mutant(
        "a webhook is acknowledged that is durable nowhere",
        RECEIVE,
        "        dead_letters.put(replace(letter, error=code_of(error)), delay=FIRST_WAIT)\n",
        "",
        WEBHOOK,
        (T_RECEIVE + "while_the_store_is_down_the_queue_has_the_body",),
        by_simulation=True,
    ),
    Mutant(
        "a webhook is acknowledged although the queue refused it",
        RECEIVE,
        "        dead_letters.put(replace(letter, error=code_of(error)), delay=FIRST_WAIT)\n",
        "        try:\n"
        "            dead_letters.put(replace(letter, error=code_of(error)),"
        " delay=FIRST_WAIT)\n"
        "        except PayoutError:\n"
        '            return "lost"\n',
        WEBHOOK,
        (T_RECEIVE + "with_the_queue_down_too_it_is_asked_for_again",),
    ),
    Mutant(
        "a notice is kept apart from the step that it causes",
        TAKE_IN,
        "heard = hear(payout, news, payouts=payouts, notice=stamped)",
        "heard = hear(payout, news, payouts=payouts)",
        WHOLE,
        (T_RECEIVE + "news_is_heard_and_kept_in_one_write",),
    ),
    Mutant(
        "a contradiction stops nothing",
        TAKE_IN,
        "        hear(payout, alarm, payouts=payouts)\n",
        "",
        NO_CURE,
        (T_RECEIVE + "a_contradiction_is_dead_lettered_and_puts_the_payout_before_a_person",),
    ),
    Mutant(
        "a dead letter that fails again is dropped",
        REPROCESS,
        "    dead_letters.put(tried, delay=wait(tried.attempts))\n",
        "",
        WEBHOOK,
        (T_REPROCESS + "a_letter_waits_longer_each_time",),
        by_simulation=True,
    ),
    Mutant(
        "a dead letter that cannot be parked is dropped",
        REPROCESS,
        "            dead_letters.put(tried, delay=LONGEST_WAIT)\n",
        "",
        WEBHOOK,
        (T_REPROCESS + "what_cannot_be_parked_stays_in_the_queue",),
    ),
    Mutant(
        "who proposed agrees with themselves",
        RESOLVE,
        "{proposal.by, payout.intent.created_by}",
        "{payout.intent.created_by}",
        TWO_PEOPLE,
        (T_RESOLVE + "neither_who_proposed_nor_who_made_it_can_agree",),
    ),
    Mutant(
        "who made a payout agrees to end it",
        RESOLVE,
        "{proposal.by, payout.intent.created_by}",
        "{proposal.by}",
        TWO_PEOPLE,
        (T_RESOLVE + "neither_who_proposed_nor_who_made_it_can_agree",),
    ),
    Mutant(
        "two people decide while a request may be in flight",
        RESOLVE,
        "    if not patience.quarantine_over(payout, clock.now()):\n",
        "    if payout.sent_at is None:\n",
        TWO_PEOPLE,
        (T_RESOLVE + "nothing_is_decided_within_the_quarantine",),
    ),
    Mutant(
        "nobody asks the provider again when two people agree",
        RESOLVE,
        "    news = find(payout, provider=provider, clock=clock, time_left=time_left)\n",
        "    news = None\n",
        TWO_PEOPLE,
        (T_RESOLVE + "what_the_provider_knows_after_all_wins",),
    ),
    Mutant(
        "two people decide on a payout that has moved since",
        RESOLVE,
        "    return payouts.write(advance(payout, event))\n\n\ndef _proposal",
        "    return hear(payout, event, payouts=payouts).payout\n\n\ndef _proposal",
        TWO_PEOPLE,
        (T_RESOLVE + "a_payout_that_moved_while_it_was_looked_at_is_not_decided_upon",),
    ),
    Mutant(
        "another verdict is carried out than was agreed to",
        RESOLVE,
        "    if proposal.verdict != verdict:\n",
        "    if not verdict:\n",
        TWO_PEOPLE,
        (T_AGREEMENT + "agreeing_is_to_the_proposal_that_was_read",),
    ),
    Mutant(
        "what the provider contradicts is cancelled all the same",
        CANCEL,
        "    if payout.needs_person == CONTRADICTION:\n",
        "    if payout.needs_person == CONTRADICTION and not payout:\n",
        CANCELLED,
        (T_CANCEL + "what_the_provider_contradicts_is_not_cancelled",),
    ),
    Mutant(
        "who loses a race looks no more at what they may not decide",
        HEAR,
        "    for _ in range(TRIES):\n        refuses(payout)\n",
        "    refuses(payout)\n    for _ in range(TRIES):\n",
        CANCELLED,
        (T_CANCEL + "nor_is_what_the_provider_contradicts_at_that_moment",),
    ),
    Mutant(
        "a receipt that was entered before is never known again",
        FUND,
        "            if _known(receipt, treasury):\n"
        "                return Outcome.NOTHING_NEW\n"
        "            if treasury.came_back",
        "            if treasury.came_back",
        COUNTS_ONCE,
        (T_FUND + "a_receipt_is_entered_once",),
    ),
    Mutant(
        "another amount under a receipt's id is a repeat",
        FUND,
        "    if before not in {None, receipt.amount}:\n",
        "    if before == receipt.receipt_id:\n",
        AMOUNT,
        (T_UNREADABLE + "a_receipt_of_a_known_id_with_another_amount_is_no_repeat",),
    ),
    Mutant(
        "another credit under the same key passes for the same",
        FUND,
        "    if faults:\n",
        "    if faults and not before:\n",
        COUNTS_ONCE,
        (T_FUND + "the_same_key_for_another_credit_is_refused_naming_the_fields",),
    ),
    Mutant(
        "a key names another payee of the same kind, too",
        CUSTOMERS,
        "customer_id=customer.customer_id) != destination:",
        "customer_id=customer.customer_id).method is not destination.method:",
        KEY,
        (T_CUSTOMERS + "the_same_key_for_another_destination_is_taken",),
    ),
    Mutant(
        "the funds are read after the look for the same credit",
        "chalicelib/usecases/fund.py",
        "        funds = treasury.funds()\n        before = treasury.credit(credit.credit_id)\n",
        "        before = treasury.credit(credit.credit_id)\n        funds = treasury.funds()\n",
        COUNTS_ONCE,
        ("tests/usecases/test_fund.py::test_a_credit_given_between_two_looks_is_a_replay",),
    ),
)
