"""What goes wrong with one bank file, or one payout in it, costs only that one, and is seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.bank_file import Stage
from chalicelib.domain.errors import Conflict, Corrupt, CustomerStopped, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import Money
from chalicelib.usecases.bank_word import confirm
from tests.usecases.filing import FILE, Otherwise
from tests.usecases.world import ACCOUNT, Between, order

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from tests.usecases.filing import Town

ANOTHER = "another key of a file"


def broken(own: str, error: Exception, *, since: int = 1) -> Any:
    """A method that fails for one id from the so-maniest time on that it is asked for."""
    asked: list[str] = []

    def ask(name: str, *_: object, **__: object) -> None:
        asked.append(name)
        if name == own and asked.count(own) >= since:
            raise error

    return ask


def defect_of(town: Town, number: int = 0) -> Any:
    """A store that fails by our own fault where that payout hears anything but an alarm."""
    own = town.ids[number]

    def write(*steps: Any, **_: object) -> None:
        if steps[-1].after.transaction_id == own and not steps[-1].after.needs_person:
            raise RuntimeError("a defect")

    return Between(town.store.payouts, write=write)


def stuck(town: Town) -> list[tuple[str, str]]:
    found = town.store.findings.page(resolved=False, limit=9, position=None).items
    return [(each.subject, each.detail) for each in found if each.kind is Kind.BANK_FILE_STUCK]


def two_files(town: Town) -> str:
    """Two files with something left to do; the id of the other one."""
    town.seconds_left = 1.0
    town.export()
    other = town.export(ANOTHER).file_id
    town.seconds_left = 3600.0
    return other


def test_a_defect_of_one_file_costs_no_other_its_turn_and_a_person_sees_it(town):
    two_files(town)
    defect = Between(town.files, get=broken(FILE, RuntimeError("a defect")))
    for _ in range(2):
        told = town.go(files=defect)
    assert told["defect"] == 1
    assert town.go(files=defect)["bank_file_Sealed"] == 0, "the other one is done by now"
    assert stuck(town) == [(FILE, "defect")]
    assert FILE in list(town.files.waiting())
    town.go()
    assert town.file.stage is Stage.GIVEN_UP, "the other file had them all"


def test_the_other_one_is_sealed_in_the_same_run(town):
    two_files(town)
    told = town.go(files=Between(town.files, get=broken(FILE, RuntimeError("a defect"))))
    assert (told["defect"], told["bank_file_Sealed"]) == (1, 1)


def test_where_that_cannot_be_told_either_the_others_have_their_turn(town):
    two_files(town)

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    files = Between(town.files, get=broken(FILE, RuntimeError("a defect")))
    told = town.go(files=files, findings=Between(town.store.findings, open=down))
    assert (told["defect"], told["bank_file_Sealed"]) == (1, 1)
    assert stuck(town) == []


def test_what_cannot_be_read_is_before_people_anyway_and_no_finding(town):
    two_files(town)
    town.files.unreadable.add(FILE)
    assert town.go()["corrupt"] == 1
    assert stuck(town) == []


def test_a_defect_of_one_payout_keeps_only_that_one_out_of_the_file(town):
    unseal, first = town.vault.unseal, town.at().intent.destination
    other = town.at(1).intent.destination
    assert first.ciphertext == other.ciphertext, "so it is told by its turn"
    turns: list[int] = []

    def defect(sealed: Any, *, customer_id: str) -> Any:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("a defect")
        return unseal(sealed, customer_id=customer_id)

    town.vault.unseal = defect
    file = town.export()
    assert len(file.lines) == 1
    assert [why for _, why in file.left] == ["not_now"]


def test_and_once_it_is_in_it_out_of_its_bytes(town):
    def get(transaction_id: str) -> Payout | None:
        payout: Payout | None = town.store.payouts.get(transaction_id)
        if transaction_id == town.ids[0] and payout is not None and payout.file_id:
            raise RuntimeError("a defect")
        return payout

    file = town.export(payouts=Otherwise(town.store.payouts, get=get))
    assert dict(file.left) == {town.ids[0]: "unreadable"}
    assert [line.transaction_id for line in file.lines] == town.ids[1:]
    town.go()
    assert town.statuses() == ["Queued", "Sending"]


@pytest.mark.parametrize("turn", [2, 3])
def test_what_does_not_answer_is_asked_again_and_nobody_is_left_out_for_it(town, turn):
    away = broken(town.ids[0], StoreUnavailable("away"), since=turn)
    with pytest.raises(StoreUnavailable):
        town.export(payouts=Between(town.store.payouts, get=away))
    town.go()
    assert town.file.stage is Stage.SEALED
    assert len(town.file.lines) == 2


def test_a_defect_of_one_payout_that_hears_of_its_file_costs_itself_only_and_a_person_sees_it(out):
    out.clock.advance(timedelta(days=1))
    defect = out.means(payouts=defect_of(out))
    file = confirm(FILE, reference="CBA-1", by="alex", means=defect)
    assert not file.settled
    assert defect.trouble == {"defect": 1}
    assert out.statuses() == ["Sending", "Pending"]
    assert [out.at(number).needs_person for number in (0, 1)] == ["defect", ""]
    out.go()
    assert out.statuses() == ["Pending", "Pending"]
    assert out.at().needs_person == ""
    assert out.file.settled


def test_a_run_counts_what_went_wrong_with_single_payouts(out):
    out.seconds_left = 1.0
    out.confirm()
    out.seconds_left = 3600.0
    told = out.go(payouts=defect_of(out))
    assert (told["defect"], told["bank_file_Taken"]) == (1, 1)
    assert out.statuses() == ["Sending", "Pending"]


def test_what_only_does_not_answer_puts_nobody_before_a_person(out):
    out.clock.advance(timedelta(days=1))
    away = Between(out.store.payouts, get=broken(out.ids[0], StoreUnavailable("away")))
    confirm(FILE, reference="CBA-1", by="alex", means=out.means(payouts=away))
    assert out.statuses() == ["Sending", "Pending"]
    assert out.at().needs_person == ""


def unreadable_customer(town: Town, customer_id: str = "customer-1") -> Any:
    return Between(town.store.customers, get=broken(customer_id, Corrupt("a row")))


def test_bytes_are_not_given_while_a_customer_in_them_cannot_be_read(sealed):
    with pytest.raises(Conflict, match="customer in the file cannot be read"):
        sealed.out(customers=unreadable_customer(sealed))
    assert sealed.file.stage is Stage.SEALED
    assert sealed.out()


def with_another_customer(town: Town) -> str:
    """A payout of somebody else that waits as well."""
    town.register("customer-2", destinations=(ACCOUNT,))
    town.credit(Money(1_000), key="another-credit-00", customer_id="customer-2")
    wanted = order("customer-2", amount=Money(1_000))
    own: str = town.request(wanted, key="8" * 16).payout.transaction_id
    return own


def test_a_customer_who_cannot_be_read_keeps_only_their_own_out_of_a_file(town):
    town.deposit(name="N00100000002")
    other = with_another_customer(town)
    file = town.export(customers=unreadable_customer(town))
    assert dict(file.left) == dict.fromkeys(town.ids, "customer_unreadable")
    assert [line.transaction_id for line in file.lines] == [other]
    assert town.out(customers=unreadable_customer(town)).count("\r\n1") == 1


def test_nor_goes_anything_into_a_file_of_a_customer_who_is_not_there(town):
    nobody = Otherwise(town.store.customers, get=lambda _own: None)
    assert dict(town.export(customers=nobody).left) == dict.fromkeys(
        town.ids, "customer_unreadable"
    )


def test_bytes_of_a_customer_who_is_gone_are_given_to_nobody(sealed):
    with pytest.raises(CustomerStopped):
        sealed.out(customers=Otherwise(sealed.store.customers, get=lambda _own: None))
