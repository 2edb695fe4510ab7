"""Mutants of how a payout is asked for, claimed, sent, asked about and sent again."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    AMOUNT,
    ASKING,
    CLAIM,
    CRASH,
    KEY,
    NO_CURE,
    OLD_CLAIM,
    QUARANTINE,
    WINDOW,
)

REQUEST = "chalicelib/usecases/request.py"
SEND = "chalicelib/usecases/send.py"
ASK = "chalicelib/usecases/ask.py"
POLL = "chalicelib/usecases/poll.py"
T_REQUEST = "tests/usecases/test_request.py::test_"
T_REQUEST_AGAIN = "tests/usecases/test_request_again.py::test_"
T_SEND = "tests/usecases/test_send.py::test_"
T_POLL = "tests/usecases/test_poll.py::test_"
T_DEAD_ATTEMPTS = "tests/usecases/test_review_dead_attempts.py::test_"
T_ASK = "tests/usecases/test_ask.py::test_"
T_RESEND = "tests/usecases/test_resend.py::test_"
T_AGREEMENT = "tests/usecases/test_review_agreement.py::test_"
T_UNREADABLE = "tests/usecases/test_review_unreadable.py::test_"
T_CRASHES = "tests/usecases/test_crashes.py::test_"
T_WINDOW = "tests/usecases/test_window.py::test_"

MUTANTS = (
    Mutant(
        "a payment goes out before it is stored",
        REQUEST,
        "        written = payouts.write(first, advance(first.after, second), claims=claims)\n",
        "        if not opening.gate_closed:\n"
        "            early = advance(first.after, second).after\n"
        "            provider.pay(early, plan.destination, within=time_left())\n"
        "        written = payouts.write(first, advance(first.after, second), claims=claims)\n",
        CLAIM,
        (T_REQUEST + "when_the_reply_to_the_claim_is_lost_nothing_is_sent_until_it_was_asked_for",),
        by_simulation=True,
    ),
    Mutant(
        "a replay of the key is sent once more",
        REQUEST,
        "            return _replay(opening.payout, order, by)\n        claimed_at",
        "            again = _replay(opening.payout, order, by).payout\n"
        "            sealed, owner = again.intent.destination, again.intent.customer_id\n"
        "            provider.pay(again, vault.unseal(sealed, customer_id=owner), within=20.0)\n"
        "            return Placed(again, replayed=True)\n        claimed_at",
        KEY,
        (T_REQUEST_AGAIN + "the_same_key_finds_the_same_payout_as_it_is_now",),
        by_simulation=True,
    ),
    Mutant(
        "a replay with another body finds the payout",
        REQUEST,
        "    if differing:\n",
        "    if differing and not order:\n",
        KEY,
        (T_REQUEST_AGAIN + "the_same_key_with_another_body_is_refused_naming_the_fields",),
        by_simulation=True,
    ),
    Mutant(
        "a key is whoever's",
        REQUEST,
        "    if payout.intent.created_by != by:\n",
        "    if not payout.intent.created_by:\n",
        KEY,
        (T_REQUEST_AGAIN + "another_principals_key_is_taken_and_tells_nothing_of_the_payout",),
    ),
    Mutant(
        "who loses the race of a key is told that the money is missing",
        REQUEST,
        "            if winner is not None:\n",
        "            if winner is not None and not isinstance(refused, RuleBroken):\n",
        KEY,
        (T_REQUEST_AGAIN + "whoever_reads_the_balance_after_the_same_key_took_it_is_not_refused",),
    ),
    Mutant(
        "a payout is sent on a claim that was never stored",
        SEND,
        "payouts.write(advance(payout, Started(at=now, by=by, claim_id=clock.new_id())))",
        "advance(payout, Started(at=now, by=by, claim_id=clock.new_id())).after",
        CLAIM,
        (T_SEND + "who_loses_the_claim_does_not_pay",),
    ),
    Mutant(
        "it is sent again on a claim that was never stored",
        SEND,
        "claimed = payouts.write(asked, again)",
        "claimed = again.after",
        CLAIM,
        (T_POLL + "two_pollers_at_once_send_again_once",),
    ),
    Mutant(
        "a claim does not grow old",
        SEND,
        "    until = claimed_at + CLAIM_LIFE\n",
        "    until = clock.monotonic() + CLAIM_LIFE\n",
        OLD_CLAIM,
        (T_SEND + "a_claim_that_has_grown_old_is_not_acted_upon",),
    ),
    Mutant(
        "the age of a claim counts from when it was stored",
        SEND,
        "        claimed, destination, claimed_at=claimed_at,\n",
        "        claimed, destination, claimed_at=clock.monotonic(),\n",
        OLD_CLAIM,
        (T_SEND + "a_claim_that_has_grown_old_is_not_acted_upon",),
    ),
    Mutant(
        "the age of a request's claim counts from when it was stored",
        REQUEST,
        "            written, plan.destination, claimed_at=claimed_at,\n",
        "            written, plan.destination, claimed_at=clock.monotonic(),\n",
        OLD_CLAIM,
        (T_SEND + "the_age_of_a_claim_in_a_request_counts_from_before_the_claim",),
    ),
    Mutant(
        "without any time left it is sent all the same",
        SEND,
        "    if news is None and within > 0:\n",
        "    if news is None and within is not None:\n",
        OLD_CLAIM,
        (T_SEND + "without_time_nothing_is_sent",),
    ),
    Mutant(
        "what met no answer is sent again at once",
        SEND,
        "        news = provider.pay(claimed, destination, within=within)\n",
        "        news = provider.pay(claimed, destination, within=within)\n"
        '        if type(news).__name__ == "Unclear":\n'
        "            news = provider.pay(claimed, destination, within=within)\n",
        ASKING,
        (T_SEND + "a_time_out_is_an_event_and_no_error",),
        by_simulation=True,
    ),
    Mutant(
        "what the provider contradicts is sent all the same",
        SEND,
        "    if payout.needs_person == CONTRADICTION:\n",
        "    if payout.needs_person == CONTRADICTION and not by:\n",
        NO_CURE,
        (T_DEAD_ATTEMPTS + "what_was_contradicted_and_never_left_is_neither_due_nor_sent",),
    ),
    Mutant(
        "the account is not read before a payout counts as not found",
        ASK,
        "    lines = account_lines(\n"
        "        payout, provider=provider, clock=clock, time_left=time_left, until=until\n"
        "    )  # fmt: skip\n"
        "    back = total(line.",
        "    lines: list[AccountEntry] = []\n    back = total(line.",
        ASKING,
        (T_ASK + "what_only_the_accounts_transactions_show_is_found",),
    ),
    Mutant(
        "the status is not asked before a payout counts as not found",
        ASK,
        "    news = known or provider.status(payout, within=min(time_left(), LONGEST_QUESTION))\n",
        "    news = known\n",
        ASKING,
        (T_RESEND + "one_of_the_two_questions_alone_is_not_enough",),
        by_simulation=True,
    ),
    Mutant(
        "a provider that cannot be asked knows nothing",
        ASK,
        "    news = known or provider.status(payout, within=min(time_left(), LONGEST_QUESTION))\n",
        "    try:\n"
        "        within = min(time_left(), LONGEST_QUESTION)\n"
        "        news = known or provider.status(payout, within=within)\n"
        "    except ProviderUnavailable:\n"
        "        return None\n",
        ASKING,
        (T_RESEND + "without_an_answer_to_the_question_nothing_is_sent_again",),
    ),
    Mutant(
        "lines of the account that are another payout's count as ours",
        ASK,
        "if line.reference == payout.unique_reference]",
        "if line.reference]",
        ASKING,
        (T_ASK + "another_payouts_transactions_are_not_ours",),
        by_simulation=True,
    ),
    Mutant(
        "only the days since the last sending are read",
        ASK,
        "    first = sydney_date(payout.intent.created_at) - timedelta(days=1)\n",
        "    first = sydney_date(payout.sent_at or payout.intent.created_at)\n",
        ASKING,
        (T_AGREEMENT + "nobody_releases_what_the_ledger_shows_on_the_day_of_the_first_sending",),
    ),
    Mutant(
        "a return whose amount nobody knows is of all of it",
        ASK,
        "if news is not None and not (isinstance(news, Returned) and news.amount is None):",
        "if news is not None:",
        AMOUNT,
        (T_UNREADABLE + "a_dishonour_without_amount_is_not_taken_for_all_of_it",),
    ),
    Mutant(
        "a claim that nobody answered for is put back in the queue",
        ASK,
        "        doubt = Unclear(at=now, by=POLLER, attempt=payout.attempt,"
        " doubt=Doubt.NO_ANSWER_RECORDED)\n",
        "        from chalicelib.domain.events import Hindrance, NeverSent\n"
        "        why = Hindrance.OUT_OF_TIME\n"
        "        doubt = NeverSent(at=now, by=POLLER, attempt=payout.attempt, reason=why)\n",
        CRASH,
        (T_CRASHES + "a_cut_anywhere_pays_nothing_twice_and_loses_nothing",),
    ),
    Mutant(
        "a window closes although money came back in it",
        ASK,
        "    if back:\n        event = Returned",
        "    if back and not lines:\n        event = Returned",
        WINDOW,
        (T_WINDOW + "a_dishonour_that_no_webhook_told_is_found_at_the_end_of_the_window",),
    ),
    Mutant(
        "a window closes without its sending in the account",
        ASK,
        "    elif any(entry.debit for entry in lines):\n",
        "    elif not back:\n",
        WINDOW,
        (
            T_WINDOW
            + "a_direct_credit_that_the_account_does_not_show_stays_open_until_a_person_looks",
        ),
    ),
    Mutant(
        "a window closes without anybody reading the account",
        ASK,
        "    lines = account_lines(payout, provider=provider, clock=clock,"
        " time_left=time_left)\n"
        "    now = clock.now()\n",
        "    now = clock.now()\n"
        "    closed = WindowClosed(at=now, by=POLLER, attempt=payout.attempt)\n"
        "    if now > payout.updated_at:\n"
        "        return hear(payout, closed, payouts=payouts).payout\n"
        "    lines = account_lines(payout, provider=provider, clock=clock,"
        " time_left=time_left)\n",
        WINDOW,
        (T_WINDOW + "days_that_cannot_be_read_complete_nothing",),
    ),
    Mutant(
        "a window is held against lines that were read before it was over",
        ASK,
        "asked = (first, last, sydney_date(self._clock.now()))",
        "asked = (first, last, first)",
        WINDOW,
        (T_WINDOW + "what_was_read_before_a_midnight_is_read_again_after_it",),
    ),
    Mutant(
        "the poller knows no quarantine",
        POLL,
        "again = self.patience.may_send_again(payout, self.clock.now())",
        "again = payout.status is Status.UNCONFIRMED",
        QUARANTINE,
        (T_RESEND + "not_found_is_noted_and_asked_again_until_the_quarantine_is_over",),
        by_simulation=True,
    ),
    Mutant(
        "what was found is sent again once the quarantine is over",
        POLL,
        "if news is None and again and",
        "if again and",
        ASKING,
        (T_RESEND + "what_was_missed_before_is_looked_for_once_more_before_it_is_sent_again",),
    ),
    Mutant(
        "what the look-up of a day lacks was not found",
        POLL,
        "        news = find(\n"
        "            payout, provider=self.provider, clock=self.clock, time_left=self.time_left,\n"
        "            known=self.known.get(payout.unique_reference),\n"
        "        )  # fmt: skip\n",
        "        news = self.known.get(payout.unique_reference)\n",
        ASKING,
        (T_POLL + "what_the_look_up_of_a_day_lacks_is_asked_for_by_itself",),
        by_simulation=True,
    ),
    Mutant(
        "the index of open work is believed",
        "chalicelib/usecases/due.py",
        "        if payout is None or due is None or due > clock.now():\n",
        "        if payout is None:\n",
        OLD_CLAIM,
        (T_POLL + "an_index_that_lags_makes_nothing_due_that_is_not",),
    ),
    Mutant(
        "who lacks the money that the same key has taken is refused",
        REQUEST,
        "        except (NotFound, Conflict, RuleBroken, TooFast) as refused:\n",
        "        except (NotFound, Conflict, TooFast) as refused:\n",
        KEY,
        (T_REQUEST_AGAIN + "whoever_reads_the_balance_after_the_same_key_took_it_is_not_refused",),
    ),
)
