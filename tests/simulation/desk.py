"""The desk for what went wrong with webhooks: dead letters before a person, and missing ones.

People here are truthful, too: what is discarded is nonsense, and what they have sent again is what
a finding says is missing.
"""

from __future__ import annotations

import json
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING

from tests.simulation.business import digest_of
from tests.simulation.timeline import HOUR

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.business import Business

MISSING, OF_A_DAY = "webhook_missing", "report#"


class Desk:
    """One person, who looks every few hours while `at_work`."""

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        self.at_work = True
        # What a person had sent again: told of by a finding, and by nothing.
        self.helped: set[int] = set()
        self.unknown: set[int] = set()

    def plan(self, span: float) -> None:
        """Lay out a week: what nobody can apply, a deployment that reads nothing, and the looks."""
        chance, at = self._chance, self._timeline.at
        for number in range(chance.choice([0, 1, 1, 2])):
            at(chance.uniform(HOUR, span * 0.8), partial(self._send_poison, number))
        if chance.random() < 0.4:
            began = chance.uniform(HOUR, span * 0.7)
            at(began, partial(self._deploy_defect, True))
            at(began + chance.choice([1, 5, 20]) * HOUR, partial(self._deploy_defect, False))
        at(chance.uniform(HOUR, 5 * HOUR), self._look)

    def clear(self) -> None:
        """Have every letter heard, and sent again what is known to be missing."""
        for own in self._business.books.tills.open_letters():
            self._business.invoke("api", "redrive", methodcaller("redrive", own))
        self.ask_for_missing()

    def ask_for_missing(self) -> None:
        """Have sent again what the findings say that the provider did not bring."""
        post, missing = self._business.post, set(self._business.missing)
        told = {subject for kind, subject in self._business.books.tills.findings if kind == MISSING}
        for number, each in list(post.sent.items()):
            named = {str(number), OF_A_DAY + post.day_of(each)} & told
            if each.root in missing and named:
                self.helped.add(each.root)
                post.again(number)

    def ask_for_all(self) -> None:
        """Have sent again whatever is missing, known or not."""
        for number in self._business.missing:
            self.unknown.add(number)
            self._business.post.again(number)

    def is_nonsense(self, letter_id: str) -> bool:
        """Whether nobody could ever apply it."""
        row = self._business.books.tills.letters[letter_id]
        return row["notice_key"]["S"].rsplit("#", 1)[-1] in self._business.poison

    def _look(self) -> None:
        if not self.at_work:
            return
        business, chance = self._business, self._chance
        for own in business.books.tills.open_letters():
            verb = "discard" if self.is_nonsense(own) and chance.random() < 0.4 else "redrive"
            for _ in range(1 if chance.random() < 0.8 else 2):
                business.invoke("api", verb, methodcaller(verb, own))
        if chance.random() < 0.5:
            self.ask_for_missing()
        self._timeline.after(chance.uniform(HOUR, 9 * HOUR), self._look)

    def _deploy_defect(self, has: bool) -> None:
        self._business.cannot_read = has

    def _send_poison(self, number: int) -> None:
        lives = sorted(self._business.books.lives)
        reference = f"{self._chance.choice(lives)}-1" if lives else "nobody"
        told = {"UniqueReference": reference, "Status": "Perhaps", "Amount": 1}
        other = {
            "TransactionId": "N1", "Amount": f"{number + 1}.01", "SourceAccountName": "Example",
            "DateTime": "02/03/2026 12:00:00",
        }  # fmt: skip
        parts = {**other, "TransactionId": f"P{number}", "Amount": "1.001"}
        event, raw = self._chance.choice([
            ("NppPaymentStatus", b"<xml/>" + str(number).encode()),
            ("NppPaymentStatus", json.dumps(told).encode()),
            ("NPPReceivePayment", json.dumps(other).encode()),
            ("NPPReceivePayment", json.dumps(parts).encode()),
        ])  # fmt: skip
        self._business.poison.add(digest_of(raw))
        self._business.post.send(event, raw)
