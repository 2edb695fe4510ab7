"""A night's attestation can be verified at the door, by everybody who may look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.attestation import fingerprint_of
from tests.api.making import pay

DAY = timedelta(days=1)
PATH = "/reconciliations/2026-03-02/verification"


@pytest.fixture
def paid(api, house):
    """Three payouts of the second of March, whose night is over."""
    house.customer()
    paid = sorted(pay(api) for _ in range(3))
    house.clock.advance(DAY)
    answer = api.post("/reconciliations", {"date": "2026-03-02"})
    assert answer.json["stage"] == "done", answer.text
    return paid


@pytest.mark.usefixtures("paid")
def test_a_night_that_nobody_touched_holds(api, house):
    told = api.get(PATH, role="viewer").json
    assert (told["date"], told["holds"], told["broken"]) == ("2026-03-02", True, None)
    assert (told["payouts_checked"], told["payouts_attested"]) == (3, 3)
    assert told["key_fingerprint"] == fingerprint_of(house.signer.public_key())
    assert (told["follows"], told["next_cursor"]) == (None, None)


@pytest.mark.usefixtures("paid")
def test_it_is_gone_through_page_by_page(api):
    checked, cursor = 0, ""
    for _ in range(2):
        told = api.get(f"{PATH}?limit=2{cursor}").json
        checked += told["payouts_checked"]
        cursor = f"&cursor={told['next_cursor']}"
    assert (checked, told["next_cursor"]) == (3, None)
    assert api.get(f"{PATH}?limit=2{cursor}").status == 400


def test_the_first_broken_link_is_named(api, house, paid):
    steps = house.store.state.steps
    for own in paid[1:]:
        steps[own][1] = replace(steps[own][1], hash="00")
    told = api.get(PATH).json
    assert told["holds"] is False
    assert told["broken"]["where"] == f"payout {paid[1]}, step 2"
    assert "it was changed" in told["broken"]["what"]
    assert (told["payouts_checked"], told["next_cursor"]) == (1, None)
    del house.store.state.payouts[paid[0]]
    assert api.get(PATH).json["broken"]["where"] == f"payout {paid[0]}"


@pytest.mark.usefixtures("paid")
def test_an_attestation_that_cannot_be_read_is_told_as_broken(api, house):
    house.archive.objects["nights/2026-03-02/attestation.json"] = b"{}"
    told = api.get(PATH).json
    assert told["broken"]["where"] == "nights/2026-03-02/attestation.json"
    assert (told["root"], told["payouts_attested"], told["signed_at"]) == (None, None, None)


@pytest.mark.usefixtures("paid")
def test_a_night_that_is_not_attested_is_not_there(api):
    for date in ("2026-03-03", "2026-02-30", "today"):
        assert api.get(f"/reconciliations/{date}/verification").status == 404


@pytest.mark.usefixtures("paid")
def test_where_the_archive_does_not_answer_nothing_is_said_to_be_broken(api, house):
    house.archive.down = True
    answer = api.get(PATH)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
