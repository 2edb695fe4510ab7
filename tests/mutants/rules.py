"""The rules of money, in the words of `tests/test_money_rules.py`, by short names."""

from __future__ import annotations

# No payout is executed twice.
CLAIM = "the claim is stored before the call, and one writer wins it"
OLD_CLAIM = "a claim that has grown old is not acted upon"
LISTED = "only listed codes are refusals; what is not known is unknown"
ASKING = "unknown is resolved by asking, twice over, before anything is sent again"
QUARANTINE = "nothing is sent again within the quarantine, which every sending restarts"
SAME_AGAIN = "it is sent again with the same reference and the same body"
NO_CURE = "what sending again does not cure is a person's"
SECOND = "what a second sending meets proves nothing of the first"
KEY = "the same key is the same payout, for ever"
CRASH = "a crash anywhere pays nothing twice"
# No outcome is guessed.
FINISHED = "a finished status is left only by the news that reopens it"
TWICE_HEARD = "news heard twice, late or in another order changes nothing"
AMOUNT = "another amount never passes for the same"
WINDOW = "a direct credit is complete only when its window shows no return"
TWO_PEOPLE = "two people end what asking cannot, and the provider is asked once more"
DISPUTED = "good news of money given back is disputed"
# No money is lost or made.
WHOLE = "every step is balanced and written whole or not at all"
BELOW_ZERO = "no balance is ever below zero"
GIVEN_BACK = "money is held once and given back at most once"
SUM = "balances are the sum of the postings"
CREDITS = "credits never exceed the funds received"
COUNTS_ONCE = "a receipt and a credit count once"
CANCELLED = "only what was never sent is cancelled"
EXACT = "amounts are exact"
LOST_REPLY = "a lost reply of the store loses and doubles nothing"
TRAIL = "the steps are the trail: chained, and their replay is the payout"
WEBHOOK = "a webhook is believed only with its proof, and acknowledged only when it is durable"
