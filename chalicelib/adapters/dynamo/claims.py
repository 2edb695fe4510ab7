"""What a payout takes and gives back beside its money, as parts of the transaction of its steps.

What is taken carries the condition that it was decided on, so whoever comes second takes nothing.
What is given back, and what is merely remembered, asks nothing and refuses nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.claim_rows import HABITS, HOUR, PROVEN, RATE, TWIN, USED, twin_row
from chalicelib.adapters.dynamo.desk_rows import day_part
from chalicelib.adapters.dynamo.schedule_rows import schedule_key
from chalicelib.adapters.dynamo.values import Row, in_expression, instant, number, to_item
from chalicelib.domain import allowance, rate
from chalicelib.domain.habits import after, by_rail, hour_of
from chalicelib.domain.money import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

    from chalicelib.domain.allowance import Draw
    from chalicelib.domain.claims import Claims, Woken
    from chalicelib.domain.habits import Habits
    from chalicelib.domain.intent import Drawn
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rate import Token
    from chalicelib.domain.step import Step
    from chalicelib.domain.twins import Twin

# What the names of parts begin with that may be refused.
CLAIM = "claim"
# When rows are cleaned away that nobody reads any more. Nothing is decided by it.
DAYS_KEPT = timedelta(days=400)
TWINS_KEPT = timedelta(days=100)  # longer than any policy looks back
BUCKETS_KEPT = 2 * 86_400  # seconds after a bucket is full again


def claim_parts(
    table: str, steps: Sequence[Step], claims: Claims | None
) -> dict[str, TransactWriteItemTypeDef]:
    """All parts beside payout, steps and balance; no row twice."""
    payout = steps[-1].after
    parts: dict[str, TransactWriteItemTypeDef] = {}
    draws = claims.draws if claims else ()
    back = allowance.given_back(steps)
    for key in dict.fromkeys([*(each.key for each in draws), *(each.key for each in back)]):
        own = [each for each in draws if each.key == key]
        returned = [each for each in back if each.key == key]
        parts[f"{CLAIM} {key}"] = _day(table, key, own, returned, payout)
    habits = claims.habits if claims else None
    if habits is not None or any(step.arrives for step in steps):
        parts["habits"] = _history(table, steps, habits)
    if claims and claims.twin:
        parts[f"{CLAIM} twin"] = _twin(table, claims.twin, claims.before_it)
    if claims and claims.token:
        parts[f"{CLAIM} token"] = token_part(table, claims.token)
    if claims and claims.desk:
        parts[f"{CLAIM} approver"] = day_part(table, claims.desk)
    if claims and claims.woken:
        parts[f"{CLAIM} schedule"] = _unchanged(table, claims.woken)
    return parts


def token_part(table: str, token: Token) -> TransactWriteItemTypeDef:
    """Take a token: fill a bucket that is full or was reckoned by other rules, or go on with it."""
    latest = token.now + token.tolerance
    values: Row = {"now": token.now, "gone": latest // 1000 + BUCKETS_KEPT}
    level = rate.after(token) - token.interval
    if level <= token.now:
        change = "SET tat = :next, expires_at = :gone"
        condition = "attribute_not_exists(tat) OR tat <= :now OR tat > :absurd"
        values |= {"next": rate.after(token), "absurd": latest + rate.MINUTE}
    else:
        change = "SET expires_at = :gone ADD tat :interval"
        condition = "tat > :now AND tat <= :latest"
        values |= {"interval": token.interval, "latest": latest - token.interval}
    return _update(table, RATE + token.by, change, values, condition=condition)


def _unchanged(table: str, woken: Woken) -> TransactWriteItemTypeDef:
    """A schedule still is as it was read: nobody stopped it, or dealt with its occurrence."""
    check: ConditionCheckTypeDef = {
        "TableName": table,
        "Key": to_item({"key": schedule_key(woken.schedule_id)}),
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": in_expression({"version": woken.version}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check}


def _day(
    table: str, key: str, draws: Sequence[Draw], back: Sequence[Drawn], payout: Payout
) -> TransactWriteItemTypeDef:
    """Add to what is drawn of one allowance, within the bounds of what is drawn now."""
    amount = total(each.amount for each in draws) + total(each.amount for each in back)
    count = sum(each.count for each in draws) + sum(each.count for each in back)
    gone = _after(payout.intent.created_at, DAYS_KEPT)
    values: Row = {"amount": number(amount), "count": count, "gone": gone}
    names = {"#amount": "amount", "#count": "count", "#gone": "expires_at"}
    change = "SET #gone = if_not_exists(#gone, :gone) ADD #amount :amount, #count :count"
    bounds = []
    for place, bound in enumerate(draws):
        # Of the same row as the others, if there are any: all of them have to fit.
        room = bound.most - total(each.amount for each in draws)
        times = bound.most_count - sum(each.count for each in draws)
        values |= {f"room{place}": number(room), f"times{place}": times}
        bounds += [
            _within("#amount", f":room{place}", fits=room.cents >= 0),
            _within("#count", f":times{place}", fits=times >= 0),
        ]
    return _update(table, key, change, values, names=names, condition=" AND ".join(bounds))


def _within(name: str, bound: str, *, fits: bool) -> str:
    """Whether so much is left; of what nobody has drawn from yet, if it fits into all of it."""
    return f"(attribute_not_exists({name}) OR {name} <= {bound})" if fits else f"{name} <= {bound}"


def _twin(table: str, twin: Twin, before: Twin | None) -> TransactWriteItemTypeDef:
    """Take the place of the latest payout of its kind, if that still is who was read."""
    row = {**twin_row(twin), "expires_at": _after(twin.at, TWINS_KEPT)}
    kept = {name: value for name, value in row.items() if name != "key"}
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in kept)
    names = {f"#{name}": name for name in kept}
    condition = "attribute_not_exists(#transaction_id)"
    if before is not None:
        condition, kept["was"] = "#transaction_id = :was", before.transaction_id
    return _update(table, TWIN + twin.key, change, kept, names=names, condition=condition)


def _history(table: str, steps: Sequence[Step], habits: Habits | None) -> TransactWriteItemTypeDef:
    """Add a new payout to its customer's history, and where a payment has arrived."""
    intent, own = steps[-1].after.intent, steps[-1].after.intent.destination.destination_id
    names: dict[str, str] = {}
    values: Row = {}
    sets, adds, gone = [], [], []
    if any(step.arrives for step in steps):
        names["#proven"], values["proven"] = PROVEN + own, True
        names["#used"] = USED + by_rail(steps[-1].after.rail, own)
        sets.append("#proven = :proven, #used = :proven")
    if habits is not None:
        at, cents = intent.created_at, intent.amount.cents
        names |= {"#first": "first_at", "#hour": HOUR + hour_of(at)}
        names |= {f"#{name}": name for name in ("count", "cents", "squares")}
        values |= {"first": instant(at), "one": 1, "cents": cents, "square": cents * cents}
        sets.append("#first = if_not_exists(#first, :first)")
        adds += ["#count :one", "#cents :cents", "#squares :square", "#hour :one"]
        kept = after(habits, intent.amount, at).hours
        for place, hour in enumerate(sorted(habits.hours.keys() - kept.keys())):
            names[f"#h{place}"] = HOUR + hour
            gone.append(f"#h{place}")
    change = "SET " + ", ".join(sets)
    change += " REMOVE " + ", ".join(gone) if gone else ""
    change += " ADD " + ", ".join(adds) if adds else ""
    return _update(table, HABITS + intent.customer_id, change, values, names=names)


def _update(
    table: str,
    key: str,
    change: str,
    values: Row,
    *,
    names: dict[str, str] | None = None,
    condition: str = "",
) -> TransactWriteItemTypeDef:
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item({"key": key}),
        "UpdateExpression": change,
        "ExpressionAttributeValues": in_expression(values),
    }
    if names:
        update["ExpressionAttributeNames"] = names
    if condition:
        update["ConditionExpression"] = condition
        update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return {"Update": update}


def _after(at: datetime, span: timedelta) -> int:
    """In seconds since 1970, as the table's own clock wants it."""
    return int((at.astimezone(UTC) + span).timestamp())
