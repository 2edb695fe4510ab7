"""What of a customer, a payout, a webhook and a dead letter is destroyed, and what proves it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain import asked
from chalicelib.domain.change import Change, What
from chalicelib.domain.customer import Customer, Erasing, Erasure, Hold
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.erasure import (
    certificate,
    certificate_name,
    customer_of,
    erased,
    erasure_of,
    forgotten_customer,
    forgotten_letter,
    forgotten_notice,
    forgotten_payout,
    is_forgotten,
    letter_remembers,
    may_be_forgotten,
    obstacles,
    refuse_naming,
    remembers,
)
from chalicelib.domain.errors import Corrupt, RuleBroken
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.domain.parked import Ending, Fate, ParkedLetter
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.soundness import refuse_more
from tests.domain.making import in_status, sealed

NOW = datetime(2026, 7, 3, 1, 2, 3, 4, tzinfo=UTC)
ASKED = Erasure(Erasing.ASKED, "anna", NOW, "Asked for in writing.")
DONE = erased(ASKED, payouts=2, destinations=1, at=NOW)
WHO = Customer(
    "customer-1", "Jo Citizen", "jo@example.com", NOW, NOW, 3, (sealed(),),
    ((PayoutMethod.PAY_ID, "destination-1"),), Money(5), "asked by the bank",
    (Hold(placed=True, by="anna", at=NOW, reason="Court order 17."),),
    untold=(Change(What.EMAIL, NOW, 3, "jo@example.com"),),
)  # fmt: skip


def personal(status):
    payout = in_status(status)
    intent = replace(
        payout.intent, reference="Rent of Jo", description="Flat 7", remitter_name="Example",
        asked=(("amount", "10.00"), ("reference", "Rent of Jo"), ("description", "Flat 7")),
    )  # fmt: skip
    return replace(payout, intent=intent, error_message="Account of Jo is closed")


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_of_a_payout_texts_and_ciphertext_go_and_all_else_stays(status):
    before = personal(status)
    after = forgotten_payout(before)
    intent = after.intent
    assert may_be_forgotten(before)
    assert intent.destination.ciphertext == b""
    digest = hashlib.sha256(before.intent.destination.ciphertext).hexdigest()
    assert intent.destination.ciphertext_digest == digest
    assert (intent.reference, intent.description, intent.remitter_name) == ("", "", "")
    assert after.error_message == ""
    assert intent.asked == (("amount", "10.00"), ("#reference", ""), ("#description", ""))
    assert intent.digest == before.intent.digest
    masks = ("masked", "masked_name", "kind", "method", "destination_id")
    for name in masks:
        assert getattr(intent.destination, name) == getattr(before.intent.destination, name)
    refuse_more(before, after)
    was = replace(before, intent=intent, error_message="", revision=before.revision + 1)
    assert after == was


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_payout_is_not_forgotten(status):
    assert not may_be_forgotten(in_status(status))


def test_it_is_known_of_a_payout_whether_anything_is_left():
    before = personal(Status.COMPLETED)
    assert remembers(before)
    after = forgotten_payout(before)
    assert not remembers(after)
    assert replace(forgotten_payout(after), revision=after.revision) == after
    for name in ("reference", "description", "remitter_name"):
        again: dict[str, Any] = {name: "x"}
        assert remembers(replace(after, intent=replace(after.intent, **again)))
    assert remembers(replace(after, error_message="x"))


def test_no_replay_differs_by_what_is_forgotten_and_all_else_is_told():
    told = (("amount", "10.00"), ("reference", "Rent"), ("rail", ""))
    own = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
    for kept in (told, asked.digested(own, told)):
        gone = asked.forgotten(kept, {"reference"})
        assert "Rent" not in repr(gone)
        assert asked.differing(own, gone, told) == []
        other = (("amount", "11.00"), ("reference", "x"), ("rail", "NPP"))
        assert asked.differing(own, gone, other) == ["amount", "rail"]
        assert asked.forgotten(gone, {"reference"}) == gone


def test_a_replay_is_still_told_from_another_order_where_nothing_is_forgotten():
    told = (("reference", "Rent"),)
    assert asked.differing("id", told, (("reference", "x"),)) == ["reference"]
    assert asked.differing("id", (), told) == ["reference"]


def test_of_a_customer_name_e_mail_destinations_and_reasons_go():
    after = forgotten_customer(WHO, DONE)
    assert (after.name, after.email, after.defaults, after.untold) == ("", "", (), ())
    assert [each.ciphertext for each in after.destinations] == [b""]
    assert [each.masked for each in after.destinations] == [sealed().masked]
    assert after.holds == (Hold(placed=True, by="anna", at=NOW),)
    assert (after.available, after.stopped) == (WHO.available, WHO.stopped)
    assert after.erased
    assert after.erasure == DONE
    assert forgotten_customer(after, DONE) == after


def test_it_is_known_of_a_customer_whether_anything_is_left_whatever_the_row_says():
    assert not is_forgotten(WHO)
    assert not is_forgotten(replace(WHO, erasure=DONE))
    assert is_forgotten(forgotten_customer(WHO, DONE))


def test_of_a_webhook_and_a_dead_letter_the_bodies_go_and_what_people_wrote():
    notice = Notice("k", "NppReturn", "7", NOW, b"{}", reference="x-1", outcome="heard")
    assert forgotten_notice(notice) == replace(notice, raw=b"")
    ending = Ending(Fate.DISCARDED, "anna", NOW, reason="Jo called.")
    letter = ParkedLetter(
        "k", DeadLetter("NppReturn", "7", b"{}", NOW, "contradiction"), NOW, 4,
        ending=ending, earlier=(ending,),
    )  # fmt: skip
    after = forgotten_letter(letter)
    assert letter_remembers(letter)
    assert not letter_remembers(after)
    assert after.ending is not None
    assert (after.letter.raw, after.ending.reason, after.earlier[0].reason) == (b"", "", "")
    assert (after.version, after.ending.by, after.ending.at) == (5, "anna", NOW)
    assert forgotten_letter(replace(letter, ending=None)).ending is None


def codes(*told):
    return [each.code for each in obstacles(*told)]


def test_everything_in_the_way_has_a_code_and_ids():
    calm = replace(WHO, holds=(), available=Money(0), stopped="")
    assert codes(calm, [], [], []) == []
    assert codes(replace(calm, holds=WHO.holds), [], [], []) == ["legal_hold"]
    assert codes(replace(calm, available=Money(1)), [], [], []) == ["balance_not_zero"]
    assert codes(replace(calm, available=Money(-1)), [], [], []) == ["balance_not_zero"]
    assert codes(calm, ["a"], [], []) == ["open_payouts"]
    assert codes(calm, [], ["a"], []) == []
    assert codes(replace(calm, stopped="disputed"), [], ["a"], []) == ["disputed_payouts"]
    assert codes(calm, [], [], ["a"]) == ["open_dead_letters"]
    assert codes(calm, [], [], [], ["a"]) == ["open_credits"]
    many = [str(number) for number in range(13)]
    (fault,) = obstacles(calm, many, [], [])
    assert fault.detail == "13: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 3 more"
    lifted = (*WHO.holds, Hold(placed=False, by="anna", at=NOW))
    assert codes(replace(calm, holds=lifted), [], [], []) == []


def test_a_certificate_is_canonical_and_says_nothing_that_anybody_wrote():
    content = certificate("customer-1", DONE)
    assert content == certificate("customer-1", replace(DONE, reason="Other", certificate="x"))
    told = json.loads(content)
    assert content == json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert b"writing" not in content
    with pytest.raises(ValueError, match="before it is done"):
        certificate("customer-1", ASKED)


def test_a_certificate_is_read_again():
    name = certificate_name("customer-1")
    assert name == "erasures/customer-1.json"
    assert customer_of(name) == "customer-1"
    content = certificate("customer-1", DONE)
    digest = hashlib.sha256(content).hexdigest()
    assert erasure_of(name, content) == replace(DONE, reason="", certificate=digest)
    for bad in (None, b"", b"[]", b"{}", b'{"customer_id": "customer-1"}', b"\xff"):
        with pytest.raises(Corrupt):
            erasure_of(name, bad)
    with pytest.raises(Corrupt):
        erasure_of(certificate_name("customer-2"), content)


@pytest.mark.parametrize("reason", ["Quill asked.", "bárt asked", "BART", "For Æsop-Quill"])
def test_a_reason_must_not_have_a_part_of_a_name_in_it_however_it_is_written(reason: str):
    named = replace(WHO, name="Bart Quill-Ng")
    with pytest.raises(RuleBroken):
        refuse_naming(reason, named)
    refuse_naming("As Ng wished: quilling ended.", named)
