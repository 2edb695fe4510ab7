"""The scenes of payouts that wait: for a provider that is away, and for people who paused them."""

from collections.abc import Iterable
from threading import Thread
from typing import Any

from local.client import Answer, new_key
from local.demo.scenes import order
from local.demo.stage import KNOWN, Failed, Stage, wait

FAILURES = 5  # at once: then nothing more is sent
WAITING = ("waits 1", "waits 2", "waits 3", "waits 4", "waits 5", "waits 6")
REST = 61  # seconds that a circuit rests, and one more
QUARANTINE = 31 * 60  # seconds after which what was never found is sent again
PAUSED = {"paused 1": "8.03", "paused 2": "9.03"}
ON_THE_WAY = 8  # real seconds that a payment takes; less than we wait for an answer
ASKED = 61  # seconds after which the poller has asked


def provider_away(stage: Stage) -> None:
    """Nobody answers any request to pay, for a while."""
    stage.scene("The provider goes away: payouts wait, and go out by themselves once it is back")
    stage.simulator.fault("execute", "reset_before", times=None)
    doubtful = [f"doubtful {number}" for number in range(1, FAILURES + 1)]
    for number, name in enumerate(doubtful, start=1):
        stage.pay(name, order(stage, f"{number}.01", "BankAccount"), need="Unconfirmed")
    stage.say(f"  {FAILURES} failures at once: whether those were paid nobody knows, so they are")
    stage.say("  asked about. Nothing more is sent, and nothing more is refused:")
    stage.pass_time(KNOWN)
    for number, name in enumerate(WAITING, start=1):
        found = stage.pay(name, order(stage, f"{number}.02", "BankAccount"), need="Queued")
        if found["waits_for"] != "rail_down":
            raise Failed(f"{name} waits for {found['waits_for']}")
    stage.say(f"  {found['message']}")
    _show_circuits(stage, "open", waiting=len(WAITING))
    executed = len(stage.simulator.totals().executions)
    stage.simulator.clear_faults()
    stage.say("  The provider is back. A minute goes by; one payout tries, then the others follow.")
    stage.pass_time(REST)
    _all_become(stage, WAITING, "Pending", "each of the six went out by itself")
    _show_circuits(stage, "closed")
    stage.pass_time(ASKED)
    _all_become(stage, WAITING, "Completed", "and was found by the poller")
    stage.say("  Half an hour later those in doubt are asked for once more, and sent again under")
    stage.say("  the same reference, for neither the status nor the account shows them.")
    stage.pass_time(QUARANTINE)
    _all_become(stage, doubtful, "Pending", "the five that were in doubt")
    stage.pass_time(ASKED)
    _all_become(stage, doubtful, "Completed", "the same")
    now = len(stage.simulator.totals().executions)
    stage.say(f"  executions before {executed}, now {now}")
    if now - executed != FAILURES + len(WAITING):
        raise Failed(f"{now - executed} executions")


def pause(stage: Stage) -> None:
    """Everything is stopped while a payment is on its way."""
    stage.scene("Everything is paused in the middle: what still goes out, and the proof")
    stage.simulator.fault("execute", "late", seconds=ON_THE_WAY)
    sent: list[Answer] = []
    wanted = order(stage, "7.03", "BankAccount")
    sending = Thread(target=lambda: sent.append(_ask(stage, wanted)), daemon=True)
    sending.start()
    wait(lambda: bool(_of_amount(stage, "7.03")), "it was not asked for", ON_THE_WAY)
    body = {"scope": "everything", "reason": "The bank called."}
    answer = stage.admin.call("POST", "/pause", body, key=new_key())
    stage.show("POST /pause, while the provider takes its time with 7.03", answer)
    own = f"/pauses/{answer.body['pause_id']}"
    for each in answer.body["sending"]:
        stage.say(f"  still sending: {each['reference']}; final: {answer.body['final']}")
    if len(answer.body["sending"]) != 1 or answer.body["final"]:
        raise Failed(f"expected one that is being sent, got {answer.body}")
    for name, amount in PAUSED.items():
        found = stage.pay(name, order(stage, amount, "BankAccount"), need="Queued")
    stage.say(f"  {found['message']}")
    sending.join()
    stage.show("POST /payouts 7.03, answered by now", sent[0])
    stage.payouts["under way"] = sent[0].body["transaction_id"]
    proof = stage.admin.need(200, "GET", own)
    last = proof["last_execution"]
    stage.say(f"  final: {proof['final']}; the last that went out: {last['reference']},")
    stage.say(f"  claimed {last['started_at']}, heard of {last['heard_at']}")
    if not proof["final"] or last["reference"] != sent[0].body["uniqueReference"]:
        raise Failed(f"expected the proof of {sent[0].body['uniqueReference']}, got {proof}")
    _go_on(stage, answer.body["pause_id"])


def _go_on(stage: Stage, pause_id: str) -> None:
    """Who paused it may not end it; somebody else does, and what waited goes out."""
    body = {"pause_id": pause_id, "reason": "A false alarm."}
    refused = stage.admin.call("POST", "/resume", body, key=new_key())
    stage.show("POST /resume, as who paused it", refused)
    answer = stage.second_admin.call("POST", "/resume", body, key=new_key())
    stage.show("POST /resume, as another admin", answer)
    if (refused.status < 400, answer.status) != (False, 200):
        raise Failed(f"expected it of another only, got {refused.status} and {answer.status}")
    stage.pass_time(REST)
    _all_become(stage, PAUSED, "Pending", "what waited went out by itself")
    stage.pass_time(ASKED)
    _all_become(stage, [*PAUSED, "under way"], "Completed", "found by the poller, all three")


STOPPING_SCENES = (provider_away, pause)


def _show_circuits(stage: Stage, state: str, *, waiting: int = 0) -> None:
    """How the provider's circuit stands, and what had it so."""
    told = stage.operator.need(200, "GET", "/rails")["data"]
    found = next(each for each in told if each["circuit"] == "provider")
    last = found["history"][-1]
    stage.say(f"  GET /rails: {found['circuit']} {found['state']}, {found['waiting']} wait;")
    stage.say(f"  {last['state']} since {last['at']}, by {last['by']}: {last['reason']}")
    if (found["state"], found["waiting"]) != (state, waiting):
        raise Failed(f"expected it {state} with {waiting}, got {found}")


def _ask(stage: Stage, wanted: dict[str, Any]) -> Answer:
    return stage.operator.call("POST", "/payouts", wanted, key=new_key())


def _of_amount(stage: Stage, amount: str) -> list[str]:
    listed = stage.admin.every("/payouts")
    return [each["transaction_id"] for each in listed if each["amount"] == amount]


def _all_become(stage: Stage, names: Iterable[str], status: str, why: str) -> None:
    """Wait until all of them have a status, or are past it, and show it once."""
    wanted, reached = {stage.payouts[name] for name in names}, {status, "Completed"}

    def there() -> bool:
        listed = stage.operator.every("/payouts")
        return wanted <= {each["transaction_id"] for each in listed if each["status"] in reached}

    wait(there, f"{why}: not all of them are {status}")
    stage.status(why, status)
