"""The scenes of payouts that wait: for a provider that is away, and for people who paused them."""

from collections.abc import Iterable

from local.client import new_key
from local.demo.scenes import order
from local.demo.stage import Failed, Stage, wait

FAILURES = 5  # at once: then nothing more is sent
WAITING = ("waits 1", "waits 2", "waits 3", "waits 4", "waits 5", "waits 6")
REST = 61  # seconds that a circuit rests, and one more
QUARANTINE = 31 * 60  # seconds after which what was never found is sent again
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
    for number, name in enumerate(WAITING, start=1):
        found = stage.pay(name, order(stage, f"{number}.02", "BankAccount"), need="Queued")
        if found["waits_for"] != "rail_down":
            raise Failed(f"{name} waits for {found['waits_for']}")
    stage.say(f"  {found['message']}")
    executed = len(stage.simulator.totals().executions)
    stage.simulator.clear_faults()
    stage.say("  The provider is back. A minute goes by; one payout tries, then the others follow.")
    stage.pass_time(REST)
    _all_become(stage, WAITING, "Pending", "each of the six went out by itself")
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


def paused(stage: Stage) -> None:
    """Somebody stops everything, and somebody else lets it go on."""
    stage.scene("Everything is paused, with its proof, until somebody else lets it go on")
    why = {"scope": "everything", "reason": "The bank called."}
    told = stage.operator.need(200, "POST", "/pause", why, key=new_key())
    last = told["last_execution"]
    stage.say(f"  in force: {told['in_force']}, still being sent: {len(told['sending'])}, so the")
    stage.say(f"  proof is final: {told['final']}. Last went {last['reference']}")
    stage.say(f"  at {last['started_at']}, heard of at {last['heard_at']}")
    if not told["final"]:
        raise Failed(f"not final: {told['sending']}")
    executed = len(stage.simulator.totals().executions)
    waits = stage.pay("paused", order(stage, "21.00", "BankAccount"), need="Queued")
    stage.say(f"  {waits['message']}")
    stage.pass_time(ASKED)
    over = {"pause_id": told["pause_id"], "reason": "A false alarm."}
    if len(stage.simulator.totals().executions) != executed:
        raise Failed("something was executed all the same")
    answer = stage.operator.call("POST", "/resume", over, key=new_key())
    stage.show("POST /resume, as who paused it", answer)
    if answer.status != 403:
        raise Failed(f"who paused it was answered {answer.status}")
    answer = stage.approver.call("POST", "/resume", over, key=new_key())
    stage.show("POST /resume, as an approver", answer)
    stage.pass_time(ASKED)
    stage.becomes("paused", "Pending", "it went out by itself")
    stage.pass_time(ASKED)
    stage.becomes("paused", "Completed", "and was found by the poller")


STOPPING_SCENES = (provider_away, paused)


def _all_become(stage: Stage, names: Iterable[str], status: str, why: str) -> None:
    """Wait until all of them have a status, and show it once."""
    wanted = {stage.payouts[name] for name in names}

    def there() -> bool:
        listed = stage.operator.every("/payouts")
        return wanted <= {each["transaction_id"] for each in listed if each["status"] == status}

    wait(there, f"{why}: not all of them are {status}", 40)
    stage.status(why, status)
