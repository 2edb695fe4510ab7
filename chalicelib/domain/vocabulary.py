"""What may be kept of a text that a bank wrote: the words of its trade, and nothing else.

A bank may write a name or an account into its reason. Whatever is not one of these words becomes a
mark, so that nothing personal can be in what is left, and no list of names is needed to see to it.
"""

from __future__ import annotations

import re
from functools import cache

from chalicelib.domain.reason_texts import SAYING_NOTHING, TEXTS
from chalicelib.domain.reasons import normalised

LONGEST = 80
# For a word that is none of the trade, and for anything with a digit in it.
WORD, NUMBER = "…", "#"

# Beyond the words of the phrases that are known already. No word that is also a name of people.
_MORE = """
a able about accept accepted access acct additional address after again age agency agreement alias
all allowed already also amount an and another any are as at attempt authorisation authorised
authority available balance bank banking banks batch because becs been before being beneficiary
between block body branch business but by call called can cancel cancelled cannot card cease
ceased change changed check claim clearing code complete completed confirm confirmed contact
corporate could country court credit credited creditor creditors currency customer customers daily
data date days deactivated dead debit debited debtor deceased declined delayed deleted denied
deregistered destination detail details did different digit digits direct disabled dispute
disputed do does domestic due duplicate each early electronic email enabled end ended entity entry
error estate ever exceeded exceeds exist existing exists expired explanation failed failure fee
field file final financial first following for format found from full funds given had has have
held high hold holder how id identification identifier if in inactive incoming incomplete
incorrect individual information initiated institution instruction insufficient internal into
invalid investigation is issue it item its joint later law ledger legal length less limit listed
loan locked longer lost low maintenance mandate match matched maximum merged message minimum
mismatch missing mistake mobile month more must name names narrative network new no non none not
notice npp null number of on once one only open operation order organisation origin original
originator other our out outside over own paid participant partner party pay payee payees payer
payid payment payments pending per permission permitted person personal phone please policy posted
present prevented previous prior process processed processing product prohibited provided provider
purpose query reached reason reasons receive received receiver receiving recipient record refer
reference refund refused registered registration regulatory reject rejected rejection remitter
report request requested require required restricted result return returned returning returns
reversal reversed review risk rule same sanction savings scheme screening second secure see send
sender sending sent service set settlement should since source special specified state status
still stop stopped suspect suspected suspended system target technical temporarily term terminated
that the their them then there they this through time to today token too total transaction
transactions transfer transferred trust type unable unauthorised unavailable under unexpected
unknown unpaid unreachable unsuccessful unsupported until up us use used user valid validation
value verification verified via violation waiting was we were when where which who whose window
with withdrawn within without written wrong year you your
"""


def masked(text: str) -> str:
    """What may be kept of a text: at most 80 characters; the same for texts of one pattern."""
    kept: list[str] = []
    for mark in map(_mark, normalised(_spaced(text)).split()):
        if mark not in {WORD, NUMBER} or kept[-1:] != [mark]:
            kept.append(mark)
    while len(" ".join(kept)) > LONGEST:
        del kept[-1]
    return " ".join(kept)


def _mark(word: str) -> str:
    if word in vocabulary():
        return word
    return NUMBER if any(letter.isdigit() for letter in word) else WORD


def _spaced(text: str) -> str:
    """A code of the provider's, `LikeThisOne`, as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)


@cache
def vocabulary() -> frozenset[str]:
    """Every word that may be kept."""
    texts = [*TEXTS.values(), *SAYING_NOTHING.values(), (_MORE,)]
    return frozenset(word for those in texts for text in those for word in text.split())
