"""The runbook's way back from a lost table: restored, nobody is paid twice, nobody is remembered.

Point-in-time recovery is the engine's, which copies a table as it is then; the service is the app's
own, beside the simulated provider, which goes on knowing what the tables have forgotten.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.usecases.customers import Profile, register
from local.keep_erased import again
from tests.contracts.stores import client_of, make_tables
from tests.gameday.town import Town
from tests.local.monoova_bench import listening, simulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud import Cloud
    from tests.api.client import Answer

NAMES = ("TRANSACTIONS", "CUSTOMERS", "EVENTS", "CONTROL")
FORGOTTEN = str(uuid.UUID(int=2))


def restored(client: Any, names: Mapping[str, str]) -> dict[str, str]:
    """Copies of the tables as they are now, by the same settings."""
    copies = {setting: f"{name}-restored" for setting, name in names.items()}
    for setting, name in names.items():
        client.restore_table_to_point_in_time(
            SourceTableName=name, TargetTableName=copies[setting], UseLatestRestorableTime=True
        )
    return copies


def in_service(town: Town, client: Any, names: Mapping[str, str]) -> Town:
    """The service on other tables: what is no table stays as it is."""
    made = Town(town.bench, town.ears, client, names)
    for each in ("archive", "vault", "dead_letters", "clock", "_secrets", "signer", "herald"):
        setattr(made, each, getattr(town, each))
    return made


def done(answer: Answer) -> Answer:
    """An answer that is no refusal."""
    assert answer.status < 300, answer.text
    return answer


def test_after_a_restore_nobody_is_paid_twice_and_who_was_forgotten_stays_so(moto: Cloud):
    client = client_of(moto.environment["AWS_ENDPOINT_URL"])
    made = make_tables(client)
    names = {f"DYNAMODB_TABLE_{each}": getattr(made, each.lower()) for each in NAMES}
    try:
        with simulated() as bench, listening() as ears:
            bench.refresh()
            bench.control.advance(86_400)
            town = Town(bench, ears, client, names).open_for_business()
            register(
                Profile("Al Other", "al@example.com", ()), customer_id=FORGOTTEN,
                destination_ids=str, by="operator", customers=town.customers, vault=town.vault,
                clock=town.clock,
            )  # fmt: skip
            town.pay(times=2)
            town.minutes(3)
            town.gate.close()
            town.pay(times=2)  # they wait, and look unsent in the copy
            copies = restored(client, names)
            town.gate.open(by="admin")
            town.minutes(6)
            town.pay()  # of this one the copy knows nothing
            town.minutes(3)
            gone = {"reason": "Asked for in writing."}
            done(town._api.call("DELETE", f"/customers/{FORGOTTEN}", gone))
            before = bench.control.totals()
            assert len(before.executions) == 5

            back = in_service(town, client, copies)
            assert again(back)["erased_again"] >= 1
            assert done(back._api.get(f"/customers/{FORGOTTEN}")).json["erasure"] == "erased"
            stop = {"scope": "everything", "reason": "restored"}
            pause = done(back._api.post("/pause", stop, key="the pause of the restore")).json
            back.minutes(6)
            assert len(bench.control.totals().executions) == 5, "nothing is sent while it is held"
            back.gate.open(by="admin")  # the copy is of a moment at which it was closed
            over = {"pause_id": pause["pause_id"], "reason": "held against the books"}
            done(back._api.post("/resume", over, key="the end of that pause", who="somebody-else"))
            back.minutes(40)
            after = bench.control.totals()
            assert {each.executed_count for each in after.executions} == {1}
            assert (len(after.executions), after.paid) == (5, before.paid)
            found = done(back._api.get("/payouts")).json["data"]
            assert [each["status"] for each in found] == ["Completed"] * 4
            back.until(4)
            back.minutes(10)
            kinds = [each["kind"] for each in done(back._api.get("/findings")).json["data"]]
            assert kinds.count("missing_here") + kinds.count("unknown_payout") >= 1, kinds
    finally:
        wiring._current.clear()
